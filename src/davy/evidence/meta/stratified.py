"""Pooling of counts without one estimate a study: Mantel-Haenszel and Peto, both without corrections.

Variances: Robins, Breslow and Greenland for the odds ratio, Greenland and Robins for the risk ratio, Sato for the risk
difference, Rothman and Greenland for the rate ratio.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from davy.evidence.meta.counts_effects import observed_minus_expected
from davy.evidence.meta.effect import Counts, Floats, Rates


@dataclass(frozen=True)
class Stratified:
    """A common effect on the analysis scale.

    Attributes
    ----------
    estimate, se : pooled effect; NaN where the tables hold nothing to compare.
    weights : share of each study [%].
    """

    estimate: float
    se: float
    weights: Floats


def mantel_haenszel(counts: Counts, measure: str) -> Stratified:
    """Odds ratio, risk ratio (both as logarithms) or risk difference over all tables."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return {"OR": _odds, "RR": _risk, "RD": _difference}[measure](counts)


def _odds(counts: Counts) -> Stratified:
    total = counts.n1i + counts.n2i
    p, q = (counts.ai + counts.di) / total, (counts.bi + counts.ci) / total
    r, s = counts.ai * counts.di / total, counts.bi * counts.ci / total
    up, down = r.sum(), s.sum()
    variance = (p * r).sum() / up**2 + (p * s + q * r).sum() / (up * down) + (q * s).sum() / down**2
    return Stratified(float(np.log(up / down)), float(np.sqrt(variance / 2)), _shares(s))


def _risk(counts: Counts) -> Stratified:
    total = counts.n1i + counts.n2i
    r, s = counts.ai * counts.n2i / total, counts.ci * counts.n1i / total
    spread = counts.n1i * counts.n2i * (counts.ai + counts.ci) / total**2 - counts.ai * counts.ci / total
    se = np.sqrt(spread.sum() / (r.sum() * s.sum()))
    return Stratified(float(np.log(r.sum() / s.sum())), float(se), _shares(s))


def _difference(counts: Counts) -> Stratified:
    n1, n2 = counts.n1i, counts.n2i
    total = n1 + n2
    w = n1 * n2 / total
    estimate = ((counts.ai / n1 - counts.ci / n2) * w).sum() / w.sum()
    first = counts.ci * (n1 / total) ** 2 - counts.ai * (n2 / total) ** 2 + (n1 / total) * (n2 / total) * (n2 - n1) / 2
    second = (counts.ai * (n2 - counts.ci) / total + counts.ci * (n1 - counts.ai) / total) / 2
    variance = (estimate * first.sum() + second.sum()) / w.sum() ** 2
    return Stratified(float(estimate), float(np.sqrt(variance)), _shares(w))


def mantel_haenszel_rates(rates: Rates) -> Stratified:
    """Log rate ratio over all strata of person-time."""
    total = rates.t1i + rates.t2i
    r, s = rates.x1i * rates.t2i / total, rates.x2i * rates.t1i / total
    spread = (rates.x1i + rates.x2i) * rates.t1i * rates.t2i / total**2
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.sqrt(spread.sum() / (r.sum() * s.sum()))
        return Stratified(float(np.log(r.sum() / s.sum())), float(se), _shares(s))


def peto_pooled(counts: Counts) -> Stratified:
    """Log odds ratio by Peto: events above expectation over their variance, summed before dividing."""
    above, variance = observed_minus_expected(counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = variance.sum()
        return Stratified(float(above.sum() / total), float(1 / np.sqrt(total)), _shares(variance))


def _shares(w: Floats) -> Floats:
    """Shares [%]; zero each where the tables hold nothing to compare."""
    total = w.sum()
    return 100 * w / total if total > 0 else np.zeros_like(w)
