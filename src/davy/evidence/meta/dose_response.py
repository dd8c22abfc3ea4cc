"""Two-stage dose-response meta-analysis: a line (and a spline) through each study, then the studies pooled."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from davy.errors import Fault, InputError
from davy.evidence.meta.between_study_variance import q_profile
from davy.evidence.meta.distributions import chi2_tail
from davy.evidence.meta.dose_covariance import Covariance, covariance
from davy.evidence.meta.dose_document import (
    CurvePoint,
    DoseResponse,
    DoseStudyShown,
    GoodnessOfFit,
    Nonlinear,
    PerUnit,
)
from davy.evidence.meta.dose_file import DoseStudy, dose_studies
from davy.evidence.meta.effect import Floats
from davy.evidence.meta.model import Model, Spec, fit_model
from davy.evidence.meta.multivariate import pool_vectors
from davy.evidence.meta.shown import Scale, of_model
from davy.evidence.meta.spline import basis, knots_of
from davy.evidence.meta.table_file import read_studies, table_of_rows

LARGEST = 700.0
"""A log relative risk beyond it has no number of its own; the curve is told at that."""
STEEPEST = 1e5
"""Condition number of a study's spline beyond which its categories lie too close together for one."""
POINTS = 41
"""Doses at which a curve is told, from the lowest to the highest dose of the data."""


@dataclass(frozen=True)
class DoseOptions:
    """How to fit.

    Attributes
    ----------
    unit : the dose step that slopes are told for.
    reference : the dose that curves are against; None = the lowest dose that a study takes as its reference.
    doses : where the curves are told; None = `POINTS` doses over the range of the data.
    covariance : of the categories of one study.
    """

    unit: float = 1.0
    reference: float | None = None
    doses: tuple[float, ...] | None = None
    covariance: Covariance = "gl"
    level: float = 0.95


@dataclass(frozen=True)
class Stage:
    """One study after the first stage: coefficients, their covariance, and what is left over."""

    beta: Floats
    cov: Floats
    q: float
    df: int


def fit_dose_response(
    studies: Path | str | Sequence[Mapping[str, object]], options: DoseOptions | None = None
) -> DoseResponse:
    """The dose-response relation of studies.

    Raises
    ------
    InputError : a column or cell is wrong, numbers needed for the covariance are missing, or a dose outside the data
        is asked for; every fault at once.
    """
    options = options or DoseOptions()
    table = read_studies(Path(studies)) if isinstance(studies, str | Path) else table_of_rows(studies)
    read, warnings = dose_studies(table, options.level)
    covariances = _covariances(read, options.covariance, table.name)
    lowest, highest = _range(read)
    reference = min(float(one.dose[0]) for one in read) if options.reference is None else options.reference
    doses = _doses(options, reference, lowest, highest)
    first = [_line(one, cov) for one, cov in zip(read, covariances, strict=True)]
    slopes = np.array([one.beta[0] for one in first]) * options.unit
    variances = np.array([one.cov[0, 0] for one in first]) * options.unit**2
    random = fit_model(slopes, variances, spec=Spec("REML", "z", options.level))
    many = len(read) > 1
    knapp = fit_model(slopes, variances, spec=Spec("REML", "knha", options.level)) if many else None
    common = fit_model(slopes, variances, spec=Spec("FE", "z", options.level))
    curved, said = _spline(read, covariances, options, (reference, doses))
    return DoseResponse(
        k=len(read),
        covariance=options.covariance,
        per_unit=_per_unit(random, options),
        per_unit_knha=None if knapp is None else _per_unit(knapp, options),
        common=_per_unit(common, options),
        hamling=_with_hamling(read, options),
        tau2=random.tau2.value if many else None,
        tau2_ci=q_profile(slopes, variances, random.x, options.level) if many else None,
        i2=random.i2,
        q=random.q if many else None,
        q_df=random.q_df,
        q_p=random.q_p,
        gof=_gof(sum(one.q for one in first), sum(one.df for one in first)),
        reference_dose=reference,
        dose_low=lowest,
        dose_high=highest,
        linear_curve=_straight(random, options, reference, doses),
        nonlinear=curved,
        studies=_shown(read, covariances, first, options.unit, random),
        choices=_choices(options, reference),
        warnings=(*warnings, *_warnings(random, options, many=many), *said),
    )


