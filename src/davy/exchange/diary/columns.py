"""Which column of a diary holds what: by its mapping, or by its header where the header leaves no doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from davy.errors import Fault, InputError
from davy.exchange.diary.mapping import IGNORE, ColumnEntry, DiaryMapping, field_of_header, fields
from davy.people.faults import closest, short

WHEN = ("date", "start")
TENTH = "pain_0_100"


@dataclass(frozen=True)
class Column:
    """A column that is read: where it stands, its header, its field, and what the mapping says about it."""

    index: int
    header: str
    field: str
    entry: ColumnEntry


@dataclass(frozen=True)
class Columns:
    """The columns of one diary: those that are read, and those that are not, with why."""

    read: tuple[Column, ...]
    unread: tuple[tuple[int, str, str], ...]
    width: int

    def of(self, field: str) -> tuple[Column, ...]:
        """The columns of a field."""
        return tuple(column for column in self.read if column.field == field)


def understood(header: Sequence[str], mapping: DiaryMapping | None) -> int:
    """How many columns of a header are understood."""
    if mapping is not None and mapping.columns:
        return sum(cell.strip() in mapping.columns for cell in header)
    return sum(field_of_header(cell) is not None for cell in header)


def columns_of(header: Sequence[str], mapping: DiaryMapping, where: str) -> Columns:
    """The columns of a header.

    Parameters
    ----------
    header : the cells of the header line.
    mapping : decides alone where it names columns; else the headers do.
    where : file and line, for faults.

    Raises
    ------
    InputError : no column says when, two columns claim one field, or the mapping names a column that is not there.
    """
    names = [cell.strip() for cell in header]
    faults = _twice(names, mapping, where)
    if mapping.columns:
        faults += [
            Fault(where, f"there is no column '{short(name)}', which the mapping names", closest(name, names))
            for name in mapping.columns
            if name not in names
        ]
    read: list[Column] = []
    unread: list[tuple[int, str, str]] = []
    for index, name in enumerate(names):
        entry, why = _entry(name, mapping)
        if entry is None:
            unread.append((index, name, why))
        else:
            read.append(Column(index, name, entry.field, entry))
    faults += _claimed(read, where)
    if not any(column.field in WHEN for column in read):
        shown = ", ".join(f"'{short(name)}'" for name in names[:12] if name)
        right = (
            "a column named date, or a mapping file like columns: {When: date}; `davy records mapping FILE` begins one"
        )
        faults.append(Fault(where, f"no column says which day it was (there are {shown})", right))
    elif len(read) == 1 and not faults:
        right = "a column like headache, pain or medicine, or a mapping file"
        faults.append(Fault(where, "no column besides the date is understood", right))
    if faults:
        raise InputError(faults)
    return Columns(tuple(read), tuple(unread), len(names))


def _entry(name: str, mapping: DiaryMapping) -> tuple[ColumnEntry | None, str]:
    if mapping.columns:
        entry = mapping.columns.get(name)
        if entry is None:
            return None, "the mapping does not name it"
        return (None, "the mapping says so") if entry.field == IGNORE else (entry, "")
    field = field_of_header(name)
    if field is None:
        return None, "no field of a diary has this name; a mapping file can give it one"
    return ColumnEntry(field=field), ""


def _twice(names: list[str], mapping: DiaryMapping, where: str) -> list[Fault]:
    """Headers that stand twice and are wanted: which of the two is meant is not known."""
    return [
        Fault(where, f"two columns are named '{short(name)}'", "rename one of them")
        for name, count in Counter(names).items()
        if count > 1 and name and _entry(name, mapping)[0] is not None
    ]


def _claimed(read: list[Column], where: str) -> list[Fault]:
    """Fields that two columns claim and only one may."""
    faults: list[Fault] = []
    names = [(("pain" if column.field == TENTH else column.field), column.header) for column in read]
    for field in dict.fromkeys(field for field, _ in names):
        headers = [header for one, header in names if one == field]
        if len(headers) > 1 and fields()[field].many is None and len(set(headers)) > 1:
            shown = " and ".join(f"'{short(header)}'" for header in headers)
            what = f"the columns {shown} both read as {field}"
            faults.append(Fault(where, what, "say which one in a mapping file, and ignore for the other"))
    return faults
