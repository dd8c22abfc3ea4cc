"""The table of every claim: verdict, what its source says, where to read it, its checks; a small script filters."""

from __future__ import annotations

from collections.abc import Iterable

from davy.evidence.registry import claims, entries
from davy.evidence.rows import Claim, Source
from davy.report.audit_documents import AuditDocument, CheckShown
from davy.report.audit_text import VERDICTS
from davy.report.layout import section
from davy.report.markup import Child, Html, el

_HEADS = ("Claim", "Verdict", "What the source says", "Worked out again")


def claims_section(made: AuditDocument) -> Html:
    """Every claim of the three articles."""
    checks: dict[str, list[CheckShown]] = {}
    for one in made.checks:
        checks.setdefault(one.claim_id, []).append(one)
    every = claims()
    head = [el("th", {"scope": "col", "role": "columnheader"}, text) for text in _HEADS]
    body = [_row(claim, checks.get(claim.id, ())) for claim in every]
    return section(
        "claims",
        "Every claim",
        _form(every),
        el(
            "div.scroll",
            {"tabindex": 0, "role": "group", "aria-label": "Every claim"},
            el(
                "table.prose",
                {"role": "table"},
                el("caption", f"The {len(every)} claims in the order of the articles"),
                el("thead", el("tr", head)),
                el("tbody", body),
            ),
        ),
    )


def _form(every: Iterable[Claim]) -> Html:
    """The filters; they show themselves only where the script runs."""
    articles = dict.fromkeys(claim.article for claim in every)
    errors = sorted({claim.error_class for claim in every if claim.error_class})
    return el(
        "form#ask.ask",
        {"hidden": "hidden", "role": "search"},
        el("label.wide", "Words", el("input", {"type": "search", "name": "words"})),
        _choice("Article", "article", {name: name for name in articles}),
        _choice("Verdict", "verdict", dict(VERDICTS)),
        _choice("Kind of error", "error", {name: name.replace("-", " ") for name in errors}),
        _choice("Worked out", "checked", {"yes": "with a check", "no": "without"}),
        el("output#told", {"aria-live": "polite"}),
    )


def _choice(label: str, name: str, words: dict[str, str]) -> Html:
    options = [el("option", {"value": value}, text) for value, text in words.items()]
    return el("label", label, el("select", {"name": name}, el("option", {"value": ""}, "all"), options))


def _row(claim: Claim, checks: Iterable[CheckShown]) -> Html:
    listed = list(checks)
    data = {
        "role": "row",
        "data-article": claim.article,
        "data-verdict": claim.verdict,
        "data-error": claim.error_class,
        "data-checked": "yes" if listed else "no",
    }
    cells = (
        el("th", {"scope": "row", "role": "rowheader"}, _said(claim)),
        el("td", {"data-head": _HEADS[1], "role": "cell"}, _verdict(claim)),
        el("td", {"data-head": _HEADS[2], "role": "cell"}, claim.source_says or "nothing found", _places(claim)),
        el("td", {"data-head": _HEADS[3], "role": "cell"}, _checks(listed)),
    )
    return el(f"tr#{claim.id}", data, cells)


def _said(claim: Claim) -> Child:
    return (
        claim.statement,
        el("br"),
        el("span.who", f"{claim.id}, {claim.article}"),
        [" ", el("span.unsafe", "unsafe")] if claim.unsafe else None,
    )


def _verdict(claim: Claim) -> Child:
    kind = el("span.who", claim.error_class.replace("-", " ")) if claim.error_class else None
    return (el(f"span.word.{claim.verdict}", claim.verdict), [el("br"), kind] if kind else None)


def _places(claim: Claim) -> Child:
    """Where it can be read: the address with the claim, or those of its sources."""
    named = [entry for entry in map(entries().get, claim.source) if isinstance(entry, Source)]
    links = [(entry.citation, entry.url) for entry in named]
    if claim.url and claim.url not in {url for _, url in links}:
        links.append(("where it was read", claim.url))
    told: list[Child] = []
    for citation, url in links:
        link = el("a", {"href": url, "rel": "noreferrer"}, citation) if url else citation
        told += [el("br"), el("span.who", link)]
    return told


def _checks(checks: list[CheckShown]) -> Child:
    if not checks:
        return el("span.who", "no check of its own")
    return el("ul.checks", [el("li", _check(one)) for one in checks])


def _check(one: CheckShown) -> Child:
    value = el("strong", f"{one.value:.4g} {one.unit}")
    odd = el("span.odd", f" Does not agree: {one.why}") if not one.agreement else None
    return (value, f": {one.what}", odd)
