"""What one row of a diary says: its cells that are not blank, its day and clock time, and how its file reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from davy.exchange.dates import DateRule, Unreadable, when_of
from davy.exchange.delimited import Cells
from davy.exchange.diary.cells import is_blank, yes_or_no
from davy.exchange.diary.columns import Column, Columns
from davy.exchange.diary.mapping import DiaryMapping
from davy.exchange.diary.survey import Survey
from davy.followup.records import Kind, Moment, Quarantined, Record

SHOWN = 200
"""How many characters of a cell or row are shown where it could not be believed."""


@dataclass(frozen=True)
class Diary:
    """How one file reads: its name, its columns, its mapping, what the survey found, and the rule for its dates."""

    name: str
    columns: Columns
    mapping: DiaryMapping
    survey: Survey
    rule: DateRule

    @property
    def comma(self) -> bool | None:
        """Whether decimals have a comma; None where nothing says so."""
        if self.mapping.decimal is not None:
            return self.mapping.decimal == ","
        return True if self.survey.comma else None


@dataclass(frozen=True, slots=True)
class Said:
    """One row: the line on which it begins, its cells by field, its day, its clock time where it has one."""

    diary: Diary
    line: int
    cells: dict[str, tuple[str, Column]]
    day: date
    at: Moment

    def cell(self, field: str) -> str | None:
        """The cell of a field; None where it is blank."""
        found = self.cells.get(field)
        return None if found is None else found[0]

    def yes_no(self, cell: str) -> bool:
        """A yes or a no, in the words of the mapping or the usual ones; raises Unreadable."""
        mapping = self.diary.mapping
        return yes_or_no(cell, mapping.yes, mapping.no)

    def record(
        self,
        kind: Kind,
        start: Moment,
        value: float | None = None,
        *,
        end: Moment | None = None,
        text: str = "",
        nth: int = 0,
    ) -> Record:
        """A record of this row."""
        source, file = self.diary.mapping.source, self.diary.name
        return Record(kind, start, end, value, text=text, source=source, file=file, line=self.line, nth=nth)

    def doubted(self, field: str, why: str) -> Quarantined:
        """A cell of this row that cannot be believed."""
        cell, column = self.cells[field]
        return Quarantined(self.diary.name, self.line, cell.strip()[:SHOWN], f"column '{column.header}': {why}")


def said_by(row: Cells, diary: Diary) -> Said:
    """What a row says; raises Unreadable where it has no day."""
    cells = _cells(row, diary.columns)
    if any(field not in ("date", "time") for field in cells):
        for column in diary.columns.read:
            if column.entry.blank == "no" and column.field not in cells:
                cells[column.field] = ("no", column)
    day, at = _when(cells, diary.rule)
    return Said(diary, row.line, cells, day, at)


def _cells(row: Cells, columns: Columns) -> dict[str, tuple[str, Column]]:
    found: dict[str, tuple[str, Column]] = {}
    for column in columns.read:
        cell = row.cells[column.index] if column.index < len(row.cells) else ""
        if not is_blank(cell):
            before = found.get(column.field)  # of a field that several columns may hold
            found[column.field] = (cell if before is None else f"{before[0]}\n{cell}", column)
    return found


def _when(cells: dict[str, tuple[str, Column]], rule: DateRule) -> tuple[date, Moment]:
    """The day of a row, from its date or else from its start, and its clock time where its date or its time has one."""
    stated, start = cells.get("date"), cells.get("start")
    cell = stated or start
    if cell is None:
        raise Unreadable("it has no date")
    at = when_of(cell[0], rule)
    if isinstance(at, time):
        raise Unreadable(f"'{cell[0].strip()}' has no date")
    day = at.date() if isinstance(at, datetime) else at
    clock = cells.get("time")
    if clock is None:
        return day, at if stated is not None else day
    written = when_of(clock[0], rule)
    if isinstance(written, time):
        return day, datetime.combine(day, written)
    if isinstance(written, datetime) and written.date() == day:
        return day, written
    raise Unreadable(f"'{clock[0].strip()}' is not a clock time on {day}, like 22:30")
