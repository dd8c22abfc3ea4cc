"""Puts the parts of a pooled effect together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from davy.evidence.meta.between_study_variance import q_profile
from davy.evidence.meta.counts_effects import no_contrast
from davy.evidence.meta.distributions import chi2_tail, finite
from davy.evidence.meta.effect import RANDOM, Effects, Method, Test
from davy.evidence.meta.few_studies import MOST, half_normal_posterior
from davy.evidence.meta.influence import leave_one_out
from davy.evidence.meta.model import Model, Spec, Weighting, fit_model, prediction_interval
from davy.evidence.meta.moderators import meta_regression, subgroups
from davy.evidence.meta.pooled import (
    AdHoc,
    Bayesian,
    Estimate,
    Interval,
    PooledEffect,
    SmallStudyTest,
    StudyShown,
    TrimFill,
    WithoutOne,
)
from davy.evidence.meta.rare_events import exact_models
from davy.evidence.meta.remarks import NARROWER, choices, warnings
from davy.evidence.meta.shown import Scale, of_model, of_numbers
from davy.evidence.meta.small_study import LEAST, egger, egger_mixed, harbord, peters
from davy.evidence.meta.stratified import Stratified, mantel_haenszel, mantel_haenszel_rates, peto_pooled
from davy.evidence.meta.study_rows import study_rows, without_one
from davy.evidence.meta.trim_fill import trim_and_fill


@dataclass(frozen=True)
class Plan:
    """How to pool."""

    method: Method
    test: Test
    level: float = 0.95
    moderators: tuple[str, ...] = ()
    prior_scale: float | None = None
    exact: bool = False

    @property
    def spec(self) -> Spec:
        """The same for an inverse-variance model; beside Mantel-Haenszel and Peto that is a common effect."""
        method: Weighting = "FE" if self.method == "MH" or self.method == "PETO" else self.method
        return Spec(method, self.test, self.level)


def summarise(effects: Effects, plan: Plan) -> PooledEffect:
    """The pooled effect of `effects`, pooled by `plan`."""
    scale = Scale(effects.is_ratio, plan.level)
    model = fit_model(effects.yi, effects.vi, spec=plan.spec)
    common = fit_model(effects.yi, effects.vi, spec=Spec("FE", "z", plan.level))
    whole = _chosen(effects, plan, model, scale)
    random = plan.method in RANDOM and effects.k > 1
    tau2_ci = q_profile(effects.yi, effects.vi, model.x, plan.level) if random else None
    pi_df = model.df if random else None
    pi = prediction_interval(model, pi_df)
    spread = _spread(model, tau2_ci) if effects.k > 1 else (None, None)
    tests, trimmed = _small_study(effects, plan, scale)
    agreement = _agreement(effects, plan, model, whole)
    bayesian = _few(effects, plan, scale) if plan.method in RANDOM else None
    left_out, shown = _study_parts(effects, plan, (model, common), scale)
    return PooledEffect(
        k=effects.k,
        measure=effects.measure,
        method=plan.method,
        test="knha" if whole.test == "knha" else "z",
        level=plan.level,
        estimate=whole.estimate,
        se=whole.se,
        ci=whole.ci,
        statistic=whole.statistic,
        df=whole.df,
        p=whole.p,
        pi=pi,
        pi_df=pi_df if pi is not None else None,
        pi_k2=prediction_interval(model, effects.k - 2) if random else None,
        estimate_exp=whole.estimate_exp,
        ci_exp=whole.ci_exp,
        pi_exp=scale.exp_interval(pi),
        tau2=model.tau2.value if effects.k > 1 else None,
        tau2_se=finite(model.tau2.se) if effects.k > 1 else None,
        tau2_ci=tau2_ci,
        i2=agreement.i2,
        i2_ci=spread[0],
        h2=agreement.h2,
        h2_ci=spread[1],
        q=agreement.q,
        q_df=agreement.df,
        q_p=None if agreement.q is None else chi2_tail(agreement.q, agreement.df),
        common=of_model(common, scale),
        mantel_haenszel=_stratified(effects, "MH", scale),
        peto=_stratified(effects, "PETO", scale),
        adhoc=_adhoc(model, scale) if random and plan.test == "knha" else None,
        egger=next((one for one in tests if one.test == "Egger"), None),
        small_study_tests=tests,
        trim_fill=trimmed,
        rare_events=exact_models(effects, scale) if plan.exact else (),
        bayesian=bayesian,
        meta_regression=meta_regression(effects, plan.moderators, plan.spec),
        subgroups=subgroups(effects, plan.moderators, plan.spec, scale),
        sensitivity=(),
        leave_one_out=left_out,
        studies=shown,
        choices=(*effects.choices, *choices(plan.method, whole, effects.k, pi_df)),
        warnings=(*effects.warnings, *warnings(effects, plan.method, model, tau2_ci, bayesian=bayesian is not None)),
    )


def _study_parts(
    effects: Effects, plan: Plan, models: tuple[Model, Model], scale: Scale
) -> tuple[tuple[WithoutOne, ...], tuple[StudyShown, ...]]:
    """The results without each study, and the studies as they entered; `models` is the chosen and the common one."""
    model, common = models
    found = leave_one_out(model) if effects.k > 1 else (None,)
    strata = stratified(effects, plan.method)
    weights = model.weights if strata is None else strata.weights
    return without_one(effects, found, scale), study_rows(effects, (weights, common.weights), found, scale)


def _chosen(effects: Effects, plan: Plan, model: Model, scale: Scale) -> Estimate:
    """The result that was asked for."""
    if plan.method == "MH" or plan.method == "PETO":
        made = stratified(effects, plan.method)
        if made is not None:
            return of_numbers(scale, plan.method, made.estimate, made.se)
    return of_model(model, scale, plan.method)


def stratified(effects: Effects, method: str) -> Stratified | None:
    """Mantel-Haenszel or Peto from the counts, without any correction; None where they have no meaning."""
    if effects.counts is not None:
        if method == "MH" and effects.measure in ("OR", "RR", "RD"):
            return mantel_haenszel(effects.counts, effects.measure)
        if method == "PETO" and effects.measure in ("OR", "PETO"):
            return peto_pooled(effects.counts)
    if effects.rates is not None and method == "MH":
        return mantel_haenszel_rates(effects.rates)
    return None


def _stratified(effects: Effects, method: str, scale: Scale) -> Estimate | None:
    made = stratified(effects, method)
    return made and of_numbers(scale, method, made.estimate, made.se)


@dataclass(frozen=True)
class Agreement:
    """Cochran's Q with its degrees of freedom, I^2 [%] and H^2; None where nothing can be compared."""

    q: float | None = None
    df: int = 0
    i2: float | None = None
    h2: float | None = None


