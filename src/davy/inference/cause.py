"""Why serum magnesium is low: the share of plausible versions in which mending one thing would raise serum most.

The rules of CLINICAL.md section 8 stand above the shares: only where serum is low, never sure without a urine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from davy.body.model import Model
from davy.forecast.future import steady_on
from davy.forecast.lanes import lanes_of
from davy.forecast.outcome import Draws, Floats
from davy.forecast.priors import base_rate, usual_intake_mmol_per_d
from davy.inference.absorption import Absorption
from davy.inference.likelihood import Evidence
from davy.inference.posterior import CAUSES
from davy.inference.spot import femg_percent
from davy.people.labs import latest
from davy.people.need import dietary_reference
from davy.people.person import Lab, Person
from davy.people.vocabulary import HIDDEN_MAGNESIUM
from davy.units import mmol_of_mg

LOWER_LIMIT = 0.75
"""Where a laboratory states no limit of its own [mmol/L] (f-098)."""

MOST_WITHOUT_URINE = 0.6
RENAL_BY_URINE_MMOL_PER_D = 1.0
SURE = 0.9
FEMG_EXTRARENAL, FEMG_RENAL = 2.0, 4.0
MATTERS_MMOL_PER_L = 0.005
POSSIBLE = 0.05
"""Above this share both diet and absorption stay possible where the diet was not weighed."""

_WORK_UP = (
    "A losing kidney needs potassium, bicarbonate, calcium with albumin, urine calcium, glucose or HbA1c and PTH, "
    "a look through the medicines first, and a nephrologist."
)
MENDED = ("diet", "absorption", "renal")
"""What is set to typical, one at a time; gut loss looks like absorption, and what nothing mends is other."""

Shares = dict[str, float]
Leading = NDArray[np.intp]
"""(draws,) which of `MENDED` raises serum most when it is mended; -1 where none does by anything that matters."""


@dataclass(frozen=True)
class _Ruling:
    """What urine says by rule: least and most that the kidney may be given, and in which words."""

    least_renal: float = 0.0
    most_renal: float = 1.0
    valid: bool = False
    sentence: str | None = None


def lower_limit(lab: Lab) -> float:
    """The laboratory's own lower limit [mmol/L], or the usual one."""
    return lab.reference_low if lab.reference_low is not None else LOWER_LIMIT


@dataclass(frozen=True)
class Setting:
    """Whose magnesium is low, in which model, and what a day absorbs."""

    model: Model
    person: Person
    absorption: Absorption

    def serum(self, draws: Draws) -> Floats:
        """(draws,) present steady serum [mmol/L]; NaN where there is none."""
        values, failed = steady_on(lanes_of(self.model, draws), self.absorption(draws))
        return np.where(failed, np.nan, values[:, 0])


@dataclass(frozen=True)
class Causes:
    """Why serum is low.

    Attributes
    ----------
    shares, prior : share of each cause after and before the labs; None where serum is not low.
    sentences : what to say about it.
    leading : what leads in each draw of the posterior; None where serum is not low.
    """

    shares: Shares | None = None
    prior: Shares | None = None
    sentences: tuple[str, ...] = ()
    leading: Leading | None = None


def causes_of(setting: Setting, evidence: Evidence, *, posterior: Draws, prior: Draws) -> Causes:
    """Share of each cause after and before the labs, and what to say about it; nothing where serum is not low.

    Parameters
    ----------
    posterior, prior : draws with and without the labs; of the prior, those with a low serum count.
    """
    person = setting.person
    serum = latest(person, "serum-magnesium")
    if serum is None or serum.comparator == ">" or serum.value >= lower_limit(serum) or not _counts(serum, evidence):
        return Causes()
    ruling = _ruling(person, evidence, serum)
    low = low_draws(prior, setting.serum(prior), lower_limit(serum))
    before = shares_of(person, leading_of(setting, low))
    before = _held_open(before, before)
    leading = leading_of(setting, posterior)
    shares = _judged(shares_of(person, leading), before, ruling)
    shares, before = ({cause: float(one[cause]) for cause in CAUSES} for one in (shares, before))
    said = _words(shares, ruling, person, on_magnesium=evidence.valid_urine is not None)
    return Causes(shares, before, said, leading)


