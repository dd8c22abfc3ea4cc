"""One unknown of a person as a function of a standard normal number, so that every prior is the same bell."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from davy.forecast.outcome import Floats

_erf = np.vectorize(math.erf, otypes=[np.float64])
_TWO_SIDED = 1.96
_MOST_SKEW = 0.9
_HALF_LOG_TWO_PI = math.log(2 * math.pi) / 2


@dataclass(frozen=True)
class Axis:
    """An unknown: a parameter, the intake, a covariate's effect, a laboratory's offset, a collected share.

    Attributes
    ----------
    parameter : what it is the value of, or what it multiplies.
    median, spread : of the value and of its logarithm; a negative spread makes large z mean small values.
    skew : how much faster the logarithm moves far above the median than the spread says, and slower far below.
    low, high : bounds as multiples of the median; given, the value is uniform between them.
    most : no value lies above it, covariates included.
    effect : id of the covariate row, where it multiplies a parameter.
    """

    parameter: str
    label: str
    unit: str
    median: float
    spread: float
    low: float | None = None
    high: float | None = None
    most: float = math.inf
    skew: float = 0.0
    effect: str | None = None

    def value(self, z: Floats) -> Floats:
        """The value at each z: log-normal and at most `most`, or uniform between `low` and `high` times the median."""
        if self.low is None or self.high is None:
            return np.minimum(self.median * np.exp(self.spread * z + self.skew * (np.sqrt(1 + z * z) - 1)), self.most)
        return self.median * (self.low + (self.high - self.low) * _below(z))

    def slope(self, z: Floats) -> Floats:
        """The derivative of the logarithm of the value, of a uniform axis."""
        if self.low is None or self.high is None:
            return self.spread + self.skew * z / np.sqrt(1 + z * z)
        width = self.high - self.low
        return width * np.exp(-z * z / 2 - _HALF_LOG_TWO_PI) / (self.low + width * _below(z))


def between(low: float, middle: float, high: float) -> tuple[float, float]:
    """Spread and skew of a log-normal whose central 95 % lies between two ends, as near as a smooth curve comes."""
    above, below = math.log(high / middle), math.log(middle / low)
    spread = (above + below) / (2 * _TWO_SIDED)
    skew = (above - below) / (2 * (math.sqrt(1 + _TWO_SIDED**2) - 1))
    return spread, math.copysign(min(abs(skew), _MOST_SKEW * abs(spread)), skew)


def _below(z: Floats) -> Floats:
    return (1 + _erf(z / math.sqrt(2))) / 2
