"""The equations of `kidney` for columns of people, and the inverse of the creatinine equation.

References
----------
s-inker-2021 : CKD-EPI 2021.
s-dubois-1916 : body surface.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from davy.people.kidney import (
    CKD_EPI_2021,
    CKD_EPI_2021_ABOVE,
    CKD_EPI_2021_SCALE,
    CKD_EPI_2021_YEAR,
    DU_BOIS,
    DU_BOIS_HEIGHT,
    DU_BOIS_WEIGHT,
)
from davy.units import convert

Floats = NDArray[np.float64]
_UMOL_PER_L_OF_MG_PER_DL = convert(1.0, "mg/dL", "umol/L", "creatinine")


@dataclass(frozen=True)
class _Curve:
    """(people,) the terms of the equation that sex and age decide."""

    knot_umol_per_L: Floats
    below: Floats
    at_knot: Floats


def _curve(age_y: Floats, female: NDArray[np.bool_]) -> _Curve:
    woman, man = CKD_EPI_2021["female"], CKD_EPI_2021["male"]
    knot, below, factor = (np.where(female, woman[place], man[place]) for place in range(3))
    top = CKD_EPI_2021_SCALE * np.power(CKD_EPI_2021_YEAR, age_y) * factor
    return _Curve(knot * _UMOL_PER_L_OF_MG_PER_DL, below, top)


def filtration_of(creatinine_umol_per_L: Floats, age_y: Floats, female: NDArray[np.bool_]) -> Floats:
    """(people,) eGFR [mL/min/1.73m2] by CKD-EPI 2021."""
    curve = _curve(age_y, female)
    ratio = creatinine_umol_per_L / curve.knot_umol_per_L
    return curve.at_knot * np.power(ratio, np.where(ratio < 1.0, curve.below, CKD_EPI_2021_ABOVE))


def creatinine_of(egfr_mL_per_min_1p73m2: Floats, age_y: Floats, female: NDArray[np.bool_]) -> Floats:
    """(people,) the creatinine [umol/L] that CKD-EPI 2021 turns into this eGFR."""
    curve = _curve(age_y, female)
    share = egfr_mL_per_min_1p73m2 / curve.at_knot
    return curve.knot_umol_per_L * np.power(share, 1.0 / np.where(share > 1.0, curve.below, CKD_EPI_2021_ABOVE))


def body_surfaces_m2(weight_kg: Floats, height_cm: Floats) -> Floats:
    """(people,) body surface by Du Bois [m2]."""
    return DU_BOIS * np.power(weight_kg, DU_BOIS_WEIGHT) * np.power(height_cm, DU_BOIS_HEIGHT)
