"""Whether the articles agree with themselves: the numbers that they give for one quantity, read from the claims."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from davy.errors import KnowledgeError
from davy.evidence.consistency import Relation, RepeatedRow, repeated
from davy.evidence.registry import resolve
from davy.evidence.rows import Claim
from davy.qualify.figures import numbers_in

_READING = re.compile(r"([cm]-\d{3}-\d{3})\.(value|statement)(?:\.(\d+)(?:-(\d+))?)?(?:/(\d+(?:\.\d+)?))?")
_NEAR = 0.02


@dataclass(frozen=True)
class Reading:
    """What one claim says of a quantity: from low to high."""

    claim_id: str
    low: float
    high: float


@dataclass(frozen=True)
class Repeated:
    """One quantity that the articles state more than once.

    Attributes
    ----------
    spread : the largest number over the smallest.
    relation, expected : how the numbers stand to each other, and how they were found to.
    """

    id: str
    quantity: str
    article: str
    unit: str
    readings: tuple[Reading, ...]
    spread: float
    relation: Relation
    expected: Relation

    @property
    def agreement(self) -> bool:
        """Whether the relation is the one that is on record."""
        return self.relation == self.expected


def consistency(rows: Sequence[RepeatedRow] | None = None) -> tuple[Repeated, ...]:
    """Every quantity; those of the knowledge folder where no rows are given."""
    return tuple(_compared(row) for row in (repeated() if rows is None else rows))


def _compared(row: RepeatedRow) -> Repeated:
    readings = tuple(_reading(row, text) for text in row.readings)
    ends = [end for one in readings for end in (one.low, one.high)]
    spread = max(ends) / min(ends)
    return Repeated(
        row.id, row.quantity, row.article, row.unit, readings, spread, _relation(readings), row.expected
    )  # fmt: skip


def _relation(readings: Sequence[Reading]) -> Relation:
    first = readings[0]
    if all(_near(one.low, first.low) and _near(one.high, first.high) for one in readings):
        return "agree"
    overlap = max(one.low for one in readings) <= min(one.high for one in readings) * (1.0 + _NEAR)
    return "differ" if overlap else "apart"


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= _NEAR * abs(other)


def _reading(row: RepeatedRow, text: str) -> Reading:
    match = _READING.fullmatch(text)
    claim = resolve(match[1]) if match else None
    if match is None or not isinstance(claim, Claim):
        raise KnowledgeError(f"article_consistency.csv, {row.id}: {text!r} is not a claim with a cell")
    found = numbers_in((claim.value if match[2] == "value" else claim.statement) or "")
    if match[3]:
        found = found[int(match[3]) - 1 : int(match[4] or match[3])]
    if not found:
        raise KnowledgeError(f"article_consistency.csv, {row.id}: {text} holds no number")
    scale = float(match[5] or 1)
    return Reading(claim.id, min(found) / scale, max(found) / scale)
