"""A log that only grows: one JSON line an entry, each bound to all before it by a hash.

A line is ``{"hash":H,"n":N,"type":T,"body":{...}}``; H is SHA-256 over the hash of the line before and the bytes that
follow H in its own line. Beside the log lies its head, the number and hash of the last entry that was acknowledged, so
that a log that lost its end is noticed too. What a killed writer left of an unfinished line is no entry, and the next
writer removes it and says so. This finds damage and careless edits; it is no signature against somebody who writes the
whole file anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from davy.disk import names_last, write_whole
from davy.errors import StoreError

VERSION = 1
LONGEST_LINE = 2**20
BEFORE, AFTER = b'{"hash":"', b'",'
_DIGITS = 64
REST = len(BEFORE) + _DIGITS + len(AFTER)
"""A line is BEFORE, the hash, AFTER and the rest; the rest begins at REST."""
_BATCH = 2**22
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True)
class Entry:
    """One entry of a log: its number from 0 on, its type, and what it says."""

    number: int
    type: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Healed:
    """What was wrong with the end of a log.

    Attributes
    ----------
    unfinished : bytes of a line that was never finished; missing : entries that had been acknowledged and are gone.
    """

    unfinished: int
    missing: int

    def __bool__(self) -> bool:
        return bool(self.unfinished or self.missing)

    def sentence(self, name: str) -> str:
        """What happened, for the person."""
        told: list[str] = []
        if self.unfinished:
            told.append(f"the last line of {name} was never finished ({self.unfinished} bytes): it is no entry")
        if self.missing:
            told.append(
                f"{self.missing} entr{'y is' if self.missing == 1 else 'ies are'} missing at the end of {name}, which "
                "somebody or something cut: import the files again to have the records back"
            )
        return "; ".join(told)


class _Reading:
    """One pass over a log, each line checked against the one before."""

    def __init__(self, path: Path, schema: str) -> None:
        self.path = path
        self.schema = schema
        self.head = read_head(path)
        self.count = 0
        self.hash = first_hash(schema)
        self.offset = 0
        self.unfinished = 0
        self.unended = False

    def entries(self) -> Iterator[Entry]:
        """Every whole entry; raises StoreError at the first that is not what was written."""
        try:
            handle = self.path.open("rb")
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(f"{self.path} cannot be read: {error.strerror}") from None
        with handle:
            while line := handle.readline(LONGEST_LINE + 1):
                entry = self._entry(line)
                if entry is None:
                    self._tail(line, handle.read(1), handle.seek(0, os.SEEK_END))
                    return
                self.offset += len(line)
                self.unended = not line.endswith(b"\n")
                yield entry

    def _entry(self, line: bytes) -> Entry | None:
        """The entry of a line that continues the chain, or None."""
        rest = line.rstrip(b"\n")[REST:]
        if line[: len(BEFORE)] != BEFORE or line[REST - len(AFTER) : REST] != AFTER:
            return None
        found = chained(self.hash, rest)
        if line[len(BEFORE) : REST - len(AFTER)] != found.encode():
            return None
        try:
            said = json.loads("{" + rest.decode())
            entry = Entry(said["n"], said["type"], dict(said["body"]))
        except (ValueError, KeyError, TypeError):
            return None
        if entry.number != self.count:
            return None
        if self.count == 0:
            self._check_schema(entry)
        self.count, self.hash = self.count + 1, found
        if self.head is not None and self.head[0] == self.count and self.head[1] != found:
            raise StoreError(
                f"{self.path}: entry {self.count - 1} is not the one that was acknowledged; "
                "the log was replaced by another one. Restore it from a copy"
            )
        return entry

    def _check_schema(self, entry: Entry) -> None:
        version = entry.body.get("version")
        if entry.type != "log" or not isinstance(version, int):
            raise StoreError(f"{self.path}, line 1: this is not a log of Davy's")
        if version > VERSION:
            raise StoreError(
                f"{self.path} was written by a newer Davy (version {version} of the log; this one reads up to "
                f"{VERSION}): install that one"
            )

    def _tail(self, line: bytes, after: bytes, size: int) -> None:
        """An unfinished last line, or a line that is not what was written."""
        blank = b"\0" in line and not line.strip(b"\0\n")
        if (not line.endswith(b"\n") and not after and len(line) <= LONGEST_LINE) or (blank and not after):
            self.unfinished = size - self.offset
            return
        raise StoreError(self._broken(line))

    def _broken(self, line: bytes) -> str:
        here = f"{self.path}, line {self.count + 1}"
        number = _number_of(line)
        if number is not None and number > self.count:
            gone = f"entry {self.count} is" if number == self.count + 1 else f"entries {self.count} to {number - 1} are"
            what = f"{gone} missing before it"
        elif number is not None and number < self.count:
            what = f"entry {number} stands here a second time"
        else:
            what = "this entry is not what was written: it was changed, or the line before it was"
        return f"{here}: {what}. Nothing more is written here; `davy records export --salvage` saves what is whole"

    @property
    def healed(self) -> Healed:
        """What is wrong with the end, once all was read."""
        return Healed(self.unfinished, max(0, (self.head[0] if self.head else 0) - self.count))


class Log:
    """One log file. Reading takes no lock; `append` wants the caller to hold that of the folder."""

    def __init__(self, path: Path, schema: str) -> None:
        self.path = path
        self.schema = schema
        self.healed = Healed(0, 0)

    @property
    def head_path(self) -> Path:
        """Where the head lies."""
        return self.path.with_suffix(".head")

    def entries(self) -> Iterator[Entry]:
        """Every entry but the first, which only says what the log is; `healed` is known after the last.

        Raises
        ------
        StoreError : an entry was changed, or one is missing; the message names the line.
        """
        reading = _Reading(self.path, self.schema)
        for entry in reading.entries():
            if entry.number:
                yield entry
        self.healed = reading.healed

    def append(self, bodies: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
        """Write entries at the end, each of them (type, body), and return how many, once they are safe on disk.

        Raises
        ------
        StoreError : the log is not sound, or the disk does not take it; what was whole before is kept.
        """
        writer = Writer(self)
        written = writer.write(bodies)
        writer.acknowledge()
        return written


class Writer:
    """Appends to a log whose end it found; valid as long as the lock is held. `visit` sees every entry on the way."""

    def __init__(self, log: Log, visit: Callable[[Entry], None] | None = None) -> None:
        self._log = log
        reading = _Reading(log.path, log.schema)
        for entry in reading.entries():
            if visit is not None and entry.number:
                visit(entry)
        log.healed = reading.healed
        self._count, self._hash = reading.count, reading.hash
        self._offset = reading.offset
        self._unended = reading.unended
        self._opened = False
        self._safe: tuple[int, str] | None = None

    def write(self, bodies: Iterable[tuple[str, Mapping[str, Any] | str]]) -> int:
        """Append, a batch of lines at a time, each on disk before the next; returns how many entries that were.

        Parameters
        ----------
        bodies : type and body of each entry; a body may be JSON that is written already.
        """
        waiting, size, written = list[bytes](), 0, 0
        for kind, body in bodies:
            if not self._opened:
                waiting, self._opened = self._opening(), True
            waiting.append(self._line(kind, body))
            size += len(waiting[-1])
            written += 1
            if size >= _BATCH:
                self._commit(waiting)
                waiting, size = [], 0
        if waiting:
            self._commit(waiting)
        return written

    def acknowledge(self) -> None:
        """Note in the head what is on disk now; nothing where nothing was written."""
        if self._safe is not None:
            head = {"schema": "davy.log-head/1", "entries": self._safe[0], "hash": self._safe[1]}
            write_whole(self._log.head_path, (json.dumps(head) + "\n").encode(), private=True)

    def _opening(self) -> list[bytes]:
        """What goes before the first entry: the line that says what this is, or the one that says what was healed."""
        lines: list[bytes] = []
        if self._count == 0:
            lines.append(self._line("log", {"schema": self._log.schema, "version": VERSION}))
        if self._log.healed:
            healed = self._log.healed
            lines.append(self._line("healed", {"unfinished_bytes": healed.unfinished, "missing": healed.missing}))
        return lines

    def _line(self, kind: str, body: Mapping[str, Any] | str) -> bytes:
        said = body if isinstance(body, str) else _ENCODER.encode(body)
        rest = f'"n":{self._count},"type":"{kind}","body":{said}}}'.encode()
        if len(rest) + REST >= LONGEST_LINE:
            raise StoreError(f"an entry of {len(rest):,} bytes is longer than {LONGEST_LINE:,}; nothing was written")
        self._hash = chained(self._hash, rest)
        self._count += 1
        return BEFORE + self._hash.encode() + AFTER + rest + b"\n"

    def _commit(self, lines: list[bytes]) -> None:
        """Lines on disk; where the disk does not take them all, the log is again as it was before."""
        path = self._log.path
        new = not path.exists()
        try:
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
            handle = os.open(path, flags, 0o600)
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error.strerror}") from None
        try:
            os.ftruncate(handle, self._offset)
            os.lseek(handle, self._offset, os.SEEK_SET)
            content = (b"\n" if self._unended else b"") + b"".join(lines)
            _write_all(handle, content)
            os.fsync(handle)
            if new:
                names_last(path.parent)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(handle, self._offset)
                os.fsync(handle)
            raise StoreError(
                f"{path} cannot be written: {error.strerror}. What was there before is kept; "
                "make room and run the same command again"
            ) from None
        finally:
            os.close(handle)
        self._offset += len(content)
        self._unended = False
        self._safe = self._count, self._hash


def _write_all(handle: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]


def first_hash(schema: str) -> str:
    """What stands in place of the hash of the line before the first."""
    return hashlib.sha256(schema.encode()).hexdigest()


def chained(before: str, rest: bytes) -> str:
    """The hash of a line [hex]: over that of the line before and the rest of its own."""
    return hashlib.sha256(before.encode() + rest).hexdigest()


def _number_of(line: bytes) -> int | None:
    try:
        said: Any = json.loads(line)
    except ValueError:
        return None
    number = cast("dict[str, Any]", said).get("n") if isinstance(said, dict) else None
    return number if isinstance(number, int) else None


def read_head(path: Path) -> tuple[int, str] | None:
    """The number of entries and the hash that were acknowledged last; None where there is no head."""
    head = path.with_suffix(".head")
    try:
        said = json.loads(head.read_bytes())
        return int(said["entries"]), str(said["hash"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise StoreError(f"{head} does not read; remove it if the log beside it is yours") from None
