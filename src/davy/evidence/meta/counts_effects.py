"""Odds ratio, risk ratio, risk difference, Peto's odds ratio and rate ratio from counts.

Conventions are metafor's: where a study has an empty cell, one half is added to each of its four cells (to both event
counts for rates) and to no other study; studies without any event stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from davy.evidence.meta.effect import Counts, Floats, Rates

To = Literal["only0", "all", "if0all", "none"]


@dataclass(frozen=True)
class Correction:
    """What is added to the cells: how much, to which studies, and whether studies without events are dropped.

    Attributes
    ----------
    to : ``only0`` the studies with an empty cell, ``all``, ``if0all`` all when any has one, ``none``.
    """

    add: float = 0.5
    to: To = "only0"
    drop00: bool = False


def corrected(zero: NDArray[np.bool_], correction: Correction) -> NDArray[np.bool_]:
    """Which studies get the correction, from which have an empty cell."""
    if correction.to == "none" or correction.add == 0:
        return np.zeros_like(zero)
    if correction.to == "all" or (correction.to == "if0all" and bool(zero.any())):
        return np.ones_like(zero)
    return zero if correction.to == "only0" else np.zeros_like(zero)


def empty_cells(counts: Counts) -> NDArray[np.bool_]:
    """Which studies have a cell of zero."""
    return (counts.ai == 0) | (counts.bi == 0) | (counts.ci == 0) | (counts.di == 0)


def no_contrast(counts: Counts) -> NDArray[np.bool_]:
    """Which studies have no event, or only events, in both groups."""
    return ((counts.ai == 0) & (counts.ci == 0)) | ((counts.bi == 0) & (counts.di == 0))


def with_added(counts: Counts, correction: Correction) -> Counts:
    """The counts after the correction; NaN for studies that it drops."""
    added = np.where(corrected(empty_cells(counts), correction), correction.add, 0.0)
    if correction.drop00:
        added = np.where(no_contrast(counts), np.nan, added)
    return Counts(counts.ai + added, counts.bi + added, counts.ci + added, counts.di + added)


def odds_ratio(counts: Counts) -> tuple[Floats, Floats]:
    """Log odds ratio and its variance (Woolf)."""
    a, b, c, d = counts.ai, counts.bi, counts.ci, counts.di
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(a) + np.log(d) - np.log(b) - np.log(c), 1 / a + 1 / b + 1 / c + 1 / d


def risk_ratio(counts: Counts) -> tuple[Floats, Floats]:
    """Log risk ratio and its variance."""
    a, c, n1, n2 = counts.ai, counts.ci, counts.n1i, counts.n2i
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(a / n1) - np.log(c / n2), 1 / a - 1 / n1 + 1 / c - 1 / n2


def risk_difference(counts: Counts) -> tuple[Floats, Floats]:
    """Risk difference and its variance."""
    n1, n2 = counts.n1i, counts.n2i
    p1, p2 = counts.ai / n1, counts.ci / n2
    return p1 - p2, p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2


def observed_minus_expected(counts: Counts) -> tuple[Floats, Floats]:
    """Events above expectation in the treated group, and their hypergeometric variance."""
    total = counts.n1i + counts.n2i
    events, others = counts.ai + counts.ci, counts.bi + counts.di
    expected = events * counts.n1i / total
    variance = events * others * (counts.n1i / total) * (counts.n2i / total) / (total - 1)
    return counts.ai - expected, variance


def peto(counts: Counts) -> tuple[Floats, Floats]:
    """Log odds ratio by Peto's one-step estimate, and its variance."""
    above, variance = observed_minus_expected(counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        return above / variance, 1 / variance


def rates_with_added(rates: Rates, correction: Correction) -> Rates:
    """The events after the correction, person-time as it was."""
    zero = (rates.x1i == 0) | (rates.x2i == 0)
    added = np.where(corrected(zero, correction), correction.add, 0.0)
    if correction.drop00:
        added = np.where((rates.x1i == 0) & (rates.x2i == 0), np.nan, added)
    return Rates(rates.x1i + added, rates.t1i, rates.x2i + added, rates.t2i)


def rate_ratio(rates: Rates) -> tuple[Floats, Floats]:
    """Log rate ratio and its variance."""
    with np.errstate(divide="ignore", invalid="ignore"):
        yi = np.log(rates.x1i / rates.t1i) - np.log(rates.x2i / rates.t2i)
        return yi, 1 / rates.x1i + 1 / rates.x2i
