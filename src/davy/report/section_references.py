"""The evidence behind each number: every cited id resolved to what it says and where that was read."""

from __future__ import annotations

from davy.errors import KnowledgeError
from davy.evidence.registry import Entry, resolve
from davy.evidence.rows import Claim, Fact, Source
from davy.report.layout import section
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.reading import Reading
from davy.report.references import References

ARTICLES = {"headache": "on headache", "muscle": "on muscle", "nerve": "on nerve pain"}
VERIFIED = {
    "fulltext": "passage read",
    "abstract": "abstract read",
    "secondary": "read in a secondary source",
    "memory": "recalled, not read; it backs nothing that permits",
    "davy-rule": "a judgement of Davy's",
    "computed": "computed",
    "assumed": "assumed by the model",
}


def evidence(reading: Reading) -> Html:
    """The list that the small numbers of a plan point to; written last."""
    return cited_sources(reading.reader.references)


def cited_sources(references: References) -> Html:
    """Every source cited so far."""
    cited = references.cited
    if not cited:
        return NOTHING
    items = [el(f"li#ref-{shown}", {"value": shown}, _entry(source)) for shown, source in cited]
    return section(
        "evidence",
        "The evidence behind each number",
        el("p.small", "Each entry can be looked up with ", el("code", "davy evidence show ID"), "."),
        el("ol.refs", items),
    )


def _entry(name: str) -> Child:
    try:
        entry = resolve(name)
    except KnowledgeError:
        return ("A rule of Davy's tables. ", el("code", name))
    return (_said(entry), " ", el("code", name))


def _said(entry: Entry) -> Child:
    if isinstance(entry, Source):
        return _source(entry)
    behind = [" ", [_source(_as_source(one)) for one in entry.source[:2]]] if entry.source else None
    if isinstance(entry, Fact):
        return (f"{entry.statement}. ", _where(entry.where, VERIFIED[entry.verified]), behind)
    if isinstance(entry, Claim):
        says = f" What the evidence says: {entry.source_says}." if entry.source_says else ""
        return (
            f"The article {ARTICLES[entry.article]} states: {entry.statement}. Verdict: {entry.verdict}.{says}",
            behind,
        )
    return (f"{entry.study}: {entry.outcome}. ", _where(entry.where, VERIFIED[entry.verified]), behind)


def _as_source(name: str) -> Source | None:
    try:
        entry = resolve(name)
    except KnowledgeError:
        return None
    return entry if isinstance(entry, Source) else None


def _where(where: str | None, verified: str) -> Child:
    if where is not None and where.startswith(("https://", "http://")):
        return (el("a", {"href": where, "rel": "noreferrer"}, "where it was read"), f" ({verified}).")
    return f"({where}; {verified})." if where else f"({verified})."


def _source(source: Source | None) -> Child:
    if source is None:
        return None
    if source.url is not None and source.url.startswith(("https://", "http://")):
        return (el("a", {"href": source.url, "rel": "noreferrer"}, source.citation), ". ")
    doi = source.doi_or_pmid
    if doi is not None and doi.startswith("10."):
        return (el("a", {"href": f"https://doi.org/{doi}", "rel": "noreferrer"}, source.citation), ". ")
    return f"{source.citation}. "