def _counts(serum: Lab, evidence: Evidence) -> bool:
    """Whether the fit took a serum up; one that is forgotten or set aside says nothing of today."""
    return any((one.lab.test, one.lab.date) == (serum.test, serum.date) for one in evidence.observations)


def mended_gains(setting: Setting, draws: Draws) -> Floats:
    """(draws, `MENDED`) what setting diet, absorption or kidney to typical adds to serum in each draw [mmol/L]."""
    usual, _ = usual_intake_mmol_per_d(setting.person)
    enough = max(usual, mmol_of_mg(dietary_reference(setting.person).ear_mg or 0.0))
    fed = np.maximum(draws.intake_mmol_per_d, enough)
    mended = (
        Draws(draws.names, draws.values, fed, draws.taken),
        _at_least(draws, "gut_f_act", setting.model.defaults["gut_f_act"]),
        _at_least(draws, "kid_fTm", setting.model.defaults["kid_fTm"]),
    )
    now = setting.serum(draws)
    return np.nan_to_num(np.stack([setting.serum(one) - now for one in mended], axis=-1))


def leading_of(setting: Setting, draws: Draws) -> Leading:
    """What of diet, absorption and kidney raises serum most in each draw when it is set to typical."""
    table = mended_gains(setting, draws)
    best: Leading = table.argmax(axis=1)
    return np.where(table.max(axis=1) >= MATTERS_MMOL_PER_L, best, -1)


def shares_of(person: Person, leading: Leading, weight: Floats | None = None) -> Shares:
    """The (weighted) share of draws in which each cause leads; gut loss is split off absorption by its rate."""
    counted = np.ones(len(leading)) if weight is None else weight
    total = float(counted.sum())
    first = {cause: float(counted[leading == at].sum()) / total for at, cause in enumerate(MENDED)}
    other, lost = base_rate(person, "other"), base_rate(person, "gut_loss")
    found = sum(first.values())
    if found <= 0:
        return {cause: 1.0 if cause == "other" else 0.0 for cause in CAUSES}
    raw = {**first, "gut_loss": first["absorption"] * lost, "absorption": first["absorption"] * (1 - lost)}
    told = {cause: share * (1 - other) for cause, share in raw.items()}
    return {cause: told.get(cause, 1 - (1 - other) * found) for cause in CAUSES}


def shares_with_urine(shares: Shares, before: Shares, urine_mmol_per_d: float) -> Shares:
    """Shares as they would stand with a valid 24-h urine off magnesium of that value.

    Parameters
    ----------
    shares : of the draws, weighted by how well each explains that urine.
    before : before the labs.
    """
    leaks = urine_mmol_per_d > RENAL_BY_URINE_MMOL_PER_D
    return _judged(shares, before, _Ruling(least_renal=SURE if leaks else 0.0, valid=True))


def _judged(shares: Shares, before: Shares, ruling: _Ruling) -> Shares:
    ruled = _ruled(shares, before, ruling)
    return ruled if ruling.valid else _held_open(ruled, before)


def _at_least(draws: Draws, parameter: str, least: float) -> Draws:
    """The same draws with one parameter raised to its typical value where it is lower."""
    values = draws.values.copy()
    column = draws.names.index(parameter)
    values[:, column] = np.maximum(values[:, column], least)
    return Draws(draws.names, values, draws.intake_mmol_per_d, draws.taken)


def low_draws(draws: Draws, serum: Floats, below: float) -> Draws:
    """The draws whose serum is that low; all of them where none is."""
    low = np.isfinite(serum) & (serum < below)
    chosen = low if low.any() else np.ones_like(low)
    return Draws(draws.names, draws.values[chosen], draws.intake_mmol_per_d[chosen], draws.taken_share[chosen])


