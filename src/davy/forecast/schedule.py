"""From a regimen to what reaches the gut, and when: kinds of day, changes of intake, stretches of time.

A kind of day is a `Pattern`. Two products that dissolve alike make equal patterns, so whatever is simulated for one
holds for the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from davy.body.parameters import dissolution, parameter_values
from davy.people.regimen import Intake, Regimen
from davy.units import mmol_of_mg

MEALS = (7 / 24, 12.5 / 24, 19 / 24)
"""When food is eaten, a third of its magnesium each time [d after midnight]."""

EVENT_DAYS = 4
"""How long every dose and meal is followed after a change of intake, before a day is averaged [d]."""

LOOK_IN_DAYS = (7, 11, 16, 23, 33, 50, 80, 130)
"""When, after a change, one averaged day is followed dose by dose where products make serum swing far [d]."""

MEAL_STATE = "gut_GS"

Mode = Literal["auto", "events", "averaged"]


@dataclass(frozen=True)
class Pattern:
    """What is taken besides food on one kind of day.

    Attributes
    ----------
    doses : (time of day [d], state of the gut, amount [mmol]), in order of time.
    kdis : dissolution of the solid [1/d]; None where all of it is soluble.
    """

    doses: tuple[tuple[float, str, float], ...] = ()
    kdis: float | None = None

    @property
    def mmol_per_d(self) -> float:
        """Magnesium taken besides food [mmol/d]."""
        return sum(amount for _, _, amount in self.doses)


@dataclass(frozen=True)
class Stretch:
    """Days [start, end) of one pattern; `averaged` runs on the mean absorption of a day."""

    start: float
    end: float
    pattern: Pattern
    averaged: bool


def day_pattern(intakes: Sequence[Intake], parameter_set: str = "literature") -> Pattern:
    """The pattern of a day with these intakes.

    Solids that dissolve at different rates share one pool in the gut: its rate is that of the dissolved shares,
    weighted by dose.
    """
    amounts = defaultdict[tuple[float, str], float](float)
    solid_mmol, soluble_mmol = 0.0, 0.0
    kwash = parameter_values(parameter_set)["gut_kwash"]
    for intake in sorted(intakes, key=lambda one: (one.day_fraction, one.form, one.elemental_mg)):
        entry = dissolution(intake.form, parameter_set)
        mmol = mmol_of_mg(intake.elemental_mg)
        for state, amount in entry.parts(mmol):
            amounts[intake.day_fraction, state] += amount
        if entry.kdis is not None:
            solid_mmol += mmol
            soluble_mmol += mmol * entry.kdis / (entry.kdis + kwash)
    doses = tuple((at, state, amount) for (at, state), amount in sorted(amounts.items()) if amount > 0)
    if solid_mmol <= 0:
        return Pattern(doses)
    share = soluble_mmol / solid_mmol
    return Pattern(doses, kwash * share / (1 - share))


def timeline(regimen: Regimen, parameter_set: str = "literature") -> tuple[tuple[int, Pattern], ...]:
    """(first day, pattern) from day 0 on; each entry differs from the one before it."""
    days = {0} | {step.from_day for step in regimen.steps}
    days |= {step.to_day for step in regimen.steps if step.to_day is not None}
    found: list[tuple[int, Pattern]] = []
    for day in sorted(day for day in days if day >= 0):
        active = [step for step in regimen.steps if step.from_day <= day and (step.to_day is None or day < step.to_day)]
        pattern = day_pattern([intake for step in active for intake in step.intakes], parameter_set)
        if not found or found[-1][1] != pattern:
            found.append((day, pattern))
    return tuple(found)


def stretches(
    changes: Sequence[tuple[int, Pattern]],
    horizon_d: float,
    *,
    mode: Mode,
    look_in: Sequence[int] = (),
    unchanged: bool = False,
) -> tuple[Stretch, ...]:
    """How to run a timeline up to the horizon.

    Parameters
    ----------
    changes : as `timeline` gives them.
    horizon_d : where to end [d].
    mode : "events" follows every dose, "averaged" none, "auto" the first days after each change.
    look_in : days after a change that are followed as well under "auto".
    unchanged : day 0 goes on as before, so that nothing has to settle.
    """
    found: list[Stretch] = []
    ends = [*(float(day) for day, _ in changes[1:]), horizon_d]
    for number, ((day, pattern), after) in enumerate(zip(changes, ends, strict=True)):
        start, end = float(day), min(after, horizon_d)
        if start >= end:
            continue
        if mode == "events":
            found.append(Stretch(start, end, pattern, averaged=False))
        elif mode == "averaged" or (number == 0 and unchanged):
            found.append(Stretch(start, end, pattern, averaged=True))
        else:
            found += _followed_then_averaged(pattern, start, end, look_in)
    return tuple(found)


def _followed_then_averaged(pattern: Pattern, start: float, end: float, look_in: Sequence[int]) -> list[Stretch]:
    """The first days dose by dose, the rest averaged but for the days of a look in."""
    switch = min(start + EVENT_DAYS, end)
    found = [Stretch(start, switch, pattern, averaged=False)]
    for day in (start + after for after in look_in if start + after + 1 < end):
        found += [Stretch(switch, day, pattern, averaged=True), Stretch(day, day + 1, pattern, averaged=False)]
        switch = day + 1
    return [*found, Stretch(switch, end, pattern, averaged=True)] if switch < end else found
