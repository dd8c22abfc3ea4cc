"""Days of a food log that were told differently before: what was changed in the app would count beside the old."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from davy.followup.records import Record

FOOD = frozenset(("dietary", "supplement"))
_NAMED = 3


class Retold:
    """What a food log said of each day before, and what it says now; a log tells whole days, item by item."""

    def __init__(self) -> None:
        self._before: defaultdict[tuple[str, date], set[str]] = defaultdict(set)
        self._now: defaultdict[tuple[str, date], set[str]] = defaultdict(set)

    def held(self, record: Record) -> None:
        """Take in a record that the folder holds already."""
        if record.kind in FOOD:
            self._before[record.source, record.day].add(record.id)

    def said(self, record: Record) -> None:
        """Take in a record of a file of single foods."""
        if record.kind in FOOD:
            self._now[record.source, record.day].add(record.id)

    def remarks(self) -> Iterator[str]:
        """A sentence for each source some days of which hold other items now, beside new ones."""
        found: defaultdict[str, list[date]] = defaultdict(list)
        for (source, day), now in self._now.items():
            before = self._before.get((source, day), set())
            if before - now and now - before:
                found[source].append(day)
        for source, days in found.items():
            named = ", ".join(day.isoformat() for day in sorted(days)[:_NAMED])
            more = f" and {len(days) - _NAMED} more" if len(days) > _NAMED else ""
            yield (
                f"{source}: {named}{more} told other food before, and both count now. If it was changed there, import "
                "this file again with --replace, and what it says of these days holds alone."
            )