def _ruling(person: Person, evidence: Evidence, serum: Lab) -> _Ruling:
    """A 24-h urine off magnesium decides for the kidney; a spot sample does under its own conditions."""
    if takes_magnesium(person):
        return _Ruling()
    urine = evidence.valid_urine
    if urine is not None and urine.value > RENAL_BY_URINE_MMOL_PER_D and urine.comparator != "<":
        said = "With a low serum, off magnesium, the urine holds more than 1 mmol a day: the kidney is losing it."
        return _Ruling(least_renal=SURE, valid=True, sentence=said)
    femg = femg_percent(person, serum)
    if femg is None:
        return _Ruling(valid=urine is not None)
    said = f"Fractional excretion of magnesium is {femg:.1f} %"
    if femg > FEMG_RENAL:
        return _Ruling(least_renal=SURE, valid=True, sentence=f"{said}: the kidney is losing it.")
    if femg < FEMG_EXTRARENAL:
        return _Ruling(most_renal=1 - SURE, valid=True, sentence=f"{said}: the kidney is not the cause.")
    return _Ruling(valid=urine is not None, sentence=f"{said}: this decides nothing.")


def takes_magnesium(person: Person) -> bool:
    """Whether any product or medicine that holds magnesium is taken now."""
    products = any(row.taken_on(person.today) for row in person.supplements)
    return products or bool(person.takes(*HIDDEN_MAGNESIUM))


def _scaled(shares: Shares, fixed: str, to: float) -> Shares:
    """The shares with one of them set and the rest in proportion."""
    rest = 1 - shares[fixed]
    if rest <= 0:
        others = [cause for cause in CAUSES if cause != fixed]
        return {cause: to if cause == fixed else (1 - to) / len(others) for cause in CAUSES}
    return {cause: to if cause == fixed else shares[cause] / rest * (1 - to) for cause in CAUSES}


def _ruled(shares: Shares, before: Shares, ruling: _Ruling) -> Shares:
    if shares["renal"] < ruling.least_renal:
        return _scaled(shares, "renal", ruling.least_renal)
    if shares["renal"] > ruling.most_renal:
        blend = {cause: (shares[cause] + before[cause]) / 2 for cause in CAUSES}
        return _scaled(blend, "renal", ruling.most_renal)
    return shares


def _held_open(shares: Shares, before: Shares) -> Shares:
    """No cause above the most that is said without a urine; what is taken away goes to the others by their prior."""
    top = max(CAUSES, key=lambda cause: shares[cause])
    if shares[top] <= MOST_WITHOUT_URINE:
        return shares
    spare = shares[top] - MOST_WITHOUT_URINE
    others = {cause: before[cause] + 1e-9 for cause in CAUSES if cause != top}
    total = sum(others.values())
    held = {cause: shares[cause] + spare * weight / total for cause, weight in others.items()}
    return {cause: MOST_WITHOUT_URINE if cause == top else held[cause] for cause in CAUSES}


def _words(shares: Shares, ruling: _Ruling, person: Person, *, on_magnesium: bool) -> tuple[str, ...]:
    said = [ruling.sentence] if ruling.sentence else []
    if not ruling.valid and on_magnesium:
        said.append("The urine was collected on magnesium, so it leaves open why serum is low.")
    elif not ruling.valid:
        said.append("Serum alone cannot tell why it is low: a 24-h urine for magnesium would.")
    if shares["renal"] > MOST_WITHOUT_URINE:
        said.append(_WORK_UP)
    weighed = person.diet is not None and person.diet.method == "weighed-record"
    if not weighed and min(shares["diet"], shares["absorption"] + shares["gut_loss"]) > POSSIBLE:
        said.append("Diet and absorption cannot be told apart without a weighed food record.")
    return tuple(said)
