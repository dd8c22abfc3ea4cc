"""Oura: `sleepmodel.csv` of an account export, the trends table, or the sleep documents as JSON.

A night belongs to the day that Oura gives it, the one on which it ended. Only the long sleep of a day is a night; naps,
rest and what was deleted are told and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from davy.exchange.dates import Unreadable
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
)
from davy.exchange.importing import Asked, Reading
from davy.exchange.source_file import SourceFile
from davy.followup.records import Found, Ignored, Quarantined

OURA = "Oura"
NIGHT = "long_sleep"
_NIGHT = frozenset(("day", "total_sleep_duration", "bedtime_start"))
_TREND = frozenset(("date", "total sleep duration"))
_TREND_HEART = frozenset(("date", "average hrv", "lowest resting heart rate"))
_JSON = (b'"total_sleep_duration"', b'"bedtime_start"')
_NAMED = re.compile(r"oura|sleep", re.IGNORECASE)


def reads(file: SourceFile) -> bool:
    """Whether it is one of Oura's tables or documents, or holds one."""
    return any(_table(one) is not None for one in file.parts)


def reading(file: SourceFile, asked: Asked) -> Reading:
    """How the export reads; a mapping is not needed."""
    return reading_of_parts(file, asked, OURA, lambda one: _table(one) is not None, _found)


def _table(file: SourceFile) -> str | None:
    if file.name.lower().endswith(".json"):
        return "json" if (file.is_named or _NAMED.search(file.name)) and file.holds(*_JSON) else None
    header = header_of(file)
    if header >= _NIGHT:
        return "night"
    return "trend" if header >= _TREND or header >= _TREND_HEART else None


def _found(file: SourceFile) -> Iterator[Found]:
    table = _table(file) or ""
    if table == "json":
        for row in objects_of(json_of(file), "sleep", "data"):
            yield from _row(row, "night", file)
        return
    for row in table_of(file):
        yield from _row(row, table, file)


def _row(row: Row, table: str, file: SourceFile) -> Iterator[Found]:
    kind = row.said.get("type", "").strip()
    if table == "night" and kind and kind != NIGHT:
        yield Ignored(f"Oura: sleep of the type {kind[:40]}", "only the long sleep of a day is its night")
        return
    text = row.said.get("day" if table == "night" else "date", "")
    try:
        day = day_said(text, file)
    except Unreadable as error:
        yield Quarantined(file.name, row.line, text[:200], str(error))
        return
    yield from facts(row, fields_of(OURA, table), day, file)
