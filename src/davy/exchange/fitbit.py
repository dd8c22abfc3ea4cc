"""Fitbit in a Google Takeout: nights, nightly heart rate variability and resting heart rate, each found by file name.

Folders differ by the year of the export, so only names count. Times stand by the person's own clock, without an offset.
Of several logs of one day the main sleep is the night. Five-minute values are left out, since the night's own figure
is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from davy.exchange.dates import DateRule, Unreadable, day_of
from davy.exchange.device import (
    Row,
    day_said,
    facts,
    fields_of,
    header_of,
    json_of,
    objects_of,
    reading_of_parts,
    table_of,
    text_of,
)
from davy.exchange.importing import Asked, Reading
from davy.exchange.source_file import SourceFile
from davy.followup.records import Found, Ignored, Quarantined

FITBIT = "Fitbit"
STAGED = "stages"
_TABLES = (
    (re.compile(r"(?:^|/)sleep-\d{4}-\d{2}-\d{2}\.json$"), "sleep"),
    (re.compile(r"Daily Heart Rate Variability Summary[^/]*\.csv$"), "hrv"),
    (re.compile(r"Heart Rate Variability Details[^/]*\.csv$"), "details"),
    (re.compile(r"(?:^|/)resting_heart_rate-[^/]*\.json$"), "heart"),
)
_HEADERS = (
    (frozenset(("timestamp", "rmssd", "nremhr")), "hrv"),
    (frozenset(("timestamp", "rmssd", "coverage")), "details"),
)


def reads(file: SourceFile) -> bool:
    """Whether it is one of these files, or holds one."""
    return any(_table(one) is not None for one in file.parts)


def reading(file: SourceFile, asked: Asked) -> Reading:
    """How the export reads; a mapping is not needed."""
    return reading_of_parts(file, asked, FITBIT, lambda one: _table(one) is not None, _found)


def _table(file: SourceFile) -> str | None:
    """Which of the files it is: by its name, and where the person named it, by what it holds."""
    found = next((table for pattern, table in _TABLES if pattern.search(file.name)), None)
    if found is not None or not file.is_named:
        return found
    if file.name.lower().endswith(".json"):
        return "sleep" if file.holds(b'"dateOfSleep"', b'"minutesAsleep"') else None
    header = header_of(file)
    return next((table for names, table in _HEADERS if header >= names), None)


def _found(file: SourceFile) -> Iterator[Found]:
    table = _table(file)
    if table == "details":
        yield Ignored("Fitbit: five-minute heart rate variability", "the figure of the night is read instead")
    elif table == "hrv":
        for row in table_of(file):
            yield from _of(row, table, row.said.get("timestamp", ""), file)
    elif table == "sleep":
        for row in objects_of(json_of(file)):
            yield from _night(row, file)
    else:
        for row in _hearts(json_of(file)):
            yield from _of(row, "heart", row.said["date"], file)


def _night(row: Row, file: SourceFile) -> Iterator[Found]:
    if row.said.get("mainSleep") == "false":
        yield Ignored("Fitbit: naps", "only the main sleep of a day is its night")
        return
    table = STAGED if row.said.get("type") == STAGED else "classic"
    yield from _of(row, table, row.said.get("dateOfSleep", ""), file)


def _of(row: Row, table: str, text: str, file: SourceFile) -> Iterator[Found]:
    try:
        day = _month_first(text, file) if table == "heart" else day_said(text, file)
    except Unreadable as error:
        yield Quarantined(file.name, row.line, text[:200], str(error))
        return
    yield from facts(row, fields_of(FITBIT, table), day, file)


def _month_first(text: str, file: SourceFile) -> Any:
    """A day as this file writes it: 03/01/26 is the first of March 2026."""
    return day_of(text, DateRule("month-first", file.today))


def _hearts(document: Any) -> Iterator[Row]:
    """Resting heart rates; a day without one has no date of its own and says nothing."""
    for place, one in enumerate(cast("list[Any]", document) if isinstance(document, list) else ()):
        held: Any = cast("dict[str, Any]", one).get("value") if isinstance(one, dict) else None
        if isinstance(held, dict):
            value = cast("dict[str, Any]", held)
            if text_of(value.get("date")):
                yield Row({"date": text_of(value["date"]), "value": text_of(value.get("value"))}, place + 1)
