"""What safety can say: a verdict is the worst of its findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "care", "refuse"]
Urgency = Literal["routine", "soon", "same-day", "emergency"]


@dataclass(frozen=True)
class Finding:
    """One thing a gate found: what was measured, against which limit, in a sentence, with its sources."""

    gate: str
    severity: Severity
    sentence: str
    measured: float | str | None = None
    limit: float | str | None = None
    unit: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cap:
    """The most elemental magnesium from everything but food that one rule permits [mg/d]."""

    name: str
    elemental_mg_per_day: float
    sentence: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Referral:
    """Someone else should look at this, and how soon."""

    reason: str
    urgency: Urgency
    sources: tuple[str, ...]


@dataclass(frozen=True)
class LabDue:
    """A test that has to be done between two days of the plan, and why."""

    test: str
    from_day: int
    by_day: int
    why: str
    sources: tuple[str, ...]


Said = Finding | Cap | Referral | LabDue
"""What a gate may say: what it found, the most it permits, who should look, which lab is due."""


@dataclass(frozen=True)
class Allowed:
    """Nothing stands against it."""

    findings: tuple[Finding, ...] = ()
    word: Literal["allowed"] = "allowed"


@dataclass(frozen=True)
class WithCare:
    """It may be done with what the findings ask for."""

    findings: tuple[Finding, ...]
    word: Literal["with_care"] = "with_care"


@dataclass(frozen=True)
class Refused:
    """It may not be done here; the findings say which fact, which limit, which source."""

    findings: tuple[Finding, ...]
    word: Literal["refused"] = "refused"


Verdict = Allowed | WithCare | Refused


def verdict_of(findings: tuple[Finding, ...]) -> Verdict:
    """The verdict that these findings amount to: the worst of them."""
    severities = {finding.severity for finding in findings}
    if "refuse" in severities:
        return Refused(findings)
    if "care" in severities:
        return WithCare(findings)
    return Allowed(findings)
