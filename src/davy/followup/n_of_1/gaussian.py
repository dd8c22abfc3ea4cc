"""Daily outcomes on a plain scale: exact posterior given error model, lag and starting state; a grid over these.

Errors are AR(1), also read through white noise. Level and trend are flat, weekdays shrunken, the residual variance
conjugate. One pass over the days whitens every column under every error model (`whitened`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from davy.followup.n_of_1.exposure import Exposures
from davy.followup.n_of_1.posterior import Mixture, below, effective_df
from davy.followup.n_of_1.priors import ErrorGrid, Floats, error_grid
from davy.followup.n_of_1.terms import Terms


@dataclass(frozen=True)
class GaussianFit:
    """The posterior for one or many diaries of one design.

    Attributes
    ----------
    weight : (grid, cases, diaries).
    mean, scale : (grid, cases, arms, diaries) of the steady-state effects.
    df : (grid,).
    grid, exposures : what the first two axes are.
    coefficients : (grid, cases, terms + arms, diaries) posterior means.
    """

    weight: Floats
    mean: Floats
    scale: Floats
    df: Floats
    grid: ErrorGrid
    exposures: Exposures
    coefficients: Floats

    def effect(self, arm: int = 0, diary: int = 0) -> Mixture:
        """The posterior of one arm's effect in one diary."""
        rho, lag = np.broadcast_arrays(self.grid.rho[:, None], self.exposures.lag_d[None, :])
        df = np.broadcast_to(self.df[:, None], rho.shape)
        parts = (self.weight[:, :, diary], self.mean[:, :, arm, diary], self.scale[:, :, arm, diary], df, rho, lag)
        return Mixture(*(np.ascontiguousarray(one).ravel() for one in parts))

    def p_below(self, value: float = 0.0, arm: int = 0) -> Floats:
        """(diaries,) P(effect < value)."""
        return np.asarray(self._chances(value, arm), dtype=np.float64)

    def _chances(self, value: float, arm: int) -> Floats:
        each = below(value, self.mean[:, :, arm], self.scale[:, :, arm], self.df[:, None, None])
        return np.sum(self.weight * each, axis=(0, 1))


def whitened(columns: Floats, day: Floats, grid: ErrorGrid) -> tuple[Floats, Floats]:
    """Every column with its predictable part taken out, in units of what is left; a Kalman filter over the days.

    Parameters
    ----------
    columns : (days, columns).
    day : (days,) ascending day numbers; gaps may be of any length.

    Returns
    -------
    (grid, days, columns) and the (grid,) log determinant of the error covariance of unit variance.
    """
    slow = 1.0 - grid.noise
    state = np.zeros((len(grid.rho), columns.shape[1]))
    spread = slow.copy()
    out = np.empty((len(grid.rho), *columns.shape))
    log_det = np.zeros(len(grid.rho))
    for row in range(len(day)):
        if row:
            gap = int(day[row] - day[row - 1])
            kept = grid.rho**gap
            state *= kept[:, None]
            spread = kept**2 * spread + slow * (1 - kept**2)
        total = spread + grid.noise
        new = columns[row] - state
        out[:, row] = new / np.sqrt(total)[:, None]
        gain = spread / total
        state += gain[:, None] * new
        spread = spread - gain * spread
        log_det += np.log(total)
    return out, log_det


def fit_gaussian(
    y: Floats, day: Floats, terms: Terms, exposed: Exposures, grid: ErrorGrid | None = None
) -> GaussianFit:
    """The posterior of the effects.

    Parameters
    ----------
    y : (days, diaries) outcomes; all diaries share days and arms.
    day : (days,) day numbers.
    exposed : shares on those days.
    """
    grid = grid or error_grid()
    cases, _, arms = exposed.share.shape
    p = terms.columns.shape[1]
    shares = exposed.share.transpose(1, 0, 2).reshape(len(day), cases * arms)
    white, log_det = whitened(np.hstack([terms.columns, shares, y]), day, grid)
    q = p + cases * arms
    left = white[:, :, :q].transpose(0, 2, 1)
    gram, cross = np.matmul(left, white[:, :, :q]), np.matmul(left, white[:, :, q:])
    square = np.sum(white[:, :, q:] ** 2, axis=1)
    flat = int(np.sum(terms.precision == 0)) + arms
    df = max(len(day) - flat, 1)
    prior = np.diag(np.concatenate([terms.precision, np.zeros(arms)]))
    shape = (len(grid.rho), cases)
    log_weight = np.empty((*shape, y.shape[1]))
    mean, scale = np.empty((*shape, arms, y.shape[1])), np.empty((*shape, arms, y.shape[1]))
    coefficients = np.empty((*shape, p + arms, y.shape[1]))
    for case in range(cases):
        index = [*range(p), *range(p + case * arms, p + (case + 1) * arms)]
        inner = gram[:, index][:, :, index] + prior
        right = cross[:, index]
        inverse = np.asarray(np.linalg.inv(inner), dtype=np.float64)
        solved = np.matmul(inverse, right)
        left_over = np.maximum(square - np.sum(right * solved, axis=1), 1e-12 * square + 1e-300)
        variance = inverse[:, p:, p:]
        # The prior of the effects is proportional to the root of their information, so that no lag is favoured
        # for the size of its exposure alone.
        constant = -0.5 * (np.linalg.slogdet(inner)[1] + log_det + np.linalg.slogdet(variance)[1])
        constant += grid.log_weight + exposed.log_weight[case]
        log_weight[:, case] = constant[:, None] - 0.5 * df * np.log(left_over)
        mean[:, case], coefficients[:, case] = solved[:, p:], solved
        own = np.diagonal(variance, axis1=1, axis2=2)
        scale[:, case] = np.sqrt(own[:, :, None] * left_over[:, None, :] / df)
    weight = np.exp(log_weight - np.max(log_weight, axis=(0, 1)))
    weight /= np.sum(weight, axis=(0, 1))
    return GaussianFit(weight, mean, scale, effective_df(df, grid.rho), grid, exposed, coefficients)
