"""A log proved line by line without stopping at the first fault: what was changed, what is missing, what was cut.

Each line is checked against the hash that the line before it states, so one changed line is one fault and everything
behind it is proved again. What nobody can tell: a log that was written anew as a whole, head and all, beside which no
copy of its last hash was kept.
"""

from __future__ import annotations

import gzip
import json
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, cast

from davy.errors import Fault, InputError, StoreError
from davy.store.log import AFTER, BEFORE, LONGEST_LINE, REST, VERSION, Entry, chained, first_hash, read_head

FaultKind = Literal["changed", "missing", "doubled", "moved", "unreadable", "unfinished", "replaced", "not a log"]
_OPENERS = {".gz": gzip.open, ".xz": lzma.open}


@dataclass(frozen=True)
class ChainFault:
    """One thing that is not as it was written: the line it shows at (from 1), the entry it is about, what it is."""

    line: int
    entry: int | None
    kind: FaultKind
    sentence: str


@dataclass(frozen=True)
class Proved:
    """An entry with its line; `proved` is False where the line before it is gone or its own hash does not hold."""

    line: int
    entry: Entry
    proved: bool


class Chain:
    """One pass over a log file, also a compressed one (.gz, .xz); `faults` and `notes` are whole once it was read.

    Attributes
    ----------
    faults : in the order of lines. notes : what its reader should know and is no fault.
    hash : what the last line states, which stands for all before it [hex].
    """

    def __init__(self, path: Path, schema: str) -> None:
        self.path = path
        self.schema = schema
        self.faults: list[ChainFault] = []
        self.notes: list[str] = []
        self.hash = first_hash(schema)
        self._line = 0
        self._next = 0
        self._stated: str | None = self.hash
        self._absent: dict[int, int] = {}
        self._shaped = False
        self._head_met = False

    def entries(self) -> Iterator[Proved]:
        """Every entry that reads, but the first, which only says what the log is.

        Raises
        ------
        InputError : this is no log of that kind. StoreError : it cannot be read, or a newer Davy wrote it.
        """
        head = self._head()
        try:
            with opened(self.path) as handle:
                while line := handle.readline(LONGEST_LINE + 1):
                    self._line += 1
                    found = self._read(line, head)
                    if found is not None and found.entry.number:
                        yield found
        except FileNotFoundError:
            pass
        except (EOFError, lzma.LZMAError, zlib.error, gzip.BadGzipFile):
            self._fault("unfinished", None, "the compressed file ends early or is damaged: nothing behind this reads")
        except OSError as error:
            raise StoreError(f"{self.path} cannot be read: {error.strerror}") from None
        self._close(head)

    def _head(self) -> tuple[int, str] | None:
        try:
            return read_head(self.path)
        except StoreError:
            self._fault("unreadable", None, f"{self.path.with_suffix('.head').name} beside it does not read")
            return None

    def _read(self, line: bytes, head: tuple[int, str] | None) -> Proved | None:
        rest = line.rstrip(b"\n")[REST:]
        entry = _entry(line, rest)
        if entry is None:
            self._unread(line)
            return None
        self._shaped = True
        stated = line[len(BEFORE) : REST - len(AFTER)].decode("ascii", "replace")
        before, self._stated, self.hash = self._stated, stated, stated
        if entry.number == 0 and self._line == 1:
            self._opening(entry, rest, stated)
        if not self._in_order(entry):
            return None
        ahead = entry.number != self._next
        self._next = entry.number + 1
        proved = not ahead and before is not None and chained(before, rest) == stated
        if not proved and not ahead and before is not None:
            told = f"entry {entry.number} is not what was written: it was changed, or the line before it was"
            self._fault("changed", entry.number, told)
        self._met(entry.number, stated, head)
        if entry.type == "healed" and (gone := entry.body.get("missing")):
            what = f"{gone} entr{'y was' if gone == 1 else 'ies were'} missing before this line when the log went on"
            self._fault("missing", entry.number, what)
        return Proved(self._line, entry, proved)

    def _in_order(self, entry: Entry) -> bool:
        """Whether this number may stand here; notes what is missing before it."""
        if entry.number > self._next:
            self._absent |= dict.fromkeys(range(self._next, entry.number), self._line)
            return True
        if entry.number == self._next:
            return True
        if entry.number in self._absent:
            del self._absent[entry.number]
            self._fault("moved", entry.number, f"entry {entry.number} stands here, behind entries that followed it")
        else:
            self._fault("doubled", entry.number, f"entry {entry.number} stands here a second time")
        return False

    def _met(self, number: int, stated: str, head: tuple[int, str] | None) -> None:
        if head is None or number != head[0] - 1:
            return
        self._head_met = True
        if stated != head[1]:
            told = (
                f"entry {number} is not the one that was acknowledged: the log was written anew from some entry up to "
                "this one"
            )
            self._fault("replaced", number, told)

    def _opening(self, entry: Entry, rest: bytes, stated: str) -> None:
        """Refuse a first line that proves itself to be that of another kind of log, or of a newer one."""
        version, schema = entry.body.get("version"), str(entry.body.get("schema"))
        if chained(first_hash(schema), rest) != stated:
            return
        if schema != self.schema:
            what = f"this is a log of the kind {schema!r}, not {self.schema!r}"
            raise InputError([Fault(f"{self.path}, line 1", what, "name the folder, or the decisions.jsonl in it")])
        if isinstance(version, int) and version > VERSION:
            raise StoreError(
                f"{self.path} was written by a newer Davy (version {version} of the log; this one reads up to "
                f"{VERSION}): install that one"
            )

    def _unread(self, line: bytes) -> None:
        self._stated = None
        blank = b"\0" in line and not line.strip(b"\0\n")
        if blank or (not line.endswith(b"\n") and len(line) <= LONGEST_LINE):
            told = f"the last line was never finished ({len(line)} bytes): it is no entry"
            self._fault("unfinished", None, told)
        else:
            self._fault("unreadable", None, "this line is no entry: it was changed, or the file is damaged here")
            self._next += 1

    def _close(self, head: tuple[int, str] | None) -> None:
        if self._line and not self._shaped and head is None:
            what = "no line of it is an entry of a log of Davy's"
            raise InputError([Fault(str(self.path), what, "name a person's folder, or the decisions.jsonl in it")])
        for first, last, line in _runs(self._absent):
            gone = f"entry {first} is" if first == last else f"entries {first} to {last} are"
            self._fault("missing", first, f"{gone} missing before this line", line)
        if head is not None and not self._head_met and head[0] > self._next:
            gone = head[0] - self._next
            what = f"{gone} entr{'y is' if gone == 1 else 'ies are'} missing at the end: the log was cut"
            self._fault("missing", self._next, what, self._line + 1)
        if head is None and self._line:
            self.notes.append(f"no head lies beside {self.path.name}, so nobody can tell whether its end was cut")
        self.faults.sort(key=lambda fault: fault.line)

    def _fault(self, kind: FaultKind, entry: int | None, sentence: str, line: int | None = None) -> None:
        self.faults.append(ChainFault(max(self._line, 1) if line is None else line, entry, kind, sentence))


def opened(path: Path) -> IO[bytes]:
    """A file to read, taken apart where it is compressed."""
    return cast("IO[bytes]", _OPENERS.get(path.suffix, open)(path, "rb"))


def _entry(line: bytes, rest: bytes) -> Entry | None:
    """The entry of a line, whether its hash holds or not."""
    if line[: len(BEFORE)] != BEFORE or line[REST - len(AFTER) : REST] != AFTER or len(line) > LONGEST_LINE:
        return None
    try:
        said: Any = json.loads(b"{" + rest)
        number = said["n"]
        entry = Entry(number, str(said["type"]), dict(said["body"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return entry if isinstance(number, int) and not isinstance(number, bool) and number >= 0 else None


def _runs(absent: dict[int, int]) -> Iterator[tuple[int, int, int]]:
    """Entries that are gone, as runs of neighbours: first, last, the line they are missed at."""
    first: int | None = None
    for number in sorted(absent):
        if first is None:
            first = number
        if number + 1 not in absent or absent[number + 1] != absent[number]:
            yield first, number, absent[number]
            first = None
