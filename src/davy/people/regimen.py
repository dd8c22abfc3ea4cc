"""A regimen: what magnesium is taken besides food, from which day, at what time.

Text form: ``FORM DOSEmg @ TIME[,TIME...] [from DAY to DAY]``, joined by ``;``; doses are elemental mg per intake.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Intake:
    """One intake of one product at a clock time ("21:00"); `units` is how many tablets or scoops."""

    at: str
    form: str
    elemental_mg: float
    product: str | None = None
    units: float | None = None

    @property
    def day_fraction(self) -> float:
        """When in the day, 0 at midnight [d]."""
        hours, minutes = self.at.split(":")
        return (int(hours) * 60 + int(minutes)) / 1440


@dataclass(frozen=True)
class Step:
    """The same intakes every day from `from_day` (inclusive) to `to_day` (exclusive; None = on and on)."""

    from_day: int
    to_day: int | None
    intakes: tuple[Intake, ...]

    @property
    def elemental_mg_per_day(self) -> float:
        """Elemental magnesium a day during this step [mg/d]."""
        return sum(intake.elemental_mg for intake in self.intakes)


@dataclass(frozen=True)
class Regimen:
    """Steps in time; steps may overlap (each adds its intakes)."""

    steps: tuple[Step, ...]

    @property
    def elemental_mg_per_day(self) -> float:
        """The highest daily amount that is ever reached, overlapping steps added [mg/d]."""
        change = defaultdict[float, float](float)
        for step in self.steps:
            change[step.from_day] += step.elemental_mg_per_day
            if step.to_day is not None:
                change[step.to_day] -= step.elemental_mg_per_day
        total, highest = 0.0, 0.0
        for day in sorted(change):
            total += change[day]
            highest = max(highest, total)
        return highest


NO_SUPPLEMENT = Regimen(())
"""Nothing besides food."""
