"""The variance between studies, tau^2: DerSimonian-Laird, Paule-Mandel, REML, and its Q-profile interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from davy.evidence.meta.distributions import chi2_quantile
from davy.evidence.meta.effect import Floats
from davy.evidence.meta.regression import Fitted, inverse, log_det, moments, trace_p, trace_pp, weighted_fit, ypp_y

STEPS = 2000
"""Iterations that have not settled after so many steps hand over to a search of the likelihood."""
ROUGH, SETTLED = 1e-4, 1e-12
"""Relative steps of tau^2: near enough to judge where it goes, and there."""
STOP = 1e-5
"""The step of tau^2 at which metafor ends Fisher scoring."""
NOTED, MATTERS = 0.005, 0.05
"""Relative changes of a standard error by which that end is told, and by which it is too early to be kept."""
HIGHER = np.finfo(float).eps ** 0.25
"""By how much the likelihood at zero has to be higher for metafor to fall back on zero."""


@dataclass(frozen=True)
class Tau2:
    """An estimate of tau^2, its standard error where the method has one, and what went wrong, if anything."""

    value: float
    se: float | None = None
    trouble: str | None = None


def at(y: Floats, v: Floats, x: Floats, tau2: float) -> Fitted:
    """The fit with weights 1 / (v + tau2)."""
    return weighted_fit(y, x, 1 / (v + tau2))


def dersimonian_laird(y: Floats, v: Floats, x: Floats) -> Tau2:
    """The moment estimate, cut at zero."""
    fit = at(y, v, x, 0.0)
    trace = trace_p(x, fit)
    df = len(y) - x.shape[1]
    value = max((fit.rss - df) / trace, 0.0)
    spread = 2 * df + 4 * value * trace + 2 * value**2 * trace_pp(x, fit)
    return Tau2(value, float(np.sqrt(spread)) / trace)


def paule_mandel(y: Floats, v: Floats, x: Floats) -> Tau2:
    """The value at which the generalised Q equals its degrees of freedom, or zero."""
    df = len(y) - x.shape[1]
    value = solve_q(y, v, x, float(df))
    weights = float(np.sum(1 / (v + value)))
    return Tau2(value, float(np.sqrt(2 * len(y) ** 2 / df)) / weights)


def solve_q(y: Floats, v: Floats, x: Floats, target: float) -> float:
    """The tau^2 at which the generalised Q falls to `target`; zero where it starts below.

    Q is convex and falling, so that Newton's steps from zero never overshoot.
    """
    tau2 = 0.0
    for _ in range(STEPS):
        fit = at(y, v, x, tau2)
        gap = fit.rss - target
        if gap <= 0:
            return tau2
        step = gap / ypp_y(fit)
        tau2 += step
        if step <= SETTLED * tau2:
            break
    return tau2


def restricted_likelihood(y: Floats, v: Floats, x: Floats, tau2: float) -> float:
    """The restricted log-likelihood without its constant."""
    fit = at(y, v, x, tau2)
    return 0.5 * (float(np.log(fit.w).sum()) + log_det(fit) - fit.rss)


def reml(y: Floats, v: Floats, x: Floats, *, checked: bool = True) -> Tau2:
    """Restricted maximum likelihood by Fisher scoring from Hedges' estimate, ended where metafor ends it.

    metafor stops when a step is at most 1e-5, whatever the scale of the data. Where going on moves a standard error by
    more than `MATTERS`, the settled value is taken and that is told. With `checked` the restricted likelihood itself is
    searched for a higher peak, which is then told.
    """
    stopped, reached = _scoring(y, v, x, _start(y, v, x), lambda _: STOP)
    settled, ended = _scoring(y, v, x, stopped, lambda tau2: ROUGH * tau2, limit=STEPS)
    if _moved(v, x, stopped, settled) > NOTED:
        settled, ended = _scoring(y, v, x, settled, lambda tau2: SETTLED * tau2, limit=STEPS)
    tau2, trouble = stopped, None
    if not (reached and ended):
        tau2 = _search(y, v, x)
        trouble = "Fisher scoring for tau2 did not settle; the restricted likelihood was searched instead"
    else:
        tau2, trouble = _kept(v, x, stopped, settled)
    height = restricted_likelihood(y, v, x, tau2)
    if tau2 > STOP and restricted_likelihood(y, v, x, 0.0) - height > HIGHER:
        tau2, trouble = (
            0.0,
            "the likelihood is higher at tau2 = 0 than where Fisher scoring settles; 0 is taken",
        )
    elif checked and trouble is None:
        trouble = _second_peak(y, v, x, settled)
    return Tau2(tau2, float(np.sqrt(2 / trace_pp(x, at(y, v, x, tau2)))), trouble)


def _scoring(
    y: Floats, v: Floats, x: Floats, tau2: float, enough: Callable[[float], float], limit: int = 100
) -> tuple[float, bool]:
    """Steps of Fisher scoring until one is small `enough`; a step below zero is halved until it is none."""
    for _ in range(limit):
        fit = at(y, v, x, tau2)
        step = (ypp_y(fit) - trace_p(x, fit)) / trace_pp(x, fit)
        while tau2 + step < 0:
            step /= 2
        tau2 += step
        if abs(step) <= enough(tau2) or tau2 < 1e-300:
            return tau2, True
    return tau2, False


def _kept(v: Floats, x: Floats, stopped: float, settled: float) -> tuple[float, str | None]:
    moved = _moved(v, x, stopped, settled)
    if moved > MATTERS:
        return settled, f"tau2 was taken on to where it settles; metafor's stopping rule would end at {stopped:.4g}"
    if moved > NOTED:
        change = f"going on to {settled:.4g} would change the standard error by {100 * moved:.1f} %"
        return stopped, f"tau2 stands where metafor's stopping rule ends; {change}"
    return stopped, None


def _moved(v: Floats, x: Floats, first: float, second: float) -> float:
    """Largest relative change of a standard error between two values of tau^2."""
    one, two = (np.sqrt(np.diag(inverse(moments(x, 1 / (v + tau2))))) for tau2 in (first, second))
    return float(np.max(np.abs(one / two - 1)))


def _second_peak(y: Floats, v: Floats, x: Floats, tau2: float) -> str | None:
    best = _search(y, v, x)
    if restricted_likelihood(y, v, x, best) <= restricted_likelihood(y, v, x, tau2) + 1e-6:
        return None
    return (
        f"the restricted likelihood has a second, higher peak at tau2 = {best:.4g}; "
        f"the value where Fisher scoring settles ({tau2:.4g}) is kept"
    )


def _start(y: Floats, v: Floats, x: Floats) -> float:
    fit = weighted_fit(y, x, np.ones_like(y))
    projected = 1 - np.einsum("ij,jk,ik->i", x, fit.vb, x)
    return max((fit.rss - float(np.sum(projected * v))) / (len(y) - x.shape[1]), 0.0)


def _search(y: Floats, v: Floats, x: Floats) -> float:
    """The peak of the restricted likelihood on a fine grid, then by golden section."""
    top = max(10 * float(np.var(y)), float(np.max(v)), 1e-12)
    grid = np.concatenate([[0.0], np.geomspace(1e-6 * top, top, 30)])
    heights = [restricted_likelihood(y, v, x, float(t)) for t in grid]
    k = int(np.argmax(heights))
    low, high = float(grid[max(k - 1, 0)]), float(grid[min(k + 1, len(grid) - 1)])
    golden = (np.sqrt(5) - 1) / 2
    for _ in range(40):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if restricted_likelihood(y, v, x, left) >= restricted_likelihood(y, v, x, right):
            high = right
        else:
            low = left
    middle = (low + high) / 2
    better = restricted_likelihood(y, v, x, middle) > restricted_likelihood(y, v, x, 0.0)
    return middle if better else 0.0


def q_profile(y: Floats, v: Floats, x: Floats, level: float) -> tuple[float, float] | None:
    """The interval of tau^2 in which the generalised Q is not surprising; None without degrees of freedom.

    (0, 0), as metafor writes it, means that no tau^2 is: the studies agree better than chance alone would let them.
    """
    df = len(y) - x.shape[1]
    if df < 1:
        return None
    surprising_high = chi2_quantile(1 - (1 - level) / 2, df)
    surprising_low = chi2_quantile((1 - level) / 2, df)
    return solve_q(y, v, x, surprising_high), solve_q(y, v, x, surprising_low)
