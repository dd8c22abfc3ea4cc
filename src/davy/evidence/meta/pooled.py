"""What pooling answers, as frozen types; the document of ``davy evidence pool --json``."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from davy.evidence.meta.effect import Measure, Method, Test

Interval: TypeAlias = "tuple[float, float] | None"


@dataclass(frozen=True)
class Estimate:
    """One pooled effect on the analysis scale, with the natural scale beside it for ratios.

    Attributes
    ----------
    method : how it was pooled, as ``FE`` or ``MH``.
    test : z, or knha with `df` degrees of freedom.
    """

    method: str
    test: str
    estimate: float | None
    se: float | None
    ci: Interval
    statistic: float | None
    df: int | None
    p: float | None
    estimate_exp: float | None = None
    ci_exp: Interval = None


@dataclass(frozen=True)
class AdHoc:
    """Knapp-Hartung's variance kept from falling below Wald's; `hksj_narrower` says that it would."""

    hksj_narrower: bool
    factor: float
    se: float
    ci: Interval
    ci_exp: Interval


@dataclass(frozen=True)
class SmallStudyTest:
    """One regression test of whether small studies say something else.

    Attributes
    ----------
    test : Egger, Harbord or Peters; `model` says how it was fitted and `predictor` on what.
    statistic, df, p : t statistic of the predictor's slope.
    slope, intercept : the fitted line; for Egger its `intercept` is the effect of an infinitely large study.
    """

    test: str
    model: str
    predictor: str
    statistic: float
    df: int | None
    p: float
    slope: float
    slope_se: float
    intercept: float
    intercept_ci: Interval


@dataclass(frozen=True)
class TrimFill:
    """Trim-and-fill: how many studies an even funnel would lack, on which side, and what they would do."""

    estimator: str
    missing: int
    missing_se: float | None
    side: str
    estimate: float
    se: float
    ci: Interval
    tau2: float
    estimate_exp: float | None
    ci_exp: Interval
    filled: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class WithoutOne:
    """The result without the named study."""

    study: str
    estimate: float
    se: float
    ci: Interval
    p: float | None
    tau2: float
    i2: float | None
    q: float
    q_p: float | None
    estimate_exp: float | None
    ci_exp: Interval


@dataclass(frozen=True)
class StudyShown:
    """One study as it entered, and its influence (null with fewer than three studies)."""

    study: str
    yi: float
    vi: float
    se: float
    ci: Interval
    weight: float
    weight_common: float
    estimate_exp: float | None
    ci_exp: Interval
    rstudent: float | None = None
    dffits: float | None = None
    cook: float | None = None
    cov_r: float | None = None
    hat: float | None = None
    dfbetas: float | None = None
    influential: bool = False


@dataclass(frozen=True)
class Coefficient:
    """One term of a meta-regression."""

    term: str
    estimate: float
    se: float
    statistic: float
    p: float
    ci: Interval


@dataclass(frozen=True)
class MetaRegression:
    """Effects as a function of moderators.

    Attributes
    ----------
    qm, qm_df, qm_df2, qm_p : test of all moderators together; F with `qm_df2` for Knapp-Hartung, chi-squared for z.
    qe, qe_df, qe_p : the heterogeneity that is left.
    r2 : share of tau^2 that the moderators explain [%].
    """

    moderators: tuple[str, ...]
    k: int
    coefficients: tuple[Coefficient, ...]
    tau2: float
    i2: float | None
    r2: float | None
    qm: float
    qm_df: int
    qm_df2: int | None
    qm_p: float
    qe: float
    qe_df: int
    qe_p: float | None


@dataclass(frozen=True)
class Subgroup:
    """The studies of one level of a moderator, pooled by themselves."""

    moderator: str
    level: str
    k: int
    result: Estimate
    tau2: float | None
    i2: float | None


@dataclass(frozen=True)
class Bayesian:
    """Posterior of the mean effect with a flat prior on it and a half-normal prior on tau.

    Attributes
    ----------
    estimate, ci : posterior median and equal-tailed interval of the mean effect.
    pi : the same of the effect in a new study.
    tau, tau_ci : of the standard deviation between studies.
    p_below_zero : posterior probability that the mean effect is negative.
    """

    prior_scale: float
    prior_source: str
    estimate: float
    se: float
    ci: Interval
    pi: Interval
    tau: float
    tau_ci: Interval
    p_below_zero: float
    estimate_exp: float | None
    ci_exp: Interval
    pi_exp: Interval


@dataclass(frozen=True)
class Sensitivity:
    """The result under another value of what was assumed."""

    assumption: str
    estimate: float | None
    se: float | None
    ci: Interval


@dataclass(frozen=True)
class PooledEffect:
    """A pooled effect: everything that a reader needs to judge it.

    Attributes
    ----------
    estimate, se, ci, pi : on the analysis scale; `*_exp` on the natural scale of a ratio.
    pi_df : degrees of freedom of the prediction interval (None = normal); `pi_k2` is the one with k - 2.
    tau2, tau2_ci, i2, i2_ci, h2, h2_ci : heterogeneity; the intervals by Q-profile.
    q, q_df, q_p : Cochran's Q.
    common : inverse-variance common effect; `mantel_haenszel` and `peto` beside it where there are counts.
    adhoc : Knapp-Hartung kept at least as wide as Wald.
    """

    k: int
    measure: Measure
    method: Method
    test: Test
    level: float
    estimate: float | None
    se: float | None
    ci: Interval
    statistic: float | None
    df: int | None
    p: float | None
    pi: Interval
    pi_df: int | None
    pi_k2: Interval
    estimate_exp: float | None
    ci_exp: Interval
    pi_exp: Interval
    tau2: float | None
    tau2_se: float | None
    tau2_ci: Interval
    i2: float | None
    i2_ci: Interval
    h2: float | None
    h2_ci: Interval
    q: float | None
    q_df: int | None
    q_p: float | None
    common: Estimate
    mantel_haenszel: Estimate | None
    peto: Estimate | None
    adhoc: AdHoc | None
    egger: SmallStudyTest | None
    small_study_tests: tuple[SmallStudyTest, ...]
    trim_fill: TrimFill | None
    rare_events: tuple[Estimate, ...]
    bayesian: Bayesian | None
    meta_regression: MetaRegression | None
    subgroups: tuple[Subgroup, ...]
    sensitivity: tuple[Sensitivity, ...]
    leave_one_out: tuple[WithoutOne, ...]
    studies: tuple[StudyShown, ...]
    choices: tuple[str, ...]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.pool/1)."""
        return {"schema": "davy.pool/1", **asdict(self)}
