"""A folder taken out whole: tables and JSON that anything reads, the logs as they are, and a digest of every file.

The folder that is written is itself a person's folder, and `records.csv` in it can be imported into another one.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import IO, Any

from davy.disk import names_last
from davy.errors import Fault, InputError, StoreError
from davy.followup.records import COLUMNS, quoted, record_of
from davy.store.folder import Folder
from davy.store.layout import LOGS, MAPPINGS, PERSON, TRIAL, logs_of, withdrawn_in
from davy.store.log import Entry, Log

TABLE, DOCUMENT, SUMS, ABOUT = "records.csv", "folder.json", "SHA256SUMS", "README.txt"
_ABOUT = """\
Everything that Davy kept about one person.

records.csv         every record, one line each; `davy records import records.csv --into FOLDER` reads it back
folder.json         the same with everything else: what was not believed, decisions, the person file, the mappings
*.jsonl, *.head     the logs as they were
person.yaml         the person file, where there was one
SHA256SUMS          a digest of each file: `sha256sum -c SHA256SUMS`

A cell that begins with an apostrophe began with = + - or @: so no spreadsheet takes it for a formula.
"""


def export(folder: Folder, out: Path, *, salvage: bool = False) -> tuple[int, tuple[str, ...]]:
    """Write everything of a folder to a new folder, which is there whole or not at all.

    Parameters
    ----------
    out : must not be there yet.
    salvage : also where a log is broken: what is whole is exported, and what is not is told.

    Returns
    -------
    How many records, and what was wrong with the logs.

    Raises
    ------
    InputError : there is nothing to export, or `out` is there.
    StoreError : a log is not what was written, or the disk does not take the export.
    """
    if not folder.exists:
        raise InputError([Fault(str(folder.path), "this is no person's folder", "the folder named with --into")])
    if out.exists() or out.is_symlink():
        raise InputError([Fault(str(out), "this is there already, and nothing is written over", "another name")])
    waiting = out.with_name(f"{out.name}.part")
    try:
        shutil.rmtree(waiting, ignore_errors=True)
        waiting.mkdir(mode=0o700, parents=True)
        found = _written(folder, waiting, salvage=salvage)
        waiting.replace(out)
        names_last(out.parent)
    except OSError as error:
        raise StoreError(f"{out} cannot be written: {error.strerror}; nothing was exported") from None
    finally:
        with suppress(OSError):
            shutil.rmtree(waiting, ignore_errors=True)
    return found


def _written(folder: Folder, out: Path, *, salvage: bool) -> tuple[int, tuple[str, ...]]:
    wrong: list[str] = []
    with (out / DOCUMENT).open("w", encoding="utf-8", newline="\n") as document:
        document.write('{"schema": "davy.folder/1",\n"records": [')
        with (out / TABLE).open("w", encoding="utf-8", newline="") as table:
            count = _records(folder, table, document, _reader(salvage, wrong))
        for log in (logs_of(folder.path).quarantine, logs_of(folder.path).decisions):
            document.write(f'],\n"{log.path.stem}": [')
            _listed(document, (asdict(entry) for entry in _reader(salvage, wrong)(log)))
        texts = {"person": _text(folder.path / PERSON), "mappings": _mappings(folder), "damage": wrong}
        document.write("],\n" + json.dumps(texts, ensure_ascii=False)[1:-1] + "}\n")
    for path in sorted(_kept(folder)):
        target = out / path.relative_to(folder.path)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(path, target)
    (out / ABOUT).write_text(_ABOUT, encoding="utf-8", newline="\n")
    _sums(out)
    return count, tuple(dict.fromkeys(wrong))


def _reader(salvage: bool, wrong: list[str]) -> Callable[[Log], Iterator[Entry]]:
    """Reads a log whole, or raises; with `salvage` what is wrong is noted, and lines that prove themselves are read."""

    def entries(log: Log) -> Iterator[Entry]:
        last = 0
        try:
            for entry in log.entries():
                last = entry.number
                yield entry
        except StoreError as error:
            if not salvage:
                raise
            wrong.append(str(error).partition(". Nothing more")[0])
            yield from _after(log, last)
        if log.healed:
            wrong.append(log.healed.sentence(log.path.name))

    return entries


def _after(log: Log, last: int) -> Iterator[Entry]:
    """Entries behind a break: only records prove themselves, by the digest of their content that is their id."""
    with log.path.open("rb") as handle:
        for line in handle:
            try:
                said = json.loads(line)
                record = record_of(said["body"]) if said["n"] > last and said["type"] == "record" else None
                if record is not None and record.id == said["body"]["id"]:
                    yield Entry(said["n"], said["type"], said["body"])
            except (ValueError, KeyError, TypeError):
                continue


def _records(folder: Folder, table: IO[str], document: IO[str], entries: Callable[[Log], Iterator[Entry]]) -> int:
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    count = 0
    log = logs_of(folder.path).records
    withdrawn = withdrawn_in(log)

    def bodies() -> Iterator[dict[str, Any]]:
        nonlocal count
        for entry in entries(log):
            if entry.type == "record" and entry.number > withdrawn.get(str(entry.body.get("id")), 0):
                count += 1
                writer.writerow([_cell(entry.body.get(name)) for name in COLUMNS])
                yield entry.body

    _listed(document, bodies())
    return count


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return repr(value)
    return "" if value is None else quoted(str(value))


def _listed(document: IO[str], bodies: Iterator[dict[str, Any]]) -> None:
    before = "\n"
    for body in bodies:
        document.write(before + json.dumps(body, ensure_ascii=False))
        before = ",\n"


def _kept(folder: Folder) -> Iterator[Path]:
    names = [PERSON, *TRIAL, *(f"{name}{end}" for name in LOGS for end in (".jsonl", ".head"))]
    yield from (path for name in names if (path := folder.path / name).is_file())
    yield from (path for path in (folder.path / MAPPINGS).glob("*.yaml") if path.is_file())


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None


def _mappings(folder: Folder) -> dict[str, str | None]:
    return {path.stem: _text(path) for path in sorted((folder.path / MAPPINGS).glob("*.yaml"))}


def _sums(out: Path) -> None:
    """A digest of every file, and everything on disk before the folder gets its name."""
    lines = StringIO()
    for path in sorted(out.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256()
            with path.open("rb") as handle:
                while block := handle.read(2**20):
                    digest.update(block)
                os.fsync(handle.fileno())
            lines.write(f"{digest.hexdigest()}  {path.relative_to(out).as_posix()}\n")
    with (out / SUMS).open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(lines.getvalue())
        handle.flush()
        os.fsync(handle.fileno())
