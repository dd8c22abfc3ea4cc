"""Garmin: the JSON files of an account export, by name: nights, health status, days.

They are `*_sleepData.json`, `*_healthStatusData.json` and `UDSFile_*.json`, in whatever folder. Each object names its
calendar day, so that no time in GMT has to be turned into one. The same day may stand in several files and counts once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from davy.exchange.dates import Unreadable
from davy.exchange.device import Row, day_said, facts, fields_of, json_of, objects_of, reading_of_parts, text_of
from davy.exchange.importing import Asked, Reading
from davy.exchange.source_file import SourceFile
from davy.followup.records import Found, Quarantined

GARMIN = "Garmin"
_TABLES = (
    (re.compile(r"sleepData\.json$"), "sleep"),
    (re.compile(r"healthStatusData\.json$"), "status"),
    (re.compile(r"UDSFile[^/]*\.json$"), "day"),
)
_DAY = b'"calendarDate"'
_MARKS = ((b'SleepSeconds"', "sleep"), (b'"metrics"', "status"), (b'"restingHeartRate"', "day"))


def reads(file: SourceFile) -> bool:
    """Whether it is one of these files, or holds one."""
    return any(_table(one) is not None for one in file.parts)


def reading(file: SourceFile, asked: Asked) -> Reading:
    """How the export reads; a mapping is not needed."""
    return reading_of_parts(file, asked, GARMIN, lambda one: _table(one) is not None, _found)


def _table(file: SourceFile) -> str | None:
    """Which of the files it is: by its name, and where the person named it, by what it holds."""
    found = next((table for pattern, table in _TABLES if pattern.search(file.name)), None)
    if found is None and file.is_named and file.name.lower().endswith(".json") and file.holds(_DAY):
        return next((table for mark, table in _MARKS if file.holds(mark)), None)
    return found


def _found(file: SourceFile) -> Iterator[Found]:
    table, document = _table(file) or "", json_of(file)
    for row in _metrics(document) if table == "status" else objects_of(document):
        text = row.said.get("calendarDate", "")
        if not text:
            continue
        try:
            day = day_said(text, file)
        except Unreadable as error:
            yield Quarantined(file.name, row.line, text[:200], str(error))
            continue
        yield from facts(row, fields_of(GARMIN, table), day, file)


def _metrics(document: Any) -> Iterator[Row]:
    """The metrics of each day, as if each were a field of it."""
    for place, one in enumerate(cast("list[Any]", document) if isinstance(document, list) else ()):
        if not isinstance(one, dict):
            continue
        day = cast("dict[str, Any]", one)
        metrics = cast("list[Any]", day["metrics"]) if isinstance(day.get("metrics"), list) else []
        said = {
            text_of(metric.get("type")): text_of(metric.get("value"))
            for metric in (cast("dict[str, Any]", each) for each in metrics if isinstance(each, dict))
        }
        yield Row({**said, "calendarDate": text_of(day.get("calendarDate"))}, place + 1)
