"""What happened, one fact a record: what an importer gives, what the log keeps, what days are made of.

A record says something or it is not there: a blank cell makes none. Its id is its content, so the same fact read again
from another file, at another line or in another order is the same record.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal, get_args

from davy.tables import SourcedRow, read_table

Kind = Literal[
    "attack",
    "headache",
    "headaches_logged",
    "pain",
    "continuous_pain",
    "acute_medicine",
    "sleep_onset",
    "asleep",
    "sleep",
    "cramps",
    "loose_stools",
    "bristol",
    "intake",
    "supplement",
    "dietary",
    "dietary_day",
    "hrv_sdnn",
    "hrv_rmssd",
    "resting_heart_rate",
    "lab",
    "medicine",
    "symptom",
    "menstruation",
    "alcohol",
    "note",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
Comparator = Literal["<", ">"]
Moment = date | datetime
"""A day, where no clock time is known, or a time by the person's own clock, with an offset where one was written."""


_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """A text that no terminal takes for a command: line ends of one kind, each control character a mark."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


class KindRow(SourcedRow):
    """A kind of record: its unit, whether it speaks of a day, a moment or a span, and the values that can be.

    Attributes
    ----------
    least, most : outside these a value is quarantined, not stored.
    least_but_zero : a value above zero and below this is quarantined too: it is likely in another unit.
    longest_d : a span that is longer is quarantined [d]. hint : what is likely meant instead.
    """

    id: Kind
    label: str
    what: str | None = None
    unit: str = ""
    shape: Literal["day", "moment", "span"]
    least: float | None = None
    most: float | None = None
    least_but_zero: float | None = None
    longest_d: float | None = None
    hint: str | None = None


@cache
def kind_row(kind: Kind) -> KindRow:
    """What is known about a kind of record."""
    return next(row for row in read_table("record_kinds.csv", KindRow) if row.id == kind)


@dataclass(frozen=True, slots=True)
class Record:
    """One fact of a diary or a device.

    Attributes
    ----------
    start : when it was or began; a plain date where the clock time is unknown.
    end : when it ended; None = not said, which is not "at once" and not "never".
    value : in `unit`; None = not said. A bound, not a number, where `comparator` is "<" or ">".
    text : the word that belongs to the value: a medicine as written, a stage of sleep, a laboratory test.
    source : the diary, app or device it comes from; two sources never make one record.
    file, line : where it was read; no part of the content.
    nth : counts the facts of one file that are the same in everything else and are meant more than once.
    reference_low, reference_high : the range that a laboratory printed beside its value, in `unit`.
    """

    kind: Kind
    start: Moment
    end: Moment | None = None
    value: float | None = None
    unit: str = ""
    text: str = ""
    comparator: Comparator | None = None
    source: str = "diary"
    file: str = ""
    line: int = 0
    nth: int = 0
    reference_low: float | None = None
    reference_high: float | None = None

    def __post_init__(self) -> None:
        if self.value is not None:
            if not math.isfinite(self.value):
                raise ValueError("a record holds a finite value or none")
            object.__setattr__(self, "value", float(self.value) + 0.0)  # one zero, not two
        if not self.unit:
            object.__setattr__(self, "unit", kind_row(self.kind).unit)
        if self.text:
            object.__setattr__(self, "text", unicodedata.normalize("NFC", clean(self.text).strip()))

    @property
    def id(self) -> str:
        """SHA-256 of the content [hex]: everything but file and line."""
        return hashlib.sha256(_plain(self._content()).encode()).hexdigest()

    @property
    def day(self) -> date:
        """The day it counts to, by the person's own clock: that of its start, for sleep that on which it ends."""
        at = self.end if self.kind == "sleep" and self.end is not None else self.start
        return local_day(at)

    def _content(self) -> dict[str, Any]:
        """The fields that say something, as JSON."""
        said: dict[str, Any] = {"kind": self.kind, "start": self.start.isoformat(), "unit": self.unit}
        optional = (
            ("end", None if self.end is None else self.end.isoformat()),
            ("value", self.value),
            ("text", self.text or None),
            ("comparator", self.comparator),
            ("nth", self.nth or None),
            ("reference_low", self.reference_low),
            ("reference_high", self.reference_high),
        )
        return said | {name: value for name, value in optional if value is not None} | {"source": self.source}

    def as_json(self) -> dict[str, Any]:
        """The record as the log keeps it, its id with it."""
        where = {name: value for name, value in (("file", self.file), ("line", self.line)) if value}
        return {"id": self.id, **self._content(), **where}


