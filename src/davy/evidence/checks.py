"""The re-run checks of claims, one row each: which method, on what numbers, and what its answer would decide."""

from __future__ import annotations

from davy.tables import SourcedRow, read_table


class ClaimCheckRow(SourcedRow):
    """One check of one claim.

    Attributes
    ----------
    id : the claim's id and a number.
    claim_id : the claim that is tested.
    method : a function of `davy.qualify` by name.
    inputs : its arguments, ``name=value`` divided by bars; a value is a number, a word, or the number of a fact as
        ``f-051``, ``f-103.low`` or ``f-103.high``.
    expected, within : what the method has to give, and how far off it may be [unit].
    stands_low, stands_high : where the answer has to lie for the article's own number to stand [unit].
    decides : the answer alone settles the claim: inside it is supported, outside contradicted.
    what : what is worked out, in plain words.
    """

    id: str
    claim_id: str
    method: str
    inputs: str | None = None
    unit: str
    expected: float
    within: float
    stands_low: float | None = None
    stands_high: float | None = None
    decides: bool = False
    what: str


def claim_checks() -> tuple[ClaimCheckRow, ...]:
    """Every check, in file order."""
    return read_table("claim_checks.csv", ClaimCheckRow)


def checks_of(claim_id: str) -> tuple[ClaimCheckRow, ...]:
    """The checks of one claim."""
    return tuple(row for row in claim_checks() if row.claim_id == claim_id)
