"""Cronometer: ``servings.csv`` food by food, ``dailysummary.csv`` day by day, ``biometrics.csv``; columns by name.

A blank is unknown, never zero: a food without a figure for magnesium is there and unquantified. What was logged as a
supplement is magnesium besides food. A day that was not marked as completed has no upper bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from davy.errors import Fault, InputError
from davy.exchange.cronometer_biometrics import METRICS, measurement
from davy.exchange.dates import DateRule, Unreadable, when_of
from davy.exchange.delimited import Cells, Layout, encoding_of, header_of, layout_of, rows
from davy.exchange.device import refuse_columns
from davy.exchange.diary.cells import is_blank, number
from davy.exchange.importing import Asked, Reading
from davy.exchange.source_file import SourceFile
from davy.followup.records import Found, Ignored, Kind, Moment, Quarantined, Record, Remark, implausible, local_day
from davy.people.vocabulary import canonical_test, plain

SOURCE, SUMMARY = "Cronometer", "Cronometer daily summary"
SERVINGS = "cronometer servings"
"""How a reading of single foods is called."""
_MAGNESIUM = re.compile(r"magnesium\b\s*(?:\(\s*(?P<unit>[^)]*)\s*\))?")
_IN_MG = {"mg": 1.0, "g": 1000.0, "µg": 0.001, "μg": 0.001, "ug": 0.001, "mcg": 0.001}
_SUPPLEMENTS = frozenset(("supplement", "supplements", "vitamins", "vitamins supplements", "dietary supplements"))
_WATERS = frozenset(("water", "wasser", "eau"))
_TRUE = frozenset(("true", "yes", "1"))
_SHOWN = 120


@dataclass(frozen=True)
class _Table:
    """One table of the export: how it reads, which column holds what, and its magnesium in mg."""

    file: SourceFile
    layout: Layout
    kind: str
    columns: dict[str, int]
    width: int
    magnesium: int | None
    mg: float

    def cell(self, row: Cells, name: str) -> str:
        """A cell by the name of its column; empty where there is none."""
        at = self.columns.get(name)
        return row.cells[at].strip() if at is not None and at < len(row.cells) else ""

    def record(self, kind: Kind, at: Moment, row: Cells, value: float | None = None, text: str = "") -> Record:
        """A record of a row; the totals of days are a source of their own."""
        source = SUMMARY if self.kind == "dailysummary" else SOURCE
        return Record(kind, at, value=value, text=text, source=source, file=self.file.name, line=row.line)


def reads(file: SourceFile) -> bool:
    """Whether its header is that of one of the tables of an export."""
    return _kind(header_of(file)) is not None


def reading(file: SourceFile, asked: Asked) -> Reading:
    """How a table of Cronometer reads.

    Raises
    ------
    InputError : it is no text, its magnesium has no unit, or a mapping names columns.
    """
    refuse_columns(file, asked, SOURCE)
    encoding = encoding_of(file)
    layout = layout_of(file, encoding, None, 0, lambda cells: len(cells) if _kind(cells) else 0)
    header = next(rows(file, layout), None)
    kind = None if header is None else _kind(header.cells)
    if header is None or kind is None:
        raise InputError([Fault(file.name, "there is no header of Cronometer in this file", "export it again")])
    names = [cell.strip().casefold() for cell in header.cells]
    columns = {name: index for index, name in reversed(list(enumerate(names)))}
    at, mg = _magnesium(names, file.name)
    table = _Table(file, layout, kind, columns, len(names), at, mg)
    return Reading(f"cronometer {kind}", SOURCE, lambda: _found(table))


def _kind(cells: list[str]) -> str | None:
    """Which table has this header."""
    names = {cell.strip().casefold() for cell in cells}
    if {"day", "food name", "amount"} <= names:
        return "servings"
    if {"day", "metric", "unit", "amount"} <= names:
        return "biometrics"
    energy = names & {"energy (kcal)", "energy (kj)"}
    ended = "completed" in names and (energy or "group" in names or any(map(_MAGNESIUM.fullmatch, names)))
    if names & {"date", "day"} and "food name" not in names and (ended or (energy and _nutrients(names))):
        return "dailysummary"
    return None


def _nutrients(names: set[str]) -> bool:
    """Whether there are nutrients as Cronometer names them."""
    return len(names & {"protein (g)", "carbs (g)", "fat (g)", "magnesium (mg)"}) > 1


def _magnesium(names: list[str], name: str) -> tuple[int | None, float]:
    """The column of magnesium, and how many mg one of its unit is."""
    found = [(index, match) for index, text in enumerate(names) if (match := _MAGNESIUM.fullmatch(text))]
    if not found:
        return None, 1.0
    if len(found) > 1:
        raise InputError([Fault(f"{name}, line 1", "two columns say magnesium", "take the wrong one out")])
    index, match = found[0]
    unit = (match["unit"] or "").strip()
    if unit not in _IN_MG:
        what = f"the unit of magnesium is '{unit}'" if unit else "the column of magnesium has no unit"
        raise InputError([Fault(f"{name}, line 1", what, "like Magnesium (mg)")])
    return index, _IN_MG[unit]


def _found(table: _Table) -> Iterator[Found]:
    yield from _remarks(table)
    rule = DateRule("year-first", table.file.today)
    twice = _Twice()
    for row in islice(rows(table.file, table.layout), 1, None):
        try:
            for one in _row(table, row, rule):
                yield twice.numbered(one) if isinstance(one, Record) else one
        except Unreadable as error:
            yield Quarantined(table.file.name, row.line, _told(row), str(error))


def _remarks(table: _Table) -> Iterator[Remark]:
    name = table.file.name
    if table.kind != "biometrics" and table.magnesium is None:
        yield Remark(f"{name}: it has no column for magnesium, so no amount of it is known from this file.")
    if table.kind == "dailysummary" and table.magnesium is not None:
        yield Remark(
            f"{name}: its totals leave out foods of which Cronometer knows no magnesium and hold supplements that were "
            "logged there; servings.csv tells them apart."
        )


def _row(table: _Table, row: Cells, rule: DateRule) -> Iterator[Found]:
    if any(cell.strip() for cell in row.cells[table.width :]):
        raise Unreadable("it has more cells than the header")
    at = _moment(table, row, rule)
    made = {"servings": _serving, "dailysummary": _day, "biometrics": _biometric}[table.kind]
    yield from made(table, row, at)


def _moment(table: _Table, row: Cells, rule: DateRule) -> Moment:
    day, time = table.cell(row, "day") or table.cell(row, "date"), table.cell(row, "time")
    if is_blank(day):
        raise Unreadable("it does not say which day")
    found = when_of(f"{day} {time}".strip() if not is_blank(time) else day, rule)
    if not hasattr(found, "year"):
        raise Unreadable(f"'{day}' has no date")
    return found  # pyright: ignore[reportReturnType]


def _mg(table: _Table, row: Cells) -> float | None:
    """The magnesium of a row [mg]; None where it is not said, which is not zero."""
    if table.magnesium is None or table.magnesium >= len(row.cells) or is_blank(row.cells[table.magnesium]):
        return None
    mg = number(row.cells[table.magnesium], comma=None) * table.mg
    if mg < 0:
        raise Unreadable(f"'{row.cells[table.magnesium].strip()}' mg of magnesium is less than nothing")
    return mg


def _serving(table: _Table, row: Cells, at: Moment) -> Iterator[Found]:
    """One food or supplement."""
    food, amount = table.cell(row, "food name"), table.cell(row, "amount")
    text = f"{food} ({amount})" if amount else food
    if not food:
        raise Unreadable("it does not say which food")
    extra = _is_supplement(table.cell(row, "category"), table.cell(row, "group"), food)
    try:
        mg = _mg(table, row)
        made = table.record("supplement" if extra else "dietary", at, row, mg, text)
        if (why := implausible(made)) is not None:
            raise Unreadable(why)
    except Unreadable as error:  # it was eaten all the same, so the day has no upper bound
        yield Quarantined(table.file.name, row.line, _told(row), str(error))
        if not extra:
            yield table.record("dietary", at, row, text=text)
        return
    if extra:
        if mg is None:
            yield Ignored(f"the supplement {food[:_SHOWN]}", "Cronometer says nothing about its magnesium")
        elif mg > 0:
            yield made
        return
    yield made


@lru_cache(maxsize=16_384)
def _is_supplement(category: str, group: str, food: str) -> bool:
    """Whether it is no food: by its category or group, else a name that is magnesium itself and no water."""
    if plain(category) in _SUPPLEMENTS or plain(group) in _SUPPLEMENTS:
        return True
    words = plain(food).split()
    return "magnesium" in words and not _WATERS & set(words)


def _day(table: _Table, row: Cells, at: Moment) -> Iterator[Found]:
    """The total of a day, or of one meal where the export has groups."""
    mg, group = _mg(table, row), table.cell(row, "group")
    if "group" in table.columns and plain(group) in ("total", "totals"):
        yield Ignored("a total beside the groups of a day", "the groups are read")
        return
    complete = table.cell(row, "completed").casefold() in _TRUE
    if mg == 0 and _eaten(table, row):
        yield table.record("dietary", at, row, text="food without a figure for magnesium")
        return
    if mg is None or (mg == 0 and not complete):
        yield Ignored("a day without a figure for magnesium", "unknown, never zero")
        return
    if complete and "group" not in table.columns:
        yield table.record("dietary_day", at, row, mg)
        return
    yield table.record("dietary", at, row, mg, group or "what was logged of the day")
    if not complete:
        yield table.record("dietary", at, row, text="a day that was not marked as completed")


def _eaten(table: _Table, row: Cells) -> bool:
    """Whether the day has energy: then a total of zero is one of foods of which nothing is known."""
    said = table.cell(row, "energy (kcal)") or table.cell(row, "energy (kj)")
    return not is_blank(said) and number(said, comma=None) > 0


def _biometric(table: _Table, row: Cells, at: Moment) -> Iterator[Found]:
    """One measurement."""
    metric, unit, amount = (table.cell(row, name) for name in ("metric", "unit", "amount"))
    if is_blank(amount):
        yield Ignored(f"the metric {metric[:_SHOWN]} without a value", "unknown, never zero")
        return
    try:
        found = measurement(metric, unit, amount, at, source=SOURCE)
    except Unreadable as error:
        test = canonical_test(metric) or ""
        about = (test, local_day(at).isoformat() if test else "")
        yield Quarantined(table.file.name, row.line, _told(row), str(error), *about)
        return
    if found is None:
        yield Ignored(f"the metric {metric[:_SHOWN]}", METRICS)
    else:
        yield replace(found, file=table.file.name, line=row.line)


class _Twice:
    """Counts servings that are the same in everything: a second cup of the same tea is meant."""

    def __init__(self) -> None:
        self._day: object = None
        self._seen: dict[tuple[object, ...], int] = {}

    def numbered(self, record: Record) -> Record:
        """The record, with its number where it is not the first of its kind on the day."""
        if record.source != SOURCE or record.kind not in ("dietary", "supplement"):
            return record
        if record.day != self._day:
            self._day, self._seen = record.day, {}
        key = (record.kind, record.start, record.value, record.text)
        nth = self._seen[key] = self._seen.get(key, -1) + 1
        return replace(record, nth=nth) if nth else record


def _told(row: Cells) -> str:
    """The beginning of a row, for its owner to find it again."""
    return ",".join(row.cells)[:_SHOWN]
