"""Statistics that test a claim: intervals, p values, shares of a normal population, the size of a trial."""

from __future__ import annotations

import math
from statistics import NormalDist

from davy.evidence.meta.distributions import two_sided

_NORMAL = NormalDist()
_Z95 = _NORMAL.inv_cdf(0.975)


def share_below(mean: float, sd: float, limit: float) -> float:
    """Share of a normal population below a limit [%]."""
    return 100.0 * NormalDist(mean, sd).cdf(limit)


def standard_score(value: float, mean: float, sd: float) -> float:
    """How many standard deviations from the mean."""
    return (value - mean) / sd


def risk_ratio(events: float, size: float, other_events: float, other_size: float) -> float:
    """The risk of one arm over that of the other."""
    return (events / size) / (other_events / other_size)


def risk_difference(events: float, size: float, other_events: float, other_size: float) -> float:
    """The risk of one arm less that of the other [percentage points]."""
    return 100.0 * (events / size - other_events / other_size)


def p_of_ratio(estimate: float, low: float, high: float) -> float:
    """Two-sided p value that a ratio and its 95 % interval give."""
    error = math.log(high / low) / (2 * _Z95)
    return 2 * _NORMAL.cdf(-abs(math.log(estimate)) / error)


def centre_of_interval(low: float, high: float) -> float:
    """The ratio that an interval is centred on, on the log scale."""
    return math.sqrt(low * high)


def persons_per_arm(share: float, other_share: float, power: float = 0.8) -> float:
    """Size of each arm to tell two proportions apart at 5 %, two-sided (normal approximation, no continuity term)."""
    pooled = (share + other_share) / 2
    spread = _Z95 * math.sqrt(2 * pooled * (1 - pooled))
    spread += _NORMAL.inv_cdf(power) * math.sqrt(share * (1 - share) + other_share * (1 - other_share))
    return (spread / (share - other_share)) ** 2


def p_of_means(mean: float, sd: float, size: float, other_mean: float, other_sd: float, other_size: float) -> float:
    """Two-sided p value of a difference of two means by Welch's test."""
    first, second = sd**2 / size, other_sd**2 / other_size
    t = (mean - other_mean) / math.sqrt(first + second)
    freedom = (first + second) ** 2 / (first**2 / (size - 1) + second**2 / (other_size - 1))
    return two_sided(t, freedom)


def share_above(mean: float, sd: float, limit: float) -> float:
    """Share of a normal population above a limit [%]."""
    return 100.0 - share_below(mean, sd, limit)


def correlation_of_means(
    mean: float, sd: float, size: float, other_mean: float, other_sd: float, other_size: float
) -> float:
    """Correlation of a measure with belonging to the first group, from the groups' means and SDs (point-biserial)."""
    total = size + other_size
    inside = ((size - 1) * sd**2 + (other_size - 1) * other_sd**2) / (total - 2)
    gap = (mean - other_mean) / math.sqrt(inside)
    odds = total * (total - 2) / (size * other_size)
    return gap / math.sqrt(gap**2 + odds)
