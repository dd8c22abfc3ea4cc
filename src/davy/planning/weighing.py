"""Candidates before the same judges: what each would do, what safety says of it, which the rule takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from davy.forecast.outcome import Floats, Forecast
from davy.people.person import Person
from davy.planning import choice
from davy.planning.candidates import Candidate
from davy.planning.choice import Choice, Option
from davy.planning.goals import Aim
from davy.planning.insight import Insight
from davy.planning.outlook import median_serum
from davy.safety.check import check_each
from davy.safety.verdict import Refused, Verdict

PREDICTED_SERUM = "predicted-serum"
"""The gate that judges where serum might go; the only one that reads a forecast."""


@dataclass(frozen=True)
class Weighed:
    """A candidate with its forecast and its verdict.

    Attributes
    ----------
    central : the forecast whose median chooses; how widely a diet is known does not move it.
    """

    candidate: Candidate
    forecast: Forecast
    central: Forecast
    verdict: Verdict

    @property
    def refused(self) -> bool:
        """Whether safety refuses it."""
        return isinstance(self.verdict, Refused)

    @property
    def too_high(self) -> bool:
        """Whether it is refused because of where serum might go."""
        return any(
            finding.gate == PREDICTED_SERUM and finding.severity == "refuse" for finding in self.verdict.findings
        )


def weigh(person: Person, candidates: Sequence[Candidate], insight: Insight, days: Floats) -> list[Weighed]:
    """Simulate every candidate in one batch and put each before every gate."""
    regimens = [candidate.regimen for candidate in candidates]
    forecasts = insight.foresee(regimens, days)
    centrals = insight.centre(regimens, days, forecasts)
    # Where nothing is taken no lower dose could change the answer, and a measured serum has gates of its own.
    worsts = [
        worst if regimen.elemental_mg_per_day > 0 else None
        for regimen, worst in zip(regimens, insight.worst(regimens), strict=True)
    ]
    judged = check_each(person, list(zip(regimens, worsts, strict=True)))
    return [Weighed(*entry) for entry in zip(candidates, forecasts, centrals, judged, strict=True)]


def choose(weighed: Sequence[Weighed], aim: Aim, *, short_mg: float) -> tuple[Weighed, bool] | None:
    """What the rule of the goal takes, and whether it reaches what the goal asks for.

    Parameters
    ----------
    short_mg : what food leaves short of the EAR after food advice [mg/d].
    """
    taken = rule_of(options_of(weighed, aim), aim, short_mg=short_mg, now=median_serum(weighed[0].central, 0))
    return None if taken is None else (weighed[taken.option.key], taken.reached)


def rule_of(options: Sequence[Option], aim: Aim, *, short_mg: float, now: float) -> Choice | None:
    """What the rule of the goal takes.

    Parameters
    ----------
    now : serum on what is taken today [mmol/L].
    """
    needed = choice.at_least(options, short_mg)
    if aim.kind == "restore" and aim.low is not None and aim.high is not None:
        return choice.larger(choice.restore(options, aim.low, aim.high, now), needed)
    return _trial(options, aim) if aim.kind == "try" else needed


def choose_like_articles(
    weighed: Sequence[Weighed], aim: Aim, *, form: str, wanted_mg: float
) -> tuple[Weighed, bool] | None:
    """What the articles' protocol takes: its form, at its dose, or as near below as the gates let it come."""
    options = [
        option
        for option in options_of(weighed, aim)
        if weighed[option.key].candidate.product is None or weighed[option.key].candidate.form == form
    ]
    taken = choice.at_most(options, wanted_mg)
    return None if taken is None else (weighed[taken.option.key], taken.reached)


def options_of(weighed: Sequence[Weighed], aim: Aim) -> list[Option]:
    """The candidates as the rule sees them."""
    return [
        Option(
            key,
            one.candidate.total_mg,
            not one.refused,
            median_serum(one.central, aim.by_day),
            one.candidate.rank(aim.goal.trial_forms),
            one.too_high,
        )
        for key, one in enumerate(weighed)
    ]


def _trial(options: Sequence[Option], aim: Aim) -> Choice | None:
    """The lowest dose that trials support, else the largest allowed; the first step where no trial supports any."""
    if aim.goal.trial_low_mg is not None:
        return choice.at_least(options, aim.goal.trial_low_mg)
    return choice.at_most(options, aim.goal.first_mg or 0.0)
