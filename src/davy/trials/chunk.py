"""Follows some enrolled persons through the trial: what was true of them, and what was measured.

A person's numbers depend on the trial, on their own number and on nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from davy.forecast.future import simulate
from davy.forecast.outcome import UNITS, Draws, Floats
from davy.people.chance import shares, standard_normals
from davy.people.regimen import NO_SUPPLEMENT
from davy.trials.allocation import allocate
from davy.trials.cohort import assay_error, body, column_of, draws_of, population_of, some
from davy.trials.design import Adherence, Trial
from davy.trials.timetable import MEASURED_BY, Group, Timetable, timetable
from davy.units import mmol_of_mg

Ints = NDArray[np.int64]
_DAYS_PER_YEAR = 365.25

CHARACTERISTICS = (
    "age_y",
    "female",
    "weight_kg",
    "height_cm",
    "egfr_mL_per_min_1p73m2",
    "intake_mg_per_day",
    "type_2_diabetes",
    "hypertension",
    "ppi",
    "thiazide",
    "loop_diuretic",
    "sglt2_inhibitor",
)
"""What is told of the persons at the start."""


@dataclass(frozen=True, eq=False)
class Enrolled:
    """Who of a window enters.

    Attributes
    ----------
    first, size : the window of candidates.
    person : (persons,) candidate numbers; number : the order of enrolment; stratum, position : and that within it.
    """

    first: int
    size: int
    person: Ints
    number: Ints
    stratum: Ints
    position: Ints


@dataclass(frozen=True, eq=False)
class Chunk:
    """Some persons, in order of enrolment.

    Attributes
    ----------
    person, number, group : (persons,) candidate number, order of enrolment, place among the groups.
    left_d : (persons,) day of leaving, counted from randomisation.
    failed : (persons,) whether the engine gave no trustworthy answer.
    true, value : (persons, visits, tests) what was so, and what was measured; NaN = not measured.
    at_start : (persons, `CHARACTERISTICS`).
    """

    person: Ints
    number: Ints
    group: Ints
    left_d: Floats
    failed: Ints
    true: Floats
    value: Floats
    at_start: Floats


def follow(trial: Trial, enrolled: Enrolled) -> Chunk:
    """Every visit of every one of these persons."""
    plan = timetable(trial)
    population = population_of(trial, enrolled.first, enrolled.size)
    inside = enrolled.person - enrolled.first
    group = allocate(trial, enrolled.number, enrolled.stratum, enrolled.position)
    draws = some(draws_of(trial, population), inside)
    draws = replace(draws, taken=_taken(trial, plan, draws, group, enrolled))
    true, failed = _true(trial, plan, draws, group)
    left = _left(trial, plan, group, enrolled)
    return Chunk(
        person=enrolled.person,
        number=enrolled.number,
        group=group,
        left_d=left,
        failed=failed,
        true=true,
        value=_measured(trial, plan, true, left, enrolled),
        at_start=np.stack([column_of(population, name)[inside] for name in CHARACTERISTICS], axis=1),
    )


def _true(trial: Trial, plan: Timetable, draws: Draws, group: Ints) -> tuple[Floats, Ints]:
    """(persons, visits, tests) 24-h means of the body model, and who failed; each group under its own regimen."""
    outputs = [tuple(UNITS).index(MEASURED_BY[test]) for test in trial.tests]
    true = np.full((len(group), len(plan.slots), len(outputs)), np.nan)
    failed = np.zeros(len(group), dtype=np.int64)
    for number, one in enumerate(plan.groups):
        mine = np.flatnonzero(group == number)
        if not len(mine):
            continue
        own = some(draws, mine)
        (forecast,) = simulate(
            body(trial.structure),
            own,
            [one.regimen],
            days=plan.ends,
            diet_mmol_per_d=_diet(one, own),
            start=NO_SUPPLEMENT,
        )
        true[mine] = forecast.values[:, plan.places][:, :, outputs]
        failed[mine] = forecast.failed
    true[failed == 1] = np.nan
    return true, failed


def _diet(group: Group, draws: Draws) -> Floats | None:
    if group.diet_mg_per_day is not None:
        return np.full(len(draws.values), mmol_of_mg(group.diet_mg_per_day + group.diet_change_mg_per_day))
    if not group.diet_change_mg_per_day:
        return None
    return np.maximum(draws.intake_mmol_per_d + mmol_of_mg(group.diet_change_mg_per_day), 0.0)


def _measured(trial: Trial, plan: Timetable, true: Floats, left: Floats, enrolled: Enrolled) -> Floats:
    value = np.full_like(true, np.nan)
    inside = enrolled.person - enrolled.first
    for place, slot in enumerate(plan.slots):
        there = slot.since_randomisation_d <= left
        for column, test in enumerate(trial.tests):
            if test not in slot.tests:
                continue
            stream = f"trial:{trial.seed}:assay:{test}:{slot.period}:{slot.day}"
            error = standard_normals(stream, enrolled.first, enrolled.size)[inside]
            measured = true[:, place, column] * np.exp(assay_error(trial, test) * error)
            value[:, place, column] = np.where(there, measured, np.nan)
    return value


def _left(trial: Trial, plan: Timetable, group: Ints, enrolled: Enrolled) -> Floats:
    """(persons,) when each leaves [d from randomisation]: a constant hazard of their arm."""
    arms = {arm.name: arm.drop_out_per_year for arm in trial.arms}
    by_group: list[float] = []
    for one in plan.groups:
        own = arms[one.treatments[0]] if len(one.treatments) == 1 else None
        by_group.append(trial.drop_out_per_year if own is None else own)
    hazard = np.array(by_group)[group]
    drawn = shares(f"trial:{trial.seed}:drop-out", enrolled.first, enrolled.size)[enrolled.person - enrolled.first]
    with np.errstate(divide="ignore"):
        return np.where(hazard > 0, -np.log(drawn) * _DAYS_PER_YEAR / hazard, np.inf)


def _taken(trial: Trial, plan: Timetable, draws: Draws, group: Ints, enrolled: Enrolled) -> Floats:
    """(persons,) share of the labelled dose that is swallowed: as drawn, or as the trial says."""
    arms = {arm.name: arm.adherence for arm in trial.arms}
    inside = enrolled.person - enrolled.first
    spread = standard_normals(f"trial:{trial.seed}:adherence", enrolled.first, enrolled.size)[inside]
    nobody = shares(f"trial:{trial.seed}:adherence:nobody", enrolled.first, enrolled.size)[inside]
    taken = draws.taken_share.copy()
    for number, one in enumerate(plan.groups):
        own = arms[one.treatments[0]] if len(one.treatments) == 1 else None
        told: Adherence | None = own or trial.adherence
        if told is None:
            continue
        mine = group == number
        share = np.minimum(told.median * np.exp(told.spread * spread[mine]), 1.0)
        taken[mine] = np.where(nobody[mine] < told.nobody, 0.0, share)
    return taken
