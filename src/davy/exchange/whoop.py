"""WHOOP: `physiological_cycles.csv` and `sleeps.csv`, alone or in the archive of an account.

Columns are found by name, since their order changes from year to year. A night counts to the day of its wake onset; the
times stand by the clock of the cycle's own time zone. The last cycle is still open and has what it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from davy.exchange.dates import DateRule, Unreadable, when_of
from davy.exchange.device import Row, facts, fields_of, header_of, reading_of_parts, table_of
from davy.exchange.importing import Asked, Reading
from davy.exchange.source_file import SourceFile
from davy.followup.records import Found, Ignored, Quarantined

WHOOP = "WHOOP"
_MARK = "cycle start time"
_WANTED = frozenset(("asleep duration (min)", "heart rate variability (ms)", "resting heart rate (bpm)"))
_NOON = 12


def reads(file: SourceFile) -> bool:
    """Whether it is a table of cycles or sleeps, or holds one."""
    return any(_is_table(one) for one in file.parts)


def reading(file: SourceFile, asked: Asked) -> Reading:
    """How the export reads; a mapping is not needed."""
    return reading_of_parts(file, asked, WHOOP, _is_table, _found)


def _is_table(file: SourceFile) -> bool:
    header = header_of(file)
    return _MARK in header and bool(header & _WANTED)


def _found(file: SourceFile) -> Iterator[Found]:
    for name in sorted(header_of(file) - _WANTED):
        wanted = next((one for one in _WANTED if one.split(" (")[0] == name.split(" (")[0]), None)
        if wanted is not None:
            yield Ignored(f"WHOOP: column '{name}'", f"its unit is not said, or not the one of '{wanted}'")
    for row in table_of(file):
        if row.said.get("Nap", "").strip().lower() == "true":
            yield Ignored("WHOOP: naps", "only the sleep of a cycle is its night")
            continue
        try:
            day = _day(row, file)
        except Unreadable as error:
            shown = ", ".join(row.said.get(name, "") for name in ("Cycle start time", "Wake onset"))
            yield Quarantined(file.name, row.line, shown[:200], str(error))
            continue
        yield from facts(row, fields_of(WHOOP, "cycle"), day, file)


def _day(row: Row, file: SourceFile) -> date:
    """The day of waking; without it a cycle that begins after noon belongs to the next day."""
    rule = DateRule("year-first", file.today)
    woke = row.said.get("Wake onset", "").strip()
    at = when_of(woke or row.said.get("Cycle start time", ""), rule)
    if not isinstance(at, datetime):
        raise Unreadable("it does not say when, like 2026-03-01 06:30:00")
    if not woke and at.hour >= _NOON:
        return at.date() + timedelta(days=1)
    return at.date()
