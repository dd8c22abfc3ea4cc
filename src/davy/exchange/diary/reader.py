"""The importer of plain diaries: a look at the whole file first, then its facts, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from davy.errors import Fault, InputError
from davy.exchange.dates import Unreadable
from davy.exchange.delimited import Cells, Layout, encoding_of, layout_of, rows, swallowed
from davy.exchange.diary.columns import columns_of, understood
from davy.exchange.diary.episode import episode
from davy.exchange.diary.facts import facts
from davy.exchange.diary.mapping import IGNORE, DiaryMapping, field_of_header
from davy.exchange.diary.said import SHOWN, Diary, said_by
from davy.exchange.diary.survey import survey_of
from davy.exchange.importing import Asked, Reading
from davy.exchange.source_file import SourceFile
from davy.followup.records import Found, Ignored, Quarantined, Record, Remark

_ORDERS = {"day-first": "the day", "month-first": "the month", "year-first": "the year"}


def reads(file: SourceFile) -> bool:
    """A diary may be any text; what is none is refused when it is read."""
    return bool(file.name)


def reading(file: SourceFile, asked: Asked) -> Reading:
    """How a diary reads, after a look at the whole of it.

    Raises
    ------
    InputError : it is no text, its header does not say which day is meant, or its dates could be read in two ways.
    """
    mapping, layout, header = _opened(file, asked)
    columns = columns_of(header.cells, mapping, f"{file.name}, line {header.line}")
    survey = survey_of(islice(rows(file, layout), 1, None), columns)
    if survey.rows == 0:
        raise InputError([Fault(file.name, "there is a header and no line below it", "one line a day or an attack")])
    diary = Diary(file.name, columns, mapping, survey, survey.rule(mapping, file.today, file.name))
    remarks = _remarks(diary, layout, asked)
    return Reading(
        importer="diary",
        source=mapping.source,
        found=lambda: _found(file, layout, diary, remarks),
        mapping=mapping if mapping is asked.mapping else None,
    )


def _opened(file: SourceFile, asked: Asked) -> tuple[DiaryMapping, Layout, Cells]:
    """The mapping that was asked for, or the kept one that fits the header, or none; with layout and header."""
    if asked.mapping is not None:
        return _tried(file, asked.mapping)
    fitting = [tried for mapping in asked.kept if (tried := _fitting(file, mapping)) is not None]
    if len(fitting) > 1:
        names = " and ".join(mapping.source for mapping, _, _ in fitting)
        what = f"the kept mappings {names} both fit this header"
        raise InputError([Fault(file.name, what, "say which one with --mapping")])
    return fitting[0] if fitting else _tried(file, DiaryMapping())


def _tried(file: SourceFile, mapping: DiaryMapping) -> tuple[DiaryMapping, Layout, Cells]:
    encoding = encoding_of(file, mapping.encoding)
    layout = layout_of(file, encoding, mapping.delimiter, mapping.skip_lines, lambda cells: understood(cells, mapping))
    header = next(rows(file, layout), None)
    if header is None:
        raise InputError([Fault(file.name, "there is no header line", "like date,headache,pain")])
    return mapping, layout, header


def _fitting(file: SourceFile, mapping: DiaryMapping) -> tuple[DiaryMapping, Layout, Cells] | None:
    """A kept mapping, where it names columns, all of them are there, and it passes over none that speaks for itself."""
    try:
        tried = _tried(file, mapping)
    except InputError:
        return None
    names = {cell.strip() for cell in tried[2].cells}
    own = {name for name in names if field_of_header(name) is not None}
    return tried if mapping.columns and own <= set(mapping.columns) <= names else None


def _remarks(diary: Diary, layout: Layout, asked: Asked) -> tuple[Remark, ...]:
    """How the file was read where that was found out, not said."""
    told: list[str] = []
    if diary.mapping in asked.kept:
        told.append(f"its columns read as the kept mapping '{diary.mapping.source}' says")
    if diary.mapping.encoding is None and layout.encoding == "cp1252":
        told.append("it is not UTF-8 and was read as Windows-1252; look whether names have the right letters")
    seen = diary.survey.dates.seen
    if diary.mapping.dates is None and diary.rule.order is not None and seen:
        _, text = diary.survey.dates.first[diary.rule.order]
        told.append(f"its dates begin with {_ORDERS[diary.rule.order]}: '{text}' can be read in no other way")
    if diary.mapping.decimal is None and diary.survey.comma:
        told.append("its numbers have a decimal comma")
    return tuple(Remark(f"{diary.name}: {one}.") for one in told)


def _found(file: SourceFile, layout: Layout, diary: Diary, remarks: tuple[Remark, ...]) -> Iterator[Found]:
    yield from remarks
    for span in diary.mapping.headaches_logged:
        yield Record("headaches_logged", span.first, span.last, source=diary.mapping.source, file=file.name)
    for row in islice(rows(file, layout), 1, None):
        yield from _row(row, diary, layout.delimiter)


def _row(row: Cells, diary: Diary, delimiter: str) -> Iterator[Found]:
    wrong = _misshapen(row, diary, delimiter)
    try:
        if wrong is not None:
            raise Unreadable(wrong)
        said = said_by(row, diary)
    except Unreadable as error:
        yield Quarantined(diary.name, row.line, delimiter.join(row.cells)[:SHOWN], str(error))
        return
    for index, header, why in diary.columns.unread:
        if index < len(row.cells) and row.cells[index].strip():
            yield Ignored(f"column '{header}'", why)
    if all(field in ("date", "time") for field in said.cells):
        yield Ignored("a line with a date alone", "blank is unknown, never zero")
        return
    yield from episode(said)
    yield from facts(said)


def _misshapen(row: Cells, diary: Diary, delimiter: str) -> str | None:
    """What is wrong with the shape of a row; missing cells at its end are blank."""
    if any(cell.strip() for cell in row.cells[diary.columns.width :]):
        return f"it has {len(row.cells)} cells where the header has {diary.columns.width}"
    if row.lines > 1 and swallowed(row.cells, delimiter):
        return f"one cell runs over {row.lines} lines that look like rows: a quote before it is missing"
    return None


def starter(file: SourceFile) -> dict[str, object]:
    """A mapping to begin with: every column of the header, with the field it seems to be, or ignore."""
    encoding = encoding_of(file)
    layout = layout_of(file, encoding, None, 0, lambda cells: understood(cells, None))
    header = next(rows(file, layout), None)
    named = {cell.strip(): field_of_header(cell) or IGNORE for cell in (header.cells if header else ()) if cell.strip()}
    return {"davy": 1, "source": "diary", "columns": named}
