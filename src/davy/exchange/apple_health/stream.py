"""The elements of an Apple Health export, one after the other, at constant memory.

A genuine export begins with a document type that some versions of iOS write wrongly, so it is passed over and never
handed to the parser: no entity can be declared, and none is ever expanded. Control characters, which XML forbids and
iOS writes, become question marks. Where the text is broken the parser begins anew at the next element, and what lay
between is told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import IO
from xml.parsers.expat import ErrorString, ExpatError, ParserCreate

from davy.errors import Fault, InputError

CHUNK = 2**18
LONGEST_PROLOG = 2**18
"""Bytes before the first element; a genuine document type has about 10,000."""
LONGEST_TOKEN = 2**22
"""Bytes of one tag with all its attributes."""
DEEPEST = 64
MOST_REPAIRS = 1000
MOST_TYPES = 2000
LONGEST_BEGINNING = 256
SHOWN = 80
ROOT = re.compile(rb"<HealthData(?=[\s>/])")
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+([^\s\[>]+)")
_BEGINS = re.compile(
    rb"\n[ \t\r]*(?=<(?:Record|Correlation|Workout|ActivitySummary|ClinicalRecord|Audiogram|VisionPrescription|"
    rb"StateOfMind)[\s>])"
)
_FORBIDDEN = bytes(code for code in range(32) if code not in b"\t\n\r")
_MARKED = bytes.maketrans(_FORBIDDEN, b"?" * len(_FORBIDDEN))


@dataclass(slots=True)
class Element:
    """An element that is wanted, a record of some type or one by its own name: attributes, line, metadata below it.

    Attributes
    ----------
    inside : whether it stands within another, such as a correlation, or might: after a broken place nobody knows.
    """

    name: str
    line: int
    attributes: dict[str, str]
    inside: bool = False
    metadata: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class Broken:
    """A stretch of the file that is not well-formed and was passed over."""

    line: int
    what: str
    snippet: str
    resumed: int | None
    """The line where reading went on; None = nowhere, the file ends within."""


class Prolog:
    """What comes before the first element, and where that begins."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        start = _whole(stream, LONGEST_PROLOG)
        root = ROOT.search(start)
        before = start if root is None else start[: root.start()]
        if b"\0" in before[:64]:
            raise InputError([Fault(name, "this is not UTF-8, as each export of Apple Health is", "export it again")])
        if (entity := before.upper().find(b"<!ENTITY")) >= 0:
            line = before.count(b"\n", 0, entity) + 1
            what = "this declares an entity, which no export of Apple Health does; nothing of it was read"
            raise InputError([Fault(f"{name}, line {line}", what)])
        if root is None:
            raise InputError([Fault(name, _other(before), "export.zip as the Health app writes it, or its export.xml")])
        self.lines = before.count(b"\n")
        self.rest = start[root.start() :]


def _other(before: bytes) -> str:
    kind = _DOCTYPE.search(before)
    if b"<ClinicalDocument" in before:
        return "this is the clinical document of an export (CDA), which repeats less than its export.xml holds"
    if kind is not None and kind[1] == b"HealthData":
        return "this begins like an export of Apple Health and holds no HealthData"
    return "this is XML, and no export of Apple Health"


def _whole(stream: IO[bytes], size: int) -> bytes:
    """So many bytes, or all there are: a stream may give them in parts."""
    parts: list[bytes] = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


class _Text:
    """The piece of the file that is looked at, and the line on which it begins."""

    def __init__(self, content: bytes, lines: int) -> None:
        self.content = content
        self.line = lines + 1
        self.ended = False

    def advance(self, following: bytes, *, keep: int = 0) -> None:
        """Go on to the next piece, with so many bytes of this one before it; an empty one is the end."""
        self.drop(max(0, len(self.content) - keep))
        self.content += following
        self.ended = not following

    def drop(self, count: int) -> None:
        """Pass over so many bytes."""
        self.line += self.content.count(b"\n", 0, count)
        self.content = self.content[count:]


@dataclass(frozen=True)
class _Wanted:
    """Which records by type, which other elements by name, which metadata; and how many there were of all else."""

    types: frozenset[str]
    names: frozenset[str]
    keys: frozenset[str]
    unwanted: Counter[tuple[str, str]]

    def pass_over(self, what: str, kind: str) -> None:
        """Count one that is not wanted; a file that makes up thousands of types has them counted together."""
        key = (what, kind)
        if key in self.unwanted:
            self.unwanted[key] += 1
            return
        self.unwanted[key if len(self.unwanted) < MOST_TYPES else (what, "")] += 1


