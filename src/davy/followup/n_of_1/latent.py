"""Counts, shares and scales: a latent AR(1) state under the likelihood, by Laplace's method on a grid.

Each lane is one pair of correlation and spread with one lag and starting state. For each, Newton's method finds the
mode of the daily states and the effects together; states are taken out by one tridiagonal elimination a step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from davy.followup.n_of_1.exposure import Exposures
from davy.followup.n_of_1.families import HIGHEST, Family
from davy.followup.n_of_1.posterior import Mixture, effective_df
from davy.followup.n_of_1.priors import Bools, Floats, latent_grid, number
from davy.followup.n_of_1.terms import Terms

STEPS = 25
CLOSE = 1e-5
"""Newton steps at most, and the last movement at which they stop; five to nine are usual."""


@dataclass(frozen=True)
class LatentFit:
    """The posterior of one diary on the scale of its link.

    Attributes
    ----------
    weight : (lanes,).
    mean, covariance : (lanes, terms + arms) and (lanes, terms + arms, terms + arms) of the coefficients.
    predictor : (lanes, days) at the mode, every day of the diary.
    slope : (lanes, days, terms + arms) how the predictor goes with each coefficient, the states following.
    share : (lanes, days, arms) exposure.
    """

    family: Family
    weight: Floats
    mean: Floats
    covariance: Floats
    predictor: Floats
    slope: Floats
    share: Floats
    rho: Floats
    spread: Floats
    lag_d: Floats
    df: Floats

    def effect(self, arm: int = 0) -> Mixture:
        """The posterior of an arm's effect on the link scale."""
        k = self.mean.shape[1] - self.share.shape[2] + arm
        return Mixture(self.weight, self.mean[:, k], np.sqrt(self.covariance[:, k, k]), self.df, self.rho, self.lag_d)


def fit_latent(y: Floats, terms: Terms, exposed: Exposures, family: Family) -> LatentFit:
    """The posterior of the effects of one diary.

    Parameters
    ----------
    y : (days,) outcomes of consecutive days, NaN = unknown.
    terms, exposed : columns of the same days.
    """
    grid, cases = latent_grid(), len(exposed.lag_d)
    point, case = (one.ravel() for one in np.meshgrid(np.arange(len(grid.rho)), np.arange(cases), indexing="ij"))
    arms = exposed.share.shape[2]
    share = exposed.share[case]
    columns = np.concatenate([np.broadcast_to(terms.columns, (len(case), *terms.columns.shape)), share], axis=2)
    precision = np.concatenate([terms.precision, np.full(arms, number("latent-arm-sd") ** -2)])
    family = family.for_spread(grid.noise[point])
    lanes = _Lanes(family, y, columns, precision, grid.rho[point], grid.noise[point])
    mode = lanes.mode()
    log_weight = grid.log_weight[point] + exposed.log_weight[case] + mode.log_evidence
    weight = np.exp(log_weight - np.max(log_weight))
    seen = int(np.sum(np.isfinite(y)))
    # The state's correlation shows in the outcome only as far as the state's spread goes beyond chance.
    visible = grid.rho[point] * grid.noise[point] ** 2 / (grid.noise[point] ** 2 + _chance_variance(family, y))
    return LatentFit(
        family, weight / np.sum(weight), mode.coefficients, mode.covariance, mode.predictor, mode.slope, share,
        visible, grid.noise[point], exposed.lag_d[case], effective_df(seen - 2 - arms, visible),
    )  # fmt: skip


def _chance_variance(family: Family, y: Floats) -> float:
    """Variance that chance alone adds to a day, on the scale of the link."""
    mean = float(np.nanmean(y))
    if family.kind == "count":
        return 1.0 / max(mean, 0.02)
    if family.kind == "binary":
        return 1.0 / max(mean * (1 - mean), 0.02)
    return np.pi**2 / 3


@dataclass(frozen=True)
class _Mode:
    coefficients: Floats
    covariance: Floats
    predictor: Floats
    slope: Floats
    log_evidence: Floats


@dataclass(frozen=True)
class _Step:
    b: Floats
    states: Floats
    covariance: Floats
    follow: Floats
    log_det: Floats


