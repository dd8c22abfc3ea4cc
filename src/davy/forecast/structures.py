"""Structural alternatives that the data cannot settle, as settings of one body model, with prior weights.

Each is a few parameters put to other values: the same compiled model runs them side by side in one batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from davy.errors import KnowledgeError
from davy.tables import SourcedRow, read_table

_MOST = 3
_WHOLE = 1e-9


class StructureRow(SourcedRow):
    """One setting of one alternative: a parameter and its value there, in the unit of the parameter table.

    `usual` is the parameter table itself and sets nothing. `prior_weight` stands on every row of an alternative
    alike; 0 means that it can be run by name but is never averaged over.
    """

    id: str
    structure: str
    label: str
    parameter: str | None = None
    value: float | None = None
    prior_weight: float


@dataclass(frozen=True)
class Structure:
    """An alternative: what it puts to another value than the parameter table, and how likely it is beforehand.

    `settings` replace the typical value; what people differ by multiplies it as before.
    """

    id: str
    label: str
    settings: Mapping[str, float]
    prior_weight: float
    source: tuple[str, ...]


@cache
def all_structures() -> tuple[Structure, ...]:
    """Every alternative, in file order.

    Raises
    ------
    KnowledgeError
        The weights do not add to 1, more than three count, or rows of one alternative disagree.
    """
    rows: dict[str, list[StructureRow]] = {}
    for row in read_table("structures.csv", StructureRow):
        rows.setdefault(row.structure, []).append(row)
    found = tuple(_joined(name, own) for name, own in rows.items())
    counted = [structure.prior_weight for structure in found if structure.prior_weight > 0.0]
    if len(counted) > _MOST or abs(sum(counted) - 1.0) > _WHOLE:
        raise KnowledgeError(f"structures.csv: at most {_MOST} prior weights may count, and they add to 1")
    return found


def structures() -> tuple[Structure, ...]:
    """The alternatives that a fit averages over, the usual one first."""
    return tuple(structure for structure in all_structures() if structure.prior_weight > 0.0)


def structure(name: str) -> Structure:
    """The alternative of that id."""
    found = {one.id: one for one in all_structures()}
    if name not in found:
        raise KnowledgeError(f"structure {name!r} is unknown; known: {', '.join(found)}")
    return found[name]


def _joined(name: str, rows: list[StructureRow]) -> Structure:
    first = rows[0]
    if any((row.label, row.prior_weight) != (first.label, first.prior_weight) for row in rows):
        raise KnowledgeError(f"structures.csv: the rows of {name!r} disagree on label or prior weight")
    settings = {row.parameter: row.value for row in rows if row.parameter is not None and row.value is not None}
    sources = tuple(dict.fromkeys(word for row in rows for word in row.source))
    return Structure(name, first.label, settings, first.prior_weight, sources)
