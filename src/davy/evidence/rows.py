"""One line of `sources.csv`, `facts.csv`, `claims.csv` or `studies.csv`."""

from __future__ import annotations

from typing import Literal

from davy.tables import Row, SourcedRow, Status, Words

Article = Literal["headache", "muscle", "nerve"]
SourceKind = Literal["paper", "label", "authority", "laboratory", "database", "secondary", "rule", "model", "other"]
Verdict = Literal["supported", "partly", "contradicted", "misattributed", "unsupported", "unverified"]
ErrorClass = Literal[
    "unit",
    "outcome",
    "population",
    "dose-or-form",
    "arithmetic",
    "interval-digit",
    "wrong-paper",
    "no-paper",
    "wrong-number",
    "mechanism",
    "overstated",
    "incomplete",
]
"""What kind of error a claim makes. ``wrong-number``: another figure than the source prints; ``mechanism``: another
molecule, site, step or direction; ``overstated``: more, or more certain, than was found; ``incomplete``: true as far as
it goes, without what would change the advice."""


class Source(Row):
    """Something that can be read: a paper, a label, a report; or the mark of a judgement or an assumption of ours."""

    id: str
    kind: SourceKind
    citation: str
    year: int | None = None
    doi_or_pmid: str | None = None
    url: str | None = None
    status: Status
    note: str | None = None


class Fact(SourcedRow):
    """One finding of one source, as a statement and, where it is one, a number.

    Attributes
    ----------
    value : as printed; text, because some facts hold several numbers.
    spread : the printed SD or interval, as text.
    low, high : the interval [unit], where it is a plain one.
    use : what a kinetic fact is for: structure, calibrate or validate.
    """

    id: str
    topic: str
    population: str | None = None
    statement: str
    value: str | None = None
    spread: str | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    dose: str | None = None
    form: str | None = None
    duration: str | None = None
    n: str | None = None
    use: Literal["structure", "calibrate", "validate"] | None = None


class Claim(Row):
    """One checkable sentence of an article, what its source says, and a verdict.

    Attributes
    ----------
    check : how the claim can be settled: primary-source, arithmetic, model or none-possible.
    error_class : the kind of error, where the verdict is neither supported nor unverified.
    computed_check : the arithmetic that tests it, as text.
    unsafe : the advice must never reach a plan.
    """

    id: str
    article: Article
    section: str
    statement: str
    kind: Literal["citation", "mechanism", "quantity", "advice"]
    quantity: str | None = None
    value: str | None = None
    unit: str | None = None
    cited_source: str | None = None
    check: Literal["primary-source", "arithmetic", "model", "none-possible"]
    source_says: str | None = None
    source: Words = ()
    verdict: Verdict
    error_class: ErrorClass | None = None
    computed_check: str | None = None
    unsafe: bool
    url: str | None = None
    doi_or_pmid: str | None = None
    note: str | None = None


class Study(SourcedRow):
    """One study, one contrast: a trial, a cohort, or a published pooled result.

    Attributes
    ----------
    group : rows of one group may be pooled together.
    contrast : what is compared, as ``magnesium vs placebo`` or ``highest vs lowest``.
    measure : RR, OR, MD and so on for `estimate`; blank where only arms are printed.
    dose_low, dose_high : of the exposure [dose_unit]; a trial's dose is elemental magnesium.
    dose_assigned : what the source takes as the dose of a category.
    n_arm, events_arm, mean_arm, sd_arm, and the same of the control : arm-level data where printed.
    same_people : the other rows that hold the same persons; never pooled together.
    """

    id: str
    kind: Literal["trial", "cohort", "pooled"]
    group: str
    outcome: str
    study: str
    year: int | None = None
    country: str | None = None
    population: str | None = None
    exposure: str | None = None
    form: str | None = None
    contrast: str | None = None
    dose_low: float | None = None
    dose_high: float | None = None
    dose_assigned: float | None = None
    dose_unit: str | None = None
    duration: str | None = None
    measure: str | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    n: str | None = None
    cases: str | None = None
    n_arm: int | None = None
    n_control: int | None = None
    events_arm: int | None = None
    events_control: int | None = None
    mean_arm: float | None = None
    sd_arm: float | None = None
    mean_control: float | None = None
    sd_control: float | None = None
    i2: str | None = None
    adjusted_for: str | None = None
    same_people: Words = ()
