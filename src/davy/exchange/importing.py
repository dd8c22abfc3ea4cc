"""The one door for what comes in from diaries, apps and devices.

An importer is one module of this room with two functions::

    def reads(file: SourceFile) -> bool                          whether the file is of its format, from its first bytes
    def reading(file: SourceFile, asked: Asked) -> Reading       looks at the whole file, refuses it by name or says how
                                                                 it reads; nothing is kept yet

and one line in `IMPORTERS`. `Reading.found()` then gives records, quarantined values, what was ignored and remarks, one
after the other and in constant memory. The door does for every importer what none may forget: values that cannot be are
quarantined, and what is ignored is added up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from itertools import chain
from typing import Protocol, cast

from davy.errors import Fault, InputError
from davy.exchange.diary.mapping import DiaryMapping
from davy.exchange.source_file import SourceFile
from davy.followup.records import Found, Ignored, Quarantined, Record, implausible

IMPORTERS = (
    "davy_records",
    "fhir.reader",
    "apple_health.reader",
    "garmin",
    "fitbit",
    "whoop",
    "oura",
    "cronometer",
    "myfitnesspal",
    "diary.reader",
)
"""Modules of this room, in the order in which they are asked; the last one takes any text."""
_OF_WHOLES = ("fhir.reader", "apple_health.reader", "garmin", "fitbit", "whoop", "oura")
"""Importers that find their own files in an archive or a folder; several may find some in one."""
_OF_FILES = ("cronometer", "myfitnesspal")
"""Importers of single tables, which may lie in an archive or a folder too."""
_TABLES = (".csv", ".tsv", ".txt")
MOST_IGNORED = 2000
"""Kinds of ignored things that are told apart; more of them are counted together."""
_MUCH_ELSE = ("much else", "it is of more kinds than can be listed")
_CLINICAL = re.compile(r"/clinical[-_]records/", re.IGNORECASE)


@dataclass(frozen=True)
class Asked:
    """What the person said about how a file reads, now or at an import before; and of what age they are, if known."""

    mapping: DiaryMapping | None = None
    kept: tuple[DiaryMapping, ...] = ()
    age_y: float | None = None


@dataclass(frozen=True)
class Reading:
    """How a file reads: the importer's name, the source of its records, and the facts, found when asked."""

    importer: str
    source: str
    found: Callable[[], Iterator[Found]] = field(repr=False)
    mapping: DiaryMapping | None = None


class Importer(Protocol):
    """A module that reads one format."""

    @staticmethod
    def reads(file: SourceFile) -> bool:
        """Whether the file is of this format."""
        ...

    @staticmethod
    def reading(file: SourceFile, asked: Asked) -> Reading:
        """How the file reads; raises InputError where it does not."""
        ...


def reading_of(file: SourceFile, asked: Asked) -> Reading:
    """How a file reads, by the first importer whose format it is.

    Raises
    ------
    InputError : no importer reads it, or the one that does refuses it by name.
    """
    if file.members and (found := list(_inside(file, asked))):
        return _together(found)
    for name in IMPORTERS:
        importer = _importer(name)
        if importer.reads(file):
            return _checked(importer.reading(file, asked), file.name)
    raise InputError([Fault(file.name, "this is no format that Davy reads", f"one of: {', '.join(IMPORTERS)}")])


def _importer(name: str) -> Importer:
    return cast("Importer", import_module(f"davy.exchange.{name}"))


def _inside(file: SourceFile, asked: Asked) -> Iterator[Reading]:
    """How what lies in an archive or a folder reads, of however many formats it is."""
    wholes = [name for name in _OF_WHOLES if _importer(name).reads(file)]
    for name in wholes:
        yield _checked(_importer(name).reading(file, asked), file.name)
    beside = "apple_health.reader" in wholes and "fhir.reader" not in wholes
    for part in file.members:
        names = _OF_FILES if part.name.lower().endswith(_TABLES) else ()
        if beside and part.name.lower().endswith(".json") and not _CLINICAL.search(part.name):
            names = ("fhir.reader",)  # what lies among the clinical records Apple's importer brings in itself
        for name in names:
            if _importer(name).reads(part):
                yield _checked(_importer(name).reading(part, asked), part.name)
                break


def _together(found: list[Reading]) -> Reading:
    """Several readings as one."""
    if len(found) == 1:
        return found[0]
    names = ", ".join(dict.fromkeys(one.importer for one in found))
    sources = ", ".join(dict.fromkeys(one.source for one in found))
    return Reading(names, sources, lambda: chain.from_iterable(one.found() for one in found))


def _checked(reading: Reading, name: str) -> Reading:
    def found() -> Iterator[Found]:
        ignored: Counter[tuple[str, str]] = Counter()
        for one in reading.found():
            if isinstance(one, Ignored):
                kind = (one.what, one.why)
                known = kind in ignored or len(ignored) < MOST_IGNORED
                ignored[kind if known else _MUCH_ELSE] += one.count
            elif isinstance(one, Record) and (why := implausible(one)) is not None:
                about = (one.text, one.day.isoformat()) if one.kind == "lab" else ("", "")
                yield Quarantined(one.file or name, one.line, _shown(one), why, *about)
            else:
                yield one
        for (what, why), count in ignored.items():
            yield Ignored(what, why, count)

    return Reading(reading.importer, reading.source, found, reading.mapping)


def _shown(record: Record) -> str:
    """What is shown of a record that cannot be: its value, or its span where that is what is wrong."""
    if record.value is not None:
        return f"{record.value:g} {record.unit}".strip()
    return f"{record.start.isoformat()} to {'' if record.end is None else record.end.isoformat()}"
