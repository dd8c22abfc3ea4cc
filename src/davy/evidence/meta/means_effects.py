"""Mean difference, standardised mean difference and ratio of means from two arms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from davy.evidence.meta.distributions import log_gamma
from davy.evidence.meta.effect import Floats


@dataclass(frozen=True)
class Means:
    """Mean, SD and size of the treated (`m1i`, `sd1i`, `n1i`) and the control arm, one entry a study."""

    m1i: Floats
    sd1i: Floats
    n1i: Floats
    m2i: Floats
    sd2i: Floats
    n2i: Floats


def mean_difference(means: Means) -> tuple[Floats, Floats]:
    """Treated minus control, and its variance with a variance of its own in each arm."""
    return means.m1i - means.m2i, means.sd1i**2 / means.n1i + means.sd2i**2 / means.n2i


def small_sample_factor(df: Floats) -> Floats:
    """Hedges' exact correction J for `df` degrees of freedom (1 - 3 / (4 df - 1) is its approximation)."""
    exact = np.exp(log_gamma(df / 2) - np.log(np.sqrt(df / 2)) - log_gamma((df - 1) / 2))
    return np.where(df > 1, exact, np.nan)


def standardised_difference(means: Means) -> tuple[Floats, Floats]:
    """Hedges' g (exact J, pooled SD) and its large-sample variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2))."""
    df = means.n1i + means.n2i - 2
    pooled = np.sqrt(((means.n1i - 1) * means.sd1i**2 + (means.n2i - 1) * means.sd2i**2) / df)
    g = small_sample_factor(df) * (means.m1i - means.m2i) / pooled
    return g, 1 / means.n1i + 1 / means.n2i + g**2 / (2 * (means.n1i + means.n2i))


def ratio_of_means(means: Means) -> tuple[Floats, Floats]:
    """Log ratio of two means of one sign, and its delta-method variance; NaN where the signs differ."""
    with np.errstate(divide="ignore", invalid="ignore"):
        yi = np.log(means.m1i / means.m2i)
    vi = means.sd1i**2 / (means.n1i * means.m1i**2) + means.sd2i**2 / (means.n2i * means.m2i**2)
    return yi, vi
