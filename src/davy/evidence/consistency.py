"""Quantities for which the articles give a number more than once."""

from __future__ import annotations

from typing import Literal

from davy.tables import SourcedRow, Words, read_table

Relation = Literal["agree", "differ", "apart"]
"""``agree``: the same range; ``differ``: another range that overlaps; ``apart``: two numbers that cannot both hold."""


class RepeatedRow(SourcedRow):
    """One quantity, and where its numbers stand.

    Attributes
    ----------
    article : the article that repeats it; ``all`` across articles.
    readings : claims as ``c-002-004.value``; ``.statement.1-2`` takes the first to the second number of that cell,
        ``/5`` divides by five.
    expected : how the readings were found to stand to each other.
    """

    id: str
    quantity: str
    article: Literal["headache", "muscle", "nerve", "all"]
    unit: str
    readings: Words
    expected: Relation


def repeated() -> tuple[RepeatedRow, ...]:
    """Every quantity, in file order."""
    return read_table("article_consistency.csv", RepeatedRow)
