"""Every line of every table as plain cells, so that a rule can point at file, line and column whatever the row type."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable

from davy.tables import knowledge_file

_KEYS = {
    "pathway_ports.csv": ("pathway", "direction", "port"),
    "pathway_parameters.csv": ("pathway", "set", "id"),
    "pathway_anchors.csv": ("pathway", "anchor"),
    "pathway_outcomes.csv": ("pathway", "outcome"),
    "pathway_feeds.csv": ("pathway", "port"),
    "pathway_people.csv": ("pathway", "output", "people"),
}
"""Columns that together name a row, in tables whose rows belong to a row of another."""


@dataclass(frozen=True)
class Line:
    """One line of a table: `file` below `knowledge/`, the line number in it, and its cells by column."""

    file: str
    number: int
    cells: dict[str, str]

    def words(self, column: str) -> tuple[str, ...]:
        """Split a cell into its words, divided by semicolons; empty where the column is absent or blank."""
        return tuple(word.strip() for word in self.cells.get(column, "").split(";") if word.strip())

    @property
    def name(self) -> str:
        """The id of the row; where its table gives it none, the columns that together are one."""
        key = _KEYS.get(self.file, ("id",))
        return ".".join(self.cells.get(column, "") for column in key)


def lines_of(file: str, text: str) -> tuple[Line, ...]:
    """Read the lines of one table."""
    reader = csv.DictReader(io.StringIO(text))
    found: list[Line] = []
    for record in reader:
        cells = {column: (cell or "").strip() for column, cell in record.items() if column}
        found.append(Line(file, reader.line_num, cells))
    return tuple(found)


_EXAMPLES = "examples"  # what a user might bring, also as CSV: no table of ours


def _tables(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in sorted(folder.iterdir(), key=lambda found: found.name):
        if entry.is_dir() and entry.name != _EXAMPLES:
            yield from _tables(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".csv"):
            yield f"{prefix}{entry.name}", entry.read_text(encoding="utf-8")


@cache
def table_texts() -> dict[str, str]:
    """Read the text of every table below `knowledge/`, by its path there."""
    return dict(_tables(knowledge_file("")))


@cache
def ledger() -> tuple[Line, ...]:
    """Every line of every table."""
    return tuple(line for file, text in table_texts().items() for line in lines_of(file, text))
