"""The clock: at which times magnesium may be taken, round a person's medicines.

A medicine taken at t, "2 h before magnesium or 6 h after it", forbids magnesium between t - 6 h and t + 2 h.
The day is a circle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from davy.people.person import Person
from davy.people.regimen import Regimen
from davy.safety.case import Case, listed
from davy.safety.intake import stands
from davy.safety.interactions import MedicineWindow, windows
from davy.safety.limits import Rules
from davy.safety.saying import care, refuse
from davy.safety.verdict import Referral, Said

DAY = 1440
_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


def minutes(at: str) -> int | None:
    """Minutes after midnight of a clock time, or None where it is none."""
    if _CLOCK.fullmatch(at) is None:
        return None
    hour, minute = at.split(":")
    return int(hour) * 60 + int(minute)


def forbids(window: MedicineWindow, minute: int) -> bool:
    """Whether a window forbids magnesium at that minute of the day; its edges are free."""
    for at in window.at:
        taken = minutes(at)
        if taken is None:
            continue
        since, until = (minute - taken) % DAY, (taken - minute) % DAY
        too_soon_after = since < window.hours_before * 60
        too_late_before = 0 < until < window.hours_after * 60
        if too_soon_after or too_late_before:
            return True
    return False


def _has_free_time(found: Iterable[MedicineWindow]) -> bool:
    kept = tuple(found)
    return any(not any(forbids(window, minute) for window in kept) for minute in range(0, DAY, 5))


def paused_for(found: tuple[MedicineWindow, ...]) -> tuple[MedicineWindow, ...]:
    """The short courses for which magnesium is paused, because no clock time fits with them."""
    if _has_free_time(found):
        return ()
    return tuple(window for window in found if window.pause_instead)


def free_times(person: Person, every_min: int = 30, rules: Rules | None = None) -> tuple[str, ...]:
    """The clock times at which magnesium may be taken, short courses that leave none set aside."""
    found = windows(person, rules)
    if any(window.never for window in found):
        return ()
    paused = paused_for(found)
    kept = tuple(window for window in found if window not in paused)
    free = (minute for minute in range(0, DAY, every_min) if not any(forbids(window, minute) for window in kept))
    return tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in free)


def no_clock_time(case: Case) -> Iterator[Said]:
    """No clock time satisfies all medicines: refused; for a course of up to 14 days magnesium is paused instead."""
    found = windows(case.person, case.rules)
    if _has_free_time(found):
        return
    paused = paused_for(found)
    limit = case.limit("short-course-days")
    if paused and _has_free_time(window for window in found if window not in paused):
        names = listed(tuple(window.medicine for window in paused))
        yield care(
            "pause-for-course",
            f"No clock time fits with {names}: take no magnesium during this short course, and start when it is over.",
            names,
            limit,
        )
        return
    names = listed(tuple(dict.fromkeys(window.medicine for window in found if window.at)))
    yield refuse(
        "no-clock-time",
        f"No clock time keeps magnesium far enough from all of {names}. Other times for a medicine are a question for "
        "the pharmacist; with them Davy can try again. Every medicine goes on as prescribed.",
        names,
        limit,
    )
    yield Referral(f"Pharmacist: times of day for {names} that leave room for magnesium.", "routine", limit.source)


def clashes(case: Case, regimen: Regimen) -> Iterator[Said]:
    """An intake too near to a medicine whose clock time is known: refused; told with care where both are prescribed."""
    found = windows(case.person, case.rules)
    paused = paused_for(found)
    kept = tuple(window for window in found if window not in paused)
    intakes = tuple(intake for step in regimen.steps for intake in step.intakes if intake.elemental_mg > 0)
    standing = {item.label for item in case.intake.nonfood if stands(item)}
    for at in sorted({intake.at for intake in intakes}):
        minute = minutes(at)
        say = care if all(intake.product in standing for intake in intakes if intake.at == at) else refuse
        for window in kept:
            if minute is not None and forbids(window, minute):
                remedy = (
                    "Ask whoever prescribed them about the times" if say is care else "Another time would change this"
                )
                yield say(
                    "too-near-to-medicine",
                    f"Magnesium at {at} is too near to {window.medicine} ({listed(window.at)}): {window.advice}. "
                    f"{remedy}.",
                    at,
                    sources=window.sources,
                )


GATES = (no_clock_time,)
"""CLINICAL.md section 5, last sentences of the first rule."""
