"""Pareto-smoothed importance weights: how far the largest weights can be trusted.

References
----------
s-vehtari-2024 : Pareto smoothed importance sampling; k above 0.7 means that the weights decide too much.
s-zhang-2009 : the estimator of the generalised Pareto distribution, with its weakly informative prior on k.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from davy.forecast.outcome import Floats

_FEWEST_IN_TAIL = 5
_PRIOR_WEIGHT, _PRIOR_K = 10.0, 0.5


@dataclass(frozen=True)
class Smoothed:
    """Weights whose tail is that of the fitted distribution.

    Attributes
    ----------
    weight : (draws,) sum to 1.
    k : shape of the tail; minus infinity where the weights have none.
    """

    weight: Floats
    k: float

    @property
    def effective_size(self) -> float:
        """How many equal draws these are worth."""
        return float(1 / np.sum(self.weight**2))


def smoothed(log_weight: Floats) -> Smoothed:
    """Weights from their logarithms (minus infinity or NaN = none), the largest replaced by quantiles of their tail."""
    usable = np.where(np.isfinite(log_weight), log_weight, -np.inf)
    usable = usable - usable.max()
    count = len(usable)
    tail = int(min(0.2 * count, 3 * math.sqrt(count)))
    order = np.argsort(usable, kind="stable")
    k = -math.inf
    if tail >= _FEWEST_IN_TAIL:
        largest = order[-tail:]
        cut = math.exp(usable[order[-tail - 1]])
        over = np.exp(usable[largest]) - cut
        if over[-1] > 0 and over[0] > 0:
            k, scale = pareto_tail(over)
            share = (np.arange(tail) + 0.5) / tail
            quantile = scale * (np.expm1(-k * np.log1p(-share)) / k if abs(k) > 1e-9 else -np.log1p(-share))
            usable[largest] = np.minimum(np.log(cut + quantile), 0.0)
    weight = np.exp(usable)
    return Smoothed(weight / np.sum(weight), k)


def pareto_tail(over: Floats) -> tuple[float, float]:
    """Shape and scale of the generalised Pareto distribution of ascending positive exceedances."""
    count = len(over)
    grid = 30 + int(math.sqrt(count))
    quarter = over[int(count / 4 + 0.5) - 1]
    theta = 1 / over[-1] + (1 - np.sqrt(grid / (np.arange(1, grid + 1) - 0.5))) / (3 * quarter)
    shape = np.mean(np.log1p(-theta[:, None] * over), axis=1)
    level = count * (np.log(-theta / shape) - shape - 1)
    with np.errstate(over="ignore"):
        weight = 1 / np.sum(np.exp(level - level[:, None]), axis=1)
    best = float(np.sum(theta * weight) / np.sum(weight))
    k = float(np.mean(np.log1p(-best * over)))
    scale = -k / best
    return (count * k + _PRIOR_WEIGHT * _PRIOR_K) / (count + _PRIOR_WEIGHT), scale
