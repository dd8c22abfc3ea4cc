"""The dated prediction of a plan, held against virtual persons who follow the plan and go to the laboratory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from davy.body.read import read_model
from davy.forecast.future import simulate
from davy.forecast.outcome import Draws, Floats
from davy.forecast.present import present_magnesium
from davy.people.chance import standard_normals
from davy.people.person import Person
from davy.people.regimen import Intake, Regimen, Step
from davy.planning.outlook import report_spread, serum_on
from davy.planning.plan import plan
from davy.planning.result import PlannedRegimen, PredictionToCheck
from davy.qualify.calibration.designs import DESIGNS, KINDS
from davy.qualify.calibration.fitting import FitStudy
from davy.qualify.calibration.tally import Coverage, counted

NOMINAL = 0.9
"""What a plan promises of its dated interval."""

QUANTITY = "serum on the day that the plan names"
_DESIGN = "serum-urine"
_GOAL = "migraine-prevention"
_SERUM = "serum-magnesium"


@dataclass(frozen=True)
class Foretold:
    """One person's plan, and what the laboratory then said [mmol/L]; `low` None where the plan foretells nothing."""

    kind: str
    low: float | None
    high: float | None
    found: float | None


def foretold(kind: str, first: int, count: int, seed: int) -> tuple[Foretold, ...]:
    """Persons of one kind: measured, planned for, followed by their true body, measured again."""
    study = FitStudy(next(one for one in DESIGNS if one.id == _DESIGN), kind)
    measured = study.measured(first, count, seed)
    case, true = measured.case, measured.truth
    noise = standard_normals(f"{seed}:{study.mark}:dated", first, count)
    found: list[Foretold] = []
    for number in range(count):
        person = measured_person(case.person, measured.values[number], f"{case.person.id}-{first + number}")
        made = plan(person, seed=seed)
        told = made.prediction_to_check
        if told is None or made.regimen is None:
            found.append(Foretold(kind, None, None, None))
            continue
        shown = float(_true_serum(_one(true, number), person, made.regimen, told))
        found.append(Foretold(kind, told.low, told.high, shown * float(np.exp(report_spread(_SERUM) * noise[number]))))
    return tuple(found)


def measured_person(person: Person, measured: Floats, name: str) -> Person:
    """The same person with a name and these results in place of those that stood in."""
    values = iter(np.exp(measured))
    labs = tuple(
        lab.model_copy(update={"value": float(next(values))}) if lab.test.endswith(_MAGNESIUM) else lab
        for lab in person.labs
    )
    return person.model_copy(update={"id": name, "labs": labs, "goals": (_GOAL,)})


_MAGNESIUM = ("magnesium", "magnesium-24h")


def _one(draws: Draws, number: int) -> Draws:
    at = slice(number, number + 1)
    return Draws(draws.names, draws.values[at], draws.intake_mmol_per_d[at], draws.taken_share[at])


def _true_serum(true: Draws, person: Person, planned: PlannedRegimen, told: PredictionToCheck) -> float:
    """The mean serum of the day that the plan names, if it is followed as well as this person follows plans."""
    days = np.array([told.day - 1.0, float(told.day)])
    start = present_magnesium(person).regimen
    (forecast,) = simulate(read_model(), true, [regimen_of(planned)], days=days, start=start)
    values = serum_on(forecast, told.day)
    return float(values[0]) if values.size else float("nan")


def regimen_of(planned: PlannedRegimen) -> Regimen:
    """A planned regimen as one that can be simulated."""
    return Regimen(
        tuple(
            Step(
                step.from_day,
                step.to_day,
                tuple(Intake(one.at, one.form, one.elemental_mg, one.product) for one in step.intakes),
            )
            for step in planned.steps
        )
    )


def dated_coverage(found: tuple[Foretold, ...]) -> tuple[Coverage, ...]:
    """How often the interval held the result, by kind of person and over all."""
    rows: list[Coverage] = []
    for kind in (*KINDS, None):
        own = [one for one in found if kind in (None, one.kind) and one.low is not None and one.found is not None]
        held = np.array([float((one.low or 0) <= (one.found or 0) <= (one.high or 0)) for one in own])
        if len(held):
            rows.append(counted("plan" if kind is None else f"plan, {kind}", "as-believed", QUANTITY, NOMINAL, held))
    return tuple(rows)
