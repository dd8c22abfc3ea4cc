"""Each study left out in turn: what remains, and how much the study moves the result."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from davy.evidence.meta.model import Model, fit_model
from davy.evidence.meta.regression import inverse, moments


@dataclass(frozen=True)
class Without:
    """The model without one study, and that study's influence on the whole (definitions of metafor).

    Attributes
    ----------
    model : the model of the others.
    rstudent : externally standardised residual of the study.
    dffits : shift of its fitted value, in standard errors.
    cook : Cook's distance.
    cov_r : determinant of the covariance without it over that with it.
    hat, weight : leverage and share [%] in the whole.
    dfbetas : shift of each coefficient, in standard errors.
    """

    model: Model
    rstudent: float
    dffits: float
    cook: float
    cov_r: float
    hat: float
    weight: float
    dfbetas: tuple[float, ...]


def leave_one_out(whole: Model) -> tuple[Without | None, ...]:
    """One entry a study, in order; None where the others cannot carry the model."""
    return tuple(_without(whole, i) for i in range(len(whole.y)))


def _without(whole: Model, i: int) -> Without | None:
    keep = np.arange(len(whole.y)) != i
    x = whole.x[keep]
    k, p = x.shape
    if k < p or (p > 1 and np.linalg.matrix_rank(x) < p):
        return None
    model = fit_model(whole.y[keep], whole.v[keep], x, replace(whole.spec, checked=False))
    tau2 = model.tau2.value
    xi = whole.x[i]
    predicted = float(xi @ model.beta)
    residual = float(whole.y[i]) - predicted
    spread = float(np.sqrt(model.s2w * (whole.v[i] + tau2) + xi @ model.vb @ xi))
    w = 1 / (whole.v + tau2)
    vb = inverse(moments(whole.x, w))
    moved = whole.beta - model.beta
    return Without(
        model=model,
        rstudent=residual / spread,
        dffits=(float(xi @ whole.beta) - predicted) / float(np.sqrt(model.s2w * whole.hat[i] * (whole.v[i] + tau2))),
        cook=float(moved @ np.linalg.solve(whole.vb, moved)),
        cov_r=float(np.linalg.det(model.vb) / np.linalg.det(whole.vb)),
        hat=float(whole.hat[i]),
        weight=float(whole.weights[i]),
        dfbetas=tuple(float(value) for value in moved / np.sqrt(model.s2w * np.diag(vb))),
    )
