"""The most probable point of each component of the mixture and its bell, weighed by evidence.

Gauss-Newton with damping. Rows are persons times components; each goes its own way and stops by itself, so that the
bits of a person do not depend on who else is fitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from davy.errors import FitError
from davy.forecast.outcome import Floats
from davy.inference.cholesky import factor, gram, inverse, log_determinant, solve_lower, solve_upper, transposed_times
from davy.inference.likelihood import Observation, residuals

_ROUNDS = 12
_CLOSE = 0.01
_RESTRAINED = 0.3
_STUCK = 1e3
_NUDGE = 1e-4
_POINTS_PER_AXIS = 5
NO_STEADY_STATE = "the body model gives no steady state near this person's labs"


class Shown(Protocol):
    """What each test shows as a function of the fitted axes."""

    def sloped(self, z: Floats, kind: NDArray[np.intp], *, central: bool) -> tuple[Floats, Floats]:
        """(points, observations), and their derivatives (points, observations, axes)."""
        ...


@dataclass(frozen=True)
class Match:
    """Results of one design, one row a person."""

    observations: tuple[Observation, ...]
    values: Floats

    def off(self, shown: Floats, person: NDArray[np.intp]) -> Floats:
        """(rows, observations) residuals."""
        return residuals(shown, self.observations, self.values[person])

    def tilted(self, shown: Floats, slopes: Floats, person: NDArray[np.intp]) -> Floats:
        """(rows, observations, axes) derivatives of the residuals."""
        tilt = (self.off(shown + _NUDGE, person) - self.off(shown - _NUDGE, person)) / (2 * _NUDGE)
        return np.where(np.isfinite(tilt), tilt, 0.0)[:, :, None] * slopes


@dataclass(frozen=True)
class Bells:
    """One bell a component, of one person.

    Attributes
    ----------
    peak : (components, fitted axes) most probable point.
    lower : (components, axes, axes) factor of the precision at the peak.
    weight : (components,) posterior probability.
    """

    peak: Floats
    lower: Floats
    weight: Floats

    def widened(self, factor: float) -> Bells:
        """The same bells, so many times as wide: tails that are wider than the bell are then still met."""
        return Bells(self.peak, self.lower / factor, self.weight)

    def adapted(self, z: Floats, kind: NDArray[np.intp], weight: Floats) -> Bells:
        """Bells with the means, spreads and shares of weighted points; few points move a bell little."""
        peak, lower = self.peak.copy(), self.lower.copy()
        shares = np.bincount(kind, weights=weight, minlength=len(self.weight))
        axes = z.shape[1]
        for number in range(len(self.weight)):
            own = kind == number
            if shares[number] <= 0:
                continue
            part = weight[own] / shares[number]
            size = float(1 / np.sum(part**2))
            told = min(1.0, size / (_POINTS_PER_AXIS * axes))
            peak[number] = (1 - told) * peak[number] + told * np.einsum("n,ni->i", part, z[own])
            off = z[own] - peak[number]
            seen = np.einsum("n,ni,nj->ij", part, off, off)
            spread = (1 - told) * inverse(self.lower[number]) + told * seen
            lower[number] = factor(inverse(factor(spread[None])[0])[None])[0]
        return Bells(peak, lower, (self.weight + shares) / 2)

    def at(self, standard: Floats, kind: NDArray[np.intp]) -> Floats:
        """(draws, axes) points of these components, from standard normal numbers."""
        found = np.empty_like(standard)
        for number in range(len(self.weight)):
            rows = kind == number
            lower = np.broadcast_to(self.lower[number], (int(rows.sum()), *self.lower.shape[1:]))
            found[rows] = self.peak[number] + solve_upper(lower, standard[rows])
        return found

    def log_density(self, z: Floats, kind: NDArray[np.intp]) -> Floats:
        """(points,) logarithm of the density, component included, but for the constant of a standard normal."""
        found = np.full(len(z), -np.inf)
        with np.errstate(divide="ignore"):
            level = np.log(self.weight) + log_determinant(self.lower) / 2
        for number in range(len(self.weight)):
            rows = kind == number
            off = z[rows] - self.peak[number]
            scaled = np.zeros_like(off)
            for place in range(off.shape[1]):
                scaled += off[:, place, None] * self.lower[number, place]
            found[rows] = level[number] - squares(scaled) / 2
        return found


def posterior_bells(curve: Shown, match: Match, prior_weight: Floats, axes: int) -> tuple[Bells, ...]:
    """Peak, bell and weight of each component for each person of `match`.

    Raises
    ------
    FitError : no component of some person has a point at which the model answers.
    """
    people, kinds = len(match.values), len(prior_weight)
    person: NDArray[np.intp] = np.repeat(np.arange(people, dtype=np.intp), kinds)
    kind: NDArray[np.intp] = np.tile(np.arange(kinds, dtype=np.intp), people)
    walk = _Walk(curve, match, person, kind, axes)
    walk.go()
    shown, slopes = curve.sloped(walk.peak, kind, central=True)
    lower = factor(gram(match.tilted(shown, slopes, person)) + np.eye(axes))
    level = height(walk.peak, match.off(shown, person))
    log_weight = np.log(prior_weight)[kind] - level - log_determinant(lower) / 2
    return tuple(
        Bells(walk.peak[rows], lower[rows], _shares(log_weight[rows]))
        for rows in (slice(at * kinds, (at + 1) * kinds) for at in range(people))
    )


class _Walk:
    """All rows on their way to their peaks."""

    def __init__(self, curve: Shown, match: Match, person: NDArray[np.intp], kind: NDArray[np.intp], axes: int) -> None:
        self.curve, self.match, self.person, self.kind = curve, match, person, kind
        self.peak = np.zeros((len(kind), axes))
        self.damping = np.full(len(kind), 1e-3)
        every: NDArray[np.intp] = np.arange(len(kind), dtype=np.intp)
        self.off, self.slopes = self._seen(self.peak, every)
        self.level = height(self.peak, self.off)

    def go(self) -> None:
        """Up to the peaks; a row that has arrived rests."""
        rows: NDArray[np.intp] = np.arange(len(self.kind), dtype=np.intp)
        for _ in range(_ROUNDS):
            rows = rows[~self._stepped(rows)]
            if not len(rows):
                break

    def _stepped(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """One step of these rows; which of them have arrived."""
        peak, level, damping = self.peak[rows], self.level[rows], self.damping[rows]
        slopes, off = self.slopes[rows], self.off[rows]
        axes = peak.shape[1]
        lower = factor(gram(slopes) + np.eye(axes) * (1 + damping)[:, None, None])
        step = solve_upper(lower, solve_lower(lower, peak + transposed_times(slopes, off)))
        tried = peak - step
        tried_off, tried_slopes = self._seen(tried, rows)
        tried_level = height(tried, tried_off)
        better = tried_level <= level
        gained = np.where(better & np.isfinite(level), level - tried_level, np.inf)
        damping = np.where(better, damping / 10, np.maximum(damping * 10, _RESTRAINED))
        kept = rows[better]
        self.peak[kept], self.level[kept] = tried[better], tried_level[better]
        self.off[kept], self.slopes[kept] = tried_off[better], tried_slopes[better]
        self.damping[rows] = damping
        return (gained < _CLOSE) | (np.abs(step).max(axis=1) < _CLOSE) | (damping > _STUCK)

    def _seen(self, z: Floats, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
        shown, slopes = self.curve.sloped(z, self.kind[rows], central=False)
        person = self.person[rows]
        return self.match.off(shown, person), self.match.tilted(shown, slopes, person)


def _shares(log_weight: Floats) -> Floats:
    """Weights that sum to 1 from their logarithms."""
    if not np.isfinite(log_weight).any():
        raise FitError(NO_STEADY_STATE)
    weight = np.where(np.isfinite(log_weight), np.exp(log_weight - np.nanmax(log_weight)), 0.0)
    return weight / sum(weight)


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
