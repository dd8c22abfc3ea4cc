"""The errors of the articles that would change a plan most, and the bundled person in whom it shows."""

from __future__ import annotations

from davy.tables import SourcedRow, read_table


class ConsequenceRow(SourcedRow):
    """One error, and what it would have done.

    Attributes
    ----------
    id : the claim.
    rank : 1 is told first.
    person : a bundled example.
    advice : what the article would have that person take, as a regimen; None where the advice is no dose.
    title : the error in a few words.
    sentence : what it would have changed, with the computed numbers as ``{name}``; the names are those of
        `davy.qualify.consequences`.
    """

    id: str
    rank: int
    person: str
    advice: str | None = None
    title: str
    sentence: str


def consequence_rows() -> tuple[ConsequenceRow, ...]:
    """Every consequence, the gravest first."""
    return tuple(sorted(read_table("consequences.csv", ConsequenceRow), key=lambda row: row.rank))
