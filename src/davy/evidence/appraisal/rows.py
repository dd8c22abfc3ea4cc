"""Rows of `benefits.csv`, `analyses.csv`, `populations.csv`, `grade.csv` and `risk_of_bias.csv`."""

from __future__ import annotations

from typing import Literal

from davy.tables import Row, SourcedRow, Words

Kind = Literal["effect", "association", "none"]
How = Literal["pool", "carry", "describe"]
Better = Literal["lower", "higher"]
Design = Literal["trials", "cohorts"]
Certainty = Literal["high", "moderate", "low", "very low", "none"]
Domain = Literal["risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias", "upgrade"]
BiasDomain = Literal["D1", "D2", "D3", "D4", "D5"]

DOWNGRADING: tuple[Domain, ...] = (
    "risk of bias",
    "inconsistency",
    "indirectness",
    "imprecision",
    "publication bias",
)
BIAS_DOMAINS: dict[BiasDomain, str] = {
    "D1": "randomisation",
    "D2": "deviations from the intervention",
    "D3": "missing outcome data",
    "D4": "measurement of the outcome",
    "D5": "selection of the reported result",
}


class BenefitQuestion(SourcedRow):
    """One outcome that a plan speaks of; its numbers come from an analysis, never from this row.

    Attributes
    ----------
    kind : ``effect`` of a supplement, ``association`` with a blood level, or ``none`` where no trial was found.
    analysis : the analysis that rules; blank where there is none.
    beside : analyses that are shown next to it.
    because : why the ruling one rules, where others stand beside.
    within_low, within_high : serum between which an association was seen [mmol/L].
    text : what is said besides the numbers; the doubt that the numbers raise is put before it.
    """

    id: str
    kind: Kind
    goals: Words
    outcome: str
    unit: str | None = None
    comparator: str | None = None
    analysis: str | None = None
    beside: Words = ()
    because: str | None = None
    within_low: float | None = None
    within_high: float | None = None
    text: str


class AnalysisRow(SourcedRow):
    """How studies become one result; `source` names the rows of `studies.csv` that are used.

    Attributes
    ----------
    how : ``pool`` arms or intervals here; ``carry`` one published result over as it is; ``describe`` trials that
        print nothing to pool.
    measure : MD, RR, OR, RD, SMD or ROM; blank for ``describe``.
    smallest : the smallest effect that matters, on the scale of the measure; blank where none was read.
    smallest_from : the fact or source that says so.
    doses_from, people_from : studies that tell dose and form, or population, where those used do not.
    """

    id: str
    how: How
    design: Design
    measure: str | None = None
    better: Better | None = None
    smallest: float | None = None
    smallest_from: Words = ()
    doses_from: Words = ()
    people_from: Words = ()


class PopulationRow(Row):
    """Which facts of a person make them one of a population, as a study words it.

    Attributes
    ----------
    population : the words of `studies.csv`.
    people : conditions, ``adults``, ``older-adults``, ``children``, a sex; a word that no person has leaves all out.
    """

    id: str
    population: str
    people: Words
    note: str | None = None


class GradeRow(Row):
    """One GRADE domain of one analysis, as judged.

    Attributes
    ----------
    levels : how far certainty is lowered (0, -1, -2), or raised for ``upgrade``.
    role : of who judged.
    date : when, ISO.
    data : mark of the study rows that were judged; another mark today means "to review".
    """

    id: str
    analysis: str
    domain: Domain
    levels: int
    reason: str
    role: str
    date: str
    data: str


class RiskOfBiasRow(Row):
    """One RoB 2 domain of one study row, as judged; `role`, `date` and `data` as in `GradeRow`."""

    id: str
    study: str
    domain: BiasDomain
    judgement: Literal["low", "some concerns", "high"]
    reason: str
    role: str
    date: str
    data: str
