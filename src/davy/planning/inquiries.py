"""Which tests are open for a person, what each might show, and what each result says about the draws.

The gates' facts (kidney, pregnancy, serum, potassium, calcium) stand beside the tests that tell the cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from davy.forecast.covariates import L_PER_D_OF_ML_PER_MIN
from davy.forecast.outcome import UNITS, Floats
from davy.forecast.priors import prior_row
from davy.inference.cause import lower_limit, takes_magnesium
from davy.people.intake import diet_methods, intake_of
from davy.people.labs import latest, within
from davy.people.person import Diet
from davy.planning.outlook import report_spread
from davy.planning.prospects import (
    Prospect,
    electrolyte_prospects,
    kidney_prospects,
    magnesium_prospects,
    pregnancy_prospects,
)
from davy.planning.redecision import Standing, is_low
from davy.planning.situation import NERVE_RED_CELL_MMOL_PER_L, NERVE_SERUM_MMOL_PER_L
from davy.safety.case import Case, case_of
from davy.safety.life_stage import pregnancy_unknown
from davy.safety.limits import rules
from davy.units import mg_of_mmol, mmol_of_mg

_USUAL_LOW = 0.75
_FRESH_ELECTROLYTE_D = 92
_FEWEST_EFFECTIVE = 8.0
_INTAKE_BANDS = 8
_NINETY_PERCENT = 2 * 1.6449
_SERUM, _URINE, _RED_CELLS = "serum-magnesium", "urine-magnesium-24h", "rbc-magnesium"


@dataclass(frozen=True)
class Reading:
    """What a test reads of each draw: the model's prediction in the draws that are shown and that choose."""

    shown: Floats
    chosen: Floats
    error: float

    def weights(self, prospects: Sequence[Prospect], *, of: Literal["shown", "chosen"] = "chosen") -> Floats:
        """(results, draws) how well each draw explains each result; all alike where hardly any draw does."""
        predicted = self.chosen if of == "chosen" else self.shown
        values = np.array([one.value for one in prospects])
        with np.errstate(divide="ignore", invalid="ignore"):
            off = (np.log(predicted)[None, :] - np.log(values)[:, None]) / self.error
        level = np.where(np.isfinite(off), -(off**2) / 2, -np.inf)
        found = np.exp(level - level.max(axis=1, keepdims=True))
        few = found.sum(axis=1) ** 2 < _FEWEST_EFFECTIVE * (found**2).sum(axis=1)
        return np.where(few[:, None], np.isfinite(off), found)


@dataclass(frozen=True)
class Inquiry:
    """A test that is open.

    Attributes
    ----------
    gate : whether it is a fact that the gates lack; such facts may count only together.
    reading : what it says of the draws; None where it says nothing of them.
    """

    test: str
    why: str
    prospects: tuple[Prospect, ...]
    gate: bool = False
    reading: Reading | None = None


def inquiries(standing: Standing) -> Iterator[Inquiry]:
    """Every test that is open for this person, with what it might show."""
    person = standing.ground.person
    case = case_of(person, rules())
    yield from _gates(standing, case)
    if standing.insight is None:
        return
    if case.serum_is_fresh:
        yield _serum(standing, "a second serum would tell how far the last one can be trusted", gate=False)
    if _leak_is_open(standing):
        yield _urine(standing)
    reading = reading_of(standing, "rbc_mmol_per_L", report_spread(_RED_CELLS))
    edges = (NERVE_RED_CELL_MMOL_PER_L,)
    cells = magnesium_prospects(person, _RED_CELLS, reading.shown, reading.error, edges)
    yield Inquiry(_RED_CELLS, "it shows what red cells hold", cells, reading=reading)
    if person.diet is not None and person.diet.method != "weighed-record":
        yield _record(standing)


def _gates(standing: Standing, case: Case) -> Iterator[Inquiry]:
    """What the gates lack, or what no longer counts for them."""
    person = case.person
    if case.kidney.known != "fresh":
        why = "kidney function is not known, and it decides how much magnesium is safe"
        why = "the last kidney value no longer counts" if case.kidney.known == "stale" else why
        edges = [rules().value(f"kidney-{name}-below") for name in ("refuse", "clinician", "care")]
        yield Inquiry("creatinine", why, kidney_prospects(person, edges), gate=True, reading=_filtration(standing))
    if any(True for _ in pregnancy_unknown(case)):
        why = "not said, and it decides who should guide the dose"
        yield Inquiry("pregnancy", why, pregnancy_prospects(person), gate=True)
    if not case.serum_is_fresh:
        known = latest(person, _SERUM) is not None
        told = "the last serum magnesium no longer counts" if known else "no serum magnesium is known"
        yield _serum(standing, f"{told}: it decides whether there is anything to restore", gate=True)
    for test in ("potassium", "calcium"):
        if is_low(person) and not within(person, test, _FRESH_ELECTROLYTE_D):
            found = electrolyte_prospects(person, test, [rules().value(f"{test}-danger")])
            yield Inquiry(test, f"{test} falls with magnesium, and how low decides the urgency", found)


