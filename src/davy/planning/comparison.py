"""Does the form matter: each form at the same elemental dose, at the same clock times, in the same person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from davy.forecast.outcome import Forecast
from davy.people.regimen import Intake, Regimen, Step
from davy.people.vocabulary import FormRow, ProductRow, forms, products
from davy.planning.result import FormCompared
from davy.units import mmol_of_mg

LOW_LOAD_MOSM, HIGH_LOAD_MOSM = 20.0, 40.0
"""Osmotic load in the gut below which loose stools are unlikely and above which they are likely [mosm/d]: davy-model.

20 is about 250 mg of a soluble salt less what is absorbed, and up to 250 mg trials saw none (f-162). 40 is twice that.
"""


def compared_forms() -> tuple[FormRow, ...]:
    """The forms that may replete, in the order of the table."""
    return tuple(row for row in forms() if row.repletion_candidate)


def same_dose(regimen: Regimen, form: str) -> Regimen:
    """The last step of a regimen with every intake in another form."""
    last = regimen.steps[-1]
    intakes = tuple(Intake(intake.at, form, intake.elemental_mg) for intake in last.intakes)
    return Regimen((Step(0, None, intakes),))


def compare(regimen: Regimen, chosen: str, steady: Sequence[Forecast], without: Forecast) -> tuple[FormCompared, ...]:
    """Every form at the dose of the last step.

    Parameters
    ----------
    chosen : form id of the plan.
    steady : for each of `compared_forms`, where that form at this dose would lead.
    without : where no supplement would lead; same draws.
    """
    dose_mg = regimen.steps[-1].elemental_mg_per_day
    return tuple(
        _compared(row, dose_mg, _gain(forecast, without), chosen=row.id == chosen)
        for row, forecast in zip(compared_forms(), steady, strict=True)
    )


def _gain(forecast: Forecast, without: Forecast) -> float:
    """Median over draws of what the dose adds to what is absorbed [mmol/d]."""
    good = ~(forecast.failed | without.failed)
    column = 3
    return float(np.median(forecast.values[good, -1, column] - without.values[good, -1, column]))


def _compared(row: FormRow, dose_mg: float, gain_mmol: float, *, chosen: bool) -> FormCompared:
    load = max(0.0, mmol_of_mg(dose_mg) - gain_mmol) * row.osmotic_mosm_per_mmol
    product = _fewest_units(row, dose_mg)
    units = None if product is None else _units(product, dose_mg)
    return FormCompared(
        row.id,
        row.label,
        dose_mg,
        gain_mmol,
        None if product is None else product.label,
        units,
        None if product is None else product.unit_name,
        load,
        "low" if load < LOW_LOAD_MOSM else "middle" if load < HIGH_LOAD_MOSM else "high",
        chosen,
    )


def _units(product: ProductRow, dose_mg: float) -> float:
    """Units a day that come nearest to the dose, in halves where the unit splits."""
    parts = 2 if product.splittable else 1
    return max(1, round(dose_mg * parts / product.elemental_mg_per_unit)) / parts


def _fewest_units(row: FormRow, dose_mg: float) -> ProductRow | None:
    """The product of this form that comes nearest to the dose, then with the fewest units."""
    of_form = [product for product in products() if product.form == row.id]

    def badness(product: ProductRow) -> tuple[float, float]:
        units = _units(product, dose_mg)
        return abs(units * product.elemental_mg_per_unit - dose_mg), units

    return min(of_form, key=badness, default=None)
