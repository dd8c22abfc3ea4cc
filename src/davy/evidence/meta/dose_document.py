"""What a dose-response meta-analysis answers; the document of ``davy evidence dose-response --json``."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from davy.evidence.meta.pooled import Interval


@dataclass(frozen=True)
class PerUnit:
    """Slope of the log relative risk per `unit` of dose, with the relative risk beside."""

    unit: float
    slope: float
    se: float
    ci: Interval
    p: float | None
    rr: float | None
    rr_ci: Interval
    test: str
    df: int | None


@dataclass(frozen=True)
class GoodnessOfFit:
    """How far the categories lie from each study's own line."""

    q: float
    df: int
    p: float | None


@dataclass(frozen=True)
class CurvePoint:
    """Log relative risk and relative risk at a dose, against the reference dose."""

    dose: float
    logrr: float
    se: float
    rr: float
    rr_ci: tuple[float, float]


@dataclass(frozen=True)
class Nonlinear:
    """Restricted cubic spline.

    Attributes
    ----------
    coefficients, cov : pooled; the first is the linear part.
    between : covariance between studies.
    chi2, df, p : test that the bent part is zero.
    """

    knots: tuple[float, ...]
    k: int
    coefficients: tuple[float, ...]
    cov: tuple[tuple[float, ...], ...]
    between: tuple[tuple[float, ...], ...]
    chi2: float
    df: int
    p: float
    curve: tuple[CurvePoint, ...]


@dataclass(frozen=True)
class DoseStudyShown:
    """One study: its slope per `unit`, its categories as points, and its own fit."""

    study: str
    type: str
    slope: float
    se: float
    gof: GoodnessOfFit
    covariance: tuple[tuple[float, ...], ...]
    dose: tuple[float, ...]
    logrr: tuple[float, ...]
    weight: float


@dataclass(frozen=True)
class DoseResponse:
    """A dose-response meta-analysis.

    Attributes
    ----------
    per_unit : random effects (REML, z as two-stage software does); `per_unit_knha` with Knapp and Hartung's variance;
        `common` without a variance between studies; `hamling` with Hamling's covariances, where they exist.
    reference_dose : every curve is against it; low and high are the lowest and highest dose of the data.
    linear_curve : the line with its interval.
    """

    k: int
    covariance: str
    per_unit: PerUnit
    per_unit_knha: PerUnit | None
    common: PerUnit
    hamling: PerUnit | None
    tau2: float | None
    tau2_ci: Interval
    i2: float | None
    q: float | None
    q_df: int
    q_p: float | None
    gof: GoodnessOfFit
    reference_dose: float
    dose_low: float
    dose_high: float
    linear_curve: tuple[CurvePoint, ...]
    nonlinear: Nonlinear | None
    studies: tuple[DoseStudyShown, ...]
    choices: tuple[str, ...]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.dose-response/1)."""
        return {"schema": "davy.dose-response/1", **asdict(self)}
