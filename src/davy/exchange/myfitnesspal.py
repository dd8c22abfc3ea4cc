"""MyFitnessPal: its export has no magnesium, so what was eaten is there and none of it has an amount."""

from __future__ import annotations

from collections.abc import Iterator

from davy.errors import Fault, InputError
from davy.exchange.dates import DateRule, Unreadable, day_of
from davy.exchange.delimited import Cells, Layout, encoding_of, header_of, layout_of, rows
from davy.exchange.device import refuse_columns
from davy.exchange.diary.cells import is_blank
from davy.exchange.importing import Asked, Reading
from davy.exchange.source_file import SourceFile
from davy.followup.records import Found, Ignored, Quarantined, Record, Remark
from davy.people.vocabulary import plain

SOURCE = "MyFitnessPal"
_NUTRITION = frozenset(("date", "meal", "calories"))
_LARGEST_TEXT = 120


def reads(file: SourceFile) -> bool:
    """Whether its header is that of the nutrition summary."""
    return _is(header_of(file))


def _is(cells: list[str]) -> bool:
    names = {cell.strip().casefold() for cell in cells}
    return names >= _NUTRITION and bool(names & {"carbohydrates (g)", "protein (g)", "fat (g)", "sodium (mg)"})


def reading(file: SourceFile, asked: Asked) -> Reading:
    """How a nutrition summary reads: meals without an amount of magnesium.

    Raises
    ------
    InputError : it is no text, has another header, or a mapping names columns.
    """
    refuse_columns(file, asked, SOURCE)
    encoding = encoding_of(file)
    layout = layout_of(file, encoding, None, 0, lambda cells: len(cells) if _is(cells) else 0)
    header = next(rows(file, layout), None)
    if header is None or not _is(header.cells):
        raise InputError([Fault(file.name, "there is no header of MyFitnessPal in this file", "export it again")])
    return Reading("myfitnesspal", SOURCE, lambda: _found(file, layout))


def _found(file: SourceFile, layout: Layout) -> Iterator[Found]:
    yield Remark(
        f"{file.name}: MyFitnessPal exports no magnesium. Its meals are kept as eaten and unquantified: such a day has "
        "no upper bound, and never counts as a day without magnesium."
    )
    every = rows(file, layout)
    names = [cell.strip().casefold() for cell in next(every).cells]
    date_at, meal_at = names.index("date"), names.index("meal")
    rule = DateRule("year-first", file.today)
    for row in every:
        try:
            yield _meal(file, row, (date_at, meal_at), rule)
        except Unreadable as error:
            yield Quarantined(file.name, row.line, ",".join(row.cells)[:_LARGEST_TEXT], str(error))


def _meal(file: SourceFile, row: Cells, at: tuple[int, int], rule: DateRule) -> Found:
    day, meal = (row.cells[index].strip() if index < len(row.cells) else "" for index in at)
    if plain(day) in ("total", "totals", ""):
        return Ignored("a line that is not of one day", "it adds up others")
    if plain(meal) in ("total", "totals"):
        return Ignored("a total of a day", "its meals are read")
    if sum(1 for cell in row.cells if not is_blank(cell)) < 2:
        return Ignored("a line with a date alone", "blank is unknown, never zero")
    return Record("dietary", day_of(day, rule), text=meal or "a meal", source=SOURCE, file=file.name, line=row.line)
