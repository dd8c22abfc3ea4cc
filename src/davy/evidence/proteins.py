"""Sequences of proteins whose residues the articles name."""

from __future__ import annotations

from davy.errors import KnowledgeError
from davy.tables import SourcedRow, read_table


class ProteinRow(SourcedRow):
    """One protein chain.

    Attributes
    ----------
    accession : in UniProt, or the structure and chain.
    numbering : what counts the residues.
    first : number of the first letter of `sequence` in that numbering.
    sequence : one letter a residue.
    """

    id: str
    protein: str
    organism: str
    accession: str
    numbering: str
    first: int
    sequence: str


def proteins() -> tuple[ProteinRow, ...]:
    """Every protein."""
    return read_table("proteins.csv", ProteinRow)


def residue(protein: str, position: int) -> str:
    """The letter at a position; raises KnowledgeError for an unknown protein or a position outside the chain."""
    row = next((one for one in proteins() if one.id == protein), None)
    if row is None:
        raise KnowledgeError(f"proteins.csv holds no {protein!r}; there are {', '.join(one.id for one in proteins())}")
    if not row.first <= position < row.first + len(row.sequence):
        last = row.first + len(row.sequence) - 1
        raise KnowledgeError(f"{protein} runs from {row.first} to {last}; there is no residue {position}")
    return row.sequence[position - row.first]