def _covariances(read: Sequence[DoseStudy], method: Covariance, name: str) -> list[Floats]:
    found = [covariance(one, method) for one in read]
    faults = [
        Fault(f"{name}, study {one.study}", f"no {method} covariance can be had", "cases and n of every category")
        for one, made in zip(read, found, strict=True)
        if made is None
    ]
    if faults:
        raise InputError(faults)
    return [made for made in found if made is not None]


def _range(read: Sequence[DoseStudy]) -> tuple[float, float]:
    doses = np.concatenate([one.dose for one in read])
    return float(doses.min()), float(doses.max())


def _doses(options: DoseOptions, reference: float, lowest: float, highest: float) -> Floats:
    """The doses of the curves; Davy does not extrapolate."""
    asked = np.linspace(lowest, highest, POINTS) if options.doses is None else np.array(options.doses)
    outside = [one for one in (reference, *asked) if not lowest <= one <= highest]
    if outside:
        said = f"{', '.join(f'{one:g}' for one in outside)} lies outside the doses of these studies"
        raise InputError([Fault("dose", said, f"between {lowest:g} and {highest:g}: Davy does not extrapolate")])
    return asked


def _line(study: DoseStudy, cov: Floats) -> Stage:
    return _stage(study.logrr, (study.dose[1:] - study.dose[0])[:, None], cov)


def _stage(y: Floats, x: Floats, cov: Floats) -> Stage:
    """Generalised least squares through the reference."""
    weight = np.linalg.inv(cov)
    own = np.asarray(np.linalg.inv(x.T @ weight @ x), dtype=np.float64)
    beta = own @ (x.T @ weight @ y)
    left = y - x @ beta
    return Stage(beta, own, float(left @ weight @ left), len(y) - x.shape[1])


def _gof(q: float, df: int) -> GoodnessOfFit:
    return GoodnessOfFit(q, df, chi2_tail(q, df) if df > 0 else None)


def _per_unit(model: Model, options: DoseOptions) -> PerUnit:
    made = of_model(model, Scale(True, options.level))
    return PerUnit(
        unit=options.unit,
        slope=float(model.beta[0]),
        se=float(model.se[0]),
        ci=made.ci,
        p=made.p,
        rr=made.estimate_exp,
        rr_ci=made.ci_exp,
        test=made.test,
        df=made.df,
    )


def _with_hamling(read: Sequence[DoseStudy], options: DoseOptions) -> PerUnit | None:
    """The slope with Hamling's covariances; None where a study's numbers do not allow them."""
    found = [covariance(one, "hamling") for one in read]
    made = [cov for cov in found if cov is not None]
    if options.covariance != "gl" or len(made) < len(found):
        return None
    first = [_line(one, cov) for one, cov in zip(read, made, strict=True)]
    slopes = np.array([one.beta[0] for one in first]) * options.unit
    variances = np.array([one.cov[0, 0] for one in first]) * options.unit**2
    return _per_unit(fit_model(slopes, variances, spec=Spec("REML", "z", options.level)), options)


def _straight(model: Model, options: DoseOptions, reference: float, doses: Floats) -> tuple[CurvePoint, ...]:
    steps = (doses - reference) / options.unit
    half = model.crit * float(model.se[0])
    slope = float(model.beta[0])
    return tuple(
        _point(float(dose), slope * float(step), abs(float(step)) * float(model.se[0]), half * abs(float(step)))
        for dose, step in zip(doses, steps, strict=True)
    )


def _point(dose: float, logrr: float, se: float, half: float) -> CurvePoint:
    low, middle, high = (math.exp(min(max(one, -LARGEST), LARGEST)) for one in (logrr - half, logrr, logrr + half))
    return CurvePoint(dose, logrr, se, middle, (low, high))


