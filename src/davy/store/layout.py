"""What lies in a person's folder, and under which name.

::

    person.yaml        the person file, written by its owner
    records.jsonl      the records, each once            (with its .head: what was acknowledged)
    quarantine.jsonl   what importers could not believe, each once
    decisions.jsonl    what was suggested, and when suggestions were stopped
    mappings/          how the columns of each diary read
    nof1.csv           the days of an n-of-1 trial, and nof1-design.yaml, its design, both put there by the owner
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from davy.errors import StoreError
from davy.followup.records import Record, record_of
from davy.store.log import Entry, Log

PERSON = "person.yaml"
LOGS = ("records", "quarantine", "decisions")
MAPPINGS = "mappings"
TRIAL = ("nof1.csv", "nof1-design.yaml", "nof1-design.yml", "nof1-design.json")
LOCK = ".lock"
_WITHDRAWN, _MARK = b'"type":"withdrawn"', 160


class Logs(NamedTuple):
    """The logs of a folder."""

    records: Log
    quarantine: Log
    decisions: Log


def logs_of(folder: Path) -> Logs:
    """The logs of a folder, whether they are there yet or not."""
    return Logs(*(Log(folder / f"{name}.jsonl", f"davy.{name}-log/1") for name in LOGS))


def withdrawn_in(log: Log) -> dict[str, int]:
    """The ids of records that were withdrawn, each with the number of the last entry that says so.

    A record that stands before that entry counts no more; one that was kept again after it does. The lines are proved
    where the log is read; here they are only looked for.
    """
    found: dict[str, int] = {}
    if not log.path.is_file():
        return found
    with log.path.open("rb") as handle:
        for line in handle:
            if _WITHDRAWN in line[:_MARK]:
                try:
                    said = json.loads(line)
                    found[str(said["body"]["withdraws"])] = int(said["n"])
                except (ValueError, KeyError, TypeError):
                    continue
    return found


def record_in(entry: Entry, folder: Path) -> Record | None:
    """The record of an entry; None where it holds none, or one of a kind that only a newer Davy knows.

    Raises
    ------
    StoreError : it is said to be a record and is none.
    """
    if entry.type != "record":
        return None
    try:
        return record_of(entry.body)
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder}, records, entry {entry.number}: this is no record ({error})") from None
