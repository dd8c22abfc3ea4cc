"""Mean and SD of an arm that prints something else: standard error, interval, p value, quartiles, range.

SD from quartiles or range: s-wan-2014; mean from the same: s-luo-2018.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from davy.evidence.meta.distributions import critical, normal_quantile


@dataclass(frozen=True)
class Summary:
    """What a paper prints of one arm; None where it prints nothing.

    Attributes
    ----------
    n : people.
    ci : confidence interval of the mean at `level`.
    """

    n: float
    mean: float | None = None
    sd: float | None = None
    se: float | None = None
    ci: tuple[float, float] | None = None
    level: float = 0.95
    median: float | None = None
    quartiles: tuple[float, float] | None = None
    extremes: tuple[float, float] | None = None


def sd_of(arm: Summary) -> tuple[float, str] | None:
    """SD of the arm and how it was obtained; None where nothing gives one."""
    if arm.sd is not None:
        return arm.sd, "as printed"
    if arm.se is not None:
        return arm.se * math.sqrt(arm.n), "SE times the root of n"
    if arm.ci is not None and arm.n > 1:
        half = (arm.ci[1] - arm.ci[0]) / 2
        return math.sqrt(arm.n) * half / critical(arm.level, arm.n - 1), "confidence interval of the mean, t with n - 1"
    parts: list[float] = []
    if arm.quartiles is not None:
        parts.append((arm.quartiles[1] - arm.quartiles[0]) / (2 * quartile_width(arm.n)))
    if arm.extremes is not None:
        parts.append((arm.extremes[1] - arm.extremes[0]) / (2 * range_width(arm.n)))
    if not parts:
        return None
    from_words = "quartiles and range" if len(parts) == 2 else "quartiles" if arm.quartiles is not None else "range"
    return sum(parts) / len(parts), f"SD from {from_words} (Wan 2014)"


def mean_of(arm: Summary) -> tuple[float, str] | None:
    """Mean of the arm and how it was obtained; None where nothing gives one."""
    if arm.mean is not None:
        return arm.mean, "as printed"
    if arm.median is None:
        return None
    n = arm.n
    if arm.quartiles is not None and arm.extremes is not None:
        outer = 2.2 / (2.2 + n**0.75)
        inner = 0.7 - 0.72 / n**0.55
        middles = outer * sum(arm.extremes) / 2 + inner * sum(arm.quartiles) / 2
        return middles + (1 - outer - inner) * arm.median, "mean from median, quartiles and range (Luo 2018)"
    if arm.quartiles is not None:
        w = 0.7 + 0.39 / n
        return w * sum(arm.quartiles) / 2 + (1 - w) * arm.median, "mean from median and quartiles (Luo 2018)"
    if arm.extremes is not None:
        w = 4 / (4 + n**0.75)
        return w * sum(arm.extremes) / 2 + (1 - w) * arm.median, "mean from median and range (Luo 2018)"
    return None


def quartile_width(n: float) -> float:
    """Half of the expected distance between the quartiles of `n` normal values, in SDs."""
    return normal_quantile((0.75 * n - 0.125) / (n + 0.25))


def range_width(n: float) -> float:
    """Half of the expected range of `n` normal values, in SDs."""
    return normal_quantile((n - 0.375) / (n + 0.25))


def sd_of_change(before: float, after: float, r: float) -> float:
    """SD of the difference of two values with correlation `r`."""
    return math.sqrt(max(before**2 + after**2 - 2 * r * before * after, 0.0))


def se_from_p(difference: float, p: float, df: float | None) -> float:
    """Standard error of a difference from its two-sided p value (t with `df`, or z)."""
    return abs(difference) / critical(1 - p, df)
