"""``davy evidence show`` for the terminal: a row, what it rests on, and what rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import fill

from davy.evidence.rows import Claim
from davy.evidence.search import Shown
from davy.report.appraisal_shown import appraisal_lines
from davy.report.audit_documents import CheckShown
from davy.report.evidence_documents import EvidenceDocument, LinkShown, SourceShown

WIDTH = 100
MANY = 12
"""More rows of one kind than this are told by their ids alone."""
_HEAD = frozenset({"article", "section", "statement", "verdict", "error_class", "source_says", "unsafe"})


def evidence_text(shown: Shown, document: EvidenceDocument) -> str:
    """What the terminal shows of a row; `document` is the same row as a document."""
    lines = [*_head(shown), *_columns(shown, document)]
    if document.also:
        lines.append(_wrapped(f"also: {', '.join(document.also)}", 2))
    if document.appraisal is not None:
        for title, told in appraisal_lines(document.appraisal):
            lines += _block(title, (_wrapped(line.lstrip(), 6 if line.startswith(" ") else 2) for line in told))
    lines += _block("It rests on", _linked(one for one in document.rests_on if one.kind != "source"))
    lines += _block("Sources", _sources(document.sources))
    if document.kind == "claim":
        lines += _block("Checked again now", _checks(document.checks))
    title = "What rests on it, or on what judges it" if document.kind == "claim" else "What rests on it"
    lines += _block(title, _linked(document.depends))
    if document.kind not in ("claim", "source"):
        told = (f"  {one.id}  {_verdict(one.verdict, one.error_class)}  {one.statement}" for one in document.claims)
        lines += _block("What the articles say, by the same sources", (_wrapped(line, 0) for line in told))
    return "\n".join(lines) + "\n"


def _head(shown: Shown) -> Iterator[str]:
    entry = shown.entry
    if isinstance(entry, Claim):
        yield f"{entry.id}  claim  ({entry.article}: {entry.section})"
        yield _wrapped(entry.statement, 4)
        yield f"  verdict: {_verdict(entry.verdict, entry.error_class)}"
        if entry.source_says:
            yield _wrapped(f"the source says: {entry.source_says}", 2)
        if entry.unsafe:
            yield "  UNSAFE: this advice never reaches a plan"
        return
    node = shown.node
    yield f"{node.id or node.key}  {node.kind}  ({node.table}, line {node.line})"
    yield _wrapped(node.says, 4)


def _verdict(verdict: str, kind: str | None) -> str:
    return f"{verdict} ({kind})" if kind else verdict


def _columns(shown: Shown, document: EvidenceDocument) -> Iterator[str]:
    """Every filled column that the head does not tell, in the order of the table."""
    told = {"id", "source", *(_HEAD if document.kind == "claim" else ())}
    for name in shown.node.cells:
        value = document.entry.get(name)
        if name in told or value in (None, "", []):
            continue
        said = ", ".join(value) if isinstance(value, list) else str(value)
        if said != shown.node.says:
            yield _wrapped(f"{name}: {said}", 2)


def _linked(links: Iterable[LinkShown]) -> Iterator[str]:
    """One line a row; many rows of one kind by their ids alone."""
    for kind, group in groupby(links, key=lambda one: one.kind):
        rows = list(group)
        if len(rows) > MANY:
            yield _wrapped(f"  {kind} ({len(rows)}): {', '.join(one.id for one in rows)}", 0)
            continue
        for one in rows:
            way = f"  (through {', '.join(one.through)})" if one.through else ""
            yield _wrapped(f"  {kind}  {one.id or one.table}: {one.says}{way}", 0)


def _sources(sources: Iterable[SourceShown]) -> Iterator[str]:
    for one in sources:
        notice = f"  [{one.status}]" if one.status in ("retracted", "concern") else ""
        yield _wrapped(f"  {one.id}: {one.citation}{notice}", 0)
        if one.url or one.doi_or_pmid:
            yield f"      {one.url or one.doi_or_pmid}"


def _checks(checks: Iterable[CheckShown]) -> Iterator[str]:
    for one in checks:
        agrees = "agrees" if one.agreement else f"DOES NOT AGREE: {one.why}"
        yield _wrapped(f"{one.what}:", 2)
        yield _wrapped(f"{one.value:.4g} {one.unit}, expected {one.expected:g}: {agrees}{_holds(one)}", 6)


def _holds(one: CheckShown) -> str:
    """What the answer says of the article's own number."""
    if one.stands is None:
        return ""
    alone = "; this alone settles it" if one.decides else ""
    return f" (the article's number {'stands' if one.stands else 'does not stand'} by it{alone})"


def _block(title: str, lines: Iterable[str]) -> list[str]:
    body = list(lines)
    return ["", f"{title}:", *body] if body else []


def _wrapped(text: str, indent: int) -> str:
    first = " " * indent
    return fill(
        text, WIDTH, initial_indent=first, subsequent_indent="      ", break_long_words=False, break_on_hyphens=False
    )
