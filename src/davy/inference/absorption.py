"""What a day absorbs, as a table: a fit asks thousands of times, and the gut of one person has few dimensions.

The logarithm of daily absorption is a Chebyshev series in the logarithms of capacity and intake and in the share
of doses taken; a test holds it to a thousandth of the gut itself. The articles' gut is not smooth and is followed
directly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from davy.body.model import Model
from davy.forecast.future import parameter_set_of
from davy.forecast.lanes import lanes_of
from davy.forecast.orbit import absorbed_daily
from davy.forecast.outcome import Draws, Floats
from davy.forecast.schedule import Pattern

Absorption = Callable[[Draws], Floats]
"""(draws,) what a day absorbs [mmol/d]; NaN where the engine gave up."""

CAPACITY = "gut_f_act"
_TERMS = (9, 13, 4)
_RANGES = ((np.log(0.1), np.log(3.3)), (np.log(0.5), np.log(80.0)), (0.5, 1.2))


@dataclass(frozen=True)
class AbsorptionTable:
    """A Chebyshev series (capacity, intake, share taken); values outside its range are those at the edge."""

    coefficients: Floats

    def __call__(self, draws: Draws) -> Floats:
        """(draws,) what a day absorbs [mmol/d]."""
        asked = (np.log(draws.parameter(CAPACITY)), np.log(draws.intake_mmol_per_d), draws.taken_share)
        bases = [
            _polynomials(_scaled(values, low, high), count)
            for values, (low, high), count in zip(asked, _RANGES, self.coefficients.shape, strict=True)
        ]
        total = np.zeros(len(asked[0]))
        for first, by_first in zip(bases[0], self.coefficients, strict=True):
            innermost = np.zeros((len(by_first), len(total)))
            for third, coefficients in zip(bases[2], by_first.T, strict=True):
                innermost += coefficients[:, None] * third
            inner = np.zeros_like(total)
            for second, by_second in zip(bases[1], innermost, strict=True):
                inner += second * by_second
            total += first * inner
        return np.exp(total)


@lru_cache(maxsize=128)
def absorption_of(model: Model, pattern: Pattern) -> Absorption:
    """What a day of this pattern absorbs in a person, by capacity, intake and share of doses taken.

    It knows no person, so one table serves every fit of a process.
    """

    def directly(draws: Draws) -> Floats:
        absorbed, _, failed = absorbed_daily(lanes_of(model, draws), pattern)
        return np.where(failed, np.nan, absorbed)

    if parameter_set_of(model) == "articles":
        return directly
    terms = _TERMS if pattern.doses else (*_TERMS[:2], 1)
    nodes = [_nodes(count) for count in terms]
    capacity, intake, taken = (
        grid.reshape(-1)
        for grid in np.meshgrid(*(_unscaled(x, *ends) for x, ends in zip(nodes, _RANGES, strict=True)), indexing="ij")
    )
    sampled = directly(Draws((CAPACITY,), np.exp(capacity)[:, None], np.exp(intake), taken))
    series = np.log(sampled).reshape(terms)
    for axis, x in enumerate(nodes):
        series = np.moveaxis(_coefficients(np.moveaxis(series, axis, 0), x), 0, axis)
    return AbsorptionTable(series)


def _nodes(count: int) -> Floats:
    return np.cos(np.pi * (np.arange(count) + 0.5) / count)


def _coefficients(values: Floats, x: Floats) -> Floats:
    """Chebyshev coefficients along the first axis, from the values at the nodes."""
    found = np.zeros_like(values)
    for order, polynomial in enumerate(_polynomials(x, len(x))):
        weight = (1 if order == 0 else 2) / len(x)
        for node in range(len(x)):
            found[order] = found[order] + weight * polynomial[node] * values[node]
    return found


def _polynomials(x: Floats, count: int) -> list[Floats]:
    """The first Chebyshev polynomials at x."""
    found = [np.ones_like(x), x]
    while len(found) < count:
        found.append(2 * x * found[-1] - found[-2])
    return found[:count]


def _scaled(values: Floats, low: float, high: float) -> Floats:
    return np.clip((2 * values - low - high) / (high - low), -1.0, 1.0)


def _unscaled(x: Floats, low: float, high: float) -> Floats:
    return (low + high) / 2 + (high - low) / 2 * x
