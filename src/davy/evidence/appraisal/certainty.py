"""GRADE: recorded judgements are added up here; imprecision and inconsistency are suggested from the numbers.

The rules of a suggestion: imprecision after GRADE's sixth guideline (s-guyatt-2011: an interval that holds both no
effect and one that matters; the information of one adequately powered trial), inconsistency after the ranges of I2 of
the Cochrane Handbook (s-rucker-2008).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from davy.evidence.appraisal.result import Result, crosses
from davy.evidence.appraisal.rows import DOWNGRADING, Certainty, Design, Domain, GradeRow

LADDER: tuple[Certainty, ...] = ("very low", "low", "moderate", "high")
START: dict[Design, Certainty] = {"trials": "high", "cohorts": "low"}
SUBSTANTIAL, CONSIDERABLE = 50.0, 75.0
"""I2 [%] from which heterogeneity may be substantial and considerable (s-rucker-2008)."""
INFORMATION = 2.8016
"""The smallest effect that matters over its standard error at 80 % power and two-sided 5 %: 1.960 + 0.842."""


@dataclass(frozen=True)
class Suggestion:
    """What the numbers suggest for one domain: levels (0, -1, -2) and why; None = the numbers do not tell."""

    domain: Domain
    levels: int | None
    reason: str


@dataclass(frozen=True)
class Appraisal:
    """The certainty of a result and how it was reached.

    Attributes
    ----------
    reasons : each domain that lowers or raises, with its levels and its reason.
    differs : where a suggestion from the numbers is not what was judged.
    to_review : domains whose judgement was made on other data than today's.
    missing : domains that nobody judged.
    """

    certainty: Certainty
    reasons: tuple[str, ...]
    differs: tuple[str, ...]
    to_review: tuple[str, ...]
    missing: tuple[str, ...]


def appraise(result: Result, judged: Sequence[GradeRow], data: str) -> Appraisal:
    """Add up the judgements of one analysis.

    Parameters
    ----------
    judged : the rows of `grade.csv` for it.
    data : the mark of its study rows as they are today.
    """
    by_domain = {row.domain: row for row in judged}
    levels = sum(row.levels for row in judged)
    missing = tuple(name for name in DOWNGRADING if name not in by_domain)
    rung = LADDER.index(START[result.row.design]) + levels - len(missing)
    reasons = [f"{row.domain} {row.levels:+d}: {row.reason}" for row in judged if row.levels]
    reasons += [f"{name} -1: nobody has judged it" for name in missing]
    if result.row.design == "cohorts":
        reasons.insert(0, "starts at low: people chose or had their magnesium, nobody gave it by lot")
    return Appraisal(
        LADDER[min(max(rung, 0), len(LADDER) - 1)],
        tuple(reasons),
        tuple(_differences(suggestions(result), by_domain.values())),
        tuple(row.domain for row in judged if row.data != data),
        missing,
    )


def suggestions(result: Result) -> tuple[Suggestion, Suggestion]:
    """What the numbers alone suggest for imprecision and inconsistency."""
    return imprecision(result), inconsistency(result)


def imprecision(result: Result) -> Suggestion:
    """One level where the interval leaves more than one answer open, one where there is too little information."""
    if result.estimate is None or result.ci is None:
        return Suggestion("imprecision", None, "no interval can be computed from what was read")
    levels = 0
    said: list[str] = []
    crossing = crosses(result.ci, result.no_effect)
    reach = max(abs(result.better(end)) for end in result.ci)
    matters = result.matters
    if crossing and (matters is None or reach >= matters):
        levels -= 1
        said.append("the interval holds no effect and an effect that would matter")
    elif crossing:
        said.append("the interval holds no effect and excludes one that would matter")
    elif matters is not None and min(result.better(end) for end in result.ci) < matters <= reach:
        levels -= 1
        said.append("the interval holds effects below and above the smallest that matters")
    if matters is None:
        said.append("no smallest effect that matters was read, so the information size is not judged")
    elif not _enough(result):
        levels -= 1
        said.append("less information than one adequately powered trial")
    return Suggestion("imprecision", levels, "; ".join(said) or "the interval excludes no effect")


def _enough(result: Result) -> bool:
    """Whether the standard error is that of a trial with power for the smallest effect that matters."""
    smallest = result.row.smallest
    if smallest is None or not result.se:
        return False
    size = abs(log(smallest)) if result.is_ratio else abs(smallest)
    return size / result.se >= INFORMATION


def inconsistency(result: Result) -> Suggestion:
    """One level for a substantial I2 or a new trial that could show nothing, two for both at a considerable one."""
    if result.estimate is None or (result.k or 0) < 2 or result.i2 is None:
        why = (
            "one trial shows no inconsistency" if result.k == 1 else "no measure of the spread between trials was read"
        )
        return Suggestion("inconsistency", None, why)
    said = [f"I2 {result.i2:.0f} %"]
    if result.tau2 is not None:
        said.append(f"tau2 {result.tau2:.3g}")
    opens = bool(result.ci and result.pi and not crosses(result.ci, result.no_effect))
    opens = opens and bool(result.pi and crosses(result.pi, result.no_effect))
    if opens:
        said.append("a new trial could show no effect although the mean does not")
    levels = -(int(result.i2 >= SUBSTANTIAL) or int(opens))
    if result.i2 >= CONSIDERABLE and opens:
        levels = -2
    return Suggestion("inconsistency", levels, ", ".join(said))


def _differences(suggested: Iterable[Suggestion], judged: Iterable[GradeRow]) -> Iterable[str]:
    levels = {row.domain: row.levels for row in judged}
    for one in suggested:
        if one.levels is not None and one.domain in levels and levels[one.domain] != one.levels:
            yield f"{one.domain}: the numbers suggest {one.levels:+d} ({one.reason}); judged {levels[one.domain]:+d}"
