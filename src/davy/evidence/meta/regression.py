"""Weighted least squares with known sampling variances: what every model here is made of.

Where variances are comparable nothing of size (k, k) is formed: with the residuals ``r`` the projection P of the
weighted fit gives ``P y = W r``, so that ``y' P P y`` is a sum, and its traces need only the moments ``X' W^n X``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from davy.evidence.meta.effect import Floats

CANCELLED = 1e-6


@dataclass(frozen=True)
class Fitted:
    """A weighted fit.

    Attributes
    ----------
    beta, vb : coefficients, shape (p,), and their covariance (X' W X)^-1, shape (p, p).
    w, r : weights and residuals, shape (k,).
    rss : sum of w r^2.
    """

    beta: Floats
    vb: Floats
    w: Floats
    r: Floats
    rss: float


def moments(x: Floats, w: Floats) -> Floats:
    """``X' W X``, shape (p, p)."""
    return x.T @ (w[:, None] * x)


def inverse(m: Floats) -> Floats:
    """The inverse of a small symmetric matrix; of a single number without the machinery."""
    return 1 / m if m.shape == (1, 1) else np.asarray(np.linalg.inv(m), dtype=np.float64)


def weighted_fit(y: Floats, x: Floats, w: Floats) -> Fitted:
    """The fit of `y` on the columns of `x` with weights `w`."""
    vb = inverse(moments(x, w))
    beta = vb @ (x.T @ (w * y))
    r = y - x @ beta
    return Fitted(beta, vb, w, r, float(np.dot(w * r, r)))


def log_det(fit: Fitted) -> float:
    """Logarithm of the determinant of `vb`."""
    return math.log(fit.vb[0, 0]) if fit.vb.shape == (1, 1) else float(np.linalg.slogdet(fit.vb)[1])


def trace_p(x: Floats, fit: Fitted) -> float:
    """Trace of the projection P."""
    return float(fit.w.sum() - (fit.vb * moments(x, fit.w**2)).sum())


def trace_pp(x: Floats, fit: Fitted) -> float:
    """Trace of P P, from P itself where variances differ so much that the sums of its short form cancel."""
    squares = fit.w * fit.w
    second = fit.vb @ moments(x, squares)
    third = fit.vb * moments(x, squares * fit.w)
    trace = float(squares.sum() - 2 * third.sum() + (second * second.T).sum())
    if trace > CANCELLED * squares.sum():
        return trace
    p = np.diag(fit.w) - np.outer(fit.w, fit.w) * (x @ fit.vb @ x.T)
    return float((p * p).sum())


def ypp_y(fit: Fitted) -> float:
    """``y' P P y``."""
    weighted = fit.w * fit.r
    return float(np.dot(weighted, weighted))


def leverages(x: Floats, fit: Fitted) -> Floats:
    """Diagonal of the hat matrix, shape (k,)."""
    return fit.w * np.einsum("ij,jk,ik->i", x, fit.vb, x)


def intercept(k: int) -> Floats:
    """The design of a model without moderators, shape (k, 1)."""
    return np.ones((k, 1))
