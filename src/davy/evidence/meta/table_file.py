"""Reads a CSV file of studies into columns of text, with the line of each row for every message."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from davy.errors import Fault, InputError
from davy.evidence.meta.effect import Floats

BLANK = frozenset({"", "NA", "na", "N/A", "NaN", "nan", ".", "-"})


@dataclass(frozen=True)
class StudyTable:
    """Columns of text, blank cells as empty strings.

    Attributes
    ----------
    name : what to call the table in messages.
    columns : cells by column, each a tuple of one entry a row.
    lines : the line of each row in the file.
    """

    name: str
    columns: Mapping[str, tuple[str, ...]]
    lines: tuple[int, ...]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.lines)

    def where(self, row: int, column: str | None = None) -> str:
        """How a message names a cell or a row."""
        place = f"{self.name}, line {self.lines[row]}"
        return place if column is None else f"{place}, column {column}"

    def has(self, *names: str) -> bool:
        """Whether all these columns are there."""
        return all(name in self.columns for name in names)


def read_studies(path: Path) -> StudyTable:
    """The table of a CSV file; raises InputError when it cannot be read as one."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError([Fault(str(path), "there is no such file")]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            [Fault(str(path), f"this file cannot be read as text: {error}", "a CSV file in UTF-8")]
        ) from None
    return parse_studies(text, name=str(path))


def parse_studies(text: str, *, name: str) -> StudyTable:
    """The table of a CSV text; raises InputError that names every faulty line."""
    reader = csv.reader(io.StringIO(text))
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise InputError([Fault(f"{name}, line {reader.line_num}", str(error), "a CSV file")]) from None
    if not lines:
        raise InputError([Fault(name, "this file is empty", "a header line and one line a study")])
    header = [cell.strip() for cell in lines[0][1]]
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise InputError(
            [Fault(f"{name}, line 1", "the columns are not separated by commas", "commas, decimal points")]
        )
    faults = [Fault(f"{name}, line 1", f"the column {one!r} stands twice") for one in _twice(header)]
    for line, cells in lines[1:]:
        if len(cells) != len(header):
            faults.append(Fault(f"{name}, line {line}", f"{len(cells)} cells where the header has {len(header)}"))
    if faults:
        raise InputError(faults)
    if len(lines) == 1:
        raise InputError([Fault(name, "there is a header and no study below it")])
    body = [[_cell(cell) for cell in cells] for _, cells in lines[1:]]
    columns = {column: tuple(row[k] for row in body) for k, column in enumerate(header) if column}
    return StudyTable(name, columns, tuple(line for line, _ in lines[1:]))


def table_of_rows(rows: Sequence[Mapping[str, object]], *, name: str = "studies") -> StudyTable:
    """The table of mappings from column to value, as a program hands them over; None is a blank cell."""
    if not rows:
        raise InputError([Fault(name, "there is no study")])
    header = list(dict.fromkeys(column for row in rows for column in row))
    columns = {
        column: tuple(_cell("" if row.get(column) is None else str(row[column])) for row in rows) for column in header
    }
    return StudyTable(name, columns, tuple(range(1, len(rows) + 1)))


def numbers(table: StudyTable, column: str, faults: list[Fault]) -> Floats:
    """The column as numbers, NaN where blank; adds a fault for each cell that is no finite number."""
    found = np.full(table.rows, np.nan)
    for row, cell in enumerate(table.columns.get(column, ("",) * table.rows)):
        if not cell:
            continue
        try:
            found[row] = float(cell)
        except ValueError:
            faults.append(Fault(table.where(row, column), f"{cell!r} is not a number", "digits with a decimal point"))
            continue
        if not math.isfinite(found[row]):
            faults.append(Fault(table.where(row, column), f"{cell!r} is not a finite number"))
    return found


def _cell(cell: str) -> str:
    text = cell.strip()
    return "" if text in BLANK else text


def _twice(header: list[str]) -> list[str]:
    return sorted({one for one in header if one and header.count(one) > 1})
