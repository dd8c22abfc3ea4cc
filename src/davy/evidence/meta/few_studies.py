"""Four studies or fewer: a Bayesian random-effects model with a half-normal prior on tau, by numerical integration.

The mean effect has a flat prior; given tau its posterior is normal, so that one integral over tau is all there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from davy.evidence.meta.between_study_variance import restricted_likelihood
from davy.evidence.meta.distributions import normal_cdfs
from davy.evidence.meta.effect import RATIOS, Effects, Floats
from davy.evidence.meta.pooled import Bayesian
from davy.evidence.meta.regression import intercept, weighted_fit
from davy.evidence.meta.shown import Scale

MOST = 4
"""With more studies than this the data speak for themselves about tau."""
NODES, REACH = 400, 8.0
"""Nodes of the integral over tau, and how many prior scales it reaches."""
RATIO_SCALE = 0.5
"""Scale of the prior for log ratios: half-normal with 0.5 or 1.0 is recommended for log odds ratios (s-friede-2017)."""


@dataclass(frozen=True)
class TauGrid:
    """The posterior of tau on nodes, and the normal posterior of the mean given each.

    Attributes
    ----------
    tau, weight : nodes and posterior weights (sum 1), shape (nodes,).
    mean, sd : of the mean effect given tau, shape (nodes,).
    """

    tau: Floats
    weight: Floats
    mean: Floats
    sd: Floats


def half_normal_posterior(effects: Effects, scale: Scale, prior_scale: float | None) -> Bayesian | None:
    """The posterior; None where no scale of the prior is given and the measure has none of its own."""
    if prior_scale is None and effects.measure not in RATIOS:
        return None
    width = RATIO_SCALE if prior_scale is None else prior_scale
    grid = tau_grid(effects.yi, effects.vi, width)
    new_sd = np.sqrt(grid.sd**2 + grid.tau**2)
    middle, low, high = _mixture_quantiles(grid, grid.sd, scale.level)
    _, new_low, new_high = _mixture_quantiles(grid, new_sd, scale.level)
    tau, tau_low, tau_high = _tau_quantiles(grid, scale.level)
    average = float(np.sum(grid.weight * grid.mean))
    spread = float(np.sum(grid.weight * (grid.sd**2 + (grid.mean - average) ** 2)))
    return Bayesian(
        prior_scale=width,
        prior_source="s-friede-2017" if prior_scale is None else "as asked for",
        estimate=middle,
        se=float(np.sqrt(spread)),
        ci=(low, high),
        pi=(new_low, new_high),
        tau=tau,
        tau_ci=(tau_low, tau_high),
        p_below_zero=float(np.sum(grid.weight * normal_cdfs(-grid.mean / grid.sd))),
        estimate_exp=scale.exp(middle),
        ci_exp=scale.exp_interval((low, high)),
        pi_exp=scale.exp_interval((new_low, new_high)),
    )


def tau_grid(y: Floats, v: Floats, prior_scale: float) -> TauGrid:
    """Gauss-Legendre nodes over tau with their posterior weights."""
    points, lengths = np.polynomial.legendre.leggauss(NODES)
    top = REACH * prior_scale
    tau = 0.5 * top * (points + 1)
    x = intercept(len(y))
    log_posterior = np.empty(NODES)
    mean, sd = np.empty(NODES), np.empty(NODES)
    for i, t in enumerate(tau):
        fit = weighted_fit(y, x, 1 / (v + t**2))
        mean[i], sd[i] = fit.beta[0], np.sqrt(fit.vb[0, 0])
        log_posterior[i] = restricted_likelihood(y, v, x, float(t**2)) - 0.5 * (t / prior_scale) ** 2
    weight = lengths * np.exp(log_posterior - log_posterior.max())
    return TauGrid(tau, weight / weight.sum(), mean, sd)


def _mixture_quantiles(grid: TauGrid, sd: Floats, level: float) -> tuple[float, float, float]:
    def below(x: float) -> float:
        return float(np.sum(grid.weight * normal_cdfs((x - grid.mean) / sd)))

    reach = 12 * float(sd.max())
    low, high = float(grid.mean.min()) - reach, float(grid.mean.max()) + reach
    tail = (1 - level) / 2
    return (
        _rising_root(below, 0.5, low, high),
        _rising_root(below, tail, low, high),
        _rising_root(below, 1 - tail, low, high),
    )


def _tau_quantiles(grid: TauGrid, level: float) -> tuple[float, float, float]:
    edges = np.concatenate([[0.0], (grid.tau[1:] + grid.tau[:-1]) / 2, [grid.tau[-1]]])
    below = np.concatenate([[0.0], np.cumsum(grid.weight)])
    tail = (1 - level) / 2
    middle, low, high = (float(np.interp(p, below, edges)) for p in (0.5, tail, 1 - tail))
    return middle, low, high


def _rising_root(rising: Callable[[float], float], target: float, low: float, high: float) -> float:
    for _ in range(80):
        middle = (low + high) / 2
        if rising(middle) < target:
            low = middle
        else:
            high = middle
    return (low + high) / 2
