"""The mass of one formula unit, worked out from the formula itself."""

from __future__ import annotations

import re

from davy.errors import KnowledgeError
from davy.units import MAGNESIUM_G_PER_MOL

ATOMIC_WEIGHTS = {
    "H": 1.008,
    "C": 12.011,
    "N": 14.007,
    "O": 15.999,
    "Mg": MAGNESIUM_G_PER_MOL,
    "S": 32.06,
    "Cl": 35.45,
}
"""Abridged standard atomic weights [g/mol]; source s-iupac-weights."""

_TOKEN = re.compile(r"([A-Z][a-z]?)(\d*)|(\()|(\))(\d*)")


def atoms(formula: str) -> dict[str, float]:
    """How many of each atom a formula holds.

    Parameters
    ----------
    formula : as ``Mg(C2H4NO2)2``, ``MgCl2.6H2O`` or, for a mixture, ``Mg(C2H4NO2)2 + 0.627 MgO``.
    """
    total: dict[str, float] = {}
    for part in formula.split(" + "):
        share, _, unit = part.rpartition(" ")
        for piece in unit.split("."):
            count = re.match(r"\d+", piece)
            many = float(share or 1) * float(count[0] if count else 1)
            for element, number in _piece(piece[count.end() if count else 0 :]).items():
                total[element] = total.get(element, 0.0) + many * number
    return total


def _piece(text: str) -> dict[str, float]:
    levels: list[dict[str, float]] = [{}]
    place = 0
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise KnowledgeError(f"the formula {text!r} does not read from {text[place:]!r} on")
        element, number, opened, closed, times = token.groups()
        if element:
            levels[-1][element] = levels[-1].get(element, 0.0) + float(number or 1)
        elif opened:
            levels.append({})
        elif closed:
            if len(levels) == 1:
                raise KnowledgeError(f"the formula {text!r} closes a bracket that is not open")
            for name, many in levels.pop().items():
                levels[-1][name] = levels[-1].get(name, 0.0) + many * float(times or 1)
        place = token.end()
    if len(levels) != 1:
        raise KnowledgeError(f"the formula {text!r} leaves a bracket open")
    return levels[0]


def mass(formula: str) -> float:
    """Mass of one formula unit [g/mol]; raises KnowledgeError for an unknown atom."""
    found = atoms(formula)
    unknown = sorted(set(found) - set(ATOMIC_WEIGHTS))
    if unknown:
        raise KnowledgeError(f"the formula {formula!r} holds {', '.join(unknown)}, whose weight is not known here")
    return sum(ATOMIC_WEIGHTS[element] * number for element, number in found.items())
