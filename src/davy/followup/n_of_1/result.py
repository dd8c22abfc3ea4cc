"""What the analysis of an n-of-1 trial says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from davy.followup.n_of_1.families import Kind
from davy.followup.n_of_1.randomisation import RandomisationTest

Verdict = Literal["benefit", "harm", "no_association", "undecided"]
"""Of the second arm against the first. ``undecided``: the trial does not allow a verdict, and `reason` says why."""


@dataclass(frozen=True)
class Contrast:
    """One arm against another at steady state: median, 95 % interval, and what it is worth.

    Attributes
    ----------
    p_benefit : P(the second arm is better).
    p_beyond_mcid : P(it is better by more than the smallest difference that matters), None without one.
    rho, lag_d : posterior means of the day-to-day correlation of the errors and of the lag [d].
    """

    first: str
    second: str
    effect: float
    low: float
    high: float
    p_benefit: float
    p_beyond_mcid: float | None
    rho: float
    lag_d: float


@dataclass(frozen=True)
class Scenario:
    """The contrast if the missing days of one arm had been worse or better by one standard deviation."""

    what: str
    effect: float
    p_benefit: float


@dataclass(frozen=True)
class ArmDays:
    """The days of one arm: how many, how many without an outcome, and the mean of the others."""

    arm: str
    days: int
    missing: int
    mean: float | None


@dataclass(frozen=True)
class DayPoint:
    """One day as it is drawn: its number, arm, outcome and block, and what the model expects."""

    day: int
    arm: str | None
    outcome: float | None
    fitted: float
    block: int


@dataclass(frozen=True)
class Analysis:
    """The analysis of one diary.

    Attributes
    ----------
    main : the second arm in sort order against the first.
    contrasts : every arm against the reference, where there are more than two.
    unit : of every effect.
    rule : when benefit is declared, in words.
    shown : the days, for the figure, in units of the diary.
    """

    main: Contrast
    contrasts: tuple[Contrast, ...]
    unit: str
    kind: Kind
    better: Literal["lower", "higher"]
    smallest: float | None
    verdict: Verdict
    sentence: str
    rule: str
    threshold: float
    randomisation: RandomisationTest
    cycles: int
    blocks: int
    arms: tuple[ArmDays, ...]
    missing: tuple[Scenario, ...]
    open_label: bool | None
    warnings: tuple[str, ...]
    shown: tuple[DayPoint, ...]

    @property
    def document(self) -> AnalysisDocument:
        """What ``davy nof1 analyse --json`` prints."""
        main = self.main
        return AnalysisDocument(
            effect=main.effect,
            unit=self.unit,
            low=main.low,
            high=main.high,
            p_benefit=main.p_benefit,
            p_beyond_mcid=main.p_beyond_mcid,
            randomisation_p=self.randomisation.p,
            rho=main.rho,
            verdict=self.verdict,
            warnings=self.warnings,
            sentence=self.sentence,
            contrast=f"{main.second} minus {main.first}",
            rule=self.rule,
            threshold=self.threshold,
            kind=self.kind,
            better=self.better,
            smallest_difference=self.smallest,
            lag_d=main.lag_d,
            randomisation=self.randomisation,
            cycles=self.cycles,
            blocks=self.blocks,
            arms=self.arms,
            contrasts=self.contrasts,
            missing_days=self.missing,
            open_label=self.open_label,
        )

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.nof1/1)."""
        return {"schema": "davy.nof1/1", **asdict(self.document)}


@dataclass(frozen=True)
class AnalysisDocument:
    """An analysis as it is handed on, flat where it can be: the fields of `Analysis` and of its main contrast."""

    effect: float
    unit: str
    low: float
    high: float
    p_benefit: float
    p_beyond_mcid: float | None
    randomisation_p: float
    rho: float
    verdict: Verdict
    warnings: tuple[str, ...]
    sentence: str
    contrast: str
    rule: str
    threshold: float
    kind: Kind
    better: Literal["lower", "higher"]
    smallest_difference: float | None
    lag_d: float
    randomisation: RandomisationTest
    cycles: int
    blocks: int
    arms: tuple[ArmDays, ...]
    contrasts: tuple[Contrast, ...]
    missing_days: tuple[Scenario, ...]
    open_label: bool | None
