"""Anchors: each measure computed and set against its interval; a pair of contradicting ones against the band."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from davy.errors import KnowledgeError
from davy.pathways.catalogue import Pathway, pathway
from davy.pathways.draws import central
from davy.pathways.lanes import Setting, answer
from davy.pathways.measure import measure
from davy.pathways.rows import AnchorRow

AnchorStatus = Literal["met", "missed"]
Standing = Literal["met", "missed", "not_run", "none"]
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Anchored:
    """An anchor and what the model makes of it.

    Attributes
    ----------
    value : the measure at the set's own values; None where there is none, as the speed of a wave that does not run.
    p05, p95 : the band of the measure, for one of a pair.
    miss : how far the value lies outside [low, high] in `unit`; 0 inside.
    paired : the anchor that contradicts this one, and whether the band reaches both.
    """

    anchor: str
    what: str
    parameter_set: str
    measure: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    use: str
    status: AnchorStatus | Literal["not_run"]
    expected: AnchorStatus
    miss: float | None
    p05: float | None = None
    p95: float | None = None
    pair: str | None = None
    pair_bracketed: bool | None = None
    sources: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the status is the one on record."""
        return self.status == self.expected


def anchored(found: Pathway, row: AnchorRow, *, draws: int) -> Anchored:
    """One anchor of a pathway; `draws` are taken where it has a partner that contradicts it."""
    values = _measured(found, row, draws if row.pair else 0)
    value = float(values[0])
    band = _band(values[1:])
    miss = _miss(value, row)
    return replace(
        not_run(row),
        value=value if math.isfinite(value) else None,
        status="met" if miss == 0.0 else "missed",
        miss=miss if math.isfinite(miss) else None,
        p05=band[0],
        p95=band[1],
        pair_bracketed=_reaches_both(found, row, band, draws) if row.pair else None,
    )


def _measured(found: Pathway, row: AnchorRow, draws: int) -> np.ndarray:
    setting = Setting(row.set, draws, hypotheses=found.hypothesis, between=False)
    return np.broadcast_to(measure(row.measure).value(lambda asked: answer(found, setting, asked)), 1 + draws)


def _reaches_both(found: Pathway, row: AnchorRow, band: tuple[float | None, float | None], draws: int) -> bool:
    """Whether the band reaches both of a pair; two that were measured under other conditions, each its own."""
    about, other = _partner(found, row)
    if about is not found or other.measure == row.measure:
        return _brackets(band, row, other)
    return _brackets(band, row) and _brackets(_band(_measured(about, other, draws)[1:]), other)


def not_run(row: AnchorRow) -> Anchored:
    """An anchor whose measure was not taken."""
    return Anchored(
        anchor=row.anchor,
        what=row.what,
        parameter_set=row.set,
        measure=row.measure,
        value=None,
        low=row.low,
        high=row.high,
        unit=row.unit,
        use=row.use,
        status="not_run",
        expected=row.expected,
        miss=None,
        pair=row.pair,
        sources=row.source,
    )


def standing(found: Sequence[Anchored]) -> Standing:
    """The anchors of the literature in one word; half of a pair counts as met where the band reaches both.

    What the articles state stands beside them as a check of the articles.
    """
    own = [one for one in found if one.parameter_set == "literature"]
    if not own:
        return "none"
    if any(one.status == "not_run" for one in own):
        return "not_run"
    return "met" if all(one.status == "met" or one.pair_bracketed for one in own) else "missed"


def _partner(found: Pathway, row: AnchorRow) -> tuple[Pathway, AnchorRow]:
    owner, _, name = (row.pair or "").rpartition(".")
    about = pathway(owner) if owner else found
    for other in about.anchors:
        if other.anchor == name:
            return about, other
    raise KnowledgeError(f"pathway_anchors.csv: {found.id} {row.anchor}: there is no anchor {row.pair!r}")


def _miss(value: float, row: AnchorRow) -> float:
    low = -math.inf if row.low is None else row.low
    high = math.inf if row.high is None else row.high
    if math.isnan(value):
        return math.inf
    slack = _TOLERANCE * max(abs(value), 1.0)
    return 0.0 if low - slack <= value <= high + slack else max(low - value, value - high)


def _band(values: np.ndarray) -> tuple[float | None, float | None]:
    low, _, high = central(values)
    return (None, None) if math.isnan(low) else (low, high)


def _brackets(band: tuple[float | None, float | None], *rows: AnchorRow) -> bool:
    low, high = band
    if low is None or high is None:
        return False
    ends = ((-math.inf if row.low is None else row.low, math.inf if row.high is None else row.high) for row in rows)
    return all(low <= top and high >= bottom for bottom, top in ends)
