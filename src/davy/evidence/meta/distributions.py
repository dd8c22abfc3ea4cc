"""Quantiles and tails of the distributions that pooling needs; the only place of this room that asks scipy for them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np


def _special() -> Any:
    return import_module("scipy.special")


def normal_quantile(p: float) -> float:
    """The value below which a standard normal variable lies with probability `p`."""
    return float(_special().ndtri(p))


def two_sided(statistic: float, df: float | None) -> float:
    """Two-sided p value of a z (`df` None) or t statistic."""
    if df is None:
        return 2 * float(_special().ndtr(-abs(statistic)))
    return 2 * float(_special().stdtr(df, -abs(statistic)))


def critical(level: float, df: float | None) -> float:
    """Half-width factor of an interval at `level` (as 0.95): normal, or t with `df` degrees of freedom."""
    upper = 1 - (1 - level) / 2
    return normal_quantile(upper) if df is None else float(_special().stdtrit(df, upper))


def chi2_tail(x: float, df: float) -> float:
    """Probability that a chi-squared variable exceeds `x`."""
    return float(_special().chdtrc(df, x))


def chi2_quantile(p: float, df: float) -> float:
    """The value below which a chi-squared variable lies with probability `p`."""
    return float(_special().chdtri(df, 1 - p))


def f_tail(x: float, df1: float, df2: float) -> float:
    """Probability that an F variable exceeds `x`."""
    return float(_special().fdtrc(df1, df2, x))


def log_gamma(x: Any) -> Any:
    """Logarithm of the gamma function, element by element."""
    return _special().gammaln(x)


def finite(x: float | np.floating[Any] | None) -> float | None:
    """The number as a plain float; None where it is not finite, because a document holds no NaN."""
    return None if x is None or not np.isfinite(x) else float(x)


def normal_cdfs(x: Any) -> Any:
    """Standard normal probabilities below each `x`."""
    return _special().ndtr(x)
