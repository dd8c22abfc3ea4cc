"""Relative risks against one reference are correlated: their covariance from cell counts that fit what is printed.

Greenland and Longnecker 1992 keep the margins (cases in all, people in each category); Hamling and others 2008 keep
the printed standard errors, the share of the reference and the ratio of cases to others. Both then take the variance
of the reference category as what two relative risks share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

import numpy as np

from davy.evidence.meta.dose_file import DoseStudy
from davy.evidence.meta.effect import Floats

Covariance = Literal["gl", "hamling", "independent"]


@dataclass(frozen=True)
class Cells:
    """Pseudo-counts: cases and, by study type, non-cases (cc), people (ci) or person-time (ir) of each category."""

    cases: Floats
    others: Floats


def covariance(study: DoseStudy, method: Covariance) -> Floats | None:
    """Covariance of the log relative risks; None where the numbers that it needs are missing or do not fit."""
    if method == "independent" or len(study.logrr) == 1:
        return np.diag(study.se**2)
    if bool(np.isnan(study.cases).any() or np.isnan(study.n).any()):
        return None
    if method == "gl":
        cells = greenland_longnecker(study)
        own = 1 / cells.cases + (1 / cells.others if study.kind == "cc" else 0.0)
        shared = np.sqrt(own[1:] + own[0])
        correlation = own[0] / np.outer(shared, shared)
        np.fill_diagonal(correlation, 1.0)
        return correlation * np.outer(study.se, study.se)
    cells = hamling(study)
    if cells is None:
        return None
    made = np.full((len(study.se), len(study.se)), _own_variance(study, cells)[0])
    np.fill_diagonal(made, study.se**2)
    return made


def _own_variance(study: DoseStudy, cells: Cells) -> Floats:
    """What each category by itself adds to the variance of a log relative risk."""
    if study.kind == "ir":
        return 1 / cells.cases
    sign = 1.0 if study.kind == "cc" else -1.0
    return 1 / cells.cases + sign / cells.others


def greenland_longnecker(study: DoseStudy) -> Cells:
    """Counts with the printed margins whose relative risks are the printed ones.

    Of people followed (ci) the correlations are those of 1/A: the same come from 1/A - 1/N with counts fitted on odds.
    """
    ratio = np.concatenate([[1.0], np.exp(study.logrr)])
    total = float(study.cases.sum())
    if study.kind != "cc":
        share = ratio * study.n
        return Cells(total * share / share.sum(), study.n)
    low, high = -50.0, 50.0
    cases = study.cases
    for _ in range(200):
        middle = (low + high) / 2
        odds = ratio * np.exp(middle)
        cases = study.n * odds / (1 + odds)
        if cases.sum() < total:
            low = middle
        else:
            high = middle
    return Cells(cases, study.n - cases)


def hamling(study: DoseStudy) -> Cells | None:
    """Counts that give the printed relative risks and standard errors; None where none do."""
    ratio, variance = np.exp(study.logrr), study.se**2
    if study.kind == "ir":
        return _hamling_rates(study, ratio, variance)
    sign = 1.0 if study.kind == "cc" else -1.0
    others = study.n - study.cases if study.kind == "cc" else study.n
    share, odds = others[0] / others.sum(), others.sum() / study.cases.sum()

    def cells(log_cases: float, log_others: float) -> Cells | None:
        a0, b0 = np.exp(log_cases), np.exp(log_others)
        left = variance - 1 / a0 - sign / b0
        if bool((left <= 0).any()):
            return None
        a = (1 + sign * ratio * a0 / b0) / left
        b = a * b0 / (a0 * ratio)
        if bool((a <= 0).any()):
            return None
        return Cells(np.concatenate([[a0], a]), np.concatenate([[b0], b]))

    def misfit(point: Floats) -> float:
        made = cells(float(point[0]), float(point[1]))
        if made is None:
            return 1e6 + float(np.sum(np.maximum(0, 30 - point)))
        b = made.others
        return float(np.log(b[0] / b.sum() / share) ** 2 + np.log(b.sum() / made.cases.sum() / odds) ** 2)

    fitted = _descend(misfit, np.log(np.array([study.cases[0], others[0]])))
    return None if fitted is None else cells(float(fitted[0]), float(fitted[1]))


def _hamling_rates(study: DoseStudy, ratio: Floats, variance: Floats) -> Cells | None:
    """For person-time only the cases matter: the reference keeps its share of the cases that the ratios imply."""
    wanted = study.n[0] / float((np.concatenate([[1.0], ratio]) * study.n).sum())
    low, high = 1 / float(variance.min()) * (1 + 1e-9), 1e12
    a0 = high
    for _ in range(200):
        a0 = float(np.sqrt(low * high))
        rest = float(np.sum(1 / (variance - 1 / a0)))
        if a0 / (a0 + rest) < wanted:
            low = a0
        else:
            high = a0
    return Cells(np.concatenate([[a0], 1 / (variance - 1 / a0)]), study.n)


def _descend(misfit: Callable[[Floats], float], start: Floats) -> Floats | None:
    optimize: Any = import_module("scipy.optimize")
    best: Any = None
    for lift in (0.0, 0.5, 1.0, 2.0):
        found: Any = optimize.minimize(
            misfit, start + lift, method="Nelder-Mead", options={"xatol": 1e-12, "fatol": 1e-24, "maxiter": 4000}
        )
        if best is None or found.fun < best.fun:
            best = found
        if best.fun < 1e-16:
            break
    return np.asarray(best.x, dtype=np.float64) if best.fun < 1e-10 else None
