"""What a diary must hold before it can be analysed; each refusal has a name and says what would be right."""

from __future__ import annotations

import numpy as np

from davy.errors import Fault, InputError
from davy.followup.n_of_1.diary import Diary
from davy.followup.n_of_1.priors import Floats

LEAST_DAYS = 8
LEAST_PER_ARM = 3
UNIT_FACTOR = 8.0
"""A level that changes by this factor from one day on, without overlap, is read as a change of unit."""
UNIT_STEP = 1.5
"""How far apart the two ranges must lie, so that a steady rise is none."""
UNIT_DAYS = 5
"""Days that must stand on either side of it."""


def checked(diary: Diary) -> None:
    """Raises InputError where nothing can be learned from the diary."""
    arms, seen = diary.arms, np.isfinite(diary.outcome)
    if len(arms) < 2:
        what = f"there is only one arm, {', '.join(arms)}"
        raise InputError([Fault(diary.name, what, "two arms at least: without a comparison nothing can be said")])
    count = {arm: sum(1 for one, is_in in zip(diary.arm, seen, strict=True) if one == arm and is_in) for arm in arms}
    few = [f"{arm} {days}" for arm, days in count.items() if days < LEAST_PER_ARM]
    if few or sum(count.values()) < LEAST_DAYS:
        what = f"too few days with an outcome: {', '.join(f'{arm} {days}' for arm, days in count.items())}"
        raise InputError([Fault(diary.name, what, f"{LEAST_DAYS} days in all, {LEAST_PER_ARM} on every arm")])
    values = diary.outcome[seen]
    if float(np.ptp(values)) == 0.0:
        what = f"the outcome is {values[0]:g} on every day"
        raise InputError([Fault(diary.name, what, "an outcome that changes; of a constant one nothing can be learned")])
    if float(np.max(np.abs(values))) > 1e9:
        raise InputError([Fault(diary.name, f"an outcome of {np.max(np.abs(values)):g}", "a number below 1e9")])
    jump = unit_jump(diary.outcome)
    if jump is not None:
        day, before, after = jump
        what = (
            f"from day {int(diary.day[day])} on every value is on another scale "
            f"({before[0]:g} to {before[1]:g} before, {after[0]:g} to {after[1]:g} after): the unit seems to change"
        )
        raise InputError([Fault(diary.name, what, "one unit for the whole diary")])


def unit_jump(outcome: Floats) -> tuple[int, tuple[float, float], tuple[float, float]] | None:
    """The day from which every value is on another scale, with the ranges before and after, or None."""
    place = np.flatnonzero(np.isfinite(outcome))
    values = outcome[place]
    if len(values) < 2 * UNIT_DAYS or values.min() <= 0:
        return None
    highest, lowest = np.maximum.accumulate(values), np.minimum.accumulate(values)
    highest_after = np.maximum.accumulate(values[::-1])[::-1]
    lowest_after = np.minimum.accumulate(values[::-1])[::-1]
    for k in range(UNIT_DAYS, len(values) - UNIT_DAYS + 1):
        apart = lowest[k - 1] > UNIT_STEP * highest_after[k] or lowest_after[k] > UNIT_STEP * highest[k - 1]
        if not apart:
            continue
        before, after = float(np.median(values[:k])), float(np.median(values[k:]))
        if max(before, after) >= UNIT_FACTOR * min(before, after):
            ranges = ((float(lowest[k - 1]), float(highest[k - 1])), (float(lowest_after[k]), float(highest_after[k])))
            return int(place[k]), *ranges
    return None


def missing_unevenly(diary: Diary) -> str | None:
    """A warning where one arm misses clearly more days than another."""
    seen = np.isfinite(diary.outcome)
    share: dict[str, float] = {}
    for arm in diary.arms:
        own = np.array([one == arm for one in diary.arm])
        share[arm] = float(np.mean(~seen[own]))
    most, least = max(share, key=lambda one: share[one]), min(share, key=lambda one: share[one])
    if share[most] - share[least] < 0.1:
        return None
    return (
        f"Days are missing unevenly: {share[most]:.0%} on {most}, {share[least]:.0%} on {least}. "
        "If they are missing because they were bad or good days, the effect is off: see the missing-day scenarios."
    )
