"""Looking things up: the rows behind `davy evidence show`, `claims`, `facts` and `sources`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from davy.evidence.links import REGISTRY_KINDS, Node, Step, find, link_graph
from davy.evidence.registry import Entry, claims, entries, facts, sources
from davy.evidence.rows import Article, Claim, ErrorClass, Fact, Source, Verdict
from davy.tables import Row

RowT = TypeVar("RowT", bound=Row)


@dataclass(frozen=True)
class Shown:
    """A row of the knowledge with its links both ways.

    Attributes
    ----------
    node, entry : the row, and what the registry makes of it (None outside the registry).
    also : other rows with the same id.
    rests_on, depends : what is behind it down to the sources, and what rests on it, each with the way there.
    judged : the claims of the articles that the same sources judge.
    """

    node: Node
    entry: Entry | None
    also: tuple[Node, ...]
    rests_on: tuple[Step, ...]
    depends: tuple[Step, ...]
    judged: tuple[Node, ...]


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
    *,
    verdict: Verdict | None = None,
    article: Article | None = None,
    error_class: ErrorClass | None = None,
    text: str | None = None,
) -> tuple[Claim, ...]:
    """Find the claims with that verdict and that class of error, of that article, that hold every word of the text."""
    chosen = (
        row
        for row in claims()
        if verdict in (None, row.verdict) and article in (None, row.article) and error_class in (None, row.error_class)
    )
    return _holding(chosen, text)


def find_facts(*, topic: str | None = None, text: str | None = None) -> tuple[Fact, ...]:
    """Find the facts of that topic that hold every word of the text."""
    return _holding((row for row in facts() if topic in (None, row.topic)), text)


def find_sources(*, text: str | None = None) -> tuple[Source, ...]:
    """Find the sources that hold every word of the text."""
    return _holding(sources(), text)


def show(name: str) -> Shown:
    """Find a row by its id, with its links both ways; raises KnowledgeError, with near ids, where there is none."""
    node, *also = find(name)
    graph = link_graph()
    return Shown(
        node,
        entries().get(node.id) if node.kind in REGISTRY_KINDS else None,
        tuple(also),
        graph.rests_on(node),
        graph.depends(node),
        graph.judged(node),
    )


def depends_on(claim: Claim) -> tuple[str, ...]:
    """Find what rests on a claim: the keys of the rows that cite it or that rest on what judges it."""
    graph = link_graph()
    return tuple(step.node.key for step in graph.depends(graph.nodes[claim.id]))
