"""What the exports of devices share: sources in one spelling, numbers with units, tables and JSON of days and nights.

A field of a device is a row of ``device_fields.csv``: what it is called, which kind of record it makes, in which unit
it stands. A blank field says nothing, and neither does a zero where a device writes one for what it did not measure.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cache, lru_cache
from typing import Any, Literal, cast

from davy.errors import Fault, InputError
from davy.exchange.dates import DateRule, Unreadable, day_of, zone_of
from davy.exchange.delimited import encoding_of, layout_of, rows
from davy.exchange.importing import Asked, Reading
from davy.exchange.source_file import SourceFile
from davy.followup.records import Found, Ignored, Kind, Quarantined, Record, clean, kind_row
from davy.tables import SourcedRow, Words, read_table
from davy.units import measure

MOST_APART_Y = 3
"""So many years an age that was written down once may lie behind."""

LONGEST_NAME = 120
LARGEST_JSON = 2**27
"""Bytes of one JSON file; a month of nights has less than a hundredth of it."""
MOST_VALUES = 8_000_000
"""Values in one JSON text; a hundred laboratory results a day for a life are fewer, and more of them fill a memory."""
HEADER = 8192
_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_SPELT = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " "})
_BLANK = ("", "null", "none", "nan", "--", "n/a")


class FieldRow(SourcedRow):
    """A field of a device's export.

    Attributes
    ----------
    table : which of its files or rows it stands in.
    fields : its name; several are added up.
    unit : the unit it stands in, which the kind's own may differ from.
    text : what the value is: added up from stages of sleep, or measured.
    zero : "unknown" where a zero is written for what was not measured.
    """

    id: str
    device: str
    table: str
    fields: Words
    kind: Kind
    unit: str
    text: str
    zero: Literal["unknown"] | None = None


@dataclass(frozen=True)
class Row:
    """One row or object of a file: what it says by field name, and where it stands."""

    said: Mapping[str, str]
    line: int


@cache
def fields_of(device: str, table: str) -> tuple[FieldRow, ...]:
    """The fields that are read of one table of a device."""
    return tuple(row for row in read_table("device_fields.csv", FieldRow) if (row.device, row.table) == (device, table))


@lru_cache(maxsize=4096)
def named(text: str) -> str:
    """The name of an app or device in one spelling, whatever apostrophes and spaces a phone put into it."""
    words = clean(unicodedata.normalize("NFC", text.translate(_SPELT))).split()
    return " ".join(words)[:LONGEST_NAME]


def number(text: str) -> float:
    """A number as devices write it, with a decimal point; raises Unreadable."""
    said = text.strip()
    if not _NUMBER.fullmatch(said):
        raise Unreadable(f"'{said[:40]}' is not a number" if said else "there is no number")
    value = float(said)
    if not math.isfinite(value):
        raise Unreadable(f"'{said[:40]}' is not a number")
    return value


def quantity(kind: Kind, text: str, unit: str) -> float:
    """A number with its unit as the unit of a kind of record; raises Unreadable."""
    value, row = number(text), kind_row(kind)
    try:
        return measure(value, unit, row.unit)
    except InputError as error:
        if error.faults[0].where == "value":
            raise Unreadable(error.faults[0].what) from None
        what = (
            f"'{unit}' is not a unit of {row.label}" if unit.strip() else f"it has no unit, and {row.label} needs one"
        )
        raise Unreadable(f"{what}, which Davy keeps in {row.unit}") from None


def refuse_age(name: str, born: str, age_y: float | None, today: date) -> None:
    """Raise InputError where the records are of somebody born years before or after the person of the folder."""
    year = int(born[:4]) if born[:4].isdecimal() else None
    if year is not None and age_y is not None and abs(today.year - year - age_y) > MOST_APART_Y:
        what = f"this is about somebody born in {year}, and the person file says {age_y:.0f} years of age"
        raise InputError([Fault(name, what, "a folder of their own, or put the age right")])


def refuse_columns(file: SourceFile, asked: Asked, device: str) -> None:
    """Raise InputError where a mapping of columns was given for an export that has its own."""
    if asked.mapping is not None and asked.mapping.columns:
        what = f"this is an export of {device}, whose fields are known"
        raise InputError([Fault(file.name, what, "a mapping with source, zone or prefer alone, or none")])


def asked_zone(asked: Asked) -> tzinfo | None:
    """The time zone of the person, where a mapping without columns says it, now or kept."""
    mappings = (*((asked.mapping,) if asked.mapping is not None else ()), *asked.kept)
    return next((zone_of(one.zone) for one in mappings if one.zone and not one.columns), None)


def declared(file: SourceFile, asked: Asked) -> Iterator[Record]:
    """What the person says in a mapping: from when to when every headache was written down."""
    if asked.mapping is not None:
        for span in asked.mapping.headaches_logged:
            yield Record("headaches_logged", span.first, span.last, source=asked.mapping.source, file=file.name)


def day_said(text: str, file: SourceFile) -> date:
    """The day of a field like 2026-03-01, whatever clock time stands behind it; raises Unreadable."""
    return day_of(text, DateRule("year-first", file.today))


def facts(row: Row, fields: tuple[FieldRow, ...], day: date | datetime, file: SourceFile) -> Iterator[Found]:
    """What one row says about a day."""
    for one in fields:
        texts = [text for name in one.fields if (text := row.said.get(name, "").strip()).lower() not in _BLANK]
        if not texts:
            continue
        try:
            values = [quantity(one.kind, text, one.unit) for text in texts]
        except Unreadable as error:
            yield Quarantined(file.name, row.line, f"{' + '.join(one.fields)}: {' + '.join(texts)}"[:200], str(error))
            continue
        if one.zero == "unknown" and not any(values):
            yield Ignored(f"{one.device}: {' + '.join(one.fields)} of 0", "it is written where nothing was measured")
            continue
        # seconds of latency are no slip of a person who wrote hours: a device is kept to whole minutes
        value = float(round(values[0])) if one.kind == "sleep_onset" else sum(values)
        yield Record(one.kind, day, value=value, text=one.text, source=one.device, file=file.name, line=row.line)


def header_of(file: SourceFile) -> frozenset[str]:
    """The column names of a table, small letters only, from its first bytes; empty where it is none."""
    if not file.name.lower().endswith((".csv", ".txt", ".tsv")):
        return frozenset()
    first = file.begins(HEADER).removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").splitlines()[:1]
    return frozenset(cell.strip(' "').lower() for line in first for cell in re.split(r"[,;\t]", line))


def table_of(file: SourceFile) -> Iterator[Row]:
    """The rows of a table, by the names in its header; a name that stands twice is the first."""
    layout = layout_of(file, encoding_of(file), None, 0, len)
    every = rows(file, layout)
    header = next(every, None)
    if header is None:
        return
    names = [cell.strip() for cell in header.cells]
    for row in every:
        yield Row(dict(reversed(list(zip(names, row.cells, strict=False)))), row.line)


def json_of(file: SourceFile) -> Any:
    """A JSON document, whole; raises Unreadable where it is none, or is no export."""
    with file.open() as stream:
        content = stream.read(LARGEST_JSON + 1)
    if len(content) > LARGEST_JSON:
        raise Unreadable(f"it is larger than {LARGEST_JSON:,} bytes; no export has as much in one file")
    if crowded(content):
        raise Unreadable(f"it holds more than {MOST_VALUES:,} values; no export has as many in one file")
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable("it is not UTF-8") from None
    except RecursionError:
        raise Unreadable("it nests too deep") from None
    except ValueError as error:
        raise Unreadable(f"it does not read as JSON: {error}") from None


def crowded(content: bytes) -> bool:
    """Whether a JSON text has so many values that it was made to fill the memory; told before it is read."""
    return sum(content.count(mark) for mark in (b",", b"{", b"[")) > MOST_VALUES


def objects_of(document: Any, *keys: str) -> Iterator[Row]:
    """The objects of a list, or of the list under one of the keys; each field that is no list or object, as text."""
    found: Any = document
    if isinstance(document, dict):
        whole = cast("dict[str, Any]", document)
        found = next((whole[key] for key in keys if isinstance(whole.get(key), list)), None)
    for place, one in enumerate(cast("list[Any]", found) if isinstance(found, list) else ()):
        if isinstance(one, dict):
            yield Row({name: text_of(value) for name, value in cast("dict[str, Any]", one).items()}, place + 1)


def text_of(value: Any) -> str:
    """A plain JSON value as text; anything else says nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value) if isinstance(value, int | float) else ""


def reading_of_parts(
    file: SourceFile,
    asked: Asked,
    device: str,
    wanted: Callable[[SourceFile], bool],
    facts_of: Callable[[SourceFile], Iterator[Found]],
) -> Reading:
    """How an export reads of which some files are wanted; raises InputError where a mapping with columns was given."""
    refuse_columns(file, asked, device)
    parts = [one for one in file.parts if wanted(one)]
    return Reading(device.lower(), device, lambda: every(file, parts, facts_of))


def every(
    whole: SourceFile, parts: Iterable[SourceFile], facts_of: Callable[[SourceFile], Iterator[Found]]
) -> Iterator[Found]:
    """The facts of every part of an export; one of many that does not read is named, and the others are read.

    Raises
    ------
    InputError : the file that does not read is the whole of what was given.
    """
    for one in parts:
        try:
            yield from facts_of(one)
        except (InputError, Unreadable) as error:
            fault = error.faults[0] if isinstance(error, InputError) else Fault(one.name, str(error))
            what = fault.what
            if one is whole:
                raise InputError([Fault(one.name, f"this file does not read: {what}", fault.right)]) from None
            yield Quarantined(one.name, 0, one.name.rpartition("/")[2], f"this file does not read: {what}")
