"""``davy evidence audit`` for the terminal: what was found, what does not agree, and the articles one by one."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from davy.evidence.registry import resolve
from davy.evidence.rows import Claim
from davy.report.audit_documents import AuditDocument, CheckShown, RepeatedShown

WIDTH = 100
VERDICTS = {
    "supported": "supported by what was read",
    "partly": "right in part",
    "unsupported": "nothing found behind it",
    "contradicted": "contradicted by what was read",
    "misattributed": "not what the cited paper says",
    "unverified": "not settled",
}
"""A verdict in plain words, in the order in which they are told."""
_RELATIONS = {"differ": "different ranges", "apart": "cannot both hold"}


def audit_text(made: AuditDocument, *, every: bool = False) -> str:
    """What the terminal shows; `every` lists each check."""
    lines = [*_summary(made), "", *_wrong(made), "", *_articles(made), "", *_at_odds(made), "", *_sources(made)]
    if every:
        lines += ["", "Every check:", *(line for one in made.checks for line in _check(one))]
    else:
        lines += [
            "",
            "One claim with its checks: davy evidence show m-002-051. Every check: --all. A page: --report FILE",
        ]
    return "\n".join(lines) + "\n"


def _summary(made: AuditDocument) -> Iterator[str]:
    counts = made.counts
    yield _wrapped(
        f"The three articles make {counts.claims} claims that can be checked. {counts.claims_checked} of them were "
        f"worked out again just now, in {counts.checks} checks; {counts.deciding} of those settle a claim alone.",
        "",
    )
    for verdict, words in VERDICTS.items():
        yield f"  {counts.by_verdict.get(verdict, 0):4d}  {words}"


def _wrong(made: AuditDocument) -> Iterator[str]:
    if made.sound:
        yield "Every check agrees with the verdict on record."
        return
    yield f"{made.counts.mismatches} do not agree:"
    for check in made.checks:
        if not check.agreement:
            yield _wrapped(f"{check.claim_id}: {check.why}", "  ")
            yield _wrapped(f"({check.what})", "    ")
    for repeated in made.consistency:
        if not repeated.agreement:
            yield _wrapped(f"{repeated.id}: on record as {repeated.expected}, found {repeated.relation}", "  ")
    for odd in made.sanity:
        if not odd.agreement:
            yield _wrapped(f"{odd.id}: {odd.sentence}; this is not on record in source_oddities.csv", "  ")


def _articles(made: AuditDocument) -> Iterator[str]:
    heads = [verdict for verdict in VERDICTS if made.counts.by_verdict.get(verdict)]
    yield f"{'Article':<10}" + "".join(f"{head:>15}" for head in heads)
    for article, counts in made.counts.by_article.items():
        yield f"{article:<10}" + "".join(f"{counts.get(head, 0):>15}" for head in heads)


def _at_odds(made: AuditDocument) -> Iterator[str]:
    found = [one for one in made.consistency if one.relation != "agree"]
    yield f"Of {len(made.consistency)} quantities that are stated more than once, {len(found)} do not agree:"
    for one in found:
        yield _wrapped(f"{one.quantity}: {_readings(one)} ({_RELATIONS[one.relation]})", "  ")


def _readings(one: RepeatedShown) -> str:
    told = (f"{each.low:.4g}" if each.low == each.high else f"{each.low:g}-{each.high:g}" for each in one.readings)
    return f"{' / '.join(told)} {one.unit}"


def _sources(made: AuditDocument) -> Iterator[str]:
    yield f"{len(made.sanity)} places in the sources that do not fit themselves, and are kept with that mark:"
    for one in made.sanity:
        yield _wrapped(f"{one.id}: {one.sentence}", "  ")


def _check(one: CheckShown) -> Iterator[str]:
    claim = resolve(one.claim_id)
    said = claim.statement if isinstance(claim, Claim) else ""
    yield _wrapped(f"{one.id}  {one.verdict}  {said}", "  ")
    mark = "" if one.agreement else "  DOES NOT AGREE"
    yield _wrapped(f"{one.what}: {one.value:.4g} {one.unit}, expected {one.expected:g}{mark}", "      ")


def _wrapped(text: str, indent: str) -> str:
    return fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
