"""The headache and the pain of one row: an attack, pain that does not stop, or a statement about the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from davy.exchange.dates import Unreadable, day_of, when_of
from davy.exchange.diary.cells import minutes, quantity
from davy.exchange.diary.columns import TENTH, Column
from davy.exchange.diary.mapping import Scale, scale_on
from davy.exchange.diary.said import SHOWN, Said
from davy.followup.records import Found, Moment, Quarantined

SPANS = ("start", "end", "duration_h", "duration_min")
_TOLD = ("date", "headache", *SPANS)
LONGEST_MIN = 366 * 1440
_PAIN_UNITS = frozenset(("/10", "/100", "%", "mm"))
_UNIT_SCALES: tuple[tuple[str, Scale], ...] = (("/100", "0-100"), ("/10", "0-10"), ("%", "0-100"), ("mm", "0-100"))


def episode(said: Said) -> Iterator[Found]:
    """What a row says about headache and pain; where its span cannot be, what it says about the day still stands."""
    doubts: list[Found] = []
    pain = _pain(said, doubts)
    headache, continuous = _yes_no(said, "headache", doubts), _yes_no(said, "continuous", doubts)
    span = None
    if any(field in said.cells for field in SPANS):
        try:
            if headache is False and not continuous:
                raise Unreadable("it says that there was no headache, and also when one began or ended")
            span = _span(said)
        except Unreadable as error:
            doubts.append(Quarantined(said.diary.name, said.line, _shown(said), str(error)))
            headache = headache or None
    yield from doubts
    if span is not None:
        yield said.record("continuous_pain" if continuous else "attack", span[0], pain, end=span[1])
    elif continuous:  # a line about one day says nothing about the next
        yield said.record("continuous_pain", said.day, pain, end=said.day)
    elif pain is not None:
        yield said.record("pain", said.at, pain)
    if continuous is False:
        yield said.record("continuous_pain", said.day, 0.0, end=said.day)
    if headache is not None and (span is None or continuous):
        yield said.record("headache", said.day, float(headache))


def _shown(said: Said) -> str:
    return "; ".join(
        f"{said.cells[field][1].header}: {said.cells[field][0].strip()}" for field in _TOLD if field in said.cells
    )[:SHOWN]


def _yes_no(said: Said, field: str, doubts: list[Found]) -> bool | None:
    cell = said.cell(field)
    try:
        return None if cell is None else said.yes_no(cell)
    except Unreadable as error:
        doubts.append(said.doubted(field, str(error)))
        return None


def _pain(said: Said, doubts: list[Found]) -> float | None:
    """The pain on the scale from 0 to 10."""
    for field in ("pain", TENTH):
        if field in said.cells:
            try:
                return _on_scale(*said.cells[field], said)
            except Unreadable as error:
                doubts.append(said.doubted(field, str(error)))
    return None


def _on_scale(cell: str, column: Column, said: Said) -> float:
    scale = "0-100" if column.field == TENTH else scale_on(column.entry, said.day)
    count, line = said.diary.survey.above_ten.get(column.index, (0, 0))
    if scale is None and count > 1:
        raise Unreadable(
            f"{count} cells of this column are above 10, the first on line {line}: the scale is another, or changes; "
            "say scale: 0-10 or 0-100, and since when, in a mapping file"
        )
    written = next((unit_scale for unit, unit_scale in _UNIT_SCALES if cell.strip().lower().endswith(unit)), None)
    if written is not None and scale is not None and written != scale:
        raise Unreadable(f"'{cell.strip()}' is from {written}, and the column is from {scale}")
    scale = written or scale
    value = quantity(cell, _PAIN_UNITS, comma=said.diary.comma)
    most = 100.0 if scale == "0-100" else 10.0
    if not 0 <= value <= most:
        raise Unreadable(f"{value:g} is not on the scale from 0 to {most:g}")
    return value / 10 if scale == "0-100" else value


def _span(said: Said) -> tuple[Moment, Moment | None]:
    """When it began and ended; None where no end is written."""
    start = _start(said)
    lasted = _after(said, start)
    cell = said.cell("end")
    if cell is None:
        return start, lasted
    end = _end(cell, start, said)
    if lasted is not None and lasted != end:
        raise Unreadable(f"its end is {end:%Y-%m-%d %H:%M}, and its duration says {lasted:%Y-%m-%d %H:%M}")
    return start, end


def _start(said: Said) -> Moment:
    cell = said.cell("start")
    if cell is None:
        return said.day
    start = when_of(cell, said.diary.rule)
    if isinstance(start, time):
        return datetime.combine(said.day, start)
    if day_of(cell, said.diary.rule) != said.day:
        raise Unreadable(f"it is dated {said.day} and begins on {day_of(cell, said.diary.rule)}")
    return start


def _end(cell: str, start: Moment, said: Said) -> Moment:
    """The end; a clock time before the start is one of the next day."""
    end = when_of(cell, said.diary.rule)
    if isinstance(end, time):
        return _clock_end(end, start, said.day)
    if isinstance(end, datetime) and isinstance(start, datetime) and (end.tzinfo is None) != (start.tzinfo is None):
        raise Unreadable("of its start and its end one has a time zone and the other has none")
    return end


def _clock_end(end: time, start: Moment, day: date) -> datetime:
    if not isinstance(start, datetime):
        return datetime.combine(day, end)
    if end == start.time():
        raise Unreadable(f"it begins and ends at {end:%H:%M}: at once, or a day later?")
    ended = datetime.combine(start.date(), end, tzinfo=start.tzinfo)
    return ended if ended > start else ended + timedelta(days=1)


def _after(said: Said, start: Moment) -> datetime | None:
    """The end that a duration gives; None where none is written."""
    for field in ("duration_h", "duration_min"):
        cell = said.cell(field)
        if cell is None:
            continue
        lasted = minutes(cell, comma=said.diary.comma, hours=field == "duration_h")
        if not isinstance(start, datetime):
            raise Unreadable("it says how long an attack lasted, and no column named start at what time it began")
        if not 0 < lasted <= LONGEST_MIN:
            raise Unreadable(f"'{cell.strip()}' is not how long an attack lasts")
        return start + timedelta(minutes=lasted)
    return None
