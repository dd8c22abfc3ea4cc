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
from davy.people.kidney import kidney_function
from davy.people.labs import labs_of, latest
from davy.people.need import dietary_reference
from davy.people.person import Lab, Person
from davy.people.vocabulary import HIDDEN_MAGNESIUM
from davy.units import mmol_of_mg

LOWER_LIMIT = 0.75
"""Where a laboratory states no limit of its own [mmol/L] (f-098)."""

MOST_WITHOUT_URINE = 0.6
RENAL_BY_URINE_MMOL_PER_D = 1.0
SURE = 0.9
FEMG_SERUM, FEMG_EGFR, FEMG_EXTRARENAL, FEMG_RENAL = 0.70, 60.0, 2.0, 4.0
ULTRAFILTRABLE = 0.7
_MATTERS_MMOL_PER_L = 0.005
_SAME_DAY = 1

_WORK_UP = (
    "A losing kidney needs potassium, bicarbonate, calcium with albumin, urine calcium, glucose or HbA1c and PTH, "
    "a look through the medicines first, and a nephrologist."
)

Shares = dict[str, float]


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


def causes_of(
    setting: Setting, evidence: Evidence, *, posterior: Draws, prior: Draws
) -> tuple[Shares | None, Shares | None, tuple[str, ...]]:
    """Share of each cause after and before the labs, and what to say about it; None where serum is not low.

    Parameters
    ----------
    posterior, prior : draws with and without the labs; of the prior, those with a low serum count.
    """
    person = setting.person
    serum = latest(person, "serum-magnesium")
    if serum is None or serum.comparator == ">" or serum.value >= lower_limit(serum):
        return None, None, ()
    ruling = _ruling(person, evidence, serum)
    before = _shares(setting, low_draws(prior, setting.serum(prior), lower_limit(serum)))
    before = _held_open(before, before)
    shares = _ruled(_shares(setting, posterior), before, ruling)
    if not ruling.valid:
        shares = _held_open(shares, before)
    shares, before = ({cause: float(one[cause]) for cause in CAUSES} for one in (shares, before))
    return shares, before, _words(shares, ruling, person, on_magnesium=evidence.valid_urine is not None)


def _shares(setting: Setting, draws: Draws) -> Shares:
    """In what share of these draws each cause comes first; gut loss looks like absorption and is split off by rate."""
    first = _first(setting, draws)
    other, lost = base_rate(setting.person, "other"), base_rate(setting.person, "gut_loss")
    found = sum(first.values())
    if found <= 0:
        return {cause: 1.0 if cause == "other" else 0.0 for cause in CAUSES}
    raw = {**first, "gut_loss": first["absorption"] * lost, "absorption": first["absorption"] * (1 - lost)}
    told = {cause: share * (1 - other) for cause, share in raw.items()}
    return {cause: told.get(cause, 1 - (1 - other) * found) for cause in CAUSES}


def _first(setting: Setting, draws: Draws) -> Shares:
    """In what share of the draws mending diet, absorption or kidney raises serum most, and by something."""
    usual, _ = usual_intake_mmol_per_d(setting.person)
    enough = max(usual, mmol_of_mg(dietary_reference(setting.person).ear_mg or 0.0))
    fed = np.maximum(draws.intake_mmol_per_d, enough)
    mended = {
        "diet": Draws(draws.names, draws.values, fed, draws.taken),
        "absorption": _at_least(draws, "gut_f_act", setting.model.defaults["gut_f_act"]),
        "renal": _at_least(draws, "kid_fTm", setting.model.defaults["kid_fTm"]),
    }
    now = setting.serum(draws)
    table = np.nan_to_num(np.stack([setting.serum(one) - now for one in mended.values()], axis=-1))
    best: NDArray[np.intp] = table.argmax(axis=1)
    matters: NDArray[np.bool_] = table.max(axis=1) >= _MATTERS_MMOL_PER_L
    return {cause: np.count_nonzero((best == at) & matters) / len(best) for at, cause in enumerate(mended)}


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


def femg_percent(person: Person, serum: Lab) -> float | None:
    """100 UMg SCr / (0.7 SMg UCr), or None where one of its conditions does not hold."""
    function = kidney_function(person)
    if serum.value >= FEMG_SERUM or function is None or function.lowest < FEMG_EGFR:
        return None
    if "glycosuria" in person.conditions or person.takes("sglt2-inhibitor"):
        return None
    tests = ("urine-magnesium-spot", "urine-creatinine-spot", "creatinine")
    same = [
        next((lab.value for lab in labs_of(person, test) if abs((lab.date - serum.date).days) <= _SAME_DAY), None)
        for test in tests
    ]
    urine_magnesium, urine_creatinine, creatinine = same
    if urine_magnesium is None or urine_creatinine is None or creatinine is None:
        return None
    return 100 * urine_magnesium * creatinine / 1000 / (ULTRAFILTRABLE * serum.value * urine_creatinine)


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
    if not weighed and shares["diet"] > 0.1 and shares["absorption"] + shares["gut_loss"] > 0.1:
        said.append("Diet and absorption cannot be told apart without a weighed food record.")
    return tuple(said)
