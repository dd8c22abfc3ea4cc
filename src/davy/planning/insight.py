"""What is known of this body: the model, the plausible versions of the person, and what the safety forecast reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from davy.body.model import Model
from davy.body.read import read_model
from davy.forecast.future import simulate, steady_serum
from davy.forecast.outcome import Draws, Floats, Forecast
from davy.forecast.present import present_magnesium
from davy.inference.learning import fit
from davy.inference.posterior import Posterior
from davy.inference.work_up import patterns_of
from davy.people.intake import intake_of
from davy.people.labs import latest
from davy.people.person import Person
from davy.people.regimen import Regimen
from davy.planning.known import NextTest, ParameterShown, PatternShown, PersonStatus, Quantiles
from davy.planning.result import ParameterSet

_EVERY, _FEWEST = 4, 100
PROVEN = 0.6
"""A cause above this share is proven; without a valid urine none exceeds it (CLINICAL.md, section 8)."""


@dataclass(frozen=True)
class Insight:
    """One person under one parameter set.

    Attributes
    ----------
    gates : models with neutral draws that the predicted-serum gate reads: literature, and the set shown if another.
    start : what is taken now, as a regimen.
    """

    model: Model
    posterior: Posterior
    gates: tuple[tuple[Model, Draws], ...]
    start: Regimen
    renal_leak: bool

    def foresee(self, regimens: Sequence[Regimen], days: Floats) -> tuple[Forecast, ...]:
        """Every regimen in the same draws, in one batch."""
        return simulate(self.model, self.posterior.draws, regimens, days=days, start=self.start)

    def centre(self, regimens: Sequence[Regimen], days: Floats, shown: tuple[Forecast, ...]) -> tuple[Forecast, ...]:
        """Every regimen in the draws whose median chooses a dose; the shown forecasts where they are the same."""
        if self.posterior.choice_draws is self.posterior.draws:
            return shown
        return simulate(self.model, self.posterior.choice_draws, regimens, days=days, start=self.start)

    def settle(self, regimens: Sequence[Regimen]) -> tuple[Forecast, ...]:
        """Where each regimen would lead if it went on for ever, in every fourth of the draws: enough for a median."""
        draws = self.posterior.draws
        few = slice(None, None, _EVERY) if len(draws.values) >= _EVERY * _FEWEST else slice(None)
        taken = None if draws.taken is None else draws.taken[few]
        some = Draws(draws.names, draws.values[few], draws.intake_mmol_per_d[few], taken)
        return steady_serum(self.model, some, regimens)

    def worst(self, regimens: Sequence[Regimen]) -> tuple[Forecast, ...]:
        """What safety reads: neutral draws at steady state, the higher of all sets that count."""
        found = [steady_serum(model, draws, regimens) for model, draws in self.gates]
        return tuple(higher(forecasts) for forecasts in zip(*found, strict=True))


def learn(person: Person, parameter_set: ParameterSet, *, draws: int, seed: int) -> Insight:
    """Labs into plausible versions of the person; under the articles' set also by the literature, for the gates."""
    model = read_model("magnesium", parameter_set=parameter_set)
    posterior = fit(model, person, draws=draws, seed=seed)
    gates = [(model, posterior.neutral_draws)]
    if parameter_set != "literature":
        literature = read_model("magnesium", parameter_set="literature")
        gates.append((literature, fit(literature, person, draws=draws, seed=seed).neutral_draws))
    start = present_magnesium(person).regimen
    return Insight(model, posterior, tuple(gates), start, _leaks(person, posterior))


def higher(forecasts: Sequence[Forecast]) -> Forecast:
    """The higher of several forecasts of the same days, draw by draw; a draw that failed in one has failed."""
    first, *others = forecasts
    values, failed = first.values, first.failed
    for other in others:
        values, failed = np.maximum(values, other.values), failed | other.failed
    return Forecast(first.day, values, failed, first.mass_balance_mmol)


def status_of(person: Person, posterior: Posterior, tests: tuple[NextTest, ...] = ()) -> PersonStatus:
    """Where this person stands, as the plan shows it."""
    low = posterior.cause is not None
    return PersonStatus(
        posterior.prediction,
        {output: Quantiles(*values) for output, values in posterior.fitted.items()},
        posterior.cause,
        posterior.cause_prior,
        tuple(
            ParameterShown(one.id, one.unit, one.prior_p50, one.p05, one.p50, one.p95, one.informed)
            for one in posterior.parameters
        ),
        tests,
        work_up=tuple(
            PatternShown(one.label, one.because, one.sentence, one.sources)
            for one in (patterns_of(person) if low else ())
        ),
        set_aside=tuple(one.sentence for one in posterior.unexplained),
    )


def _leaks(person: Person, posterior: Posterior) -> bool:
    """A leak through the kidney that is proven: known before, or shown by a urine off magnesium that is not incomplete.

    Too little collected cannot feign a leak, so a collection whose completeness is not said counts.
    """
    if "renal-magnesium-wasting" in person.conditions:
        return True
    urine = latest(person, "urine-magnesium-24h")
    valid = urine is not None and urine.complete is not False and not intake_of(person).nonfood
    return valid and posterior.cause is not None and posterior.cause["renal"] > PROVEN
