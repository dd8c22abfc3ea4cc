"""Simultaneous bands for the empirical distribution of numbers that should be uniform.

The bands are those of Säilynoja, Bürkner and Vehtari (Statistics and Computing 32:32, 2022, arXiv 2103.10522): at each
point the binomial interval of one pointwise level, which is chosen such that a whole curve stays inside with the
wanted probability. That probability is computed exactly, by a recursion over the points, not simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from davy.forecast.outcome import Floats

POINTS = 100
"""At how many places a curve is looked at."""

_HALVINGS = 40
_TAILS = 12.0


@dataclass(frozen=True)
class Band:
    """A band at the points k / `POINTS`.

    Attributes
    ----------
    count : how many numbers the curve is made of.
    low, high : (points,) least and greatest count of numbers up to each point.
    pointwise : probability outside at one point.
    outside : probability that a curve of uniform numbers leaves the band anywhere.
    """

    count: int
    low: NDArray[np.intp]
    high: NDArray[np.intp]
    pointwise: float
    outside: float


def places() -> Floats:
    """(points,) where a curve is looked at, between 0 and 1."""
    return np.arange(1, POINTS) / POINTS


def curve(numbers: Floats) -> NDArray[np.intp]:
    """(points,) how many of the numbers lie at or below each place."""
    return np.searchsorted(np.sort(numbers), places(), side="right")


@lru_cache(maxsize=64)
def band(count: int, outside: float) -> Band:
    """The widest pointwise level at which a curve of `count` uniform numbers leaves with at most this probability."""
    least, most = outside / (4 * POINTS), outside
    for _ in range(_HALVINGS):
        middle = float(np.sqrt(least * most))
        if leaving(count, *_interval(count, middle)) <= outside:
            least = middle
        else:
            most = middle
    low, high = _interval(count, least)
    return Band(count, low, high, least, leaving(count, low, high))


def p_value(numbers: Floats) -> float:
    """Probability that a curve of as many uniform numbers leaves, somewhere, as far as this one does."""
    count, found = len(numbers), curve(numbers)
    at = places()
    sides = np.minimum(_distributions().binom.cdf(found, count, at), _distributions().binom.sf(found - 1, count, at))
    pointwise = float(min(2 * sides.min(), 1.0))
    low, high = _interval(count, pointwise)
    return max(leaving(count, low, high), pointwise)


def leaving(count: int, low: NDArray[np.intp], high: NDArray[np.intp]) -> float:
    """Probability that the curve of `count` uniform numbers is somewhere below `low` or above `high`.

    The counts between the points are independent Poisson numbers given their sum, so that a step is a convolution.
    """
    poisson = _distributions().poisson
    rate = count / POINTS
    widest = int(rate + _TAILS * np.sqrt(rate) + _TAILS) + 1
    step = poisson.pmf(np.arange(widest), rate)
    first, inside = 0, np.ones(1)
    for least, greatest in zip(low, high, strict=True):
        spread = np.convolve(inside, step)
        start, end = max(int(least) - first, 0), int(greatest) - first + 1
        inside, first = spread[start:end], first + start
    last = count - first
    spread = np.convolve(inside, step)
    reached = float(spread[last]) if 0 <= last < len(spread) else 0.0
    return 1.0 - min(reached / float(poisson.pmf(count, count)), 1.0)


def _distributions() -> Any:
    """SciPy's distributions, loaded only where they are needed."""
    return import_module("scipy.stats")


def _interval(count: int, outside: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    at = places()
    low = _distributions().binom.ppf(outside / 2, count, at).astype(np.intp)
    high = _distributions().binom.ppf(1 - outside / 2, count, at).astype(np.intp)
    return low, high
