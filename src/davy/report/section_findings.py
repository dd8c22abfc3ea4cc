"""What the safety gates found: for a refusal, which fact, which limit, which source, and what would change it."""

from __future__ import annotations

from davy.report.layout import bullets, section
from davy.report.markup import NOTHING, Html, el
from davy.report.reading import Reading
from davy.report.references import References
from davy.report.words import dated, first_up, plain, short
from davy.safety.verdict import Finding, Verdict

HEADINGS = {"refused": "Why Davy says no", "with_care": "What needs care", "allowed": "What safety found"}


def findings(reading: Reading) -> Html:
    """The findings of a plan, the gravest first."""
    return judged(reading.plan.verdict, reading.reader.references)


def judged(verdict: Verdict, references: References) -> Html:
    """What the gates said, the gravest first; those that only inform come last, as a list."""
    grave = [found for found in verdict.findings if found.severity == "refuse"]
    care = [found for found in verdict.findings if found.severity == "care"]
    told = [found for found in verdict.findings if found.severity == "info"]
    if not (grave or care or told):
        return NOTHING
    return section(
        "findings",
        HEADINGS[verdict.word],
        el("p", REFUSAL) if grave else None,
        [_finding(found, references) for found in grave],
        el("h3", "Also to be known") if care and grave else None,
        [_finding(found, references) for found in care],
        bullets([(dated(first_up(found.sentence)), references.cite(found.sources)) for found in told]),
    )


REFUSAL = (
    "A refusal is an answer. Below is each fact that led to it, the limit it was held against and where that limit "
    "comes from. When the fact changes, or turns out to be wrong, run Davy again."
)


def against(found: Finding) -> str:
    """What was measured, against which limit, as one line; empty where nothing was measured."""
    if found.measured is None:
        return ""
    measured = _with_unit(found.measured, found.unit)
    return (
        f"found {measured}" if found.limit is None else f"found {measured}, limit {_with_unit(found.limit, found.unit)}"
    )


def _with_unit(value: float | str, unit: str) -> str:
    if isinstance(value, str):
        return plain(value)
    return f"{short(value)} {unit}".strip()


def _finding(found: Finding, references: References) -> Html:
    return el(
        "div",
        {"class": f"finding {found.severity}"},
        el("p", dated(first_up(found.sentence)), references.cite(found.sources)),
        el("p.small", first_up(against(found))) if isinstance(found.measured, float | int) else None,
    )
