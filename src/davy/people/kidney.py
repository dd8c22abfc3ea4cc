"""How well the kidneys filter, by the equations in use, always at the less favourable reading of what is unknown.

References
----------
s-inker-2021 : CKD-EPI 2021, as printed by the National Kidney Foundation.
s-cockcroft-1976 : creatinine clearance, for the actual body weight.
s-dubois-1916 : body surface; the index is undone by surface / 1.73 m2 for the dosing of medicines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from davy.people.labs import labs_of
from davy.people.person import Lab, Person, Sex
from davy.units import convert

STANDARD_SURFACE_M2 = 1.73
SAME_DRAW_DAYS = 7
WORSE_COUNTS_DAYS = 92
CKD_EPI_2021: dict[Sex, tuple[float, float, float]] = {"female": (0.7, -0.241, 1.012), "male": (0.9, -0.302, 1.0)}
"""By sex: the creatinine at which the slope changes [mg/dL], the exponent below it, and the factor."""
CKD_EPI_2021_SCALE, CKD_EPI_2021_ABOVE, CKD_EPI_2021_YEAR = 142.0, -1.200, 0.9938
DU_BOIS, DU_BOIS_WEIGHT, DU_BOIS_HEIGHT = 0.007184, 0.425, 0.725
BELOW_ANY_LIMIT = 5.0
"""What a bound stands for that gives no lower limit ("<60"): the worst that it may mean [mL/min/1.73m2]."""


@dataclass(frozen=True)
class KidneyFunction:
    """Filtration on one day.

    Attributes
    ----------
    date : of the laboratory value.
    indexed_mL_per_min_1p73m2 : eGFR as laboratories print it.
    deindexed_mL_per_min : for this body's own surface; None without weight and height.
    cockcroft_gault_mL_per_min : creatinine clearance; None without creatinine, age, sex or weight.
    cystatin : whether cystatin C took part.
    """

    date: date
    indexed_mL_per_min_1p73m2: float
    deindexed_mL_per_min: float | None
    cockcroft_gault_mL_per_min: float | None
    cystatin: bool = False

    @property
    def lowest(self) -> float:
        """The least of all estimates; this is what gates judge."""
        known = (self.indexed_mL_per_min_1p73m2, self.deindexed_mL_per_min, self.cockcroft_gault_mL_per_min)
        return min(value for value in known if value is not None)


def _mg_per_dl(creatinine_umol_per_l: float) -> float:
    return convert(creatinine_umol_per_l, "umol/L", "mg/dL", "creatinine")


def ckd_epi_2021(creatinine_umol_per_L: float, age_y: float, sex: Sex) -> float:
    """EGFR [mL/min/1.73m2] from creatinine: 142 min(c/k,1)^a max(c/k,1)^-1.200 0.9938^age, x 1.012 in women.

    Examples
    --------
    >>> round(ckd_epi_2021(79.6, 55, "female"))
    76
    """
    knot, below, factor = CKD_EPI_2021[sex]
    ratio = _mg_per_dl(creatinine_umol_per_L) / knot
    reduced = min(ratio, 1.0) ** below * max(ratio, 1.0) ** CKD_EPI_2021_ABOVE
    return CKD_EPI_2021_SCALE * reduced * CKD_EPI_2021_YEAR**age_y * factor


def ckd_epi_2021_cystatin(creatinine_umol_per_L: float, cystatin_mg_per_L: float, age_y: float, sex: Sex) -> float:
    """EGFR [mL/min/1.73m2] from creatinine and cystatin C together, the 2021 equation."""
    knot, below, factor = (0.7, -0.219, 0.963) if sex == "female" else (0.9, -0.144, 1.0)
    ratio, cystatin = _mg_per_dl(creatinine_umol_per_L) / knot, cystatin_mg_per_L / 0.8
    by_creatinine = min(ratio, 1.0) ** below * max(ratio, 1.0) ** -0.544
    by_cystatin = min(cystatin, 1.0) ** -0.323 * max(cystatin, 1.0) ** -0.778
    return 135 * by_creatinine * by_cystatin * 0.9961**age_y * factor


def cockcroft_gault(creatinine_umol_per_L: float, age_y: float, sex: Sex, weight_kg: float) -> float:
    """Creatinine clearance [mL/min] for the actual body weight."""
    clearance = (140 - age_y) * weight_kg / (72 * _mg_per_dl(creatinine_umol_per_L))
    return max(clearance, 0.0) * (0.85 if sex == "female" else 1.0)


def body_surface_m2(weight_kg: float, height_cm: float) -> float:
    """Body surface by Du Bois [m2]."""
    return DU_BOIS * weight_kg**DU_BOIS_WEIGHT * height_cm**DU_BOIS_HEIGHT


def deindexed(indexed_mL_per_min_1p73m2: float, weight_kg: float, height_cm: float) -> float:
    """Filtration of this body [mL/min] from the value per 1.73 m2."""
    return indexed_mL_per_min_1p73m2 * body_surface_m2(weight_kg, height_cm) / STANDARD_SURFACE_M2


def _sexes(person: Person) -> tuple[Sex, ...]:
    return (person.sex,) if person.sex is not None else ("female", "male")


def _surface_ratio(person: Person) -> float | None:
    if person.weight_kg is None or person.height_cm is None:
        return None
    return body_surface_m2(person.weight_kg, person.height_cm) / STANDARD_SURFACE_M2


def _from_report(person: Person, lab: Lab) -> KidneyFunction:
    """A reported eGFR; a plain mL/min may be meant per body or per 1.73 m2, and counts at the worse of the two."""
    value = BELOW_ANY_LIMIT if lab.comparator == "<" else lab.value
    ratio = _surface_ratio(person)
    if lab.reported_unit == "mL/min" and ratio is not None:
        return KidneyFunction(lab.date, min(value, value / ratio), min(value, value * ratio), None)
    return KidneyFunction(lab.date, value, None if ratio is None else value * ratio, None)


def _from_creatinine(person: Person, lab: Lab) -> KidneyFunction | None:
    """The estimates of one creatinine; with the sex unknown, the lower of both."""
    if person.age_y is None:
        return None
    age, sexes, ratio = person.age_y, _sexes(person), _surface_ratio(person)
    cystatins = [row for row in labs_of(person, "cystatin-c") if abs((row.date - lab.date).days) <= SAME_DRAW_DAYS]
    if cystatins:
        near = min(cystatins, key=lambda row: abs((row.date - lab.date).days))
        indexed = min(ckd_epi_2021_cystatin(lab.value, near.value, age, sex) for sex in sexes)
        bounded = ">" in (lab.comparator, near.comparator)
    else:
        indexed = min(ckd_epi_2021(lab.value, age, sex) for sex in sexes)
        bounded = lab.comparator == ">"
    indexed = BELOW_ANY_LIMIT if bounded else indexed
    clearance = None
    if person.weight_kg is not None and not bounded:
        clearance = min(cockcroft_gault(lab.value, age, sex, person.weight_kg) for sex in sexes)
    return KidneyFunction(lab.date, indexed, None if ratio is None else indexed * ratio, clearance, bool(cystatins))


def kidney_estimates(person: Person) -> tuple[KidneyFunction, ...]:
    """Every estimate that the person's eGFR and creatinine values give, newest first."""
    found = [_from_report(person, lab) for lab in labs_of(person, "egfr")]
    found += [made for lab in labs_of(person, "creatinine") if (made := _from_creatinine(person, lab)) is not None]
    return tuple(sorted(found, key=lambda entry: (-entry.date.toordinal(), entry.lowest)))


def kidney_function(person: Person) -> KidneyFunction | None:
    """The estimate that counts: the worst within three months of the newest; None where the kidneys are unknown."""
    found = kidney_estimates(person)
    if not found:
        return None
    since = found[0].date - timedelta(days=WORSE_COUNTS_DAYS)
    return min((entry for entry in found if entry.date >= since), key=lambda entry: entry.lowest)