class _Passage:
    """A parser from one beginning on, for a text that has `before` lines before it; `anew` after a broken place."""

    def __init__(self, name: str, before: int, wanted: _Wanted, *, anew: bool = False) -> None:
        self.ready: list[Element] = []
        self.open: Element | None = None
        self._name = name
        self._before = before
        self._wanted = wanted
        self._anew = anew
        self._depth = self._open_at = self._fed = 0
        self._parser = parser = ParserCreate("utf-8")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.EntityDeclHandler, parser.StartDoctypeDeclHandler = self._declared, self._declared

    def feed(self, content: bytes, *, last: bool) -> tuple[int, str, int] | None:
        """Parse a piece; where that fails: the line, the reason, and where in the piece."""
        try:
            self._parser.Parse(content, last)
        except ExpatError as error:
            at = max(0, self._parser.ErrorByteIndex - self._fed)
            return self._before + error.lineno, ErrorString(error.code), at
        self._fed += len(content)
        if self._fed - max(self._parser.CurrentByteIndex, 0) > LONGEST_TOKEN:
            raise self._refusal(f"a tag here is longer than {LONGEST_TOKEN:,} bytes; no export has one")
        return None

    def taken(self) -> list[Element]:
        """The elements that are whole by now."""
        ready, self.ready = self.ready, []
        return ready

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._refusal(f"elements nest deeper than {DEEPEST} here; no export does that")
        if name == "Record":
            kind = attributes.get("type", "")
            if kind in self._wanted.types:
                self._opened(name, attributes)
            else:
                self._wanted.pass_over("records", kind)
        elif name == "MetadataEntry":
            if self.open is not None and (key := attributes.get("key", "")) in self._wanted.keys:
                self.open.metadata[key] = attributes.get("value", "")
        elif self._depth == 2:
            if name in self._wanted.names:
                self._opened(name, attributes)
            else:
                self._wanted.pass_over("elements", name)

    def _opened(self, name: str, attributes: dict[str, str]) -> None:
        if self.open is not None:  # it was never closed, and says what it says all the same
            self.ready.append(self.open)
        inside = self._anew or self._depth > 2
        self.open = Element(name, self._before + self._parser.CurrentLineNumber, attributes, inside)
        self._open_at = self._depth

    def _end(self, _: str) -> None:
        if self.open is not None and self._depth == self._open_at:
            self.ready.append(self.open)
            self.open = None
        self._depth -= 1

    def _declared(self, *_: object) -> None:
        raise self._refusal("a declaration in the midst of the data, which no export has")

    def _refusal(self, what: str) -> InputError:
        return InputError([Fault(f"{self._name}, line {self._before + self._parser.CurrentLineNumber}", what)])


class Elements:
    """Reads the wanted elements of a stream; what is not wanted is counted by its type.

    Attributes
    ----------
    unwanted : how many records there were of each other type, and how many other elements at the top, such as Workout.
    control : whether there were characters that XML forbids.
    """

    def __init__(self, name: str, types: frozenset[str], keys: frozenset[str], names: frozenset[str]) -> None:
        self.unwanted: Counter[tuple[str, str]] = Counter()
        self.control = False
        self._name = name
        self._wanted = _Wanted(types, names, keys, self.unwanted)

    def read(self, stream: IO[bytes]) -> Iterator[Element | Broken]:
        """Everything of the stream, in its order.

        Raises
        ------
        InputError : it declares entities, is no export, or holds a tag that is too long or nests too deep.
        """
        prolog = Prolog(stream, self._name)
        text = _Text(self._clean(prolog.rest), prolog.lines)
        passage = _Passage(self._name, prolog.lines, self._wanted)
        for repairs in count(1):
            while (fault := passage.feed(text.content, last=text.ended)) is None and not text.ended:
                yield from passage.taken()
                text.advance(self._next(stream))
            yield from passage.taken()
            if fault is None:
                return
            if passage.open is not None:
                yield passage.open
            line, what, at = fault
            snippet = text.content[at : at + SHOWN].decode("utf-8", "replace")
            resumed = self._seek(text, stream, at)
            yield Broken(line, what, snippet, resumed)
            if resumed is None:
                return
            if repairs >= MOST_REPAIRS:
                raise InputError([Fault(f"{self._name}, line {line}", f"this is broken place {repairs:,}: no export")])
            passage = _Passage(self._name, resumed - 1, self._wanted, anew=True)
            passage.feed(b"<HealthData>", last=False)

    def _seek(self, text: _Text, stream: IO[bytes], at: int) -> int | None:
        """Go on at the next element that begins a line, and return that line; None where there is none."""
        while (found := _BEGINS.search(text.content, at)) is None:
            following = b"" if text.ended else self._next(stream)
            if not following:
                return None
            text.advance(following, keep=LONGEST_BEGINNING)
            at = 0
        text.drop(found.end())
        return text.line

    def _next(self, stream: IO[bytes]) -> bytes:
        return self._clean(stream.read(CHUNK))

    def _clean(self, content: bytes) -> bytes:
        """The same without the characters that XML forbids."""
        if len(content.translate(None, _FORBIDDEN)) == len(content):
            return content
        self.control = True
        return content.translate(_MARKED)
