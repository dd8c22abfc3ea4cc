"""A candidate as the plan shows it: steps that do not overlap, real units, what the label reads, what to keep apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from davy.people.regimen import Intake, Regimen
from davy.people.vocabulary import ProductRow, form, products
from davy.planning.result import PlannedIntake, PlannedRegimen, PlannedStep, Separation
from davy.safety.interactions import MedicineWindow

_MEAL_HOURS = ((6, 9), (12, 14), (18, 20))


def planned(regimen: Regimen, *, apart: Sequence[MedicineWindow], sources: tuple[str, ...]) -> PlannedRegimen:
    """The regimen as the plan shows it.

    Parameters
    ----------
    apart : windows between medicines and magnesium.
    sources : what the dose rests on.
    """
    steps = _segments(regimen)
    mains = [intake for intake in (regimen.steps[-1].intakes if regimen.steps else ()) if intake.product]
    main = mains[0] if mains else None
    product = None if main is None else product_named(main.product)
    return PlannedRegimen(
        "none" if main is None else main.form,
        round(regimen.elemental_mg_per_day, 1),
        steps,
        "" if product is None else product.label_reads,
        _take_with(steps),
        tuple(
            Separation(window.medicine, window.hours_before, window.hours_after, window.pause_instead, window.sources)
            for window in apart
        ),
        sources,
    )


def product_named(name: str | None) -> ProductRow | None:
    """The product of that id."""
    return next((product for product in products() if product.id == name), None)


def form_label(form_id: str) -> str:
    """What to call a form in a sentence."""
    row = form(form_id)
    return form_id if row is None else row.label


def _segments(regimen: Regimen) -> tuple[PlannedStep, ...]:
    """Days on which the same is taken, each once, with all steps that are on together."""
    ends = {step.to_day for step in regimen.steps if step.to_day is not None}
    days = sorted({step.from_day for step in regimen.steps} | ends)
    made: list[PlannedStep] = []
    for first, after in pairwise(days):
        on = [step for step in regimen.steps if step.from_day <= first and (step.to_day is None or step.to_day > first)]
        intakes = sorted((intake for step in on for intake in step.intakes), key=lambda intake: intake.at)
        if intakes:
            made.append(PlannedStep(first, after, tuple(_intake(intake) for intake in intakes)))
    return tuple(made)


def _intake(intake: Intake) -> PlannedIntake:
    product = product_named(intake.product)
    name = intake.product if product is None else product.label
    return PlannedIntake(intake.at, intake.form, round(intake.elemental_mg, 1), name, intake.units)


def _take_with(steps: Sequence[PlannedStep]) -> str:
    hours = {int(intake.at[:2]) for step in steps for intake in step.intakes}
    if hours and all(any(low <= hour <= high for low, high in _MEAL_HOURS) for hour in hours):
        return "with a meal and a glass of water"
    return "with some food and a glass of water"
