"""What the body model is held against: one published figure a row, and whether the model meets it."""

from __future__ import annotations

from typing import Literal

from davy.tables import Row, Verified, Words, read_table


class TargetRow(Row):
    """A figure that a protocol of `davy.qualify.protocols` reproduces.

    `met`: within `tolerance` of `target`. `misfit`: known not to be, by `size` (achieved - target). `finding` and
    `derived` have no target: `size` is what the model says, so that a change is noticed. `before` is what the body
    said before it was mended, where it had the read-out.
    """

    id: str
    item: str
    target: float | None = None
    tolerance: float | None = None
    unit: str
    kind: Literal["calibrate", "check", "validate", "finding", "derived", "numerics"]
    source: Words
    where: str | None = None
    verified: Verified
    before: float | None = None
    status: Literal["met", "misfit", "finding", "derived"]
    size: float | None = None
    note: str | None = None


def read_targets() -> tuple[TargetRow, ...]:
    """Every target, in the order of the table."""
    return read_table("targets.csv", TargetRow)
