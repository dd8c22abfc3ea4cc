"""The stated priors of an n-of-1 trial, as rows of `nof1_priors.csv` and `nof1_lags.csv`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from davy.tables import SourcedRow, read_table

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RHO = (-0.3, -0.15, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.58, 0.66, 0.73, 0.79, 0.84, 0.88, 0.92, 0.95, 0.975, 0.99)
"""The grid of day-to-day correlations; finer where the error of a block changes faster."""
LATENT_RHO = (0.0, 0.3, 0.5, 0.66, 0.79, 0.88, 0.95)
LATENT_SPREAD = (0.1, 0.5, 1.0, 1.8, 3.2)
"""The grids for counts, shares and scales, where each point costs a search for a mode."""


class NumberRow(SourcedRow):
    """One number of a prior or of the rule."""

    id: str
    value: float
    unit: str
    what: str


class LagRow(SourcedRow):
    """One lag that the effect may have: the time constant of its coming and going [d], and its prior weight."""

    id: str
    days: float
    weight: float
    use: Literal["analysis", "design"]


@dataclass(frozen=True)
class Lags:
    """A prior on the lag of the effect: time constants [d] and their weights, which sum to one."""

    days: tuple[float, ...]
    weights: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median lag [d]."""
        total = 0.0
        for days, weight in sorted(zip(self.days, self.weights, strict=True)):
            total += weight
            if total >= 0.5:
                return days
        return self.days[-1]


@dataclass(frozen=True)
class ErrorGrid:
    """The error models of daily outcomes: (grid,) correlation, share of white noise, log prior weight."""

    rho: Floats
    noise: Floats
    log_weight: Floats


@cache
def number(name: str) -> float:
    """One number of `nof1_priors.csv`; raises KeyError for an unknown name."""
    return {row.id: row.value for row in read_table("nof1_priors.csv", NumberRow)}[name]


@cache
def lags(use: Literal["analysis", "design"] = "analysis") -> Lags:
    """The stated prior on the lag of effect."""
    rows = [row for row in read_table("nof1_lags.csv", LagRow) if row.use == use]
    total = sum(row.weight for row in rows)
    return Lags(tuple(row.days for row in rows), tuple(row.weight / total for row in rows))


def fixed_lag(days: float) -> Lags:
    """A lag that is taken as known."""
    return Lags((days,), (1.0,))


def _density(rho: Floats) -> Floats:
    """Log prior weight of each correlation on the grid, its spacing included."""
    rise = -number("rho-power") * np.log(1 - np.maximum(rho, number("rho-flat-below")))
    return np.log(np.gradient(rho)) + rise


def _whole(log_weight: Floats) -> Floats:
    return log_weight - np.log(np.sum(np.exp(log_weight)))


@cache
def error_grid() -> ErrorGrid:
    """AR(1) errors, and AR(1) errors read through white noise at the stated weight."""
    rho = np.array(RHO)
    plain = _whole(_density(rho))
    keep = rho >= number("noise-rho-from")
    noisy = _whole(_density(rho)[keep])
    weight = number("noise-weight")
    return ErrorGrid(
        np.concatenate([rho, rho[keep]]),
        np.concatenate([np.zeros(len(rho)), np.full(int(keep.sum()), number("noise-share"))]),
        np.concatenate([plain + np.log(1 - weight), noisy + np.log(weight)]),
    )


@cache
def latent_grid() -> ErrorGrid:
    """The latent AR(1) states of counts and shares; `noise` here is their standard deviation."""
    rho, spread = (one.ravel() for one in np.meshgrid(np.array(LATENT_RHO), np.array(LATENT_SPREAD), indexing="ij"))
    over_rho = np.repeat(_density(np.array(LATENT_RHO)), len(LATENT_SPREAD))
    width = np.tile(np.gradient(np.array(LATENT_SPREAD)), len(LATENT_RHO))
    return ErrorGrid(
        rho, spread, _whole(over_rho + np.log(width) - 0.5 * (spread / number("latent-spread-scale")) ** 2)
    )
