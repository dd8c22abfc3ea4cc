"""A pooled model: common effect or random effects, without or with moderators, after metafor's conventions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from davy.evidence.meta.between_study_variance import Tau2, dersimonian_laird, paule_mandel, reml
from davy.evidence.meta.distributions import chi2_tail, critical, f_tail, two_sided
from davy.evidence.meta.effect import Floats, Test
from davy.evidence.meta.regression import intercept, leverages, trace_p, weighted_fit

Weighting = Literal["REML", "DL", "PM", "FE"]
EXACT = 1e-12
"""Below this weighted sum of squares the studies agree exactly, and Knapp-Hartung's interval would have no width."""
_ESTIMATORS: dict[str, Callable[[Floats, Floats, Floats], Tau2]] = {"DL": dersimonian_laird, "PM": paule_mandel}


@dataclass(frozen=True)
class Spec:
    """How to pool: where tau^2 comes from, how to test, the level of every interval."""

    method: Weighting = "REML"
    test: Test = "knha"
    level: float = 0.95
    checked: bool = True


@dataclass(frozen=True)
class Model:
    """A fitted model.

    Attributes
    ----------
    x : design, shape (k, p).
    beta, se, vb : coefficients, their standard errors and covariance; Knapp-Hartung's where `spec` says so.
    wald_se : standard errors without Knapp-Hartung's factor.
    df : degrees of freedom of the t test, or None for z.
    tau2 : the variance between studies; `tau2.value` is 0 in a common-effect model.
    s2w : Knapp-Hartung's factor, 1 for z; may lie below 1.
    q, q_df, q_p : the test of (residual) heterogeneity, with common-effect weights.
    i2, h2 : share [%] and ratio of heterogeneity; None where there are no degrees of freedom.
    typical : the typical sampling variance that turns tau^2 into I^2.
    weights, hat : share of each study in the estimate [%], and leverages.
    """

    spec: Spec
    y: Floats
    v: Floats
    x: Floats
    beta: Floats
    se: Floats
    vb: Floats
    wald_se: Floats
    df: int | None
    tau2: Tau2
    s2w: float
    q: float
    q_df: int
    q_p: float | None
    i2: float | None
    h2: float | None
    typical: float | None
    weights: Floats
    hat: Floats

    @property
    def crit(self) -> float:
        """Half-width factor of the confidence intervals."""
        return critical(self.spec.level, self.df) if self.df is None or self.df > 0 else float("nan")

    def statistic(self, j: int = 0) -> float:
        """Estimate over standard error of coefficient `j`."""
        return float(self.beta[j] / self.se[j])

    def p_value(self, j: int = 0) -> float:
        """Two-sided p value of coefficient `j`."""
        return two_sided(self.statistic(j), self.df)

    def interval(self, j: int = 0) -> tuple[float, float]:
        """Confidence interval of coefficient `j`."""
        half = self.crit * float(self.se[j])
        return float(self.beta[j]) - half, float(self.beta[j]) + half


def fit_model(y: Floats, v: Floats, x: Floats | None = None, spec: Spec | None = None) -> Model:
    """The model of effects `y` with sampling variances `v` on the design `x` (default: an intercept).

    Parameters
    ----------
    y, v : shape (k,).
    x : shape (k, p) with its intercept, of full rank.
    """
    spec = spec or Spec()
    x = intercept(len(y)) if x is None else x
    k, p = x.shape
    fixed = weighted_fit(y, x, 1 / v)
    tau2 = _tau2(y, v, x, spec)
    fit = fixed if tau2.value == 0 else weighted_fit(y, x, 1 / (v + tau2.value))
    knapp = spec.test == "knha" and k > p and fit.rss > EXACT
    s2w = fit.rss / (k - p) if knapp else 1.0
    typical = (k - p) / trace_p(x, fixed) if k > p else None
    i2, h2 = _heterogeneity(fixed.rss, k - p, tau2.value, typical, spec.method)
    hat = leverages(x, fit)
    return Model(
        spec=spec,
        y=y,
        v=v,
        x=x,
        beta=fit.beta,
        se=np.sqrt(np.diag(s2w * fit.vb)),
        vb=s2w * fit.vb,
        wald_se=np.sqrt(np.diag(fit.vb)),
        df=k - p if knapp else None,
        tau2=tau2,
        s2w=s2w,
        q=fixed.rss,
        q_df=k - p,
        q_p=chi2_tail(fixed.rss, k - p) if k > p else None,
        i2=i2,
        h2=h2,
        typical=typical,
        weights=100 * fit.w / float(np.sum(fit.w)),
        hat=hat,
    )


def _tau2(y: Floats, v: Floats, x: Floats, spec: Spec) -> Tau2:
    if spec.method == "FE" or len(y) <= x.shape[1]:
        return Tau2(0.0)
    if spec.method == "REML":
        return reml(y, v, x, checked=spec.checked)
    return _ESTIMATORS[spec.method](y, v, x)


def _heterogeneity(
    q: float, df: int, tau2: float, typical: float | None, method: Weighting
) -> tuple[float | None, float | None]:
    if typical is None or df < 1:
        return None, None
    if method == "FE":
        return max(0.0, 100 * (q - df) / q) if q > 0 else 0.0, q / df
    return 100 * tau2 / (tau2 + typical), (tau2 + typical) / typical


def omnibus(model: Model, columns: slice) -> tuple[float, int, float]:
    """Test that all coefficients of `columns` are zero: statistic (QM, or F with Knapp-Hartung), df, p value."""
    beta = model.beta[columns]
    statistic = float(beta @ np.linalg.solve(model.vb[columns, columns], beta))
    m = len(beta)
    if model.df is None:
        return statistic, m, chi2_tail(statistic, m)
    return statistic / m, m, f_tail(statistic / m, m, model.df)


def prediction_interval(model: Model, df: int | None) -> tuple[float, float] | None:
    """Where the effect of a new study is expected: estimate -/+ t(df) or z times sqrt(se^2 + tau^2).

    None for a common-effect model, and where no degree of freedom is left.
    """
    if model.spec.method == "FE" or (df is not None and df < 1) or len(model.y) < 2:
        return None
    half = critical(model.spec.level, df) * float(np.sqrt(model.se[0] ** 2 + model.tau2.value))
    return float(model.beta[0]) - half, float(model.beta[0]) + half
