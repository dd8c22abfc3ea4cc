"""What a record of Apple Health says: type and value by a table, times with the offset they were written with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo
from functools import cache, lru_cache, partial
from typing import Literal

from davy.errors import Fault, InputError
from davy.exchange.apple_health.stream import Element
from davy.exchange.dates import DateRule, Unreadable, local, when_of, zone_of
from davy.exchange.device import named, number, quantity
from davy.followup.records import Found, Ignored, Kind, Quarantined, Record
from davy.tables import SourcedRow, read_table

Reads = Literal["quantity", "sleep", "severity", "flow", "pregnancy"]
APPLE = "Apple Health"
ABSENT = "absent"
ZONE = "HKTimeZone"
KEYS = frozenset((ZONE,))
"""The metadata that is read."""
MOST_ITEMS, MOST_ALIKE = 1_000_000, 50
"""Things eaten, and things that are the same in everything; nobody logs as many."""


class TypeRow(SourcedRow):
    """A type of Apple Health that Davy reads: the kind of record it makes, and how its value reads.

    Attributes
    ----------
    unit : the one unit it stands in where that measures nothing, such as a count; scale : how much one of it is, in the
    unit of the kind.
    """

    id: str
    kind: Kind
    reads: Reads
    unit: str | None = None
    scale: float | None = None
    text: str | None = None


class ValueRow(SourcedRow):
    """A value of a category: a stage of sleep, or how severe something is; `absent` is that it is not there."""

    id: str
    reads: Reads
    means: str


@cache
def types() -> dict[str, TypeRow]:
    """The types that are read, by their identifier."""
    return {row.id: row for row in read_table("apple_types.csv", TypeRow)}


@cache
def _values() -> dict[tuple[Reads, str], str]:
    return {(row.reads, row.id): row.means for row in read_table("apple_values.csv", ValueRow)}


class Facts:
    """Elements as facts; remembers what was eaten, since an export says each part of a meal twice.

    Attributes
    ----------
    unzoned : how many records had a time without an offset.
    """

    def __init__(self, name: str, rule: DateRule) -> None:
        self.unzoned = 0
        self._name = name
        self._rule = rule
        self._eaten: dict[str, list[int]] = {}

    def of(self, element: Element) -> Found:
        """What one element says."""
        row = types()[element.attributes["type"]]
        try:
            return self._said(row, element)
        except Unreadable as error:
            return Quarantined(self._name, element.line, _shown(row, element.attributes), str(error))

    def _said(self, row: TypeRow, element: Element) -> Found:
        said = element.attributes
        start, end = self._span(element)
        record = partial(Record, source=named(said.get("sourceName", "")) or APPLE, file=self._name, line=element.line)
        if row.reads == "quantity":
            value = _quantity(row, said.get("value", ""), said.get("unit", ""))
            made = record(row.kind, start, value=value)
            return self._item(made, inside=element.inside) if row.kind == "dietary" else made
        means = _values().get((row.reads, said.get("value", "")))
        if means is None:
            raise Unreadable(f"'{said.get('value', '')[:60]}' is no value of this type that Davy knows")
        if row.reads == "sleep":
            return record("sleep", start, end, text=means)
        if row.kind == "attack":
            if means == ABSENT:
                return record("headache", start, end, 0.0)
            return record("attack", start, end if end > start else None, text=means)
        if row.reads == "flow":
            return record(row.kind, start, value=0.0 if means == ABSENT else 1.0)
        if means == ABSENT:
            return Ignored(f"{row.text}: not present", "that it was not there for a time does not speak for a day")
        return record(row.kind, start, text=row.text or "")

    def _item(self, record: Record, *, inside: bool) -> Record | Ignored:
        """Something eaten. At the top each sample stands once, so that the same line twice is the same food twice.

        What stands inside a correlation stands at the top too, before it or behind it, and is counted there.
        """
        seen = self._eaten.setdefault(record.id[:16], [0, 0])
        nth = seen[inside]
        if len(self._eaten) > MOST_ITEMS or nth >= MOST_ALIKE:
            raise InputError([Fault(f"{self._name}, line {record.line}", "this is more food than anybody logs")])
        seen[inside] += 1
        if nth < seen[not inside]:
            return Ignored("food that stands a second time", "it is part of a meal, and counts once")
        return replace(record, nth=nth)

    def _span(self, element: Element) -> tuple[datetime, datetime]:
        """Start and end, by the clock of the place where they were measured if the record names it."""
        said = element.attributes
        start = self._time(said.get("startDate", ""))
        end = self._time(said.get("endDate", "")) if said.get("endDate") else start
        if (start.tzinfo is None) != (end.tzinfo is None):
            raise Unreadable("of its start and its end one has an offset and the other has none")
        if start.tzinfo is None:
            self.unzoned += 1
            return start, end
        zone = _zone(element.metadata.get(ZONE, "")) or self._rule.zone
        return (start, end) if zone is None else (local(start, zone), local(end, zone))

    def _time(self, text: str) -> datetime:
        found = when_of(text, self._rule)
        if not isinstance(found, datetime):
            raise Unreadable(f"'{text[:40]}' is not a date with a time, like 2026-03-01 22:30:00 +0100")
        return found


def _quantity(row: TypeRow, value: str, unit: str) -> float:
    """A value in the unit of its kind; raises Unreadable."""
    if row.scale is None:
        return quantity(row.kind, value, unit)
    if unit.strip() != row.unit:
        raise Unreadable(f"'{unit[:40]}' is not the unit of this type, which is {row.unit}")
    return number(value) * row.scale


@lru_cache(maxsize=256)
def _zone(name: str) -> tzinfo | None:
    """The time zone of that name; None where there is none, since then the offset as written holds."""
    try:
        return zone_of(name) if name else None
    except Unreadable:
        return None


def _shown(row: TypeRow, said: dict[str, str]) -> str:
    value = f"{said.get('value', '')} {said.get('unit', '')}".strip()
    return f"{row.id}: {value}, {said.get('startDate', '')}"[:200]
