"""Reads the diary of an n-of-1 trial, ``day,arm,outcome[,period]``: blank is unknown, every rule that acts is told."""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np

from davy.errors import Fault, InputError
from davy.followup.n_of_1.blocks import block_length
from davy.followup.n_of_1.priors import Floats

COLUMNS = ("day", "arm", "outcome", "period")
LARGEST_FILE = 5_000_000
MOST_DAYS = 3660
"""Longest stretch that is read as one trial [d]."""
LONGEST_CARRY_D = 14
"""Days without a line through which an arm is taken to go on; after a longer gap nobody knows."""
PAUSES = frozenset({"run-in", "run in", "runin", "baseline", "washout", "wash-out", "wash out", "pause"})
"""Words in the arm column that name days on no arm."""
DECIMAL_COMMA = re.compile(r"^([+-]?\d+),(\d+)$")
"""A number as spreadsheets of many countries write it, where commas do not divide the cells."""
_BLANK = frozenset({"", "na", "n/a", "nan", "null", "none?", "-", "."})
RIGHT = "day,arm,outcome and perhaps period; day as 1, 2, 3 or 2026-11-22"


@dataclass(frozen=True)
class Entry:
    """One line as it was written, read."""

    line: int
    day: int
    arm: str | None
    outcome: float | None
    period: str | None


@dataclass(frozen=True)
class Diary:
    """Every day from the first on an arm to the last that was written.

    Attributes
    ----------
    day : (days,) consecutive day numbers.
    arm : (days,) the arm of each day; None = on no arm.
    outcome : (days,) NaN = unknown.
    period : (days,) as written, or None.
    first : the calendar day of the first number, where the file has dates.
    run_in : outcomes before the first arm.
    warnings : what was done by rule.
    name : what to call the file in messages.
    """

    day: Floats
    arm: tuple[str | None, ...]
    outcome: Floats
    period: tuple[str | None, ...]
    first: date | None
    run_in: tuple[float, ...]
    warnings: tuple[str, ...]
    name: str

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms in sort order."""
        return tuple(sorted({arm for arm in self.arm if arm is not None}))


def read_diary(path: Path, *, today: date | None = None) -> Diary:
    """The diary in a file.

    Raises
    ------
    InputError : every fault of the file at once, with its line.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError([Fault(str(path), f"this file cannot be read: {error.strerror}", RIGHT)]) from None
    if len(content) > LARGEST_FILE:
        raise InputError([Fault(str(path), "this is more than 5 MB, not a diary of days", RIGHT)])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError([Fault(str(path), "this is not text in UTF-8", "save it as CSV, UTF-8")]) from None
    return parse_diary(text, name=str(path), today=today)


