"""What is known about a person besides labs, as multipliers on the body: medicines, conditions, kidney, size.

Each effect is a row of `covariates.csv` with the serum shift that was reported and the share of it that is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from davy.body.parameters import read_parameters
from davy.people.kidney import kidney_function
from davy.people.labs import latest
from davy.people.person import Person
from davy.tables import SourcedRow, read_table

L_PER_D_OF_ML_PER_MIN = 1.44
SCALED_BY_SIZE = ("Vecf", "tis_M_st", "tis_M_mu", "bone_M_bs", "bone_M_bd")
LEAST_ACTIVITY = 0.2
LEAST_SWEAT_L_PER_D = 0.7


class CovariateRow(SourcedRow):
    """One effect: what triggers it, which parameter it multiplies, and by how much.

    `serum_shift` is the reported difference [mmol/L], `shrink` the share of it that is used; the multiplier gives
    that on the reference adult (a test derives it). `exponent` rows hold an exponent in place of a multiplier, the
    `glucose` row the rise of mean glucose for each unit of HbA1c above `threshold`.
    """

    id: str
    kind: Literal["medicine", "condition", "lab", "alcohol", "genotype", "kidney", "weight", "glucose"]
    key: str
    threshold: float | None = None
    label: str
    parameter: str
    multiplier: float
    low: float
    high: float
    serum_shift: float | None = None
    shrink: float = 1.0
    lowers_serum: bool


@dataclass(frozen=True)
class Effect:
    """One covariate of one person: what it is, what it multiplies, by how much, and how far that is known (95 %)."""

    id: str
    label: str
    parameter: str
    multiplier: float
    low: float
    high: float
    lowers_serum: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Covariates:
    """All that is known without labs of magnesium.

    Attributes
    ----------
    effects : what multiplies a parameter.
    values : parameters that are known outright (filtration [L/d], sweat [L/d], mean glucose [mmol/L]).
    """

    effects: tuple[Effect, ...]
    values: dict[str, float]

    def multiplier(self, parameter: str) -> float:
        """All effects on one parameter together."""
        product = 1.0
        for effect in self.effects:
            if effect.parameter == parameter:
                product *= effect.multiplier
        return max(product, LEAST_ACTIVITY)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that some effect multiplies."""
        return tuple(dict.fromkeys(effect.parameter for effect in self.effects))

    @property
    def personal(self) -> bool:
        """Whether anything but the population is known."""
        return bool(self.effects or self.values)


def covariate_rows() -> tuple[CovariateRow, ...]:
    """Every effect that Davy knows."""
    return read_table("covariates.csv", CovariateRow)


def covariates_of(person: Person, *, neutral: bool = False, on: date | None = None) -> Covariates:
    """The covariate effects of a person.

    Parameters
    ----------
    neutral : leave out all that lowers serum, as the predicted-serum gate must.
    on : the day that counts for medicines; None = today.
    """
    effects = [effect for row in covariate_rows() for effect in _effects(row, person, on or person.today)]
    if neutral:
        effects = [effect for effect in effects if not effect.lowers_serum]
    values = {} if neutral else _glucose(person)
    effects = [effect for effect in effects if effect.parameter not in values]
    filtration = filtration_L_per_d(person)
    if filtration is not None:
        values["kid_GFR"] = filtration
    if person.sweat_L_per_day is not None and not neutral:
        values["sweat"] = max(person.sweat_L_per_day, LEAST_SWEAT_L_PER_D)
    return Covariates(tuple(effects), values)


def filtration_L_per_d(person: Person) -> float | None:
    """Glomerular filtration [L/d] from labs, de-indexed where the body size is known; None = unknown."""
    function = kidney_function(person)
    if function is None:
        return None
    value = function.deindexed_mL_per_min
    return L_PER_D_OF_ML_PER_MIN * (function.indexed_mL_per_min_1p73m2 if value is None else value)


def glucose_mmol_per_L(hba1c_mmol_per_mol: float) -> float:
    """Mean plasma glucose that an HbA1c stands for."""
    row = next(row for row in covariate_rows() if row.kind == "glucose")
    usual = next(one.value for one in read_parameters() if one.id == row.parameter)
    return usual + row.multiplier * max(hba1c_mmol_per_mol - (row.threshold or 0.0), 0.0)


def _glucose(person: Person) -> dict[str, float]:
    lab = latest(person, "hba1c")
    return {} if lab is None else {"kid_glu": glucose_mmol_per_L(lab.value)}


def _effects(row: CovariateRow, person: Person, day: date) -> list[Effect]:
    if row.kind == "weight":
        return _size(row, person)
    if row.kind == "kidney":
        return _kidney(row, person)
    if row.kind == "glucose":
        return []
    times = _TRIGGERS[row.kind](row, person, day)
    if times <= 0:
        return []
    told = (row.multiplier**times, row.low**times, row.high**times)
    return [_effect(row, row.parameter, told)]


def _effect(row: CovariateRow, parameter: str, told: tuple[float, float, float]) -> Effect:
    multiplier, one, other = told
    return Effect(
        row.id, row.label, parameter, multiplier, min(one, other), max(one, other), row.lowers_serum, row.source
    )


def _powers(row: CovariateRow, share: float) -> tuple[float, float, float]:
    """The multiplier and its ends, where a row holds an exponent."""
    return share**row.multiplier, share**row.low, share**row.high


def _size(row: CovariateRow, person: Person) -> list[Effect]:
    if person.weight_kg is None or row.threshold is None:
        return []
    told = _powers(row, person.weight_kg / row.threshold)
    return [_effect(row, parameter, told) for parameter in SCALED_BY_SIZE]


def _kidney(row: CovariateRow, person: Person) -> list[Effect]:
    function = kidney_function(person)
    if function is None or row.threshold is None:
        return []
    share = function.indexed_mL_per_min_1p73m2 / row.threshold
    return [_effect(row, row.parameter, _powers(row, share))] if share < 1 else []


def _medicine(row: CovariateRow, person: Person, day: date) -> float:
    return float(
        any(
            row.key in medicine.classes and medicine.taken_on(day) and (medicine.since is None or medicine.since <= day)
            for medicine in person.medicines
        )
    )


def _condition(row: CovariateRow, person: Person, day: date) -> float:
    del day
    return float(row.key in person.conditions)


def _lab(row: CovariateRow, person: Person, day: date) -> float:
    del day
    lab = latest(person, row.key)
    return float(lab is not None and row.threshold is not None and lab.value >= row.threshold)


def _alcohol(row: CovariateRow, person: Person, day: date) -> float:
    del day
    grams = person.alcohol_g_per_day
    return float(grams is not None and row.threshold is not None and grams >= row.threshold)


def _genotype(row: CovariateRow, person: Person, day: date) -> float:
    """How many effect alleles there are, read on either strand."""
    del day
    return float(sum(base in "CG" for base in person.genotype.get(row.key, "").upper()))


_TRIGGERS = {
    "medicine": _medicine,
    "condition": _condition,
    "lab": _lab,
    "alcohol": _alcohol,
    "genotype": _genotype,
}
