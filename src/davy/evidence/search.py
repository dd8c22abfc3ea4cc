"""Looking things up: the rows behind `davy evidence show`, `claims`, `facts` and `sources`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from davy.evidence.ledger import resting_on
from davy.evidence.registry import Entry, claims, facts, resolve, sources
from davy.evidence.rows import Article, Claim, Fact, Source, Verdict
from davy.tables import Row

RowT = TypeVar("RowT", bound=Row)
_REGISTRY = ("facts.csv", "claims.csv", "studies.csv")


@dataclass(frozen=True)
class Shown:
    """An entry, what it cites, and what cites it: ids of the registry, and ``table: id`` for everything else."""

    entry: Entry
    cites: tuple[Entry, ...]
    cited_by: tuple[str, ...]


def _holding(rows: Iterable[RowT], text: str | None) -> tuple[RowT, ...]:
    """Choose the rows in which every word of the text occurs, in any column, case aside."""
    words = (text or "").casefold().split()
    found: list[RowT] = []
    for row in rows:
        whole = " ".join(str(cell) for cell in row.model_dump().values() if cell is not None).casefold()
        if all(word in whole for word in words):
            found.append(row)
    return tuple(found)


def find_claims(
    *, verdict: Verdict | None = None, article: Article | None = None, text: str | None = None
) -> tuple[Claim, ...]:
    """Find the claims with that verdict, of that article, that hold every word of the text."""
    chosen = (row for row in claims() if verdict in (None, row.verdict) and article in (None, row.article))
    return _holding(chosen, text)


def find_facts(*, topic: str | None = None, text: str | None = None) -> tuple[Fact, ...]:
    """Find the facts of that topic that hold every word of the text."""
    return _holding((row for row in facts() if topic in (None, row.topic)), text)


def find_sources(*, text: str | None = None) -> tuple[Source, ...]:
    """Find the sources that hold every word of the text."""
    return _holding(sources(), text)


def show(name: str) -> Shown:
    """Find an entry with its links both ways; raises KnowledgeError for an id that nothing has."""
    entry = resolve(name)
    cites = () if isinstance(entry, Source) else tuple(resolve(cited) for cited in entry.source)
    citing = (
        line.name if line.file in _REGISTRY else f"{line.file.removesuffix('.csv')}: {line.name}"
        for line in resting_on(name)
    )
    return Shown(entry, cites, tuple(citing))