def parse_diary(text: str, *, name: str = "diary", today: date | None = None) -> Diary:
    """The diary in a text; see `read_diary`."""
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        rows = [
            (reader.line_num, [cell.strip() for cell in row]) for row in reader if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise InputError([Fault(name, f"this is not a table: {error}", RIGHT)]) from None
    if len(rows) < 2:
        raise InputError([Fault(name, "there are no days in it", RIGHT)])
    place, warnings = _header(rows[0][1], name)
    if delimiter != ",":
        rows = [(line, [DECIMAL_COMMA.sub(r"\1.\2", cell) for cell in cells]) for line, cells in rows]
    faults: list[Fault] = []
    read = [_entry(line, cells, place, name, faults) for line, cells in rows[1:]]
    if faults:
        raise InputError(faults)
    entries = [entry for entry, _ in read if entry is not None]
    dated = {is_date for entry, is_date in read if entry is not None}
    if len(dated) > 1:
        raise InputError([Fault(name, "some days are dates and some are numbers", RIGHT)])
    if dated == {True} and today is not None:
        entries, warnings = _until(today, entries, warnings, name)
    return _days(_once(entries, warnings, name), warnings, name, dated=dated == {True})


def _delimiter(text: str) -> str:
    head = text.splitlines()[0] if text.strip() else ""
    return ";" if head.count(";") > head.count(",") else "\t" if "\t" in head and "," not in head else ","


def _header(cells: list[str], name: str) -> tuple[dict[str, int], list[str]]:
    heads = [cell.lower() for cell in cells]
    missing = [column for column in COLUMNS[:3] if column not in heads]
    if missing:
        raise InputError([Fault(f"{name}, line 1", f"there is no column {' and no '.join(missing)}", RIGHT)])
    twice = sorted({head for head in heads if head in COLUMNS and heads.count(head) > 1})
    if twice:
        raise InputError([Fault(f"{name}, line 1", f"the column {' and '.join(twice)} stands there twice", RIGHT)])
    others = [cell for cell in cells if cell and cell.lower() not in COLUMNS]
    told = [f"Other columns were not used: {', '.join(others)}."] if others else []
    return {column: heads.index(column) for column in COLUMNS if column in heads}, told


def _entry(
    line: int, cells: list[str], place: dict[str, int], name: str, faults: list[Fault]
) -> tuple[Entry | None, bool]:
    def cell(column: str) -> str | None:
        at = place.get(column)
        found = cells[at] if at is not None and at < len(cells) else ""
        return None if found.lower() in _BLANK else found

    where = f"{name}, line {line}"
    day, is_date = _day(cell("day"))
    outcome: float | None = None
    said = cell("outcome")
    if day is None:
        faults.append(Fault(f"{where}, day", f"{cell('day') or 'nothing'!r} is not a day", "a whole number or a date"))
    if said is not None:
        try:
            outcome = float(said)
        except ValueError:
            outcome = math.inf
        if not math.isfinite(outcome):
            faults.append(Fault(f"{where}, outcome", f"{said!r} is not a number", "a finite number; blank = missing"))
    if len(cells) > max(place.values()) + 1 and len(cells) > len(place) and any(cells[len(place) + 8 :]):
        faults.append(Fault(where, "there are far more cells than columns", RIGHT))
    entry = None if day is None else Entry(line, day, cell("arm"), outcome, cell("period"))
    return entry, is_date


def _day(said: str | None) -> tuple[int | None, bool]:
    if said is None:
        return None, False
    try:
        return date.fromisoformat(said).toordinal(), True
    except ValueError:
        pass
    try:
        number = float(said)
    except ValueError:
        return None, False
    return (int(number), False) if math.isfinite(number) and number == int(number) else (None, False)


def _until(today: date, entries: list[Entry], warnings: list[str], name: str) -> tuple[list[Entry], list[str]]:
    """Days that are still to come: planned lines are left out, outcomes are refused."""
    later = [entry for entry in entries if entry.day > today.toordinal()]
    faults = [
        Fault(f"{name}, line {entry.line}", f"{date.fromordinal(entry.day)} is still to come, but has an outcome",
              f"days up to {today}")
        for entry in later if entry.outcome is not None
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    told = [f"{len(later)} days after {today} were left out."] if later else []
    return [entry for entry in entries if entry.day <= today.toordinal()], [*warnings, *told]


def _once(entries: list[Entry], warnings: list[str], name: str) -> list[Entry]:
    """Each day once: equal lines are one, lines that contradict each other are refused."""
    if any(later.day < earlier.day for earlier, later in pairwise(entries)):
        warnings.append("The days were not in order and have been sorted.")
    held: dict[int, Entry] = {}
    faults: list[Fault] = []
    same = 0
    for entry in sorted(entries, key=lambda one: (one.day, one.line)):
        before = held.setdefault(entry.day, entry)
        if before is entry:
            continue
        if (before.arm, before.outcome, before.period) == (entry.arm, entry.outcome, entry.period):
            same += 1
        else:
            what = f"the same day stands in line {before.line} with another arm or outcome"
            faults.append(Fault(f"{name}, line {entry.line}", what, "one line a day"))
    if faults:
        raise InputError(faults)
    if same:
        warnings.append(f"{same} lines repeated a day word for word and were counted once.")
    return [held[day] for day in sorted(held)]


def _days(entries: list[Entry], warnings: list[str], name: str, *, dated: bool) -> Diary:
    on = [entry for entry in entries if entry.arm is not None and entry.arm.lower() not in PAUSES]
    if not on:
        raise InputError([Fault(name, "no day has an arm", RIGHT)])
    start, end = on[0].day, entries[-1].day
    if end - start + 1 > MOST_DAYS:
        raise InputError([Fault(name, f"the days span {end - start + 1} days", f"at most {MOST_DAYS} days")])
    before = [entry.outcome for entry in entries if entry.day < start and entry.outcome is not None]
    if before:
        warnings.append(f"{len(before)} days before the first arm are a run-in and no part of the comparison.")
    held = {entry.day: entry for entry in entries}
    numbers = range(start, end + 1)
    arm = _filled([held[day].arm if day in held else None for day in numbers], warnings)
    found = [held[day].outcome if day in held else None for day in numbers]
    outcome = np.array([math.nan if one is None else one for one in found], dtype=np.float64)
    period = tuple(held[day].period if day in held else None for day in numbers)
    first = date.fromordinal(start) if dated else None
    return Diary(np.array(numbers, dtype=np.float64), arm, outcome, period, first, tuple(before), tuple(warnings), name)


def _filled(said: list[str | None], warnings: list[str]) -> tuple[str | None, ...]:
    """The arm of each day; pauses are on no arm, and nor are many days in a row that name none.

    A few such days belong to the block they fall in where blocks of one length are seen, else to the arm before.
    """
    spelled: dict[str, str] = {}
    arms: list[str | None] = []
    carried = long = 0
    length = block_length(said)
    for stretch, one in _stretches(said):
        if one is None and stretch <= LONGEST_CARRY_D:
            end = len(arms) + stretch
            after = said[end] if end < len(said) else None
            edge = end if length is None or after is None else max(end // length * length, len(arms))
            later = None if after is None else spelled.setdefault(after.casefold(), after)
            arms += [arms[-1]] * (edge - len(arms)) + [later] * (end - edge)
            carried += stretch
        elif one is None or one.lower() in PAUSES:
            arms += [None] * stretch
            long += stretch if one is None else 0
        else:
            arms += [spelled.setdefault(one.casefold(), one)] * stretch
    if carried:
        rule = "go on with the arm of the day before" if length is None else f"belong to its block of {length} days"
        warnings.append(f"{carried} days name no arm; each is taken to {rule}.")
    if long:
        warnings.append(f"{long} days in a gap of more than {LONGEST_CARRY_D} name no arm; they are on no arm.")
    return tuple(arms)


def _stretches(said: list[str | None]) -> list[tuple[int, str | None]]:
    return [(len(list(run)), one) for one, run in groupby(said)]
