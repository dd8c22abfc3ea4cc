"""Outcomes that are no plain scale: counts, yes or no, ordered levels. Each is a likelihood of a daily predictor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from davy.followup.n_of_1.priors import Floats

Kind = Literal["scale", "count", "binary", "ordinal"]
MOST_LEVELS = 7
"""Whole numbers with more distinct values than this are read as a plain scale."""
HIGHEST_COUNT = 3.0
"""Mean from which whole numbers are no count: the Poisson variance would pass for the spread of a score of 0 to 10,
and hide that its days resemble each other."""
HIGHEST = 30.0
"""Bound on the predictor, far outside what a diary can show."""


@dataclass(frozen=True)
class Family:
    """A likelihood of outcomes given a predictor on the link scale.

    Attributes
    ----------
    kind : count (Poisson, log), binary (logit) or ordinal (cumulative logit).
    cuts : (levels - 1,) thresholds of an ordinal outcome, for a predictor of mean zero that does not vary.
    levels : (levels,) the scores.
    stretch : (lanes, 1) by how much the thresholds lie further apart where the predictor varies; 1 = not.
    """

    kind: Kind
    cuts: tuple[float, ...] = ()
    levels: tuple[float, ...] = ()
    stretch: Floats | float = 1.0

    def for_spread(self, spread: Floats) -> Family:
        """The same for predictors of that standard deviation, (lanes,): the shares of the levels stay."""
        if self.kind != "ordinal":
            return self
        return Family(self.kind, self.cuts, self.levels, np.sqrt(1 + 3 * (spread / np.pi) ** 2)[:, None])

    def log_likelihood(self, y: Floats, eta: Floats) -> Floats:
        """Of each day, up to a constant."""
        if self.kind == "count":
            return y * eta - np.exp(eta)
        if self.kind == "binary":
            return y * eta - np.logaddexp(0.0, eta)
        low, high = self._edges(y, eta)
        return np.log(np.maximum(_logistic(high) - _logistic(low), 1e-300))

    def score(self, y: Floats, eta: Floats) -> tuple[Floats, Floats]:
        """First derivative of the log likelihood in the predictor, and minus the second (or what is expected of it)."""
        if self.kind == "count":
            rate = np.exp(eta)
            return y - rate, np.maximum(rate, 1e-8)
        if self.kind == "binary":
            chance = _logistic(eta)
            return y - chance, np.maximum(chance * (1 - chance), 1e-8)
        low, high = self._edges(y, eta)
        below, above = _logistic(low), _logistic(high)
        # d log(F(high) - F(low)) / d eta of a cumulative logit is F(low) + F(high) - 1, and both edges fall with eta.
        return below + above - 1.0, np.maximum(below * (1 - below) + above * (1 - above), 1e-8)

    def mean(self, eta: Floats) -> Floats:
        """The expected outcome."""
        if self.kind == "count":
            return np.exp(eta)
        if self.kind == "binary":
            return _logistic(eta)
        steps = np.diff(np.array(self.levels))
        total = np.full_like(eta, self.levels[0])
        for cut, step in zip(self.cuts, steps, strict=True):
            total = total + step * _logistic(eta - cut * self.stretch)
        return total

    def _edges(self, y: Floats, eta: Floats) -> tuple[Floats, Floats]:
        place = np.searchsorted(np.array(self.levels), y)
        edges = np.concatenate([[-50.0], np.array(self.cuts), [50.0]])
        low, high = edges[place] * self.stretch - eta, edges[place + 1] * self.stretch - eta
        return np.clip(low, -50, 50), np.clip(high, -50, 50)


def _logistic(x: Floats) -> Floats:
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def kind_of(outcome: Floats) -> Kind:
    """How an outcome reads where nothing says it: by its values alone.

    Only 0 and 1: binary. Whole numbers from 0 that are few a day and at least as spread as counts are: count. Other
    whole numbers of few levels: ordinal. Else a plain scale.
    """
    values = outcome[np.isfinite(outcome)]
    distinct = np.unique(values)
    if len(distinct) <= 2 and set(distinct.tolist()) <= {0.0, 1.0}:
        return "binary"
    if np.any(values != np.round(values)) or values.min() < 0:
        return "scale"
    mean = float(np.mean(values))
    if mean < HIGHEST_COUNT and float(np.mean(values <= 1)) >= 0.02 and float(np.var(values)) >= 0.6 * mean:
        return "count"
    return "ordinal" if len(distinct) <= MOST_LEVELS else "scale"


def family_of(kind: Kind, outcome: Floats) -> Family:
    """The likelihood for these outcomes; the thresholds of an ordinal one from the shares of its levels."""
    if kind != "ordinal":
        return Family(kind)
    values = outcome[np.isfinite(outcome)]
    levels, counts = np.unique(values, return_counts=True)
    share = np.cumsum((counts + 0.5) / np.sum(counts + 0.5))[:-1]
    return Family("ordinal", tuple(np.log(share / (1 - share)).tolist()), tuple(levels.tolist()))
