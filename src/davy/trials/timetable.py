"""What each group of a trial takes, and when it is measured, in days from the start of the run-in."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from davy.forecast.outcome import Floats
from davy.people.regimen import Regimen, Step
from davy.people.regimen_text import parse_regimen
from davy.trials.design import Arm, Trial

MEASURED_BY = {
    "serum-magnesium": "serum_mmol_per_L",
    "rbc-magnesium": "rbc_mmol_per_L",
    "urine-magnesium-24h": "urine_mmol_per_d",
    "csf-magnesium": "csf_mmol_per_L",
    "absorbed-magnesium": "absorbed_mmol_per_d",
}
"""Which output of the body model a test of a trial measures; the last two are no routine labs and have no error."""


@dataclass(frozen=True)
class Group:
    """What a person is randomised to: one arm, or a sequence of them.

    Attributes
    ----------
    treatments : the arm of each period.
    share : how many of it for each of the others.
    regimen : the whole of it, from the first day of the run-in.
    diet_mg_per_day, diet_change_mg_per_day : food during the trial; None = each person's own.
    """

    name: str
    treatments: tuple[str, ...]
    share: int
    regimen: Regimen
    diet_mg_per_day: float | None
    diet_change_mg_per_day: float


@dataclass(frozen=True)
class Slot:
    """One visit of one period: the day as the file counts it, and since the start of the run-in."""

    period: int
    day: int
    time_d: int
    since_randomisation_d: int
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Timetable:
    """All that is planned.

    Attributes
    ----------
    groups : what there is to be randomised to.
    slots : every visit of every period, in order.
    ends : (times,) interval ends of the simulation [d].
    places : by slot, where its day ends among the times of a forecast.
    """

    groups: tuple[Group, ...]
    slots: tuple[Slot, ...]
    ends: Floats
    places: tuple[int, ...]


def periods_of(trial: Trial) -> int:
    """How many treatment periods each person has."""
    plan = trial.randomisation
    if plan.kind == "n-of-1":
        return 2 * (plan.cycles or 1)
    return len(plan.sequences[0]) if plan.kind == "crossover" else 1


def sequences_of(trial: Trial) -> tuple[tuple[str, ...], ...]:
    """What there is to be randomised to, as the arm of each period."""
    plan = trial.randomisation
    if plan.kind == "crossover":
        return plan.sequences
    if plan.kind == "n-of-1":
        pair = trial.arm_names
        orders = itertools.product((pair, pair[::-1]), repeat=plan.cycles or 1)
        return tuple(tuple(itertools.chain.from_iterable(order)) for order in orders)
    return tuple((name,) for name in trial.arm_names)


def shares_of(trial: Trial) -> tuple[int, ...]:
    """How many of each group for each of the others."""
    if trial.within_person or trial.randomisation.ratio is None:
        return (1,) * len(sequences_of(trial))
    return tuple(round(trial.randomisation.ratio[name]) for name in trial.arm_names)


def timetable(trial: Trial) -> Timetable:
    """The groups and visits of a trial that has been checked."""
    arms = {arm.name: arm for arm in trial.arms}
    groups = tuple(
        _group(trial, sequence, share, arms)
        for sequence, share in zip(sequences_of(trial), shares_of(trial), strict=True)
    )
    slots = _slots(trial)
    ends = sorted({time for slot in slots for time in (slot.time_d - 1, slot.time_d) if time > 0})
    places = tuple(0 if slot.time_d == 0 else 1 + ends.index(slot.time_d) for slot in slots)
    return Timetable(groups, slots, np.array(ends or [1], dtype=np.float64), places)


def period_start(trial: Trial, period: int) -> int:
    """First day of a period, from the start of the run-in [d]."""
    plan = trial.randomisation
    run_in = trial.run_in.days if trial.run_in is not None else 0
    return run_in + period * ((plan.period_d or 0) + plan.washout_d)


def _slots(trial: Trial) -> tuple[Slot, ...]:
    run_in = period_start(trial, 0)
    found: list[Slot] = []
    for period in range(periods_of(trial)):
        for visit in sorted(trial.visits, key=lambda one: one.day):
            time = period_start(trial, period) + visit.day
            found.append(Slot(period, visit.day, time, time - run_in, visit.tests))
    return tuple(found)


def _group(trial: Trial, sequence: tuple[str, ...], share: int, arms: dict[str, Arm]) -> Group:
    steps: list[Step] = []
    if trial.run_in is not None:
        steps += _moved(parse_regimen(trial.run_in.regimen), 0, trial.run_in.days)
    for period, name in enumerate(sequence):
        start = period_start(trial, period)
        end = start + trial.randomisation.period_d if trial.within_person and trial.randomisation.period_d else None
        steps += _moved(parse_regimen(arms[name].regimen), start, end)
    diets = {arms[name].diet_mg_per_day for name in sequence} - {None}
    diet = diets.pop() if diets else trial.diet_mg_per_day
    return Group(
        name="/".join(sequence),
        treatments=sequence,
        share=share,
        regimen=Regimen(tuple(steps)),
        diet_mg_per_day=diet,
        diet_change_mg_per_day=arms[sequence[0]].diet_change_mg_per_day,
    )


def _moved(regimen: Regimen, start: int, end: int | None) -> list[Step]:
    """The steps of a regimen begun on day `start` and stopped on day `end`."""
    found: list[Step] = []
    for step in regimen.steps:
        stop = None if step.to_day is None else step.to_day + start
        if end is not None:
            stop = end if stop is None else min(stop, end)
        if stop is None or step.from_day + start < stop:
            found.append(Step(step.from_day + start, stop, step.intakes))
    return found
