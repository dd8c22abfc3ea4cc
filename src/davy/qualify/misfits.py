"""Where the body model is known to be wrong: each target with its miss in tolerances, and what is no number."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from davy.body.model import Model
from davy.body.read import read_model
from davy.qualify.protocols import Outcome, run_protocols
from davy.tables import SourcedRow, read_table


class KnownMisfitRow(SourcedRow):
    """Something that the body model is known to get wrong, or not to hold, that is not one figure of a protocol.

    `held_by` names the file of results, or the rows of a table, in which its size can be seen.
    """

    id: str
    label: str
    statement: str
    held_by: str | None = None


@dataclass(frozen=True)
class Misfit:
    """One target and what the model says of it."""

    outcome: Outcome

    @property
    def miss(self) -> float | None:
        """Model less target, in the unit of the target."""
        target = self.outcome.row.target
        return None if target is None else self.outcome.achieved - target

    @property
    def in_tolerances(self) -> float | None:
        """The miss over the tolerance: between -1 and 1 the target is met."""
        return _over(self.miss, self.outcome.row.tolerance)

    @property
    def before_in_tolerances(self) -> float | None:
        """The same of the body model before its last change."""
        row = self.outcome.row
        if row.before is None or row.target is None:
            return None
        return _over(row.before - row.target, row.tolerance)

    @property
    def met(self) -> bool | None:
        """Whether the target is met now; None where there is none."""
        return None if self.in_tolerances is None else abs(self.in_tolerances) <= 1.0

    def as_row(self) -> dict[str, Any]:
        """One row of ``misfits.json``."""
        row = self.outcome.row
        return {
            "id": row.id,
            "item": row.item,
            "kind": row.kind,
            "unit": row.unit,
            "value": self.outcome.achieved,
            "target": row.target,
            "tolerance": row.tolerance,
            "met": self.met,
            "status": row.status,
            "status_holds": self.outcome.agrees,
            "miss": self.miss,
            "miss_in_tolerances": self.in_tolerances,
            "before": row.before,
            "before_in_tolerances": self.before_in_tolerances,
            "sources": list(row.source),
            "note": row.note,
        }


@dataclass(frozen=True)
class Misfits:
    """Every target, the worst first, those without a target last; and what is no number."""

    targets: tuple[Misfit, ...]
    known: tuple[KnownMisfitRow, ...]

    def rows(self) -> list[dict[str, Any]]:
        """The rows of ``misfits.json``; those that are no number have the kind ``known``."""
        return [one.as_row() for one in self.targets] + [_known(row) for row in self.known]

    @property
    def missed(self) -> tuple[Misfit, ...]:
        """The targets that are not met."""
        return tuple(one for one in self.targets if one.met is False)

    @property
    def sentence(self) -> str:
        """How many are met, and how far off the targets are together, now and before."""
        held = [one for one in self.targets if one.met is not None]
        both = [one for one in held if one.before_in_tolerances is not None]
        now, before = _together(both, "in_tolerances"), _together(both, "before_in_tolerances")
        change = f" Mean square of the misses in tolerances, {len(both)} targets: {before:.3g} before, {now:.3g} now."
        return f"{len(held) - len(self.missed)} of {len(held)} targets are met.{change if both else ''}"


def misfits(seed: int = 0, full: bool = False, *, model: Model | None = None) -> Misfits:
    """Run every protocol and list the targets by the size of their miss.

    Parameters
    ----------
    seed, full : taken for the sake of one form for all; the protocols draw nothing and are always run whole.
    model : the body; by default the one that ships.
    """
    del seed, full
    found = [Misfit(outcome) for outcome in run_protocols(model or read_model())]
    found.sort(key=lambda one: -math.inf if one.in_tolerances is None else abs(one.in_tolerances), reverse=True)
    return Misfits(tuple(found), read_table("known_misfits.csv", KnownMisfitRow))


def _over(miss: float | None, tolerance: float | None) -> float | None:
    return None if miss is None or not tolerance else miss / tolerance


def _together(those: list[Misfit], name: str) -> float:
    return math.fsum(getattr(one, name) ** 2 for one in those) / len(those) if those else math.nan


def _known(row: KnownMisfitRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "item": row.label,
        "kind": "known",
        "statement": row.statement,
        "held_by": row.held_by,
        "sources": list(row.source),
        "note": row.note,
    }
