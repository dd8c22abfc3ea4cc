"""What trials found, outcome by outcome, as a plan may say it: computed from the studies, never typed.

`davy knowledge build` writes `computed/benefits.csv` (see `davy.evidence.appraisal`); plans read it, no more.
"""

from __future__ import annotations

from typing import Literal

from davy.evidence.appraisal.rows import Certainty, Kind
from davy.tables import SourcedRow, Words, read_table

COMPUTED = "computed/benefits.csv"


class BenefitRow(SourcedRow):
    """One outcome of magnesium by mouth.

    Attributes
    ----------
    kind : an effect, an association with a blood level, or none where no trial was found.
    goals : the goals under which it is shown.
    estimate, low, high : effect against the comparator [unit]; blank where no trial gives a number.
    interval : what `low` and `high` are: prediction from three trials on where it is defined, else confidence.
    ci_low, ci_high, pi_low, pi_high : both, where there are both.
    common, common_low, common_high : the common effect beside, where studies were pooled here.
    tau2, i2 : the spread between trials.
    k, n : trials and people behind it.
    dose_low_mg, dose_high_mg : elemental magnesium that those trials gave [mg/d].
    forms, population : what and whom they studied.
    with_per_100, without_per_100, baseline_from : of 100 such people, for an outcome that one has or has not.
    within_low, within_high : serum between which an association was seen [mmol/L].
    analysis, method : which analysis of `analyses.csv` rules, and how it was made.
    beside, because : other results, and why they do not rule.
    certainty, certainty_why : GRADE, added up, and what lowered it.
    suggested, differs : what the numbers suggest, and where the judgement differs.
    to_review : domains that were judged on other data than today's.
    sentence : the finding in plain words, its doubt first.
    inputs, stamp : each row it was computed from with its mark, and the stamp over all.
    """

    id: str
    kind: Kind
    goals: Words
    outcome: str
    unit: str | None = None
    comparator: str | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    interval: Literal["confidence", "prediction"] | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    pi_low: float | None = None
    pi_high: float | None = None
    common: float | None = None
    common_low: float | None = None
    common_high: float | None = None
    tau2: float | None = None
    i2: float | None = None
    k: int | None = None
    n: int | None = None
    dose_low_mg: float | None = None
    dose_high_mg: float | None = None
    forms: Words = ()
    population: Words = ()
    with_per_100: float | None = None
    without_per_100: float | None = None
    baseline_from: str | None = None
    within_low: float | None = None
    within_high: float | None = None
    analysis: str | None = None
    method: str | None = None
    beside: Words = ()
    because: str | None = None
    certainty: Certainty
    certainty_why: Words = ()
    suggested: Words = ()
    differs: Words = ()
    to_review: Words = ()
    sentence: str
    inputs: Words
    stamp: str


def benefits() -> tuple[BenefitRow, ...]:
    """Every outcome, in file order."""
    return read_table(COMPUTED, BenefitRow)


def benefits_for(goal: str) -> tuple[BenefitRow, ...]:
    """Choose the outcomes that a plan for this goal shows."""
    return tuple(row for row in benefits() if goal in row.goals)
