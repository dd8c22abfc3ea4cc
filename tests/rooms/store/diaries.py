"""Records for the tests of the store."""

from __future__ import annotations

from datetime import date, timedelta

from davy.followup.records import Record

FIRST = date(2026, 3, 1)


def records(count: int, *, source: str = "diary") -> list[Record]:
    """So many different records: one pain a day."""
    return [
        Record("pain", FIRST + timedelta(days=k), value=k % 11, source=source, text="é" * (k % 3), line=k + 2)
        for k in range(count)
    ]
