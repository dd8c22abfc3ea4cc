"""What is gathered while the rows of a table become effects, and how it is asked to be read."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from davy.errors import Fault
from davy.evidence.meta.counts_effects import Correction
from davy.evidence.meta.effect import Counts, Floats, Measure, Rates
from davy.evidence.meta.table_file import StudyTable, numbers


@dataclass(frozen=True)
class Reading:
    """How to read a table.

    Attributes
    ----------
    measure : the measure asked for, or None for that of the file.
    correction : what is done about empty cells.
    level : of printed confidence intervals.
    split_controls : whether a control group that stands in several rows is shared out among them.
    correlation : assumed between two values of one person where a row does not tell it; None assumes nothing.
    """

    measure: Measure | None = None
    correction: Correction = field(default_factory=Correction)
    level: float = 0.95
    split_controls: bool = False
    correlation: float | None = None


@dataclass
class Gathered:
    """Effects, row by row, with what has to be said about them; NaN in `yi` leaves the row out."""

    table: StudyTable
    reading: Reading
    measure: Measure
    yi: Floats = field(default_factory=lambda: np.empty(0))
    vi: Floats = field(default_factory=lambda: np.empty(0))
    ni: Floats | None = None
    counts: Counts | None = None
    rates: Rates | None = None
    assumed_r: float | None = None
    choices: list[str] = field(default_factory=list[str])
    warnings: list[str] = field(default_factory=list[str])
    faults: list[Fault] = field(default_factory=list[Fault])

    def column(self, name: str) -> Floats:
        """A column as numbers; NaN where it is blank or absent."""
        return numbers(self.table, name, self.faults)

    def fault(self, row: int, column: str, what: str, right: str = "") -> None:
        """Notes what is wrong with a cell."""
        self.faults.append(Fault(self.table.where(row, column), what, right))

    def warn(self, row: int, what: str) -> None:
        """Notes what a reader must know of a row."""
        study = self.table.columns.get("study", ("",) * self.table.rows)[row]
        name = f" ({study})" if study else ""
        self.warnings.append(f"{self.table.where(row)}{name}: {what}")

    def need_positive(self, name: str, values: Floats, *, zero: bool = False) -> None:
        """Notes every value that is negative, or zero where that is not allowed."""
        for row in np.flatnonzero((values < 0) if zero else (values <= 0)):
            bound = "0 or more" if zero else "above 0"
            self.fault(int(row), name, f"{values[row]:g} is not {bound}")
