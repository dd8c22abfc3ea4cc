"""The credibility dossier as values: what is asked of the model, what was shown, and what is not credible, with sizes.

The frame is that of ICH M15 and of ASME V&V 40; its words are rows of `credibility.csv`. Every number comes out of the
documents of a qualification.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from davy.qualify.findings import Finding, findings
from davy.qualify.limitations import Limitation, limitations
from davy.tables import SourcedRow, Words, read_table

Kind = Literal["question", "context", "influence", "consequence", "risk", "impact", "factor", "recorded"]


class CredibilityRow(SourcedRow):
    """One statement of the dossier.

    Attributes
    ----------
    group : of a credibility factor: the activity that it belongs to.
    gap : what was not done for it.
    shown : ids of the findings that speak to it.
    """

    id: str
    kind: Kind
    group: str | None = None
    heading: str
    text: str
    gap: str | None = None
    shown: Words = ()


@dataclass(frozen=True)
class Factor:
    """A credibility factor: what was done, what came out, what was not done."""

    group: str
    heading: str
    text: str
    gap: str
    findings: tuple[Finding, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """Words of the frame, with their sources."""

    heading: str
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Dossier:
    """Everything the page shows that is not a table of a part.

    Attributes
    ----------
    frame : statements by kind, in the order of the guidelines.
    """

    frame: Mapping[str, tuple[Statement, ...]]
    factors: tuple[Factor, ...]
    findings: Mapping[str, Finding]
    limitations: tuple[Limitation, ...]


def credibility_rows() -> tuple[CredibilityRow, ...]:
    """Every row of the frame, in order."""
    return read_table("credibility.csv", CredibilityRow)


def dossier_of(documents: Mapping[str, Mapping[str, Any]]) -> Dossier:
    """The dossier of a qualification."""
    rows = credibility_rows()
    recorded = {
        name: Finding(name, row.heading, row.text, None, None)
        for row in rows
        if row.kind == "recorded"
        for name in row.shown
    }
    found = {**findings(documents), **recorded}
    frame: dict[str, tuple[Statement, ...]] = {}
    for row in rows:
        if row.kind not in ("factor", "recorded"):
            frame[row.kind] = (*frame.get(row.kind, ()), Statement(row.heading, row.text, row.source))
    factors = tuple(
        Factor(
            row.group or "",
            row.heading,
            row.text,
            row.gap or "",
            tuple(found[name] for name in row.shown if name in found),
            row.source,
        )
        for row in rows
        if row.kind == "factor"
    )
    return Dossier(frame, factors, found, limitations(documents))
