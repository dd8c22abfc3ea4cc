"""The audit: every check of every claim worked out again, and held against the verdict that the registry gives.

A check agrees where its answer is the one expected and the verdict is one that the answer allows. Where the answer
alone settles the claim the verdict has to follow from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from davy.errors import KnowledgeError
from davy.evidence.checks import ClaimCheckRow, claim_checks
from davy.evidence.registry import resolve
from davy.evidence.rows import Claim, Verdict
from davy.qualify.claim_methods import method_of, words_of
from davy.qualify.figures import inputs_of

_STANDING: tuple[Verdict, ...] = ("supported", "partly", "misattributed")
_FALLEN: tuple[Verdict, ...] = ("contradicted", "partly", "unsupported", "misattributed")


@dataclass(frozen=True)
class Checked:
    """One check, worked out.

    Attributes
    ----------
    inputs : what went in, as the row writes it.
    value, expected, within : what came out, what had to, and how far off it may be [unit].
    stands : whether the article's own number holds by this answer; None where the check does not say.
    decides : this answer alone settles the claim.
    verdict : the registry's.
    agreement : whether the value is the expected one and the verdict one that it allows.
    why : what is wrong, where there is no agreement.
    """

    id: str
    claim_id: str
    what: str
    method: str
    inputs: str
    value: float
    unit: str
    expected: float
    within: float
    stands: bool | None
    decides: bool
    verdict: Verdict
    agreement: bool
    why: str | None
    sources: tuple[str, ...]


def audit(rows: Sequence[ClaimCheckRow] | None = None) -> tuple[Checked, ...]:
    """Every check; those of the knowledge folder where no rows are given."""
    return tuple(_checked(row) for row in (claim_checks() if rows is None else rows))


def _checked(row: ClaimCheckRow) -> Checked:
    claim = resolve(row.claim_id)
    if not isinstance(claim, Claim):
        raise KnowledgeError(f"claim_checks.csv: {row.claim_id!r} is not a claim")
    value = method_of(row.method)(inputs_of(row, words_of(row.method)))
    stands = _stands(row, value)
    why = _wrong_value(row, value) or _wrong_verdict(row, claim.verdict, stands)
    return Checked(
        id=row.id,
        claim_id=row.claim_id,
        what=row.what,
        method=row.method,
        inputs=row.inputs or "",
        value=value,
        unit=row.unit,
        expected=row.expected,
        within=row.within,
        stands=stands,
        decides=row.decides,
        verdict=claim.verdict,
        agreement=why is None,
        why=why,
        sources=row.source,
    )


def _stands(row: ClaimCheckRow, value: float) -> bool | None:
    if row.stands_low is None and row.stands_high is None:
        return None
    above = row.stands_low is None or value >= row.stands_low
    return above and (row.stands_high is None or value <= row.stands_high)


def _wrong_value(row: ClaimCheckRow, value: float) -> str | None:
    if abs(value - row.expected) <= row.within:
        return None
    return f"{value:.6g} {row.unit} came out, {row.expected:g} within {row.within:g} was expected"


def _wrong_verdict(row: ClaimCheckRow, verdict: Verdict, stands: bool | None) -> str | None:
    if stands is None:
        return None
    allowed: tuple[Verdict, ...] = _STANDING if stands else _FALLEN
    if row.decides:
        allowed = ("supported",) if stands else ("contradicted",)
    if verdict in allowed:
        return None
    said = "stands" if stands else "does not stand"
    return f"the number of the article {said} by this check, so {verdict!r} is not the verdict ({', '.join(allowed)})"
