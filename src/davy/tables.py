"""Reads the tables of `knowledge/`: one typed, frozen row a line, every fault with file, line and column.

This is the only door to the knowledge folder. A row type is a pydantic model; `SourcedRow` adds the
provenance columns that every number carries.
"""

from __future__ import annotations

import csv
import hashlib
import io
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from davy.errors import KnowledgeError

Verified = Literal["fulltext", "abstract", "secondary", "memory", "davy-rule", "computed", "assumed"]
Status = Literal["active", "davy-rule", "doubtful", "retracted", "concern", "typed", "unused"]


def _split(cell: object) -> object:
    if cell is None:
        return ()
    if isinstance(cell, str):
        return tuple(part.strip() for part in cell.split(";") if part.strip())
    return cell


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]
"""A cell that holds several words, divided by semicolons."""


class Row(BaseModel):
    """A row of a table: frozen, no unknown column; a blank cell is None or an empty tuple."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


class SourcedRow(Row):
    """A row that says why it is believed: source ids, the place in the source, how it was verified."""

    source: Words
    where: str | None = None
    verified: Verified
    status: Status
    note: str | None = None


RowT = TypeVar("RowT", bound=Row)


def knowledge_file(path: str) -> Traversable:
    """The file of that path below `knowledge/`."""
    return files("davy").joinpath("knowledge", *path.split("/"))


def parse_table(text: str, row: type[RowT], *, name: str) -> tuple[RowT, ...]:
    """Every row of a CSV text; raises KnowledgeError that names all faulty cells.

    Parameters
    ----------
    text : the table, with a header line.
    row : the type of one line.
    name : what to call the table in messages.
    """
    reader = csv.DictReader(io.StringIO(text), strict=True)
    rows: list[RowT] = []
    faults: list[str] = []
    for record in reader:
        cells: dict[str, str | None] = {}
        for column, cell in record.items():
            if column is None or cell is None:  # pyright: ignore[reportUnnecessaryComparison]
                faults.append(f"{name}, line {reader.line_num}: the number of cells is not that of the header")
                continue
            cells[column] = cell.strip() or None
        try:
            rows.append(row.model_validate({key: value for key, value in cells.items() if value is not None}))
        except ValidationError as error:
            for fault in error.errors():
                column = ".".join(str(part) for part in fault["loc"])
                faults.append(f"{name}, line {reader.line_num}, column {column}: {fault['msg']}")
    if faults:
        raise KnowledgeError("\n".join(faults))
    return tuple(rows)


@cache
def read_table(path: str, row: type[RowT]) -> tuple[RowT, ...]:
    """Every row of the knowledge table `path` (as ``forms.csv``), in file order."""
    return parse_table(knowledge_file(path).read_text(encoding="utf-8"), row, name=f"knowledge/{path}")


def _walk(folder: Traversable, prefix: str = "") -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = f"{prefix}{entry.name}"
        if entry.is_dir():
            found += _walk(entry, f"{name}/")
        elif entry.name.endswith((".csv", ".ant")):
            found.append((name, entry.read_bytes()))
    return found


@cache
def knowledge_fingerprint() -> str:
    """SHA-256 over every table and model of the knowledge folder [hex]."""
    digest = hashlib.sha256()
    for name, content in sorted(_walk(files("davy").joinpath("knowledge"))):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