def _spline(
    read: Sequence[DoseStudy], covariances: Sequence[Floats], options: DoseOptions, told: tuple[float, Floats]
) -> tuple[Nonlinear | None, list[str]]:
    """The pooled spline; None, with the reason, where the data cannot carry one."""
    knots = knots_of(np.concatenate([one.dose for one in read]))
    if knots is None:
        return None, ["the doses stand at too few places for three knots; no spline was fitted"]
    stages: list[Stage] = []
    left_out: list[str] = []
    for one, cov in zip(read, covariances, strict=True):
        x = basis(one.dose[1:], knots) - basis(one.dose[:1], knots)
        if not _carries(x):
            left_out.append(one.study)
            continue
        stages.append(_stage(one.logrr, x, cov))
    said = [f"too few categories for a spline; left out of it: {', '.join(left_out)}"] if left_out else []
    if not stages:
        return None, said
    pooled = pool_vectors([one.beta for one in stages], [one.cov for one in stages])
    if not pooled.settled:
        said.append("the search for the covariance between studies of the spline did not settle")
    bent = pooled.beta[1:]
    chi2 = float(bent @ np.linalg.solve(pooled.cov[1:, 1:], bent))
    reference, doses = told
    rise = basis(doses, knots) - basis(np.array([reference]), knots)
    logrr = rise @ pooled.beta
    se = np.sqrt(np.einsum("ij,jk,ik->i", rise, pooled.cov, rise))
    crit = Scale(True, options.level).around(0.0, 1.0)
    width = 0.0 if crit is None else crit[1]
    made = Nonlinear(
        knots=knots,
        k=len(stages),
        coefficients=tuple(float(one) for one in pooled.beta),
        cov=_matrix(pooled.cov),
        between=_matrix(pooled.between),
        chi2=chi2,
        df=len(bent),
        p=chi2_tail(chi2, len(bent)),
        curve=tuple(
            _point(float(d), float(value), float(one), width * float(one))
            for d, value, one in zip(doses, logrr, se, strict=True)
        ),
    )
    return made, said


def _carries(x: Floats) -> bool:
    """Whether the categories tell every column of the spline apart."""
    if x.shape[0] < x.shape[1]:
        return False
    size = np.abs(x).max(axis=0)
    return bool((size > 0).all()) and float(np.linalg.cond(x / np.where(size > 0, size, 1.0))) < STEEPEST


def _matrix(made: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(one) for one in row) for row in made)


def _shown(
    read: Sequence[DoseStudy], covariances: Sequence[Floats], first: Sequence[Stage], unit: float, model: Model
) -> tuple[DoseStudyShown, ...]:
    return tuple(
        DoseStudyShown(
            study=one.study,
            type=one.kind,
            slope=float(stage.beta[0]) * unit,
            se=float(np.sqrt(stage.cov[0, 0])) * unit,
            gof=_gof(stage.q, stage.df),
            covariance=_matrix(cov),
            dose=tuple(float(d) for d in one.dose),
            logrr=(0.0, *(float(value) for value in one.logrr)),
            weight=float(weight),
        )
        for one, cov, stage, weight in zip(read, covariances, first, model.weights, strict=True)
    )


_COVARIANCES = {
    "gl": "covariances within a study by Greenland and Longnecker (margins kept); Hamling's beside",
    "hamling": "covariances within a study by Hamling (standard errors kept)",
    "independent": "categories of one study are taken as independent",
}


def _choices(options: DoseOptions, reference: float) -> tuple[str, ...]:
    return (
        _COVARIANCES[options.covariance],
        "second stage: REML with a z test; Knapp-Hartung and the common effect beside",
        "spline: restricted cubic, three knots at the 10th, 50th and 90th percentile of the doses of all categories",
        f"curves are against a dose of {reference:g}; slopes are per {options.unit:g}",
    )


def _warnings(model: Model, options: DoseOptions, *, many: bool) -> list[str]:
    said = [] if many else ["one study: its own slope; nothing can be said of differences between studies"]
    if options.covariance == "independent":
        said.append("categories that share a reference are not independent: slopes and standard errors are off")
    if model.tau2.trouble is not None:
        said.append(model.tau2.trouble)
    return said
