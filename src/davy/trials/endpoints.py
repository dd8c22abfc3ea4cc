"""From measured labs to the rows that an analysis reads: one value a person, or one a period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from davy.forecast.outcome import Floats
from davy.trials.chunk import Chunk
from davy.trials.cohort import in_test_unit
from davy.trials.design import Endpoint, Method, Trial
from davy.trials.timetable import Timetable, periods_of, timetable

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Outcome:
    """One endpoint of some persons.

    Attributes
    ----------
    group : (persons,).
    value : (persons, periods) what is compared; start : (persons, periods) the same lab on day 0 of the period.
    gain : (persons, periods) value less start on the scale of the lab.
    """

    group: Ints
    value: Floats
    start: Floats
    gain: Floats


def outcome_of(trial: Trial, endpoint: Endpoint, chunk: Chunk) -> Outcome:
    """An endpoint of a chunk; what is missing is filled as the trial says, or stays NaN."""
    plan = timetable(trial)
    column = trial.tests.index(endpoint.test)
    periods = periods_of(trial)
    later = np.stack([_at(trial, plan, chunk, column, endpoint.day, one) for one in range(periods)], axis=1)
    start = np.stack([_on(plan, chunk, column, 0, one) for one in range(periods)], axis=1)
    return Outcome(chunk.group, _value(endpoint, later, start), start, later - start)


def _value(endpoint: Endpoint, later: Floats, start: Floats) -> Floats:
    if endpoint.measure == "value":
        return later
    if endpoint.measure == "change":
        return later - start
    if endpoint.measure == "percent-change":
        return 100.0 * (later / start - 1.0)
    bound = in_test_unit(endpoint.test, endpoint.threshold or 0.0, endpoint.unit)
    hit = later < bound if endpoint.measure == "below" else later >= bound
    return np.where(np.isfinite(later), hit.astype(np.float64), np.nan)


def _on(plan: Timetable, chunk: Chunk, column: int, day: int, period: int) -> Floats:
    """(persons,) the lab as measured on a day of a period; NaN where no visit measures it."""
    for place, slot in enumerate(plan.slots):
        if slot.period == period and slot.day == day:
            return chunk.value[:, place, column]
    return np.full(len(chunk.group), np.nan)


def _at(trial: Trial, plan: Timetable, chunk: Chunk, column: int, day: int, period: int) -> Floats:
    """(persons,) the lab on the day of the endpoint, with gaps filled by the rule of the trial."""
    found = _on(plan, chunk, column, day, period)
    if trial.missing == "baseline":
        return np.where(np.isfinite(found), found, _on(plan, chunk, column, 0, period))
    if trial.missing == "last":
        earlier = sorted({slot.day for slot in plan.slots if slot.period == period and slot.day < day}, reverse=True)
        for before in earlier:
            found = np.where(np.isfinite(found), found, _on(plan, chunk, column, before, period))
    return found


def samples(trial: Trial, method: Method, treatment: str, outcome: Outcome) -> tuple[Floats, ...]:
    """The rows that a method reads: of the treatment and of the control, or one row a person.

    ``ancova`` (start, value); ``difference``, ``unpaired`` (value); ``before-after`` (gain) of the treatment alone;
    ``paired`` (difference, 1, period contrasts); ``paired-naive`` (difference).
    """
    groups = timetable(trial).groups
    if not trial.within_person:
        places = {group.treatments[0]: number for number, group in enumerate(groups)}
        mine, theirs = (outcome.group == places[name] for name in (treatment, trial.control_arm))
        start, value, gain = outcome.start[:, 0], outcome.value[:, 0], outcome.gain[:, 0]
        if method == "ancova":
            rows = np.stack((start, value), axis=-1)
            return rows[mine], rows[theirs]
        if method == "before-after":
            return (gain[mine][:, None],)
        return value[mine][:, None], value[theirs][:, None]
    treated, control, contrasts = _within(trial, treatment, outcome)
    if method == "before-after":
        return (_mean_where(outcome.gain, _periods_on(trial, treatment, outcome.group))[:, None],)
    if method == "unpaired":
        return treated[:, None], control[:, None]
    difference = (treated - control)[:, None]
    if method == "paired-naive":
        return (difference,)
    ones = np.ones((len(difference), 1))
    return (np.concatenate((difference, ones, contrasts), axis=1),)


def on_arm(trial: Trial, arm: str, outcome: Outcome) -> Floats:
    """(persons on this arm,) their values; in a trial within persons everybody's mean over its periods."""
    on = _periods_on(trial, arm, outcome.group)
    if trial.within_person:
        return _mean_where(np.where(on, outcome.value, 0.0), on)
    return outcome.value[on[:, 0], 0]


def _periods_on(trial: Trial, arm: str, group: Ints) -> NDArray[np.bool_]:
    """(persons, periods) when each is on this arm."""
    groups = timetable(trial).groups
    table = np.array([[name == arm for name in one.treatments] for one in groups], dtype=np.bool_)
    return table[group]


def _mean_where(values: Floats, chosen: NDArray[np.bool_]) -> Floats:
    """(persons,) the mean over the chosen periods, added up in order; NaN where there is none."""
    total, count = np.zeros(len(values)), np.zeros(len(values))
    for period in range(values.shape[1]):
        there = chosen[:, period]
        total = total + np.where(there, values[:, period], 0.0)
        count = count + there
    with np.errstate(invalid="ignore"):
        return total / count


def _within(trial: Trial, treatment: str, outcome: Outcome) -> tuple[Floats, Floats, Floats]:
    """Each person's mean on treatment and on control, and when these were: share of each period but the last."""
    on = _periods_on(trial, treatment, outcome.group)
    off = _periods_on(trial, trial.control_arm, outcome.group)
    there = np.isfinite(outcome.value)
    if trial.randomisation.kind == "n-of-1":
        pairs = there[:, 0::2] & there[:, 1::2]
        there = np.repeat(pairs, 2, axis=1)
    on, off = on & there, off & there
    with np.errstate(invalid="ignore"):
        share = on / on.sum(axis=1, keepdims=True) - off / off.sum(axis=1, keepdims=True)
    value = np.where(there, outcome.value, 0.0)
    return _mean_where(value, on), _mean_where(value, off), share[:, :-1]
