"""The document of ``davy evidence show --json``: one row of the knowledge with its links both ways, as frozen types."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from davy import __version__
from davy.evidence.links import Kind, Node, Step
from davy.evidence.registry import entries
from davy.evidence.rows import Article, Claim, ErrorClass, Source, Verdict
from davy.evidence.search import Shown, depends_on
from davy.report.appraisal_shown import AppraisalShown, appraisal_of
from davy.report.audit_documents import CheckShown

Cell = str | float | bool | list[str] | None


@dataclass(frozen=True)
class SourceShown:
    """A source behind a row, and where it can be read."""

    id: str
    citation: str
    url: str | None
    doi_or_pmid: str | None
    status: str


@dataclass(frozen=True)
class LinkShown:
    """A row that is linked with another; `through` names the rows on the way (empty: directly)."""

    kind: Kind
    id: str
    table: str
    says: str
    through: tuple[str, ...]


@dataclass(frozen=True)
class ClaimShown:
    """A claim of the articles that the same sources judge."""

    id: str
    verdict: Verdict
    error_class: ErrorClass | None
    statement: str


@dataclass(frozen=True)
class ClaimDocument:
    """One claim of an article, as ``davy evidence claims --json`` lists it.

    Attributes
    ----------
    sources : ids of what judges it.
    depends : keys of the rows that cite it, or that rest on what judges it.
    """

    id: str
    article: Article
    section: str
    statement: str
    kind: str
    quantity: str | None
    value: str | None
    unit: str | None
    cited_source: str | None
    check: str
    source_says: str | None
    sources: tuple[str, ...]
    verdict: Verdict
    error_class: ErrorClass | None
    computed_check: str | None
    unsafe: bool
    url: str | None
    doi_or_pmid: str | None
    note: str | None
    depends: tuple[str, ...]


@dataclass(frozen=True)
class EvidenceDocument:
    """``davy evidence show``: a source, fact, study, claim, parameter, limit, target, benefit or any other row.

    Attributes
    ----------
    entry : every column of the row.
    also : other rows with the same id, by table and id.
    sources : every source behind the row.
    checks : the checks that are tied to a claim, run now.
    rests_on, depends : what is behind the row, and what rests on it.
    claims : the claims of the articles that the same sources judge.
    appraisal : of a benefit, how it is computed.
    """

    davy: str
    id: str
    kind: Kind
    table: str
    line: int
    entry: dict[str, Cell]
    also: tuple[str, ...]
    sources: tuple[SourceShown, ...]
    checks: tuple[CheckShown, ...]
    rests_on: tuple[LinkShown, ...]
    depends: tuple[LinkShown, ...]
    claims: tuple[ClaimShown, ...]
    appraisal: AppraisalShown | None = None

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.evidence/1)."""
        return {"schema": "davy.evidence/1", **asdict(self)}


def evidence_document(shown: Shown, checks: Sequence[CheckShown] = ()) -> EvidenceDocument:
    """The document of a row; `checks` are those that were run for it."""
    node = shown.node
    cells: dict[str, Cell] = {name: cell or None for name, cell in node.cells.items()}
    return EvidenceDocument(
        davy=__version__,
        id=node.id,
        kind=node.kind,
        table=node.table,
        line=node.line,
        entry=shown.entry.model_dump(mode="json") if shown.entry else cells,
        also=tuple(other.key for other in shown.also),
        sources=sources_behind(shown),
        checks=tuple(checks),
        rests_on=_links(shown.rests_on),
        depends=_links(shown.depends),
        claims=tuple(_claim(claim) for claim in shown.judged),
        appraisal=appraisal_of(node),
    )


def claim_document(claim: Claim) -> ClaimDocument:
    """A claim as the listing has it."""
    cells = claim.model_dump()
    return ClaimDocument(sources=cells.pop("source"), depends=depends_on(claim), **cells)


def sources_behind(shown: Shown) -> tuple[SourceShown, ...]:
    """Every source behind a row, in the order of their ids."""
    behind = (entries().get(step.node.id) for step in shown.rests_on if step.node.kind == "source")
    return tuple(
        SourceShown(one.id, one.citation, one.url, one.doi_or_pmid, one.status)
        for one in behind
        if isinstance(one, Source)
    )


def _links(steps: Iterable[Step]) -> tuple[LinkShown, ...]:
    return tuple(LinkShown(one.node.kind, one.node.id, one.node.table, one.node.says, one.through) for one in steps)


def _claim(node: Node) -> ClaimShown:
    claim = entries()[node.id]
    if not isinstance(claim, Claim):
        raise TypeError(f"{node.id} is no claim")
    return ClaimShown(claim.id, claim.verdict, claim.error_class, claim.statement)
