"""What a dose does and how sure that is, as plans show it."""

from __future__ import annotations

from dataclasses import dataclass

from davy.planning.known import Quantiles


@dataclass(frozen=True)
class DoseRisk:
    """What one daily dose would do on the day that counts.

    Attributes
    ----------
    verdict : of the candidate with that dose; None where the dose is read between two that were simulated.
    serum_p50 : median of the true 24-h mean serum [mmol/L].
    probability : of being inside the target; None where there is no lab target.
    above_limit : chance of a serum above 1.05 mmol/L.
    mc_error, above_limit_mc_error : Monte-Carlo standard errors of the two.
    loose_stools, loose_stools_low, loose_stools_high : share of people with loose stools from it, 90 % band.
    """

    elemental_mg_per_day: float
    verdict: str | None
    chosen: bool
    serum_p50: float
    probability: float | None
    mc_error: float | None
    above_limit: float
    above_limit_mc_error: float
    loose_stools: float
    loose_stools_low: float
    loose_stools_high: float
    sources: tuple[str, ...]


@dataclass(frozen=True)
class AtShare:
    """Serum on the day that counts, and the chance of the target, where this share of the doses is taken."""

    share: float
    serum_mmol_per_L: Quantiles
    probability: float | None


@dataclass(frozen=True)
class Adherence:
    """How the plan holds where doses are missed; `assumed` is the share swallowed that the forecast assumes."""

    assumed: Quantiles
    at: tuple[AtShare, ...]
    sentence: str


@dataclass(frozen=True)
class FollowUpLab:
    """From which day on a lab can show the change; None where the noise of two results hides all of it."""

    test: str
    day: int | None
    signal: float
    noise: float
    unit: str
    sentence: str
