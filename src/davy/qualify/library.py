"""The tables of the knowledge, as they stand or as a changed copy, with what their ids mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from davy.errors import KnowledgeError
from davy.evidence.ledger import Line, lines_of
from davy.evidence.registry import Entry
from davy.evidence.rows import Claim, Fact, Source, Study
from davy.qualify.problem import Problem
from davy.qualify.tables import TABLES, Table
from davy.tables import parse_table

REGISTRY: dict[str, type[Source] | type[Fact] | type[Claim] | type[Study]] = {
    "sources.csv": Source,
    "facts.csv": Fact,
    "claims.csv": Claim,
    "studies.csv": Study,
}


@dataclass(frozen=True)
class Knowledge:
    """The tables as texts, so that a changed copy can be checked as well as the folder itself."""

    texts: Mapping[str, str]
    tables: tuple[Table, ...] = TABLES

    @cached_property
    def lines(self) -> dict[str, tuple[Line, ...]]:
        """The lines of each table."""
        return {file: lines_of(file, text) for file, text in self.texts.items()}

    def all_lines(self) -> Iterator[Line]:
        """Every line of every table."""
        for lines in self.lines.values():
            yield from lines

    def of(self, file: str) -> tuple[Line, ...]:
        """Give the lines of one table; empty where it is not there."""
        return self.lines.get(file, ())

    def ids(self, file: str) -> frozenset[str]:
        """Give the ids of one table."""
        return frozenset(line.name for line in self.of(file))

    @cached_property
    def registry(self) -> dict[str, Entry]:
        """Every source, fact, claim and study that parses."""
        found: dict[str, Entry] = {}
        for file, row in REGISTRY.items():
            try:
                found |= {entry.id: entry for entry in parse_table(self.texts.get(file, "id\n"), row, name=file)}
            except KnowledgeError:
                continue
        return found

    def lookup(self, name: str) -> Entry:
        """Find the row of that id; raises KnowledgeError when there is none."""
        if name not in self.registry:
            raise KnowledgeError(f"no source, fact, claim or study has the id {name!r}")
        return self.registry[name]


Rule = Callable[[Knowledge], Iterator[Problem]]
