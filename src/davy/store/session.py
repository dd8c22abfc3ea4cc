"""One import into a folder: records and doubts taken one by one, each content once, all under one lock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import fields
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from davy.followup.records import Quarantined, Record, Retracted
from davy.store.layout import logs_of, record_in, withdrawn_in
from davy.store.log import Entry, Log, Writer
from davy.store.seen import Seen

if TYPE_CHECKING:
    from davy.store.folder import Folder

BATCH = 4096
CORRECTED = frozenset(("lab", "medicine"))
"""The kinds of records that a source may take back: few in a life, so they can all be remembered."""
Key = tuple[str, str, str, str]


class Replacement:
    """What a corrected diary says anew: on the days that it speaks of, what its source said before is withdrawn."""

    def __init__(self) -> None:
        self._days: set[tuple[str, date]] = set()
        self._said: set[str] = set()

    def note(self, record: Record) -> None:
        """Take in one record of the corrected diary."""
        self._days.add((record.source, record.day))
        self._said.add(record.id)

    def withdraws(self, record: Record) -> bool:
        """Whether a record that was kept before is no longer said."""
        return (record.source, record.day) in self._days and record.id not in self._said


class Session:
    """What is taken in; `each` sees every record of the folder once, those that were there and those that are new.

    With `dry_run` nothing is written and no lock is taken, and the counts are those that would be. With `replacement`
    records that a corrected diary no longer says are withdrawn: the log keeps them, and they count no more.
    """

    def __init__(
        self,
        folder: Folder,
        *,
        dry_run: bool = False,
        each: Callable[[Record], None] | None = None,
        replacement: Replacement | None = None,
    ) -> None:
        self.added = self.duplicate = self.set_aside = self.withdrawn = 0
        self.healed: tuple[str, ...] = ()
        self._folder = folder
        self._dry_run = dry_run
        self._each = each
        self._replacement = replacement
        self._withdrawn: dict[str, int] = {}
        self._about: dict[Key, set[str]] = {}
        self._retracted: dict[Key, tuple[str, str]] = {}
        self._stack = ExitStack()
        self._records: list[tuple[str, dict[str, Any] | str]] = []
        self._doubts: list[tuple[str, dict[str, Any] | str]] = []

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._seen = stack.enter_context(Seen())
            self._seen_doubts = stack.enter_context(Seen())
            if not self._dry_run:
                stack.enter_context(self._folder.writing())
            logs = logs_of(self._folder.path)
            self._withdrawn = withdrawn_in(logs.records)
            self._writer = self._opened(logs.records, self._known)
            self._doubts_writer = self._opened(logs.quarantine, self._known_doubt)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._stack:
            if kind is None:
                self._flush()
            if not self._dry_run:
                self._writer.acknowledge()
                self._doubts_writer.acknowledge()

    def take(self, record: Record) -> None:
        """Keep a record, if its content is new."""
        name, said = record.written()
        if self._taken_back(record, name) or not self._seen.add(name):
            self.duplicate += 1
            return
        self._remember(record)
        self.added += 1
        if self._each is not None:
            self._each(record)
        self._records.append(("record", said))
        if len(self._records) >= BATCH:
            self._flush()

    def retract(self, found: Retracted) -> None:
        """Withdraw for good what a source takes back, and remember that it did."""
        earlier = self._retracted.get(found.key)
        if earlier == (found.said, found.kept) or (earlier is not None and earlier[0] > found.said):
            return
        self._retracted[found.key] = (found.said, found.kept)
        kind, start, text, source = found.key
        body = {"kind": kind, "start": start, "text": text, "source": source, "said": found.said, "kept": found.kept}
        self._records.append(("retracted", body))
        for name in self._about.pop(found.key, set()) - {found.kept}:
            self.withdrawn += 1
            self._records.append(("withdrawn", {"withdraws": name, "day": start[:10]}))

    def doubt(self, found: Quarantined) -> None:
        """Keep what could not be believed, if it is new."""
        name = hashlib.sha256(json.dumps([found.file, found.value, found.why], ensure_ascii=False).encode()).hexdigest()
        if self._seen_doubts.add(name):
            self.set_aside += 1
            self._doubts.append(("quarantined", {"id": name, **{key: getattr(found, key) for key in _QUARANTINED}}))
            if len(self._doubts) >= BATCH:
                self._flush()

    def _opened(self, log: Log, visit: Callable[[Entry], None]) -> Writer:
        writer = Writer(log, visit)
        if log.healed:
            self.healed += (log.healed.sentence(log.path.name),)
        return writer

    def _taken_back(self, record: Record, name: str) -> bool:
        """Whether its source took it back before."""
        found = self._retracted.get(_key(record)) if record.kind in CORRECTED else None
        return found is not None and found[1] != name

    def _remember(self, record: Record) -> None:
        if record.kind in CORRECTED:
            self._about.setdefault(_key(record), set()).add(record.id)

    def _known(self, entry: Entry) -> None:
        if entry.type == "retracted":
            kind, start, text, source, said, kept = (str(entry.body.get(name, "")) for name in _RETRACTED)
            self._retracted[kind, start, text, source] = (said, kept)
            return
        if entry.type != "record" or entry.number <= self._withdrawn.get(str(entry.body.get("id")), 0):
            return
        record = record_in(entry, self._folder.path)
        if record is not None and self._replacement is not None and self._replacement.withdraws(record):
            self.withdrawn += 1
            self._records.append(("withdrawn", {"withdraws": record.id, "day": record.day.isoformat()}))
            return
        self._seen.visit(entry)
        if record is not None:
            self._remember(record)
            if self._each is not None:
                self._each(record)

    def _known_doubt(self, entry: Entry) -> None:
        self._seen_doubts.visit(entry)

    def _flush(self) -> None:
        for writer, waiting in ((self._writer, self._records), (self._doubts_writer, self._doubts)):
            if waiting and not self._dry_run:
                writer.write(waiting)
            waiting.clear()


_QUARANTINED = tuple(one.name for one in fields(Quarantined))
_RETRACTED = ("kind", "start", "text", "source", "said", "kept")


def _key(record: Record) -> Key:
    return record.kind, record.start.isoformat(), record.text, record.source
