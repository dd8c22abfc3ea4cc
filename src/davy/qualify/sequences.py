"""Residues that the articles name, looked up in the sequences."""

from __future__ import annotations

import re

from davy.errors import KnowledgeError
from davy.evidence.proteins import residue

_NAMED = re.compile(r"([A-Z])(\d+)")


def residue_is(protein: str, position: float, letter: str) -> float:
    """1 where that letter stands at that position, else 0."""
    return float(residue(protein, round(position)) == letter)


def residues_found(protein: str, residues: str) -> float:
    """How many of the named residues (``D712 D868``) stand where they are said to."""
    return sum(residue_is(protein, float(place), letter) for letter, place in _each(residues))


def acids_found(protein: str, residues: str) -> float:
    """How many of the named residues stand where they are said to and are acids, which can hold a metal ion."""
    return sum(residue_is(protein, float(place), letter) for letter, place in _each(residues) if letter in "DE")


def offset_holds(protein: str, residues: str, offset: float) -> float:
    """How many residues, numbered in another species, stand at their number plus an offset."""
    return sum(residue_is(protein, float(place) + offset, letter) for letter, place in _each(residues))


def _each(residues: str) -> list[tuple[str, str]]:
    found = [match.groups() for match in map(_NAMED.fullmatch, residues.split()) if match]
    if len(found) != len(residues.split()) or not found:
        raise KnowledgeError(f"{residues!r} are not residues such as 'D712 D868'")
    return [(letter, place) for letter, place in found]
