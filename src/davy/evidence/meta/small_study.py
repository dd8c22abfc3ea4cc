"""Do small studies say something else? Regression tests, only where ten studies or more can answer.

Egger: effects on their standard errors, weights 1/v. Harbord: score over its variance on one over its root, weights V.
Peters: effects on one over the number of people, weights from the events and non-events over both arms.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from davy.evidence.meta.counts_effects import no_contrast, observed_minus_expected
from davy.evidence.meta.distributions import critical, two_sided
from davy.evidence.meta.effect import Counts, Effects, Floats
from davy.evidence.meta.model import Spec, fit_model
from davy.evidence.meta.pooled import SmallStudyTest
from davy.evidence.meta.regression import weighted_fit

LEAST = 10
"""Cochrane's handbook asks for at least ten studies."""


def egger(effects: Effects, level: float) -> SmallStudyTest | None:
    """Egger's regression in its first form: weighted, with a multiplicative error; None where sizes do not differ."""
    se = np.sqrt(effects.vi)
    return _line("Egger", "lm", "standard error", (effects.yi, se, 1 / effects.vi), level)


def egger_mixed(effects: Effects, spec: Spec) -> SmallStudyTest | None:
    """The same with a variance between studies in place of the multiplicative error."""
    se = np.sqrt(effects.vi)
    if np.ptp(se) <= 1e-12 * float(se.max()):
        return None
    model = fit_model(effects.yi, effects.vi, np.column_stack([np.ones_like(se), se]), replace(spec, checked=False))
    return SmallStudyTest(
        test="Egger",
        model=f"{spec.method}, {spec.test}",
        predictor="standard error",
        statistic=model.statistic(1),
        df=model.df,
        p=model.p_value(1),
        slope=float(model.beta[1]),
        slope_se=float(model.se[1]),
        intercept=float(model.beta[0]),
        intercept_ci=model.interval(0),
    )


def harbord(counts: Counts, level: float) -> SmallStudyTest | None:
    """Harbord's test for odds ratios, which does not mistake the tie of log OR and its error for bias."""
    keep = ~no_contrast(counts)
    score, variance = observed_minus_expected(counts)
    score, variance = score[keep], variance[keep]
    return _line("Harbord", "lm", "one over root V", (score / variance, 1 / np.sqrt(variance), variance), level)


def peters(effects: Effects, level: float) -> SmallStudyTest | None:
    """Peters' test for odds ratios."""
    counts = effects.counts
    if counts is None:
        return None
    events, others = counts.ai + counts.ci, counts.bi + counts.di
    keep = (events > 0) & (others > 0)
    weights = 1 / (1 / events[keep] + 1 / others[keep])
    size = (events + others)[keep]
    return _line("Peters", "lm", "one over n", (effects.yi[keep], 1 / size, weights), level)


def _line(
    test: str, model: str, predictor: str, data: tuple[Floats, Floats, Floats], level: float
) -> SmallStudyTest | None:
    y, x, w = data
    k = len(y)
    if k < 3 or np.ptp(x) <= 1e-12 * float(np.abs(x).max()):
        return None
    fit = weighted_fit(y, np.column_stack([np.ones(k), x]), w)
    se = np.sqrt(fit.rss / (k - 2) * np.diag(fit.vb))
    statistic = float(fit.beta[1] / se[1])
    half = critical(level, k - 2) * float(se[0])
    return SmallStudyTest(
        test=test,
        model=model,
        predictor=predictor,
        statistic=statistic,
        df=k - 2,
        p=two_sided(statistic, k - 2),
        slope=float(fit.beta[1]),
        slope_se=float(se[1]),
        intercept=float(fit.beta[0]),
        intercept_ci=(float(fit.beta[0]) - half, float(fit.beta[0]) + half),
    )
