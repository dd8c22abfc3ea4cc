"""One thing wrong with the knowledge, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from davy.evidence.ledger import Line


@dataclass(frozen=True)
class Problem:
    """A fault of a table or a model: the file below `knowledge/`, line and column where known, and what is wrong."""

    file: str
    what: str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = f"knowledge/{self.file}"
        if self.line is not None:
            place += f", line {self.line}"
        if self.column is not None:
            place += f", column {self.column}"
        return f"{place}: {self.what}"


def at(line: Line, column: str, what: str) -> Problem:
    """Name a problem in that cell."""
    return Problem(line.file, what, line.number, column)