def record_of(said: Mapping[str, Any]) -> Record | None:
    """The record that was kept; None for a kind that this version of Davy does not know.

    Raises
    ------
    ValueError, KeyError, TypeError : this is not a record.
    """
    if said["kind"] not in KINDS:
        return None
    return Record(
        kind=said["kind"],
        start=moment(said["start"]),
        end=None if said.get("end") is None else moment(said["end"]),
        value=said.get("value"),
        unit=said["unit"],
        text=said.get("text", ""),
        comparator=said.get("comparator"),
        source=said["source"],
        file=said.get("file", ""),
        line=said.get("line", 0),
        nth=said.get("nth", 0),
        reference_low=said.get("reference_low"),
        reference_high=said.get("reference_high"),
    )


FIRST_COLUMNS = ("id", "kind", "start", "end", "value", "unit", "text", "comparator", "nth", "source", "file", "line")
"""The columns that every exported table of records begins with, also one of an earlier version."""
COLUMNS = (*FIRST_COLUMNS, "reference_low", "reference_high")
"""The columns of a table of records."""
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def quoted(text: str) -> str:
    """A text that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it."""
    return f"'{text}" if text.startswith(_ACTIVE) else text


def unquoted(text: str) -> str:
    """The text that was quoted."""
    return text[1:] if text.startswith("'") else text


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Something that could not be believed: kept and shown, never counted."""

    file: str
    line: int
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something that was read and not used, such as a column that Davy has no field for."""

    what: str
    why: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a whole file that its owner should know: how it was read, what two of its rows disagree on."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Retracted:
    """What a source takes back: all that it said about one thing at one time, but for what it says now.

    Attributes
    ----------
    kind, start, text, source : of the records that it takes back, now and whenever they are brought in again.
    kept : the id of the record that holds instead; empty where none does.
    said : when the source said so, as it wrote it; of two statements the later one counts.
    """

    kind: Kind
    start: Moment
    text: str
    source: str
    kept: str = ""
    said: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is about."""
        return self.kind, self.start.isoformat(), self.text, self.source


Found = Record | Quarantined | Ignored | Remark | Retracted
"""What an importer gives, one after the other."""


def moment(text: str) -> Moment:
    """A day or a time as the log writes it."""
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def local_day(at: Moment) -> date:
    """The calendar day of a moment by the clock it was written with."""
    return at.date() if isinstance(at, datetime) else at


def implausible(record: Record) -> str | None:
    """Why a record cannot be as it stands; None where nothing speaks against it."""
    row, value = kind_row(record.kind), record.value
    if record.end is not None and not _in_order(record.start, record.end):
        return "it ends before it begins"
    lasted = 0 if record.end is None else (local_day(record.end) - local_day(record.start)).days
    if row.longest_d is not None and lasted > row.longest_d:
        return f"it lasts {lasted} days: {row.hint}"
    if value is None:
        return None
    unit = f" {row.unit}" if row.unit[:1].isalpha() else ""
    if row.least is not None and value < row.least:
        return f"{value:g}{unit} is not possible for {row.label}: it begins at {row.least:g}"
    if row.most is not None and value > row.most:
        return f"{value:g}{unit} is not possible for {row.label}: it ends at {row.most:g}"
    if row.least_but_zero is not None and 0 < value < row.least_but_zero:
        return f"{value:g}{unit} is too little for {row.label}: {row.hint}"
    return None


def _in_order(start: Moment, end: Moment) -> bool:
    """Whether the end does not lie before the start; days count where one of the two has no clock time."""
    if isinstance(start, datetime) and isinstance(end, datetime) and (start.tzinfo is None) == (end.tzinfo is None):
        return end >= start
    return local_day(end) >= local_day(start)


def _plain(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