@dataclass(frozen=True)
class _Lanes:
    """Everything that a search for the mode needs: (lanes, days, columns), (columns,), (lanes,), (lanes,)."""

    family: Family
    y: Floats
    columns: Floats
    precision: Floats
    rho: Floats
    spread: Floats

    def mode(self) -> _Mode:
        """The mode, its curvature and the evidence of every lane."""
        lanes, days, q = self.columns.shape
        seen = np.isfinite(self.y)
        y = np.where(seen, self.y, self._usual())
        states, b = np.zeros((lanes, days)), np.zeros((lanes, q))
        b[:, 0] = self._start()
        diagonal, beside = self._precision(days)
        step = self._step(y, seen, b, states)
        for _ in range(STEPS):
            moved = max(float(np.max(np.abs(step.b - b))), float(np.max(np.abs(step.states - states))))
            b, states = self._held(b, step.b), self._held(states, step.states)
            if moved < CLOSE:
                break
            step = self._step(y, seen, b, states)
        eta = self._predictor(b, states)
        log_like = np.sum(np.where(seen, self.family.log_likelihood(y, eta), 0.0), axis=1)
        quad = np.sum(diagonal * states**2, axis=1) + 2 * np.sum(beside * states[:, 1:] * states[:, :-1], axis=1)
        prior = -0.5 * (quad + np.sum(self.precision * b**2, axis=1))
        free = -days * np.log(self.spread**2) - (days - 1) * np.log(1 - self.rho**2)
        # As on a plain scale, no lag is favoured for the size of its exposure alone.
        arms = step.covariance[:, -1, -1]
        sizes = np.asarray(np.linalg.slogdet(step.covariance)[1], dtype=np.float64)
        evidence = log_like + prior + 0.5 * (free - step.log_det + sizes - np.log(arms))
        return _Mode(b, step.covariance, eta, self.columns - step.follow, evidence)

    def _predictor(self, b: Floats, states: Floats) -> Floats:
        return np.clip(np.einsum("ldq,lq->ld", self.columns, b) + states, -HIGHEST, HIGHEST)

    def _step(self, y: Floats, seen: Bools, b: Floats, states: Floats) -> _Step:
        """Newton's next point for coefficients and states together."""
        diagonal, beside = self._precision(len(y))
        eta = self._predictor(b, states)
        first, second = self.family.score(y, eta)
        w = np.where(seen, second, 0.0)
        z = eta + np.where(seen, first / second, 0.0)
        weighted = w[:, :, None] * self.columns
        solved, log_det = _tridiagonal(diagonal + w, beside, np.concatenate([(w * z)[:, :, None], weighted], axis=2))
        alone, follow = solved[:, :, 0], solved[:, :, 1:]
        inner = np.matmul(weighted.transpose(0, 2, 1), self.columns - follow) + np.diag(self.precision)
        side = np.einsum("ldq,ld->lq", self.columns, w * (z - alone))
        covariance = np.asarray(np.linalg.inv(0.5 * (inner + inner.transpose(0, 2, 1))), dtype=np.float64)
        new = np.einsum("lqr,lr->lq", covariance, side)
        return _Step(new, alone - np.einsum("ldq,lq->ld", follow, new), covariance, follow, log_det)

    def _usual(self) -> float:
        return float(np.nanmedian(self.y)) if self.family.kind == "ordinal" else float(np.nanmean(self.y))

    def _start(self) -> float:
        mean = float(np.nanmean(self.y))
        if self.family.kind == "count":
            return float(np.log(max(mean, 0.05)))
        if self.family.kind == "binary":
            kept = min(max(mean, 0.03), 0.97)
            return float(np.log(kept / (1 - kept)))
        return 0.0

    @staticmethod
    def _held(old: Floats, new: Floats) -> Floats:
        """A step of at most three on the scale of the link."""
        return old + np.clip(new - old, -3.0, 3.0)

    def _precision(self, days: int) -> tuple[Floats, Floats]:
        """The tridiagonal precision of a stationary AR(1) state: (lanes, days) and (lanes, 1)."""
        scale = 1.0 / (self.spread**2 * (1 - self.rho**2))
        diagonal = np.repeat(((1 + self.rho**2) * scale)[:, None], days, axis=1)
        diagonal[:, 0] = scale
        diagonal[:, -1] = scale
        return diagonal, (-self.rho * scale)[:, None]


def _tridiagonal(diagonal: Floats, beside: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Solves symmetric tridiagonal systems, one a lane; also their log determinants."""
    days = diagonal.shape[1]
    pivot, out = np.empty_like(diagonal), right.copy()
    side = beside[:, 0]
    pivot[:, 0] = diagonal[:, 0]
    for day in range(1, days):
        factor = side / pivot[:, day - 1]
        pivot[:, day] = diagonal[:, day] - factor * side
        out[:, day] -= factor[:, None] * out[:, day - 1]
    out[:, -1] /= pivot[:, -1, None]
    for day in range(days - 2, -1, -1):
        out[:, day] = (out[:, day] - side[:, None] * out[:, day + 1]) / pivot[:, day, None]
    return out, np.sum(np.log(pivot), axis=1)


DRAWS = 1024
"""Points at which the posterior of an effect in the unit of the outcome is read."""


def outcome_effects(fit: LatentFit, arm: int = 0) -> Floats:
    """Sorted draws of an arm's effect in the unit of the outcome: mean over the days with the arm minus without.

    Parts are drawn by their weight, level and effect together from each; the draws are the same on every run.
    """
    from scipy.special import ndtri

    k = fit.mean.shape[1] - fit.share.shape[2] + arm
    place = (np.arange(DRAWS) + 0.5) / DRAWS
    part = np.minimum(np.searchsorted(np.cumsum(fit.weight), place), len(fit.weight) - 1)
    # The golden ratio and its square spread pairs of normals evenly over the parts.
    first, second = (
        ndtri(np.mod(np.arange(1, DRAWS + 1) * step, 1.0)) for step in (0.618033988749895, 0.754877666246693)
    )
    cov = fit.covariance[part]
    to_effect = first * np.sqrt(cov[:, k, k])
    beside = cov[:, 0, k] / cov[:, k, k]
    to_level = second * np.sqrt(np.maximum(cov[:, 0, 0] - beside * cov[:, 0, k], 0.0))
    # Every coefficient follows the effect as it does in the posterior; the states follow the coefficients.
    along = np.einsum("ldq,lq->ld", fit.slope[part], cov[:, :, k] / cov[:, k, k][:, None])
    eta = fit.predictor[part] + along * to_effect[:, None] + to_level[:, None]
    effect = fit.mean[part, k] + to_effect
    others = eta - fit.share[part, :, arm] * effect[:, None]
    eta_with, eta_without = others + effect[:, None], others
    bound = (-HIGHEST, HIGHEST)
    family = fit.family.for_spread(fit.spread[part])
    change = family.mean(np.clip(eta_with, *bound)) - family.mean(np.clip(eta_without, *bound))
    return np.sort(np.mean(change, axis=1))
