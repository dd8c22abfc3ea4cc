"""How often loose stools come with a dose, beyond what comes without: a curve through the few trials that counted.

The share rises as 1 / (1 + (half / dose) ** steepness). Both numbers are weighed over a grid by what the trials in
`stool_trials.csv` found; the band is what they leave open. It is wide: few trials counted, forms and splits differ,
and all of them are read as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from davy.forecast.outcome import Floats
from davy.tables import SourcedRow, read_table

_HALF_MG = (400.0, 6400.0)
_STEEPNESS = (1.0, 8.0)
_GRID = 48
_BAND = (0.05, 0.5, 0.95)
_NINETY_FIVE_PERCENT = 2 * 1.96
_COUNTS = 0.5
"""What each trial counts for, since form, split and counting differ between them by more than chance: davy-model."""
THIN = (
    "Thin: three reports with numbers, read as one whatever the form and the split; it counts what comes on top of "
    "loose stools without magnesium. Several older studies at 372 to 576 mg saw none."
)


class StoolTrialRow(SourcedRow):
    """One trial, or several together: counts in the magnesium arm, or a difference of risks with its 95 % interval.

    `n` is of the magnesium arm where events are given.
    """

    id: str
    label: str
    dose_mg: float
    intakes_per_day: int | None = None
    n: int
    events: int | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class LooseStools:
    """Share of people with loose stools from a dose, and the 90 % band that the trials leave open."""

    probability: float
    low: float
    high: float
    sources: tuple[str, ...]


def stool_trials() -> tuple[StoolTrialRow, ...]:
    """Every trial that the curve rests on."""
    return read_table("stool_trials.csv", StoolTrialRow)


def loose_stools(dose_mg: float) -> LooseStools:
    """How often a daily dose [mg] brings loose stools that would not have come without it."""
    sources = tuple(dict.fromkeys(source for row in stool_trials() for source in row.source))
    if dose_mg <= 0:
        return LooseStools(0.0, 0.0, 0.0, sources)
    half, steepness, weight = _posterior()
    share = _share(dose_mg, half, steepness)
    order = np.argsort(share)
    passed = np.cumsum(weight[order])
    low, middle, high = (float(share[order][np.searchsorted(passed, at * passed[-1])]) for at in _BAND)
    return LooseStools(middle, low, high, sources)


def _share(dose_mg: float, half: Floats, steepness: Floats) -> Floats:
    return 1 / (1 + (half / dose_mg) ** steepness)


@cache
def _posterior() -> tuple[Floats, Floats, Floats]:
    """(points,) half dose, steepness and weight over the grid, even in the logarithm of the half dose."""
    even = np.arange(_GRID) / (_GRID - 1)
    half = _HALF_MG[0] * (_HALF_MG[1] / _HALF_MG[0]) ** even
    steepness = _STEEPNESS[0] + (_STEEPNESS[1] - _STEEPNESS[0]) * even
    halves, steep = np.repeat(half, _GRID), np.tile(steepness, _GRID)
    level = np.zeros(len(halves))
    for row in stool_trials():
        share = _share(row.dose_mg, halves, steep)
        if row.events is not None:
            level += row.events * np.log(share) + (row.n - row.events) * np.log1p(-share)
        elif row.difference is not None and row.low is not None and row.high is not None:
            spread = (row.high - row.low) / _NINETY_FIVE_PERCENT
            level -= ((share - row.difference) / spread) ** 2 / 2
    return halves, steep, np.exp(_COUNTS * (level - level.max()))
