"""What trials found, outcome by outcome, as a plan may say it (typed from the facts until they are pooled here)."""

from __future__ import annotations

from typing import Literal

from davy.tables import SourcedRow, Words, read_table


class BenefitRow(SourcedRow):
    """One outcome of magnesium by mouth.

    Attributes
    ----------
    goals : the goals under which it is shown.
    estimate, low, high : effect against the comparator [unit]; blank where no trial gives a number.
    interval : what `low` and `high` are.
    k, n : trials and people behind it.
    dose_low_mg, dose_high_mg : elemental magnesium that those trials gave [mg/d].
    forms, population : what and whom they studied.
    with_per_100, without_per_100, baseline_from : of 100 such people, for an outcome that one has or has not.
    sentence : the finding in plain words, its doubt first.
    """

    id: str
    goals: Words
    outcome: str
    unit: str | None = None
    comparator: str | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    interval: Literal["confidence", "prediction"] | None = None
    k: int | None = None
    n: int | None = None
    dose_low_mg: float | None = None
    dose_high_mg: float | None = None
    forms: Words = ()
    population: Words = ()
    with_per_100: float | None = None
    without_per_100: float | None = None
    baseline_from: str | None = None
    certainty: Literal["high", "moderate", "low", "very low", "none"]
    sentence: str


def benefits() -> tuple[BenefitRow, ...]:
    """Every outcome, in file order."""
    return read_table("benefits.csv", BenefitRow)


def benefits_for(goal: str) -> tuple[BenefitRow, ...]:
    """Choose the outcomes that a plan for this goal shows."""
    return tuple(row for row in benefits() if goal in row.goals)