def _serum(standing: Standing, why: str, *, gate: bool) -> Inquiry:
    """A serum as the draws foretell it; where safety refuses and nothing is simulated, as in anyone."""
    person = standing.ground.person
    serum = latest(person, _SERUM)
    own = _USUAL_LOW if serum is None else lower_limit(serum)
    names = ("serum-very-low", "serum-low", "serum-stop-from", "serum-refuse-above")
    edges = [*(rules().value(name) for name in names), own, NERVE_SERUM_MMOL_PER_L]
    if standing.insight is None:
        return Inquiry(_SERUM, why, electrolyte_prospects(person, _SERUM, edges), gate)
    reading = reading_of(standing, "serum_mmol_per_L", report_spread(_SERUM))
    found = magnesium_prospects(person, _SERUM, reading.shown, reading.error, edges)
    return Inquiry(_SERUM, why, found, gate, reading)


def _leak_is_open(standing: Standing) -> bool:
    """Whether serum is low and no valid urine off magnesium has told why."""
    posterior = None if standing.insight is None else standing.insight.posterior
    if posterior is None or posterior.leading is None:
        return False
    person = standing.ground.person
    urine = latest(person, _URINE)
    return urine is None or urine.complete is False or takes_magnesium(person)


def _urine(standing: Standing) -> Inquiry:
    """A complete 24-h urine, two weeks after the last product where any is taken."""
    person, aim = standing.ground.person, standing.aim
    taking = takes_magnesium(person)
    day = aim.by_day if taking and aim is not None else None
    reading = reading_of(standing, "urine_mmol_per_d", report_spread(_URINE), day)
    after = "collected two weeks after the last product, it tells a losing kidney from a poor supply"
    low = "serum is low: this tells a losing kidney from a poor supply, and they need different treatment"
    found = magnesium_prospects(person, _URINE, reading.shown, reading.error)
    return Inquiry(_URINE, after if taking else low, found, reading=reading)


def _record(standing: Standing) -> Inquiry:
    """A weighed food record: it narrows the intake, and with it what food leaves short."""
    person = standing.ground.person
    method = next(row for row in diet_methods() if row.id == "weighed-record")
    error = float(np.log(method.high_factor / method.low_factor)) / _NINETY_PERCENT
    shown, chosen = (np.ones(1), np.ones(1))
    if standing.insight is not None:
        posterior = standing.insight.posterior
        shown, chosen = posterior.draws.intake_mmol_per_d, posterior.choice_draws.intake_mmol_per_d
    water = mmol_of_mg(intake_of(person).water_native_mg or 0.0)
    found: list[Prospect] = []
    for value in np.quantile(shown, (np.arange(_INTAKE_BANDS) + 0.5) / _INTAKE_BANDS):
        diet = Diet(magnesium_mg_per_day=mg_of_mmol(max(float(value) - water, 0.0)), method="weighed-record")
        found.append(Prospect(1 / _INTAKE_BANDS, person.model_copy(update={"diet": diet}), float(value)))
    why = "how much you eat is known only roughly, and diet and absorption cannot be told apart without it"
    return Inquiry("weighed-food-record", why, tuple(found), reading=Reading(shown, chosen, error))


def _filtration(standing: Standing) -> Reading | None:
    """What each draw says of the kidney's filtration [mL/min]."""
    posterior = None if standing.insight is None else standing.insight.posterior
    if posterior is None or "kid_GFR" not in posterior.draws.names:
        return None
    shown, chosen = (
        draws.parameter("kid_GFR") / L_PER_D_OF_ML_PER_MIN for draws in (posterior.draws, posterior.choice_draws)
    )
    return Reading(shown, chosen, prior_row("nuisance", "kid_GFR").spread or 0.1)


def reading_of(standing: Standing, output: str, error: float, day: int | None = None) -> Reading:
    """What the model foretells of an output now, or on a day without any product that may be left out."""
    column = tuple(UNITS).index(output)
    first = standing.weighed[0]
    made: list[Floats] = []
    for forecast in (first.forecast, first.central):
        at = 0 if day is None else int(np.flatnonzero(forecast.day == float(day))[0])
        made.append(np.where(forecast.failed, np.nan, forecast.values[:, at, column]))
    return Reading(made[0], made[1], error)
