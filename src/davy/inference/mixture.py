"""The fit itself: in each component of the mixture the most probable point and its bell, weighed by evidence.

Gauss-Newton with damping, all components and all finite differences in one batch of steady states.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from davy.errors import FitError
from davy.forecast.outcome import Floats
from davy.inference.cholesky import factor, gram, log_determinant, solve_lower, solve_upper, transposed_times

Misfit = Callable[[Floats, NDArray[np.intp]], Floats]
"""Residuals (lanes, observations) at z (lanes, fitted axes), each lane in its own component."""

_STEP = 0.02
_ROUNDS = 12
_CLOSE = 0.01
_RESTRAINED = 0.3
_STUCK = 1e3


@dataclass(frozen=True)
class Bells:
    """One bell a component.

    Attributes
    ----------
    peak : (components, fitted axes) most probable point.
    lower : (components, axes, axes) factor of the precision at the peak.
    weight : (components,) posterior probability.
    """

    peak: Floats
    lower: Floats
    weight: Floats

    def draws(self, standard: Floats, share: Floats) -> tuple[Floats, NDArray[np.intp]]:
        """Points (draws, axes) and the component of each, from standard normal and uniform numbers."""
        edges = np.cumsum(self.weight)
        kind = _place(edges, share * edges[-1])
        return self.peak[kind] + solve_upper(self.lower[kind], standard), kind

    def log_density(self, standard: Floats, kind: NDArray[np.intp]) -> Floats:
        """(draws,) logarithm of how often `draws` gives these points, but for a constant."""
        with np.errstate(divide="ignore"):
            weight = np.log(self.weight)
        return (weight + log_determinant(self.lower) / 2)[kind] - squares(standard) / 2


def prior_bells(weight: Floats, axes: int) -> Bells:
    """What is believed before any lab."""
    count = len(weight)
    return Bells(np.zeros((count, axes)), np.tile(np.eye(axes), (count, 1, 1)), weight)


def posterior_bells(misfit: Misfit, prior_weight: Floats, axes: int) -> Bells:
    """Peak, bell and weight of each component in the light of the observations.

    Raises
    ------
    FitError : no component has a point at which the model answers.
    """
    count = len(prior_weight)
    kinds: NDArray[np.intp] = np.arange(count, dtype=np.intp)
    peak = np.zeros((count, axes))
    damping = np.full(count, 1e-3)
    settled = np.zeros(count, dtype=np.bool_)
    off = misfit(peak, kinds)
    level = height(peak, off)
    slopes = _slopes(misfit, peak)
    for _ in range(_ROUNDS):
        lower = factor(gram(slopes) + np.eye(axes) * (1 + damping)[:, None, None])
        uphill = peak + transposed_times(slopes, off)
        step = solve_upper(lower, solve_lower(lower, uphill))
        tried = peak - step
        tried_off = misfit(tried, kinds)
        tried_level = height(tried, tried_off)
        better = tried_level <= level
        gained = np.where(better & np.isfinite(level), level - tried_level, np.inf)
        peak = np.where(better[:, None], tried, peak)
        off = np.where(better[:, None], tried_off, off)
        level = np.where(better, tried_level, level)
        damping = np.where(better, damping / 10, np.maximum(damping * 10, _RESTRAINED))
        settled |= (gained < _CLOSE) | (np.abs(step).max(axis=1) < _CLOSE) | (damping > _STUCK)
        slopes = _slopes(misfit, peak) if better.any() else slopes
        if settled.all():
            break
    if not np.isfinite(level).any():
        raise FitError("the body model gives no steady state near this person's labs")
    lower = factor(gram(slopes) + np.eye(axes))
    log_weight = np.log(prior_weight) - level - log_determinant(lower) / 2
    weight = np.where(np.isfinite(log_weight), np.exp(log_weight - np.nanmax(log_weight)), 0.0)
    return Bells(peak, lower, weight / sum(weight))


def corrected(log_weight: Floats, count: int, share: float) -> NDArray[np.intp]:
    """Which proposals to keep, each as often as its weight asks, at even steps from `share` on.

    Raises
    ------
    FitError : no proposal has any weight.
    """
    usable = np.where(np.isfinite(log_weight), log_weight, -np.inf)
    if not np.isfinite(usable).any():
        raise FitError("the body model gives no steady state near this person's labs")
    edges = np.cumsum(np.exp(usable - usable.max()))
    steps = (np.arange(count) + share) / count * edges[-1]
    return _place(edges, steps)


def _place(edges: Floats, at: Floats) -> NDArray[np.intp]:
    """In which of the ranges that end at `edges` each value lies; the last takes what rounding leaves over."""
    found: NDArray[np.intp] = edges.searchsorted(at, side="right")
    return found.clip(0, len(edges) - 1)


def height(z: Floats, off: Floats) -> Floats:
    """(points,) minus the log posterior within a component, but for what all components share."""
    total = (squares(z) + squares(off)) / 2
    return np.where(np.isfinite(total), total, np.inf)


def squares(rows: Floats) -> Floats:
    """(rows,) sum of squares, in order."""
    total = np.zeros(len(rows))
    for place in range(rows.shape[1]):
        total = total + rows[:, place] ** 2
    return total


def _slopes(misfit: Misfit, peak: Floats) -> Floats:
    """(components, observations, axes) central differences, in one batch."""
    count, axes = peak.shape
    nudges = np.concatenate((np.eye(axes), -np.eye(axes))) * _STEP
    points = (peak[:, None, :] + nudges[None]).reshape(-1, axes)
    kinds: NDArray[np.intp] = np.repeat(np.arange(count, dtype=np.intp), 2 * axes)
    off = misfit(points, kinds).reshape(count, 2, axes, -1)
    slopes = (off[:, 0] - off[:, 1]) / (2 * _STEP)
    return np.where(np.isfinite(slopes), slopes, 0.0).transpose(0, 2, 1)