def _agreement(effects: Effects, plan: Plan, model: Model, whole: Estimate) -> Agreement:
    """How far the studies agree; for Mantel-Haenszel and Peto around their estimate, of those that have a contrast."""
    if effects.k < 2:
        return Agreement()
    if plan.method not in ("MH", "PETO") or whole.estimate is None:
        return Agreement(model.q, effects.k - 1, model.i2, model.h2)
    keep = np.ones(effects.k, dtype=bool) if effects.counts is None else ~no_contrast(effects.counts)
    q = float(np.sum((effects.yi - whole.estimate)[keep] ** 2 / effects.vi[keep]))
    df = int(keep.sum()) - 1
    if df < 1:
        return Agreement()
    return Agreement(q, df, max(0.0, 100 * (q - df) / q) if q > 0 else 0.0, q / df)


def _spread(model: Model, tau2_ci: Interval) -> tuple[Interval, Interval]:
    """Intervals of I^2 and H^2 from that of tau^2."""
    if tau2_ci is None or model.typical is None:
        return None, None
    low, high = tau2_ci
    s = model.typical
    return (100 * low / (low + s), 100 * high / (high + s)), ((low + s) / s, (high + s) / s)


def _adhoc(model: Model, scale: Scale) -> AdHoc | None:
    """Knapp-Hartung with its factor kept at one or above."""
    if model.df is None:
        return None
    factor = max(model.s2w, 1.0)
    se = float(model.wald_se[0]) * float(np.sqrt(factor))
    interval = scale.around(float(model.beta[0]), se, model.df)
    return AdHoc(model.s2w < NARROWER, model.s2w, se, interval, scale.exp_interval(interval))


def _small_study(effects: Effects, plan: Plan, scale: Scale) -> tuple[tuple[SmallStudyTest, ...], TrimFill | None]:
    """The tests that ten studies or more allow; Harbord and Peters first for odds ratios."""
    if effects.k < LEAST:
        return (), None
    made = [egger(effects, plan.level), egger_mixed(effects, plan.spec)]
    if effects.counts is not None and effects.measure in ("OR", "PETO"):
        made += [harbord(effects.counts, plan.level), peters(effects, plan.level)]
    return tuple(one for one in made if one is not None), trim_and_fill(effects, plan.spec, scale)


def _few(effects: Effects, plan: Plan, scale: Scale) -> Bayesian | None:
    return half_normal_posterior(effects, scale, plan.prior_scale) if effects.k <= MOST else None
