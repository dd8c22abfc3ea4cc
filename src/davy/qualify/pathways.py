"""The part ``pathways`` of a qualification: every anchor of every pathway, met or missed, and by how much."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from davy.pathways.anchoring import Anchored
from davy.pathways.catalogue import Pathway, catalogue
from davy.pathways.record import anchors_of, computed
from davy.pathways.run import watermark


@dataclass(frozen=True)
class PathwayAnchors:
    """What the pathways make of their anchors.

    Attributes
    ----------
    found : each pathway with its anchors, in the order of the catalogue.
    """

    found: tuple[tuple[Pathway, tuple[Anchored, ...]], ...]

    @property
    def sentence(self) -> str:
        """How many anchors are reproduced."""
        told = [one for _, anchors in self.found for one in anchors if one.parameter_set == "literature"]
        free = [one for one in told if one.use == "checked"]
        met, checked = (sum(one.status == "met" for one in some) for some in (told, free))
        return (
            f"{met} of {len(told)} anchors of {len(self.found)} pathways are reproduced: {checked} of the {len(free)} "
            f"that set no parameter, {met - checked} of the {len(told) - len(free)} that set one."
        )

    def about(self) -> dict[str, Any]:
        """Anchors by grade, and the pathways that have none."""
        counts: Counter[tuple[str, str]] = Counter()
        free: Counter[tuple[str, str]] = Counter()
        for one, anchors in self.found:
            own = [anchor for anchor in anchors if anchor.parameter_set == "literature"]
            counts.update((one.grade, anchor.status) for anchor in own)
            free.update((one.grade, anchor.status) for anchor in own if anchor.use == "checked")
        grades = sorted({one.grade for one, _ in self.found})
        by_grade = [
            {
                "grade": grade,
                "pathways": sum(one.grade == grade for one, _ in self.found),
                "anchors": sum(count for (own, _), count in counts.items() if own == grade),
                "met": counts[grade, "met"],
                "checked": sum(count for (own, _), count in free.items() if own == grade),
                "checked_met": free[grade, "met"],
            }
            for grade in grades
        ]
        return {"by_grade": by_grade, "without_anchor": [one.id for one, anchors in self.found if not anchors]}

    def rows(self) -> list[dict[str, Any]]:
        """One row an anchor."""
        return [_row(one, anchor) for one, anchors in self.found for anchor in anchors]


def pathways(seed: int = 0, *, full: bool = False) -> PathwayAnchors:
    """Every anchor, from the record where that is of today's rows and models; computed again where `full`.

    The draws of an anchor do not depend on `seed`: what it is held to is a fixed measure.
    """
    return PathwayAnchors(tuple((one, computed(one) if full else anchors_of(one)) for one in catalogue()))


def _row(one: Pathway, anchor: Anchored) -> dict[str, Any]:
    return {
        "item": f"{one.id}.{anchor.anchor}",
        "grade": one.grade,
        "watermark": watermark(one),
        "what": anchor.what,
        "parameter_set": anchor.parameter_set,
        "measure": anchor.measure,
        "value": anchor.value,
        "low": anchor.low,
        "high": anchor.high,
        "unit": anchor.unit,
        "miss": anchor.miss,
        "use": anchor.use,
        "status": anchor.status,
        "on_record": anchor.expected,
        "status_holds": anchor.holds,
        "pair": anchor.pair,
        "pair_bracketed": anchor.pair_bracketed,
        "sources": list(anchor.sources),
    }
