"""The decision again, with one more result: the gates run anew, the draws weighed anew, the rule chooses anew.

Nothing is fitted or simulated: the draws and forecasts at hand are reweighted. Doses that were not simulated are read
between those that were, and beyond the largest along the last step. What a regimen was refused for stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from davy.forecast.outcome import Floats
from davy.inference.cause import lower_limit, shares_of, shares_with_urine
from davy.people.labs import latest
from davy.people.person import Person
from davy.planning import choice
from davy.planning.articles import Protocol, protocol_for
from davy.planning.candidates import STEP_MG
from davy.planning.choice import Choice, Option
from davy.planning.decision import Decision, Worth, weight_row
from davy.planning.food import advise
from davy.planning.goals import Aim, aim_of
from davy.planning.ground import Ground
from davy.planning.insight import PROVEN, Insight
from davy.planning.situation import Dosing, words_of
from davy.planning.surface import Surface
from davy.planning.weighing import Weighed, rule_of
from davy.safety.caps import binding
from davy.safety.check import Screened, screen
from davy.safety.verdict import Finding, Refused, Severity, Verdict

_RANK: dict[Severity, int] = {"info": 0, "care": 1, "refuse": 2}
_WORDS = ("allowed", "with_care", "refused")
_ODDMENT_MG = 1e-6
UNKNOWN_KIDNEY = "kidney-unknown"
"""The cap that stands while no kidney value counts."""


@dataclass(frozen=True)
class Standing:
    """What the plan stands on today; where safety refuses the person, nothing is weighed.

    Attributes
    ----------
    chosen : the index of what the rule took.
    protocol : the articles' protocol where it drives the choice.
    known : what sets of tests were found to be worth, so that none is asked for twice.
    """

    ground: Ground
    aim: Aim | None = None
    insight: Insight | None = None
    weighed: Sequence[Weighed] = ()
    chosen: int = 0
    protocol: Protocol | None = None
    known: dict[frozenset[str], Worth] = field(default_factory=dict[frozenset[str], Worth], compare=False, repr=False)
    _screens: dict[int, tuple[Person, Screened]] = field(
        default_factory=dict[int, tuple[Person, Screened]], compare=False, repr=False
    )

    def _screen(self, person: Person) -> Screened:
        """What safety says of a person; asked once, however many results share that person."""
        if id(person) not in self._screens:
            self._screens[id(person)] = (person, screen(person))
        return self._screens[id(person)][1]

    @cached_property
    def today(self) -> Decision:
        """The decision as it is."""
        posterior = None if self.insight is None else self.insight.posterior
        cause = None if posterior is None else named(posterior.cause)
        dose = self.weighed[self.chosen].candidate.total_mg if self.weighed else None
        word = _worst(self.ground.screened, self._own if self.weighed else ())
        cleared = not any(cap.name == UNKNOWN_KIDNEY for cap in self.ground.caps)
        return Decision(word, self.ground.cap.elemental_mg_per_day, dose, cause, cleared)

    @property
    def _own(self) -> tuple[Finding, ...]:
        """What safety says of the chosen regimen beyond what it says of the person."""
        of_person = {finding.sentence for finding in self.ground.screened.findings}
        return tuple(one for one in self.weighed[self.chosen].verdict.findings if one.sentence not in of_person)

    @cached_property
    def surface(self) -> Surface:
        """Serum by option and draw."""
        return Surface(tuple(self.weighed), self.aim, None if self.protocol is None else self.protocol.form)

    def decide(self, person: Person, medians: Floats | None = None, cause: dict[str, float] | None = None) -> Decision:
        """The decision about this person as they would stand with one more result.

        Parameters
        ----------
        medians : (options + 1,) serum in the light of the result; None = as today.
        cause : shares of the causes then; None = nothing is low, or the result says nothing about it.
        """
        found = self._screen(person)
        cap = binding(found.caps).elemental_mg_per_day
        cleared = not any(one.name == UNKNOWN_KIDNEY for one in found.caps)
        if isinstance(found.verdict, Refused):
            return Decision("refused", cap, None, named(cause), cleared)
        if self.aim is None or self.insight is None:
            return Decision(found.verdict.word, cap, None, named(cause), cleared)
        leak = self.insight.renal_leak or (cause is not None and cause["renal"] > PROVEN)
        aim = aim_of(person, renal_leak=leak, pause_d=self.ground.pause_d)
        serum = self.surface.unweighted if medians is None else medians
        taken = self._chosen(person, aim, cap, serum)
        least = self.weighed[0].candidate.total_mg
        dose = least if taken is None else self._noticed(taken.option, aim, cap, serum)
        word = _worst(found.verdict, self._own if dose > least else ())
        return Decision(word, cap, dose, named(cause), cleared)

    def _noticed(self, option: Option, aim: Aim, cap_mg: float, medians: Floats) -> float:
        """The chosen dose, or that of today where the two differ by less than serum can notice."""
        today = self.weighed[self.chosen].candidate.total_mg
        now = next(at for at, one in enumerate(self.surface.options) if self._same(one))
        near = abs(option.serum_mmol_per_L - float(medians[now])) < weight_row("noticed").full
        restoring = self.aim is not None and self.aim.kind == aim.kind == "restore"
        return today if restoring and near and today <= cap_mg else option.dose_mg

    def _same(self, option: Option) -> bool:
        """Whether an option stands for what the rule took today."""
        chosen = self.weighed[self.chosen]
        return option.dose_mg == chosen.candidate.total_mg and self.weighed[option.key].central is chosen.central

    def _chosen(self, person: Person, aim: Aim, cap_mg: float, medians: Floats) -> Choice | None:
        """What the rule takes of the candidates within the cap."""
        options = self._options(aim, cap_mg, medians)
        short_mg = self.ground.advice.short_mg
        if person.diet != self.ground.person.diet:
            short_mg = advise(person).short_mg
        if self.protocol is not None:
            return choice.at_most(options, self._wanted_mg(person, aim))
        return rule_of(options, aim, short_mg=short_mg, now=float(medians[-1]))

    def _options(self, aim: Aim, cap_mg: float, medians: Floats) -> list[Option]:
        """The candidates at hand, and doses between and beyond them where a new cap or goal asks for more."""
        least = self.surface.options[0].dose_mg
        told = [
            Option(one.key, one.dose_mg, one.permitted, float(at), one.rank, one.too_high)
            for one, at in zip(self.surface.options, medians[:-1], strict=True)
        ]
        found = [option for option in told if option.dose_mg <= max(cap_mg, least)]
        changed = self.aim is not None and aim.kind != self.aim.kind
        start = least if changed else max(self.ground.cap.elemental_mg_per_day, found[-1].dose_mg)
        if cap_mg - start < STEP_MG:
            return found
        first = {option.dose_mg: option.serum_mmol_per_L for option in reversed(found)}
        doses = sorted(first)
        serum = [first[dose] for dose in doses]
        rising = (serum[-1] - serum[-2]) / (doses[-1] - doses[-2]) if len(doses) > 1 else 0.0
        for dose in np.arange(start + STEP_MG, cap_mg + _ODDMENT_MG, STEP_MG):
            likely = float(np.interp(dose, doses, serum)) + rising * max(0.0, float(dose) - doses[-1])
            found.append(Option(len(self.weighed), float(dose), True, likely))
        return found

    def _wanted_mg(self, person: Person, aim: Aim) -> float:
        words = words_of(person, aim, Dosing(True, False, self.ground.serum_early, self.ground.ask.parameter_set))
        return protocol_for(words).wanted_mg

    def cause_with_urine(self, urine_mmol_per_d: float, weight: Floats) -> dict[str, float] | None:
        """Shares of the causes with a 24-h urine off magnesium of that value; None where serum is not low.

        Parameters
        ----------
        weight : (draws,) how well each draw of the posterior explains it.
        """
        posterior = None if self.insight is None else self.insight.posterior
        if posterior is None or posterior.leading is None or posterior.cause_prior is None:
            return None
        shares = shares_of(self.ground.person, posterior.leading, weight)
        return shares_with_urine(shares, posterior.cause_prior, urine_mmol_per_d)


def named(cause: dict[str, float] | None) -> str | None:
    """The cause that is named: one above the share that counts as proven."""
    if cause is None:
        return None
    name, share = max(cause.items(), key=lambda item: item[1])
    return name if share > PROVEN else None


def is_low(person: Person) -> bool:
    """Whether the newest serum lies below the laboratory's lower limit."""
    serum = latest(person, "serum-magnesium")
    return serum is not None and serum.comparator != ">" and serum.value < lower_limit(serum)


def _worst(verdict: Verdict, own: Sequence[Finding]) -> str:
    """The word of a verdict on the person together with findings on a regimen."""
    place = max([_WORDS.index(verdict.word), *(_RANK[finding.severity] for finding in own)])
    return _WORDS[place]
