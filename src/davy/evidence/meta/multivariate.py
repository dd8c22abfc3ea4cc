"""Pools vectors of coefficients: random effects with a free covariance between studies, by restricted likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from davy.evidence.meta.effect import Floats


@dataclass(frozen=True)
class Vectors:
    """Mean coefficients, their covariance, the covariance between studies, and whether the search settled."""

    beta: Floats
    cov: Floats
    between: Floats
    settled: bool


def pool_vectors(y: Sequence[Floats], s: Sequence[Floats]) -> Vectors:
    """The pooled vector of `y`, each shape (p,), with sampling covariances `s`, each shape (p, p).

    One study is returned as it is. The between-study covariance is searched through its Cholesky factor, in units of
    the typical standard errors, from several starts.
    """
    p = len(y[0])
    if len(y) == 1:
        return Vectors(y[0], s[0], np.zeros((p, p)), True)
    unit = np.sqrt(np.median([np.diag(one) for one in s], axis=0))
    scaled_y = [one / unit for one in y]
    scaled_s = [one / np.outer(unit, unit) for one in s]
    lower = np.tril_indices(p)

    def psi(point: Floats) -> Floats:
        factor = np.zeros((p, p))
        factor[lower] = point
        return factor @ factor.T

    def loss(point: Floats) -> float:
        return -restricted(scaled_y, scaled_s, psi(point))[0]

    optimize: Any = import_module("scipy.optimize")
    best: Any = None
    for start in (1.0, 0.2, 3.0):
        first = np.zeros((p, p))
        np.fill_diagonal(first, start)
        found: Any = optimize.minimize(loss, first[lower], method="BFGS", options={"gtol": 1e-9, "maxiter": 500})
        polished: Any = optimize.minimize(
            loss, found.x, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000}
        )
        if best is None or polished.fun < best.fun:
            best = polished
    between = psi(np.asarray(best.x, dtype=np.float64))
    _, beta, cov = restricted(scaled_y, scaled_s, between)
    both = np.outer(unit, unit)
    return Vectors(beta * unit, cov * both, between * both, bool(best.success))


def restricted(y: Sequence[Floats], s: Sequence[Floats], between: Floats) -> tuple[float, Floats, Floats]:
    """Restricted log-likelihood without its constant, the weighted mean and its covariance."""
    p = len(y[0])
    information, score, log_dets = np.zeros((p, p)), np.zeros(p), 0.0
    inverses: list[Floats] = []
    for one, own in zip(y, s, strict=True):
        total = own + between
        inverse = np.linalg.inv(total)
        inverses.append(np.asarray(inverse, dtype=np.float64))
        information += inverse
        score += inverse @ one
        log_dets += float(np.linalg.slogdet(total)[1])
    cov = np.asarray(np.linalg.inv(information), dtype=np.float64)
    beta = cov @ score
    spread = sum(float((one - beta) @ inverse @ (one - beta)) for one, inverse in zip(y, inverses, strict=True))
    return -0.5 * (log_dets + float(np.linalg.slogdet(information)[1]) + spread), beta, cov
