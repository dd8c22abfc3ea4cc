"""A first look at a whole diary, before a single cell is believed: the order of its dates, its decimals, its scales."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from davy.errors import Fault, InputError
from davy.exchange.dates import DateRule, DateSurvey, Order, zone_of
from davy.exchange.delimited import Cells
from davy.exchange.diary.cells import is_blank
from davy.exchange.diary.columns import Columns
from davy.exchange.diary.mapping import DiaryMapping

DATED = ("date", "start", "end")
NUMBERS = frozenset(
    "pain pain_0_100 sleep_onset_min asleep_min asleep_h cramps loose_stools supplement_mg dietary_mg hrv_sdnn_ms "
    "hrv_rmssd_ms resting_heart_rate alcohol_g duration_h duration_min".split()
)
_COMMA = re.compile(r"[+-]?\d+,(?:\d{1,2}|\d{4,})")
_ABOVE_TEN = re.compile(r"\d{2,}(?:[.,]\d+)?")


@dataclass
class Survey:
    """What a diary shows about itself as a whole.

    Attributes
    ----------
    comma : whether some number has a decimal comma that can be nothing else.
    above_ten : by column, how many pain cells are above 10, and the line of the first.
    """

    dates: DateSurvey = field(default_factory=DateSurvey)
    comma: bool = False
    above_ten: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])
    rows: int = 0

    def rule(self, mapping: DiaryMapping, today: date, name: str) -> DateRule:
        """How the dates of the file read.

        Raises
        ------
        InputError : they could be read in two ways, or contradict each other.
        """
        zone = zone_of(mapping.zone) if mapping.zone else None
        return DateRule(mapping.dates or self._order(name), today, zone)

    def _order(self, name: str) -> Order | None:
        seen, first = self.dates.seen, self.dates.first
        if seen["day-first"] and seen["month-first"]:
            day, month = first["day-first"], first["month-first"]
            what = f"'{day[1]}' begins with the day, and '{month[1]}' on line {month[0]} with the month"
            right = "one order throughout, or dates: day-first in a mapping file to set the others aside"
            raise InputError([Fault(f"{name}, line {day[0]}", what, right)])
        if seen["day-first"]:
            return "day-first"
        if seen["month-first"]:
            return "month-first"
        if seen["either"]:
            line, text = first["either"]
            what = f"'{text}' could be two different days, and no date of the file settles it"
            right = "write 2026-03-01, or say dates: day-first (or month-first) in a mapping file"
            raise InputError([Fault(f"{name}, line {line}", what, right)])
        return None


def survey_of(rows: Iterable[Cells], columns: Columns) -> Survey:
    """Looks at every row once."""
    found = Survey()
    dated = [column.index for column in columns.read if column.field in DATED]
    numbers = [column.index for column in columns.read if column.field in NUMBERS]
    pains = [column.index for column in columns.of("pain")]
    for row in rows:
        found.rows += 1
        cells, width = row.cells, len(row.cells)
        for index in dated:
            if index < width and not is_blank(cells[index]):
                found.dates.add(cells[index], row.line)
        if not found.comma:
            found.comma = any(index < width and _COMMA.fullmatch(cells[index].strip()) for index in numbers)
        for index in pains:
            if index < width and _is_above_ten(cells[index].strip()):
                count, line = found.above_ten.get(index, (0, row.line))
                found.above_ten[index] = (count + 1, line)
    return found


def _is_above_ten(cell: str) -> bool:
    return _ABOVE_TEN.fullmatch(cell) is not None and float(cell.replace(",", ".")) > 10
