"""Every cell of a row besides headache and pain: the field decides how it reads and what it becomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from davy.exchange.dates import Unreadable
from davy.exchange.diary.cells import FORMED, LOOSE, NO, medicines, minutes, quantity, share, words
from davy.exchange.diary.said import Said
from davy.followup.records import Found, Kind, Record
from davy.people.faults import short

LONGEST = 1000
"""The most characters of a cell that is no note."""
Reader = Callable[[Said, str], Iterator[Record]]


def facts(said: Said) -> Iterator[Found]:
    """Every fact of a row but its headache and its pain; a cell that cannot be believed stands alone."""
    for field, (cell, _) in said.cells.items():
        reader = _READERS.get(field)
        if reader is None:
            continue
        try:
            if len(cell) > LONGEST and field != "note":
                raise Unreadable(f"it has {len(cell):,} characters")
            yield from reader(said, cell)
        except Unreadable as error:
            yield said.doubted(field, str(error))


def _measured(kind: Kind, *units: str, daily: bool = False) -> Reader:
    """A number, which may carry one of these units (in small letters); `daily` where it is about the whole day."""
    known = frozenset(units)

    def read(said: Said, cell: str) -> Iterator[Record]:
        yield said.record(kind, said.day if daily else said.at, quantity(cell, known, comma=said.diary.comma))

    return read


def _lasting(kind: Kind, *, hours: bool) -> Reader:
    def read(said: Said, cell: str) -> Iterator[Record]:
        yield said.record(kind, said.day, minutes(cell, comma=said.diary.comma, hours=hours))

    return read


def _taken(said: Said, cell: str) -> Iterator[Record]:
    yield said.record("intake", said.at, share(cell, said.diary.mapping.yes, said.diary.mapping.no))


def _menstruation(said: Said, cell: str) -> Iterator[Record]:
    yield said.record("menstruation", said.day, float(said.yes_no(cell)))


def _stool(said: Said, cell: str) -> Iterator[Record]:
    word = cell.strip().lower()
    if word not in LOOSE and word not in FORMED:
        right = "name the column bristol or loose_stools" if word.isdigit() else "write loose or normal"
        raise Unreadable(f"'{short(word)}' says neither loose nor normal: {right}")
    yield said.record("loose_stools", said.at, float(word in LOOSE))  # at least one; how many is not said


def _medicines(said: Said, cell: str) -> Iterator[Record]:
    before: Counter[str] = Counter()
    for one in medicines(cell, said.diary.mapping.yes, said.diary.mapping.no):
        yield said.record("acute_medicine", said.at, one.count, text=one.name, nth=before[one.name])
        before[one.name] += 1


def _symptoms(said: Said, cell: str) -> Iterator[Record]:
    if cell.strip().lower() not in NO:
        for word in words(cell):
            yield said.record("symptom", said.at, text=word)


def _note(said: Said, cell: str) -> Iterator[Record]:
    yield said.record("note", said.at, text=cell)


_READERS: dict[str, Reader] = {
    "medicine": _medicines,
    "sleep_onset_min": _lasting("sleep_onset", hours=False),
    "asleep_min": _lasting("asleep", hours=False),
    "asleep_h": _lasting("asleep", hours=True),
    "cramps": _measured("cramps", "x", "times"),
    "loose_stools": _measured("loose_stools", "x", "times"),
    "stool": _stool,
    "bristol": _measured("bristol", "type"),
    "taken": _taken,
    "supplement_mg": _measured("supplement", "mg"),
    "dietary_mg": _measured("dietary_day", "mg", daily=True),
    "hrv_sdnn_ms": _measured("hrv_sdnn", "ms"),
    "hrv_rmssd_ms": _measured("hrv_rmssd", "ms"),
    "resting_heart_rate": _measured("resting_heart_rate", "bpm", "/min", "1/min"),
    "menstruation": _menstruation,
    "alcohol_g": _measured("alcohol", "g"),
    "symptom": _symptoms,
    "note": _note,
}
