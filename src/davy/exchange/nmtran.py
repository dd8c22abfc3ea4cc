"""Reads NM-TRAN data sets: comma-separated, one row a dose or an observation, one subject after another.

Columns: ID TIME AMT EVID CMT II ADDL DV MDV, and SS and FORM where they are. TIME and II are hours from midnight of
the first day, AMT is mmol of elemental magnesium; ``.`` or nothing is missing, 0 or missing means the usual default.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from davy.body.parameters import dissolution
from davy.errors import Fault, InputError
from davy.people.faults import closest
from davy.people.lab_entries import likely_units
from davy.people.vocabulary import canonical_form, forms, lab_test

LARGEST_FILE = 20_000_000
LARGEST_DOSE_MMOL = 210.0
LONGEST_H = 24.0 * 36_525
COLUMNS = ("ID", "TIME", "AMT", "EVID", "CMT", "II", "ADDL", "SS", "DV", "MDV", "FORM")
DISSOLVED, SOLID = 1, 2
OBSERVED: Mapping[int, str] = {4: "serum-magnesium", 5: "urine-magnesium-24h", 6: "rbc-magnesium"}
"""What each compartment is: 1 takes dissolved products, 2 solid ones, 3 would be a vein; these are what is measured."""

_MISSING = frozenset({"", ".", "NA"})
_MOST_FAULTS = 50


@dataclass(frozen=True)
class Dose:
    """One dose record, and how often it comes again.

    Attributes
    ----------
    time_h, every_h : when it is first taken, and after which time again [h].
    more : how many more follow.
    steady : whether it was taken so for long before.
    """

    time_h: float
    amount_mmol: float
    form: str
    every_h: float = 0.0
    more: int = 0
    steady: bool = False


@dataclass(frozen=True)
class Observation:
    """One measured value, in the unit of its test; `line` is where it stands."""

    time_h: float
    test: str
    value: float
    line: int


@dataclass(frozen=True)
class Subject:
    """One person of a data set."""

    id: str
    doses: tuple[Dose, ...]
    observations: tuple[Observation, ...]


@dataclass
class _Rows:
    """The rows of one subject while they are read, and every fault so far."""

    name: str
    usual_form: str | None
    faults: list[Fault] = field(default_factory=list[Fault])

    def fault(self, line: int, column: str, what: str, right: str = "") -> None:
        """Note a fault with its line and column."""
        self.faults.append(Fault(f"{self.name}, line {line}, {column}", what, right))

    def number(self, row: Mapping[str, str], line: int, column: str, default: float | None) -> float | None:
        """The number in a column, `default` where nothing stands there, None with a fault where it is none."""
        text = row.get(column, "").strip()
        if text in _MISSING:
            if default is None:
                self.fault(line, column, "is missing", "a number")
            return default
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.fault(line, column, f"{text!r} is not a number")
            return None
        return value


def read_nmtran(path: str | Path, *, form: str | None = None) -> tuple[Subject, ...]:
    """The subjects of a data set, in the order of the file.

    Parameters
    ----------
    path : the CSV file.
    form : what is taken, where the file has no column FORM.

    Raises
    ------
    InputError : every row that cannot be meant, by line and column.
    """
    path = Path(path)
    rows = _Rows(path.name, _known_form(form))
    table = _table(path)
    groups: dict[str, list[tuple[int, dict[str, str]]]] = {}
    last: str | None = None
    for line, row in table:
        own = row.get("ID", "").strip()
        if own in _MISSING:
            rows.fault(line, "ID", "is missing", "every row says whose it is")
            continue
        if own != last and own in groups:
            rows.fault(line, "ID", f"{own} comes again after another subject", "keep the rows of a subject together")
        groups.setdefault(own, []).append((line, row))
        last = own
    found = tuple(_subject(own, entries, rows) for own, entries in groups.items())
    if rows.faults:
        raise InputError(rows.faults[:_MOST_FAULTS])
    if not found:
        raise InputError([Fault(path.name, "holds no row", "a header line, then one row a dose or an observation")])
    return found


def _known_form(text: str | None) -> str | None:
    if text is None:
        return None
    known = canonical_form(text)
    if known is None:
        raise InputError([Fault("form", f"'{text}' is not a form that Davy knows", _nearest(text))])
    return known


def _nearest(text: str) -> str:
    return closest(text, [row.id for row in forms()])


def _table(path: Path) -> list[tuple[int, dict[str, str]]]:
    """(line, cells by column) of each row; lines that begin with # are remarks."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError([Fault(str(path), f"this file cannot be read: {error.strerror}")]) from None
    if len(raw) > LARGEST_FILE:
        raise InputError([Fault(path.name, f"is larger than {LARGEST_FILE:,} bytes")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([Fault(path.name, f"byte {error.start + 1} is not UTF-8 text", "save it as UTF-8")]) from None
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        lines = [(reader.line_num, cells) for cells in reader if cells and not cells[0].lstrip().startswith("#")]
    except csv.Error as error:
        raise InputError([Fault(f"{path.name}, line {reader.line_num}", f"this is not CSV: {error}")]) from None
    if not lines:
        raise InputError([Fault(path.name, "is empty", f"a header line like {','.join(COLUMNS)}")])
    head = _header(path, *lines[0])
    uneven = [line for line, cells in lines[1:] if len(cells) != len(head)]
    if uneven:
        raise InputError(
            [Fault(f"{path.name}, line {uneven[0]}", f"does not have {len(head)} cells, as the header has")]
        )
    return [(line, dict(zip(head, cells, strict=True))) for line, cells in lines[1:]]


def _header(path: Path, line: int, cells: Sequence[str]) -> list[str]:
    head = [cell.strip().upper() for cell in cells]
    where = f"{path.name}, line {line}"
    missing = [name for name in ("ID", "TIME") if name not in head]
    missing += ["AMT or DV"] if not {"AMT", "DV"} & set(head) else []
    if missing:
        raise InputError([Fault(where, f"no column {', '.join(missing)}", f"a header line like {','.join(COLUMNS)}")])
    twice = sorted({name for name in head if head.count(name) > 1})
    if twice:
        raise InputError([Fault(where, f"two columns are called {', '.join(twice)}")])
    return head


def _subject(own: str, entries: Sequence[tuple[int, dict[str, str]]], rows: _Rows) -> Subject:
    doses: list[Dose] = []
    seen: list[Observation] = []
    before = 0.0
    for line, row in entries:
        time = rows.number(row, line, "TIME", None)
        if time is None:
            continue
        if not 0 <= time <= LONGEST_H:
            rows.fault(line, "TIME", f"{time:g} h is not possible", "hours from midnight of the first day")
        elif time < before:
            rows.fault(line, "TIME", f"{time:g} h comes after {before:g} h", "rows of a subject in the order of time")
        before = max(before, time)
        kind = _kind(row, line, rows)
        if kind == 1:
            dose = _dose(row, line, time, rows)
            doses += [] if dose is None else [dose]
        elif kind == 0:
            observed = _observation(row, line, time, rows)
            seen += [] if observed is None else [observed]
    return Subject(own, tuple(doses), tuple(seen))


def _kind(row: Mapping[str, str], line: int, rows: _Rows) -> int | None:
    """What the row is: 0 an observation, 1 a dose, 2 neither; None with a fault where it cannot be meant."""
    amount = rows.number(row, line, "AMT", 0.0)
    kind = rows.number(row, line, "EVID", 1.0 if amount else 0.0)
    missing = rows.number(row, line, "MDV", None if kind is None else float(kind != 0 or _blank(row, "DV")))
    rate = rows.number(row, line, "RATE", 0.0)
    if None in (amount, kind, missing, rate):
        return None
    if kind not in (0, 1, 2):
        rows.fault(line, "EVID", f"{kind:g} is not read", "0 an observation, 1 a dose, 2 something else; no resets")
    elif rate:
        rows.fault(line, "RATE", "an infusion is not read", "magnesium by mouth, each dose at one time")
    elif kind == 0 and amount:
        rows.fault(line, "AMT", "an observation has a dose", "EVID 1 for a dose, AMT 0 for an observation")
    elif kind == 1 and missing == 0:
        rows.fault(line, "MDV", "a dose is marked as an observation", "MDV 1 for a dose")
    else:
        return 2 if kind == 2 or (kind == 0 and missing) else int(kind or 0)
    return None


def _blank(row: Mapping[str, str], column: str) -> bool:
    return row.get(column, "").strip() in _MISSING


def _dose(row: Mapping[str, str], line: int, time: float, rows: _Rows) -> Dose | None:
    amount, place = rows.number(row, line, "AMT", None), rows.number(row, line, "CMT", float(DISSOLVED))
    every, more = rows.number(row, line, "II", 0.0), rows.number(row, line, "ADDL", 0.0)
    steady = rows.number(row, line, "SS", 0.0)
    if amount is None or place is None or every is None or more is None or steady is None:
        return None
    count = len(rows.faults)
    if not 0 < amount <= LARGEST_DOSE_MMOL:
        rows.fault(
            line, "AMT", f"{amount:g} mmol in one dose is not possible", "mmol of elemental magnesium; was it mg?"
        )
    if place not in (DISSOLVED, SOLID):
        rows.fault(line, "CMT", f"a dose into compartment {place:g} is not read", "1 dissolved, 2 solid, both by mouth")
    if more < 0 or more != int(more) or every < 0 or time + more * every > LONGEST_H:
        rows.fault(
            line, "ADDL", f"{more:g} more doses every {every:g} h cannot be meant", "a whole number, II in hours"
        )
    elif (more or steady) and every == 0:
        rows.fault(line, "II", "is missing where a dose comes again", "24 for once a day")
    if steady not in (0, 1):
        rows.fault(line, "SS", f"{steady:g} is not read", "0, or 1 for a dose that was always taken so")
    taken = _form(row, line, int(place), rows)
    if taken is None or len(rows.faults) > count:
        return None
    return Dose(time, amount, taken, every, int(more), bool(steady))


def _form(row: Mapping[str, str], line: int, place: int, rows: _Rows) -> str | None:
    """The form of a dose: of its row, else the one that was named; a fault where it does not fit the compartment."""
    text = row.get("FORM", "").strip()
    if text in _MISSING and rows.usual_form is None:
        rows.fault(line, "FORM", "nothing says what was taken", "a column FORM, or name the form for the whole file")
        return None
    name = rows.usual_form if text in _MISSING else canonical_form(text)
    if name is None:
        rows.fault(line, "FORM", f"'{text}' is not a form that Davy knows", _nearest(text))
        return None
    right = DISSOLVED if dissolution(name).kdis is None else SOLID
    if place != right and not _blank(row, "CMT"):
        rows.fault(line, "CMT", f"{name} does not go into compartment {place}", f"{right}, as {name} is taken")
        return None
    return name


def _observation(row: Mapping[str, str], line: int, time: float, rows: _Rows) -> Observation | None:
    value, place = rows.number(row, line, "DV", None), rows.number(row, line, "CMT", 4.0)
    if value is None or place is None:
        return None
    test = OBSERVED.get(int(place)) if place == int(place) else None
    if test is None:
        told = ", ".join(f"{number} {name}" for number, name in OBSERVED.items())
        rows.fault(line, "CMT", f"compartment {place:g} is not observed", told)
        return None
    known = lab_test(test)
    if not known.impossible_low <= value <= known.impossible_high:
        likely = " or ".join(likely_units(known, value, known.unit))
        right = f"{known.unit}; is this {likely}?" if likely else known.unit
        rows.fault(line, "DV", f"{test} of {value:g} {known.unit} is not possible", right)
        return None
    return Observation(time, test, value, line)
