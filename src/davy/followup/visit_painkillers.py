"""How often painkillers are taken, beside the days a month from which that is too often (CLINICAL.md, section 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from davy.followup.baseline import WINDOW_D
from davy.followup.days import Day
from davy.followup.visit_periods import Before, before
from davy.people.person import Person
from davy.people.vocabulary import classes_of
from davy.safety.limits import rules

NAME = "acute_medicine_days_per_28"


@dataclass(frozen=True)
class Painkillers:
    """The painkillers of the last four weeks.

    Attributes
    ----------
    names : as written, the commonest first; days_known : days of the four weeks on which it is known.
    line : days a month from which this is overuse; sources : of that line.
    mixed : more than one kind is taken, so that the early flag holds.
    """

    names: tuple[str, ...]
    days: int
    days_known: int
    line: float
    mixed: bool
    before: Before | None
    sources: tuple[str, ...]

    @property
    def over(self) -> bool:
        """Whether the days that are known reach the line."""
        return self.days >= self.line


def painkillers_of(days: Sequence[Day], person: Person, *, start: date | None, today: date) -> Painkillers:
    """The last four weeks, and the line that holds for what was taken in them."""
    known = [day for day in days if today - timedelta(days=WINDOW_D) < day.date and day.acute_medicines is not None]
    counts: dict[str, int] = {}
    for day in known:
        for name in set(day.acute_medicines or ()):
            counts[name] = counts.get(name, 0) + 1
    names = tuple(sorted(counts, key=lambda name: (-counts[name], name)))
    named = names or tuple(medicine.label for medicine in person.medicines_now() if _limits(medicine.classes))
    limits = [limit for name in named for limit in _limits(classes_of(name, None))]
    mix = rules().limit("overuse-mix-days")
    mixed = len(named) > 1 or not limits
    line = min((*limits, mix.value)) if mixed else min(limits)
    return Painkillers(
        names=names,
        days=sum(bool(day.acute_medicines) for day in known),
        days_known=len(known),
        line=line,
        mixed=mixed,
        before=before(days, person.baseline, NAME, start=start),
        sources=mix.source,
    )


def _limits(classes: Sequence[str]) -> list[float]:
    """From how many days a month a medicine of these classes is overused."""
    if "aspirin-low-dose" in classes:
        return []
    rows = (rules().medicines[name] for name in classes if name in rules().medicines)
    return [row.overuse_days for row in rows if row.overuse_days is not None]
