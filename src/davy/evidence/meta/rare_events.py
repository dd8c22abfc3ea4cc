"""Odds ratios from rare events without any correction: exact conditional models of the two by two tables.

Given its margins, the events of the treated group follow Fisher's noncentral hypergeometric distribution, so that
studies with an empty cell say what they can and studies without events say nothing. The random-effects form lets the
log odds ratio vary normally between studies (hypergeometric-normal model).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from davy.evidence.meta.counts_effects import no_contrast
from davy.evidence.meta.distributions import log_gamma
from davy.evidence.meta.effect import Effects, Floats
from davy.evidence.meta.pooled import Estimate
from davy.evidence.meta.shown import Scale, of_numbers

NODES = 41
"""Gauss-Hermite nodes for the effect of one study, placed around its own mode."""


@dataclass(frozen=True)
class Table:
    """A table given its margins: the counts that the treated events may take, their log coefficients, what was seen."""

    support: Floats
    log_choose: Floats
    seen: float


def tables_of(effects: Effects) -> tuple[Table, ...]:
    """The tables that hold a contrast; counts are rounded to whole numbers."""
    counts = effects.counts
    if counts is None:
        return ()
    made: list[Table] = []
    for i in np.flatnonzero(~no_contrast(counts)):
        n1, n2 = round(float(counts.n1i[i])), round(float(counts.n2i[i]))
        a, events = round(float(counts.ai[i])), round(float(counts.ai[i] + counts.ci[i]))
        support = np.arange(max(0, events - n2), min(n1, events) + 1, dtype=float)
        choose = _log_choose(n1, support) + _log_choose(n2, events - support)
        made.append(Table(support, choose - choose.max(), float(a)))
    return tuple(made)


def _log_choose(n: int, k: Floats) -> Floats:
    return log_gamma(n + 1.0) - log_gamma(k + 1.0) - log_gamma(n - k + 1.0)


def log_probability(table: Table, theta: Floats) -> Floats:
    """Log probability of what was seen, at each log odds ratio `theta`."""
    terms = table.log_choose + theta[:, None] * (table.support - table.seen)
    top = terms.max(axis=1)
    at_seen = table.log_choose[int(table.seen - table.support[0])]
    return at_seen - top - np.log(np.exp(terms - top[:, None]).sum(axis=1))


def _moments(table: Table, theta: float) -> tuple[float, float]:
    terms = table.log_choose + theta * (table.support - table.seen)
    p = np.exp(terms - terms.max())
    p /= p.sum()
    mean = float(p @ table.support)
    return mean, float(p @ (table.support - mean) ** 2)


def conditional_common(tables: tuple[Table, ...]) -> tuple[float, float] | None:
    """Conditional maximum-likelihood log odds ratio and its standard error; None where it is not finite."""
    lowest = sum(t.seen - t.support[0] for t in tables)
    highest = sum(t.support[-1] - t.seen for t in tables)
    if not tables or lowest == 0 or highest == 0:
        return None
    theta, variance = 0.0, 0.0
    for _ in range(100):
        moments = [_moments(t, theta) for t in tables]
        variance = sum(v for _, v in moments)
        step = (sum(t.seen for t in tables) - sum(m for m, _ in moments)) / variance
        theta += float(np.clip(step, -1, 1))
        if abs(step) < 1e-12:
            break
    return theta, float(1 / np.sqrt(variance))


def log_likelihood(tables: tuple[Table, ...], mu: float, tau: float) -> float:
    """Log-likelihood of the hypergeometric-normal model, each study integrated around its own mode."""
    nodes, weights = np.polynomial.hermite.hermgauss(NODES)
    total = 0.0
    for table in tables:
        mode, width = _mode(table, mu, tau)
        theta = mode + np.sqrt(2) * width * nodes
        inside = log_probability(table, theta) - 0.5 * ((theta - mu) / tau) ** 2 + nodes**2
        top = float(inside.max())
        integral = top + float(np.log(np.sum(weights * np.exp(inside - top))))
        total += integral + float(np.log(width / tau)) - 0.5 * float(np.log(np.pi))
    return total


def _mode(table: Table, mu: float, tau: float) -> tuple[float, float]:
    theta, curve = mu, 1 / tau**2
    for _ in range(50):
        mean, variance = _moments(table, theta)
        curve = variance + 1 / tau**2
        step = (table.seen - mean - (theta - mu) / tau**2) / curve
        theta += step
        if abs(step) < 1e-10:
            break
    return theta, float(1 / np.sqrt(curve))


def exact_models(effects: Effects, scale: Scale) -> tuple[Estimate, ...]:
    """The exact common effect and the hypergeometric-normal model; nothing where the measure is no odds ratio."""
    if effects.measure not in ("OR", "PETO"):
        return ()
    tables = tables_of(effects)
    common = conditional_common(tables)
    if common is None:
        return ()
    made = [of_numbers(scale, "exact conditional, common", *common)]
    random = _random(tables, common[0])
    if random is not None:
        made.append(of_numbers(scale, f"hypergeometric-normal, tau2 {random[2]:.4g}", random[0], random[1]))
    return tuple(made)


def _random(tables: tuple[Table, ...], start: float) -> tuple[float, float, float] | None:
    """Mean, its standard error and tau^2 at the maximum; None where the search does not settle."""
    if len(tables) < 2:
        return None
    optimize: Any = import_module("scipy.optimize")

    def loss(point: Floats) -> float:
        return -log_likelihood(tables, float(point[0]), float(np.exp(point[1])))

    best: Any = optimize.minimize(
        loss,
        np.array([start, np.log(0.3)]),
        method="Nelder-Mead",
        options={"xatol": 1e-7, "fatol": 1e-10, "maxiter": 600},
        bounds=[(None, None), (np.log(1e-3), np.log(20.0))],
    )
    if not bool(best.success):
        return None
    mu, log_tau = float(best.x[0]), float(best.x[1])
    curve = _curvature(loss, np.array([mu, log_tau]))
    return mu, float(np.sqrt(curve)), float(np.exp(2 * log_tau))


def _curvature(loss: Callable[[Floats], float], at: Floats) -> float:
    """Variance of the first coordinate from the second differences of a loss around its minimum."""
    h = 1e-3

    def f(a: float, b: float) -> float:
        return loss(at + np.array([a, b]))

    aa = (f(h, 0.0) - 2 * f(0.0, 0.0) + f(-h, 0.0)) / h**2
    bb = (f(0.0, h) - 2 * f(0.0, 0.0) + f(0.0, -h)) / h**2
    ab = (f(h, h) - f(h, -h) - f(-h, h) + f(-h, -h)) / (4 * h**2)
    whole = aa * bb - ab**2
    return bb / whole if whole > 1e-8 * abs(aa) else 1 / aa
