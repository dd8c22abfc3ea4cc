"""Delimited text as rows of cells, in constant memory: encoding, delimiter and line of each row found by rule."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper

from davy.errors import Fault, InputError
from davy.exchange.source_file import SourceFile
from davy.followup.records import clean

LONGEST_LINE = 200_000
MOST_LINES = 1_000_000
"""More lines than this in one table are refused: forty foods a day for 68 years are fewer."""
DELIMITERS = (",", ";", "\t", "|")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 2**20
_FIRST = 16_384


@dataclass(frozen=True)
class Layout:
    """How a file reads: its encoding, what divides its cells, how many lines come before the header."""

    encoding: str
    delimiter: str
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Cells:
    """One row: the line on which it begins, its cells, and on how many lines it stands."""

    line: int
    cells: list[str]
    lines: int = 1


def encoding_of(file: SourceFile, stated: str | None = None) -> str:
    """The encoding of a text: the stated one, else by its mark, else UTF-8, else Windows-1252, which the caller tells.

    Raises
    ------
    InputError : it is none of these, or it has more lines than any life.
    """
    if stated is None:
        file.refuse_binary()
    _refuse_many(file)
    if stated is not None:
        return stated
    first = file.begins(512)
    marked = next((name for bom, name in _BOMS if first.startswith(bom)), None)
    if marked is None and first.count(0) > len(first) // 4:
        marked = "utf-16-le" if first[1::2].count(0) > first[0::2].count(0) else "utf-16-be"
    for name in (marked,) if marked else ("utf-8", "cp1252"):
        if _decodes(file, name):
            return name
    what = f"this is not {marked.upper()} throughout" if marked else "this is neither UTF-8 nor Windows-1252"
    raise InputError([Fault(file.name, what, "save it as UTF-8, or say encoding: in a mapping file")])


def _refuse_many(file: SourceFile) -> None:
    """Raise InputError where a table has too many lines; it is read no further than that."""
    feeds = returns = 0
    with file.open() as handle:
        while block := handle.read(_BLOCK):
            feeds, returns = feeds + block.count(b"\n"), returns + block.count(b"\r")
            if max(feeds, returns) > MOST_LINES:
                what = f"this table has more than {MOST_LINES:,} lines, which no diary and no food log of a life has"
                right = "one line a day, a meal or an attack; a longer table in parts, each a file of fewer lines"
                raise InputError([Fault(file.name, what, right)])


def _decodes(file: SourceFile, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with file.open() as handle:
        try:
            while block := handle.read(_BLOCK):
                if "\0" in decoder.decode(block):
                    return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def header_of(file: SourceFile) -> list[str]:
    """The cells of the first line, as far as it reads at all: enough to tell whose format it is."""
    start = file.begins(_FIRST)
    marked = next((name for bom, name in _BOMS if start.startswith(bom)), "utf-8")
    told = start.decode(marked, errors="replace").replace("\0", "")  # UTF-16 without a mark
    line = (told.lstrip("\r\n ").splitlines() or [""])[0]
    try:
        return max((next(csv.reader([line], delimiter=one), list[str]()) for one in DELIMITERS), key=len)
    except csv.Error:
        return []


def layout_of(
    file: SourceFile, encoding: str, delimiter: str | None, skip: int, fit: Callable[[list[str]], int]
) -> Layout:
    """The layout whose header fits best; `fit` counts the columns of a header that are understood."""
    line = _header_line(file, encoding, skip)
    if line.lower().startswith("sep=") and len(line.strip()) == 5:
        return Layout(encoding, line[4], skip + 1)
    if delimiter is not None:
        return Layout(encoding, delimiter, skip)

    def quality(one: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([line], delimiter=one, strict=True), list[str]())
        except csv.Error:
            return (0, 0)
        return (fit(cells), len(cells))

    return Layout(encoding, max(DELIMITERS, key=quality), skip)


def _header_line(file: SourceFile, encoding: str, skip: int) -> str:
    with TextIOWrapper(file.open(), encoding=encoding, newline="") as text:
        for number, line in enumerate(_lines(text, file.name)):
            if number >= skip and line.strip(" \t\r\n,;|"):
                return line.rstrip("\r\n")
    raise InputError([Fault(file.name, "the file is empty", "a header line, then one line a day or an attack")])


def rows(file: SourceFile, layout: Layout) -> Iterator[Cells]:
    """Every row that is not blank, the header first.

    Raises
    ------
    InputError : a quote is never closed, a line has no end, or the text does not decode; with the line.
    """
    with TextIOWrapper(file.open(), encoding=layout.encoding, newline="") as text:
        lines = _lines(text, file.name)
        for _ in range(layout.skip):
            next(lines, None)
        reader = csv.reader(lines, delimiter=layout.delimiter, strict=True, skipinitialspace=True)
        before = 0
        try:
            for cells in reader:
                if any(cells) and any(not cell.isspace() for cell in cells if cell):
                    seen = [cell if cell.isprintable() else clean(cell) for cell in cells]
                    yield Cells(layout.skip + before + 1, seen, reader.line_num - before)
                before = reader.line_num
        except csv.Error as error:
            where = f"{file.name}, line {layout.skip + before + 1}"
            raise InputError([Fault(where, _said(error), "each quote that opens a cell closes it")]) from None
        except UnicodeDecodeError:
            where = f"{file.name}, after line {layout.skip + before}"
            raise InputError([Fault(where, f"this is not {layout.encoding}", "save it as UTF-8")]) from None


def _lines(text: TextIOWrapper, name: str) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            what = f"this line is longer than {LONGEST_LINE:,} characters"
            raise InputError([Fault(f"{name}, line {number}", what, "a diary has one line a day or an attack")])
        yield line


def _said(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return "a quote is opened here and never closed"
    if "field larger" in text:
        return "a cell is too long; a quote before it was likely never closed"
    return f"this does not read as delimited text: {text}"


def swallowed(cells: Sequence[str], delimiter: str) -> bool:
    """Whether a cell holds lines that look like rows themselves, as when a quote is missing before it."""
    wanted = len(cells) - 1
    return any(
        line.count(delimiter) >= max(wanted, 1) for cell in cells if "\n" in cell for line in cell.splitlines()[1:]
    )
