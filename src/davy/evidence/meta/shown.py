"""Estimates as a document shows them: on the analysis scale, and for ratios on their own."""

from __future__ import annotations

import math
from dataclasses import dataclass

from davy.evidence.meta.distributions import critical, finite, two_sided
from davy.evidence.meta.model import Model
from davy.evidence.meta.pooled import Estimate, Interval


@dataclass(frozen=True)
class Scale:
    """The analysis scale: a logarithm for ratios."""

    ratio: bool
    level: float

    def exp(self, value: float | None) -> float | None:
        """The value on the natural scale; None where there is none, or it is too large for a number."""
        if not self.ratio or value is None or not math.isfinite(value) or value > 700:
            return None
        return math.exp(value)

    def exp_interval(self, interval: Interval) -> Interval:
        """The interval on the natural scale."""
        if interval is None:
            return None
        low, high = self.exp(interval[0]), self.exp(interval[1])
        return None if low is None or high is None else (low, high)

    def around(self, estimate: float, se: float, df: int | None = None) -> Interval:
        """The confidence interval; None where the standard error is not finite or no degree of freedom is left."""
        if not (math.isfinite(estimate) and math.isfinite(se)) or (df is not None and df < 1):
            return None
        half = critical(self.level, df) * se
        return estimate - half, estimate + half


def of_model(model: Model, scale: Scale, method: str | None = None) -> Estimate:
    """The first coefficient of a model."""
    return of_numbers(scale, method or model.spec.method, float(model.beta[0]), float(model.se[0]), model.df)


def of_numbers(scale: Scale, method: str, estimate: float, se: float, df: int | None = None) -> Estimate:
    """An estimate with its standard error; z where `df` is None."""
    interval = scale.around(estimate, se, df)
    usable = interval is not None and se > 0
    return Estimate(
        method=method,
        test="z" if df is None else "knha",
        estimate=finite(estimate),
        se=finite(se),
        ci=interval,
        statistic=estimate / se if usable else None,
        df=df,
        p=two_sided(estimate / se, df) if usable else None,
        estimate_exp=scale.exp(finite(estimate)),
        ci_exp=scale.exp_interval(interval),
    )
