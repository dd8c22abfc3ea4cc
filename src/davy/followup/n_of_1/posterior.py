"""The posterior of an effect: a mixture of Student t, one for each error model, lag and starting state."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from davy.followup.n_of_1.priors import Floats


def below(value: Floats | float, mean: Floats, scale: Floats, df: Floats) -> Floats:
    """P(effect < value) in each part."""
    from scipy.special import stdtr

    return np.asarray(stdtr(df, (value - mean) / scale), dtype=np.float64)


@dataclass(frozen=True)
class Mixture:
    """A mixture of Student t.

    Attributes
    ----------
    weight, mean, scale, df : (parts,).
    rho : (parts,) the day-to-day correlation of the part.
    lag_d : (parts,) its lag [d].
    """

    weight: Floats
    mean: Floats
    scale: Floats
    df: Floats
    rho: Floats
    lag_d: Floats

    def p_below(self, value: float) -> float:
        """P(effect < value)."""
        return math.fsum(self.weight * below(value, self.mean, self.scale, self.df))

    def quantile(self, p: float) -> float:
        """The value with that probability below it, by halving."""
        reach = float(np.max(self.scale)) * 50 + float(np.max(np.abs(self.mean))) + 1e-9
        low, high = -reach, reach
        while self.p_below(low) > p:
            low *= 2
        while self.p_below(high) < p:
            high *= 2
        for _ in range(80):
            middle = 0.5 * (low + high)
            if self.p_below(middle) < p:
                low = middle
            else:
                high = middle
        return 0.5 * (low + high)

    @property
    def median(self) -> float:
        """The effect with as much probability above as below."""
        return self.quantile(0.5)

    def scaled(self, factor: float) -> Mixture:
        """The same in another unit."""
        return Mixture(self.weight, self.mean * factor, self.scale * abs(factor), self.df, self.rho, self.lag_d)


def effective_df(df: float, rho: Floats) -> Floats:
    """Degrees of freedom of days that are like the day before: those of the effective days, 3 at least."""
    return np.maximum(3.0, df * np.where(rho > 0, (1 - rho) / (1 + rho), 1.0))
