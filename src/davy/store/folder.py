"""A person's folder: who it is, every record, everything that could not be believed, every decision.

Only its owner may read it. Whoever writes holds a lock that ends with the process.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from davy.disk import locked
from davy.errors import Fault, InputError, StoreError
from davy.followup.records import Quarantined, Record
from davy.people.person import Person
from davy.people.read import read_person
from davy.store.layout import LOCK, LOGS, PERSON, logs_of, record_in, withdrawn_in
from davy.store.log import Entry, Writer
from davy.store.session import Session

CUT = "a day that nobody can tell, since the end of the decision log was cut"


@dataclass(frozen=True)
class Appended:
    """What an append did: new facts, facts that were there, and what was wrong with the end of the log before it."""

    added: int
    duplicate: int
    healed: tuple[str, ...] = ()


class Folder:
    """The folder of one person; it need not exist before something is written.

    Raises
    ------
    InputError : there is a file of that name.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if self.path.exists() and not self.path.is_dir():
            raise InputError([Fault(str(path), "this is a file, not a person's folder", "name a folder")])

    @property
    def exists(self) -> bool:
        """Whether there is anything of Davy's here."""
        return any((self.path / name).exists() for name in (PERSON, *(f"{name}.jsonl" for name in LOGS)))

    def person(self, *, today: date) -> Person | None:
        """The person of the folder; None where there is no person file."""
        path = self.path / PERSON
        return read_person(path, today=today) if path.exists() else None

    def records(self) -> Iterator[Record]:
        """Every record that was not withdrawn, in the order of writing; kinds of a newer Davy are passed over.

        Raises
        ------
        StoreError : the log is not what was written; the message names the line.
        """
        log = logs_of(self.path).records
        withdrawn = withdrawn_in(log)
        for entry in log.entries():
            record = record_in(entry, self.path)
            if record is not None and entry.number > withdrawn.get(entry.body["id"], 0):
                yield record

    def quarantined(self) -> Iterator[Quarantined]:
        """Everything that was read and could not be believed."""
        kept = {field.name for field in fields(Quarantined)}
        for entry in logs_of(self.path).quarantine.entries():
            if entry.type == "quarantined":
                yield Quarantined(**{name: value for name, value in entry.body.items() if name in kept})

    def decisions(self) -> Iterator[Entry]:
        """Every decision, stop and resumption, in order."""
        return (
            entry for entry in logs_of(self.path).decisions.entries() if entry.type in ("decision", "stop", "resume")
        )

    def append(self, records: Iterable[Record]) -> Appended:
        """Keep records, each content once; they are safe on disk when this returns.

        Raises
        ------
        StoreError : the disk does not take them, or the log is not sound; what was written before is kept.
        """
        with Session(self) as session:
            for record in records:
                session.take(record)
        return Appended(session.added, session.duplicate, session.healed)

    def decide(self, entry: Mapping[str, Any], *, suggests: bool = True) -> bool:
        """Keep a decision; False where the same inputs gave it on the same day by the same versions before.

        Parameters
        ----------
        suggests : what only explains or refuses is kept also where suggestions were stopped.

        Raises
        ------
        InputError : suggestions were stopped here.
        """
        if suggests and (day := self.stopped) is not None:
            what = f"all suggestions were stopped here on {day}"
            raise InputError([Fault(str(self.path), what, "`davy records resume` starts them again")])
        mark = _mark(json.loads(json.dumps(entry)))
        there: list[Entry] = []
        with self.writing():
            writer = Writer(logs_of(self.path).decisions, there.append)
            if mark is not None and any(_mark(one.body) == mark for one in there if one.type == "decision"):
                return False
            writer.write([("decision", entry)])
            writer.acknowledge()
        return True

    def stop(self, *, today: date) -> None:
        """End all suggestions for this person, from now on."""
        _note(self, "stop", {"day": today.isoformat()})

    def resume(self, *, today: date) -> None:
        """Allow suggestions again."""
        _note(self, "resume", {"day": today.isoformat()})

    @property
    def stopped(self) -> str | None:
        """The day on which all suggestions were stopped, as written; None where they are not.

        Where the end of the log was cut, a stop may lie in what is gone: then they are stopped until a resumption.
        """
        log, day = logs_of(self.path).decisions, None
        for entry in log.entries():
            if entry.type in ("stop", "resume"):
                day = str(entry.body["day"]) if entry.type == "stop" else None
            elif entry.type == "healed" and entry.body.get("missing"):
                day = day or CUT
        return day or CUT if log.healed.missing else day

    @contextmanager
    def writing(self) -> Generator[None]:
        """The folder made where it is missing, and locked against other writers."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with locked(self.path / LOCK):
                yield
        except OSError as error:
            raise StoreError(f"{self.path} cannot be written: {error.strerror}") from None


def _mark(body: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """What makes a decision the same as another; None where it does not say what it was made of."""
    return None if "inputs" not in body else tuple(body.get(key) for key in ("day", "inputs", "versions"))


def _note(folder: Folder, kind: str, body: Mapping[str, Any]) -> None:
    with folder.writing():
        logs_of(folder.path).decisions.append([(kind, body)])


def refuse_cut(folder: Folder) -> None:
    """Raise StoreError where records are missing at the end of their log: what harmed may lie among them."""
    log = logs_of(folder.path).records
    for _ in log.entries():
        pass
    if log.healed.missing:
        raise StoreError(log.healed.sentence(log.path.name))
