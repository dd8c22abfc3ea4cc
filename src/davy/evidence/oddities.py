"""What is known not to fit in a source, and what we make of it."""

from __future__ import annotations

from typing import Literal

from davy.tables import SourcedRow, read_table

Kind = Literal["outside", "lopsided", "difference", "sum", "p-value", "standard-error"]
"""``outside``: the estimate is outside its interval; ``lopsided``: not in the middle of it; ``difference``: not that of
the arms; ``sum``: parts that do not make the whole; ``p-value``, ``standard-error``: not what means and SDs give."""


class OddityRow(SourcedRow):
    """One oddity that was looked at.

    Attributes
    ----------
    id : the study or fact, and the kind.
    row : the study or fact.
    """

    id: str
    row: str
    kind: Kind


def known_oddities() -> tuple[OddityRow, ...]:
    """Every oddity on record."""
    return read_table("source_oddities.csv", OddityRow)
