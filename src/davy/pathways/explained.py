"""How much of a trial's effect a pathway explains: mechanism and trial side by side, never blended.

The share is the change that the mechanism predicts over the pooled effect of the trials, as an interval. It is given
only where the trials exclude no effect and a sourced map leads from the observable to the outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from davy.errors import KnowledgeError
from davy.evidence.effects import benefits
from davy.pathways.catalogue import Pathway
from davy.pathways.draws import CENTRAL_95, central, normals
from davy.pathways.evaluation import Floats
from davy.pathways.measure import Asked, measure
from davy.pathways.rows import OutcomeRow

NO_EFFECT = "no trial effect to explain"
NO_MAP = "no accepted map"
NOT_MOVED = "magnesium is at its default here: nothing changes, so nothing is explained"


@dataclass(frozen=True)
class Effect:
    """A pooled effect of trials with its 95 % interval [unit]; `null` is the effect of nothing."""

    estimate: float
    low: float
    high: float
    unit: str
    null: float

    @property
    def excludes_null(self) -> bool:
        """Whether the interval leaves out that there is no effect."""
        return not self.low <= self.null <= self.high

    def on_scale(self, values: Floats) -> Floats:
        """Effects as distances from nothing: logarithms of ratios, differences as they are."""
        return np.log(values / self.null) if self.null != 0.0 else np.asarray(values, dtype=np.float64)


@dataclass(frozen=True)
class Explained:
    """What a pathway makes of one trial outcome.

    Attributes
    ----------
    effect : of the trials; None where they gave no number.
    predicted : change of the outcome by the mechanism (p05, p50, p95) [unit]; None without a map.
    share : of the trial effect, (p05, p50, p95); None where it cannot be given.
    sentence : the share in words, or why there is none.
    """

    pathway: str
    outcome: str
    unit: str
    effect: Effect | None
    dose_mg: float | None
    predicted: tuple[float, float, float] | None
    share: tuple[float, float, float] | None
    sentence: str
    sources: tuple[str, ...]


def explained(
    found: Pathway, before: Mapping[str, Floats] | None, after: Mapping[str, Floats] | None, seed: int = 0
) -> tuple[Explained, ...]:
    """Every trial outcome of a pathway, against what its outputs change by.

    Parameters
    ----------
    before, after : outputs by port, each (1 + draws,), without and with the dose of the trials; None where nothing was
        changed.
    """
    return tuple(_one(found, row, before, after, seed) for row in found.outcomes)


def effect_of(row: OutcomeRow) -> Effect | None:
    """The pooled effect that a row names, or holds itself; None where the trials gave none."""
    if row.benefit is not None:
        pooled = next((one for one in benefits() if one.id == row.benefit), None)
        if pooled is None:
            raise KnowledgeError(f"pathway_outcomes.csv: {row.pathway} {row.outcome}: no benefit {row.benefit!r}")
        low = pooled.low if pooled.ci_low is None else pooled.ci_low
        high = pooled.high if pooled.ci_high is None else pooled.ci_high
        if pooled.kind != "effect" or pooled.estimate is None or low is None or high is None:
            return None
        return Effect(pooled.estimate, low, high, pooled.unit or row.unit, row.null_value)
    if row.estimate is None or row.low is None or row.high is None:
        return None
    return Effect(row.estimate, row.low, row.high, row.unit, row.null_value)


def _one(
    found: Pathway,
    row: OutcomeRow,
    before: Mapping[str, Floats] | None,
    after: Mapping[str, Floats] | None,
    seed: int,
) -> Explained:
    effect = effect_of(row)
    if effect is None or not effect.excludes_null:
        return _told(found, row, effect, NO_EFFECT)
    if row.map is None:
        return _told(found, row, effect, NO_MAP)
    if before is None or after is None:
        return _told(found, row, effect, NOT_MOVED)
    predicted = measure(row.map).value(lambda asked: _moved(asked, row, before, after))
    drawn = np.broadcast_to(predicted, len(next(iter(after.values()))))[1:]
    share = effect.on_scale(drawn) / _trial_draws(found, row, effect, len(drawn), seed)
    low, middle, high = (100.0 * one for one in central(share))
    told = f"the mechanism explains {middle:.0f} % of the trial effect ({low:.0f} to {high:.0f} %)"
    return _told(found, row, effect, told, central(drawn), central(share))


def _told(
    found: Pathway,
    row: OutcomeRow,
    effect: Effect | None,
    sentence: str,
    predicted: tuple[float, float, float] | None = None,
    share: tuple[float, float, float] | None = None,
) -> Explained:
    sources = tuple(dict.fromkeys((*row.source, *row.map_source)))
    return Explained(found.id, row.outcome, row.unit, effect, row.dose_mg, predicted, share, sentence, sources)


def _moved(asked: Asked, row: OutcomeRow, before: Mapping[str, Floats], after: Mapping[str, Floats]) -> Floats:
    """What a map may read: before, after, change and ratio of its output, and any output with its time."""
    name, first, last = asked.output, before[row.output], after[row.output]
    own = {"before": first, "after": last, "change": last - first, "ratio": last / first}
    if name in own:
        return own[name]
    for ending, values in (("_before", before), ("_after", after)):
        port = name.removesuffix(ending)
        if name.endswith(ending) and port in values:
            return values[port]
    raise KnowledgeError(f"pathway_outcomes.csv: {row.pathway} {row.outcome}: the map reads {name!r}, which is nothing")


def _trial_draws(found: Pathway, row: OutcomeRow, effect: Effect, count: int, seed: int) -> Floats:
    """Plausible trial effects as distances from nothing, none of them of the other sign than the pooled one."""
    ends = effect.on_scale(np.array([effect.low, effect.estimate, effect.high]))
    spread = (ends[2] - ends[0]) / (2.0 * CENTRAL_95)
    z = normals(f"pathway {seed}:{found.id}:{row.outcome}:trial", count)
    drawn = ends[1] + spread * z
    least = min(abs(ends[0]), abs(ends[2]))
    sided = np.maximum(drawn, least) if ends[1] > 0.0 else np.minimum(drawn, -least)
    return np.asarray(sided, dtype=np.float64)
