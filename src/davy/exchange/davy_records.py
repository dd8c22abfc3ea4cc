"""Davy's own export of records: read back, every fact is the one that was exported."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from davy.errors import Fault, InputError
from davy.exchange.delimited import Cells, Layout, rows
from davy.exchange.importing import Asked, Reading
from davy.exchange.source_file import SourceFile
from davy.followup.records import COLUMNS, FIRST_COLUMNS, Found, Ignored, Quarantined, record_of, unquoted

_LAYOUT = Layout("utf-8-sig", ",")
_HEADER = ",".join(FIRST_COLUMNS).encode()
_NUMBERS = {"value": float, "line": int, "nth": int, "reference_low": float, "reference_high": float}


def reads(file: SourceFile) -> bool:
    """Whether the header is that of an export."""
    return file.begins(len(_HEADER) + 3).removeprefix(b"\xef\xbb\xbf").startswith(_HEADER)


def reading(file: SourceFile, asked: Asked) -> Reading:
    """How an export reads: as it was written.

    Raises
    ------
    InputError : a mapping was given, which an export does not need.
    """
    if asked.mapping is not None:
        raise InputError([Fault(file.name, "this is an export of Davy's own, which needs no mapping", "leave it out")])
    return Reading("davy_records", "davy", lambda: _found(file))


def _found(file: SourceFile) -> Iterator[Found]:
    for row in islice(rows(file, _LAYOUT), 1, None):
        try:
            yield _record(row)
        except (ValueError, KeyError, TypeError) as error:
            why = str(error) if str(error).startswith("it ") else "this line is not as it was exported"
            yield Quarantined(file.name, row.line, ",".join(row.cells)[:200], why)


def _record(row: Cells) -> Found:
    if len(row.cells) not in (len(COLUMNS), len(FIRST_COLUMNS)):
        raise ValueError
    said: dict[str, Any] = {}
    for name, cell in zip(COLUMNS, row.cells, strict=False):
        if cell:
            said[name] = _NUMBERS[name](cell) if name in _NUMBERS else unquoted(cell)
    record = record_of({"unit": "", **said})
    if record is None:
        return Ignored(f"records of the kind '{said['kind']}'", "this version of Davy does not know it")
    if record.id != said["id"]:
        raise ValueError("it was changed after it was exported: its id is that of another content")
    return record
