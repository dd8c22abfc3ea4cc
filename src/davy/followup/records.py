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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from json.encoder import encode_basestring as quoted_json
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
_KNOWN = frozenset(KINDS)
Comparator = Literal["<", ">"]
Moment = date | datetime
"""A day, where no clock time is known, or a time by the person's own clock, with an offset where one was written."""


_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """A text that no terminal takes for a command: line ends of one kind, each control character a mark."""
    if text.isprintable():
        return text
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
        for number in (self.value, self.reference_low, self.reference_high):
            if number is not None and not math.isfinite(number):
                raise ValueError("a record holds a finite value or none")
        if self.value is not None:
            object.__setattr__(self, "value", float(self.value) + 0.0)  # one zero, not two
        if not self.unit:
            object.__setattr__(self, "unit", kind_row(self.kind).unit)
        for name in ("unit", "source"):
            if not getattr(self, name).isprintable():
                object.__setattr__(self, name, clean(getattr(self, name)))
        if self.text:
            text = clean(self.text).strip()
            object.__setattr__(self, "text", text if text.isascii() else unicodedata.normalize("NFC", text))

    @property
    def id(self) -> str:
        """SHA-256 of the content [hex]: everything but file and line."""
        return _digest(self._content())

    @property
    def day(self) -> date:
        """The day it counts to, by the person's own clock: that of its start, for sleep that on which it ends."""
        at = self.end if self.kind == "sleep" and self.end is not None else self.start
        return local_day(at)

    def _content(self) -> dict[str, str]:
        """The fields that say something, each as JSON: written by hand, since there may be a million records."""
        said = {"kind": f'"{self.kind}"', "start": f'"{self.start.isoformat()}"', "unit": quoted_json(self.unit)}
        if self.end is not None:
            said["end"] = f'"{self.end.isoformat()}"'
        if self.value is not None:
            said["value"] = repr(self.value)
        if self.text:
            said["text"] = quoted_json(self.text)
        if self.comparator is not None:
            said["comparator"] = quoted_json(self.comparator)
        if self.nth:
            said["nth"] = json.dumps(self.nth)
        if self.reference_low is not None:
            said["reference_low"] = json.dumps(self.reference_low)
        if self.reference_high is not None:
            said["reference_high"] = json.dumps(self.reference_high)
        said["source"] = quoted_json(self.source)
        return said

    def written(self) -> tuple[str, str]:
        """Its id, and the record as the log keeps it: JSON, the id with it."""
        said = self._content()
        name = _digest(said)
        if self.file:
            said["file"] = quoted_json(self.file)
        if self.line:
            said["line"] = str(self.line)
        return name, f'{{"id":"{name}",{_joined(said, said)}}}'

    def as_json(self) -> dict[str, Any]:
        """The record as the log keeps it."""
        return json.loads(self.written()[1])


def record_of(said: Mapping[str, Any]) -> Record | None:
    """The record that was kept; None for a kind that this version of Davy does not know.

    Raises
    ------
    ValueError, KeyError, TypeError : this is not a record.
    """
    if said["kind"] not in _KNOWN:
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
    """Something that could not be believed: kept and shown, never counted.

    Attributes
    ----------
    test, day : the laboratory test that it is about, and the ISO day it was drawn on; empty where that is not known.
    """

    file: str
    line: int
    value: str
    why: str
    test: str = ""
    day: str = ""

    def __post_init__(self) -> None:
        for name in ("value", "why", "test"):
            object.__setattr__(self, name, clean(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class SetAside:
    """A laboratory value that was set aside: of which test, and of which day; None where that is not known."""

    test: str
    day: date | None


def labs_set_aside(doubts: Iterable[Quarantined], today: date) -> tuple[SetAside, ...]:
    """The laboratory values among what could not be believed, each once; what is of a later day is left out."""
    found = (SetAside(one.test, date.fromisoformat(one.day) if one.day else None) for one in doubts if one.test)
    return tuple(dict.fromkeys(one for one in found if one.day is None or one.day <= today))


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


def _minutes(record: Record) -> float:
    """How long a record lasts by its clock times; 0 where it has none, or two that do not compare."""
    first, last = record.start, record.end
    if not (isinstance(first, datetime) and isinstance(last, datetime)) or (first.tzinfo is None) != (
        last.tzinfo is None
    ):
        return 0.0
    return (last - first).total_seconds() / 60


def implausible(record: Record) -> str | None:
    """Why a record cannot be as it stands; None where nothing speaks against it."""
    row, value = kind_row(record.kind), record.value
    if record.end is not None and not _in_order(record.start, record.end):
        return "it ends before it begins"
    lasted = 0 if record.end is None else (local_day(record.end) - local_day(record.start)).days
    if row.longest_d is not None and lasted > row.longest_d:
        return f"it lasts {lasted} days: {row.hint}"
    if record.kind == "sleep" and (minutes := _minutes(record)) > (kind_row("asleep").most or minutes):
        return f"it lasts {minutes / 60:.3g} hours: {row.hint}"
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


def _digest(said: Mapping[str, str]) -> str:
    """SHA-256 [hex] of the JSON of a content, its keys in the order of the alphabet."""
    return hashlib.sha256(f"{{{_joined(said, sorted(said))}}}".encode()).hexdigest()


def _joined(said: Mapping[str, str], names: Iterable[str]) -> str:
    return ",".join([f'"{name}":{said[name]}' for name in names])
