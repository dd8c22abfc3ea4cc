"""Rules on the rows themselves: each fits its type, and its id is its own."""

from __future__ import annotations

from collections.abc import Iterator

from davy.errors import KnowledgeError
from davy.evidence.ledger import Line
from davy.qualify.library import REGISTRY, Knowledge, Rule
from davy.qualify.problem import Problem, at
from davy.qualify.tables import Table
from davy.tables import Row, parse_table


def parses(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that every table has a row type and every row fits it."""
    known = {table.file: table for table in knowledge.tables}
    for file, text in knowledge.texts.items():
        if file not in known:
            yield Problem(file, "nothing here says what a row of this table is")
            continue
        yield from _parsed(file, text, known[file])
    for file in sorted(set(known) - set(knowledge.texts)):
        yield Problem(file, "the table is missing")


def _parsed(file: str, text: str, table: Table) -> Iterator[Problem]:
    try:
        row: type[Row] = table.row_type()
    except (ImportError, AttributeError) as error:
        yield Problem(file, f"its row type {table.home} cannot be had: {error}")
        return
    try:
        parse_table(text, row, name=f"knowledge/{file}")
    except KnowledgeError as error:
        for fault in str(error).splitlines():
            yield _of_fault(file, fault)


def _of_fault(file: str, fault: str) -> Problem:
    """Read a message of the reader, ``table, line N, column C: what``, as a problem."""
    place, colon, what = fault.partition(": ")
    words = place.split(", ")
    line = next((int(word[5:]) for word in words if word.startswith("line ") and word[5:].isdigit()), None)
    column = next((word[7:] for word in words if word.startswith("column ")), None)
    return Problem(file, what, line, column) if colon and line is not None else Problem(file, fault)


def unique(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that no two rows of a table share an id, nor two rows of the registry."""
    first: dict[tuple[str, str], Line] = {}
    for line in knowledge.all_lines():
        space = "registry" if line.file in REGISTRY else line.file
        earlier = first.setdefault((space, line.name), line)
        if earlier is not line:
            yield at(line, "id", f"{line.name!r} is also the id of line {earlier.number} of {earlier.file}")


RULES: tuple[Rule, ...] = (parses, unique)
