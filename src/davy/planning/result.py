"""What a plan holds: every key of ``davy plan --json``, as frozen dataclasses in the contract's order."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from davy.planning.at_dose import Adherence, DoseRisk, FollowUpLab
from davy.planning.known import PersonStatus
from davy.safety.verdict import Finding, Referral, Verdict

ParameterSet = Literal["literature", "articles"]
Action = Literal["keep", "replace", "reduce", "ask_prescriber"]


@dataclass(frozen=True)
class CapShown:
    """One cap as the report shows it."""

    name: str
    elemental_mg_per_day: float
    binding: bool
    sources: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Bounds:
    """An interval of an amount; `high` None = unknown, no upper bound."""

    low: float
    high: float | None


@dataclass(frozen=True)
class CurrentItem:
    """A product that the person takes now, and what the plan does with it."""

    item: str
    elemental_mg_per_day: Bounds
    action: Action
    sentence: str = ""


@dataclass(frozen=True)
class FoodPortion:
    """A household portion that closes part of the gap."""

    food: str
    portion: str
    mg: float
    low: float
    high: float
    sources: tuple[str, ...]


@dataclass(frozen=True)
class PlannedIntake:
    """One intake: when, what, how much, and how many units of which product."""

    at: str
    form: str
    elemental_mg: float
    product: str | None
    units: float | None


@dataclass(frozen=True)
class PlannedStep:
    """The same intakes each day from `from_day` to before `to_day`."""

    from_day: int
    to_day: int
    intakes: tuple[PlannedIntake, ...]


@dataclass(frozen=True)
class Separation:
    """How far a medicine stays from magnesium [h]."""

    medicine: str
    medicine_h_before_magnesium: float
    medicine_h_after_magnesium: float
    pause_magnesium_instead: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class PlannedRegimen:
    """The complete non-food magnesium from day 0; `elemental_mg_per_day` is that of its highest step."""

    form: str
    elemental_mg_per_day: float
    steps: tuple[PlannedStep, ...]
    label_reads: str
    take_with: str
    separate_from: tuple[Separation, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Alternative:
    """A candidate that was not chosen, and why."""

    regimen: PlannedRegimen
    verdict: str
    probability: float | None
    why_not: str


@dataclass(frozen=True)
class Target:
    """A lab target and the chance to be inside it; `mc_error` is the Monte-Carlo standard error."""

    name: str
    output: str
    low: float
    high: float
    unit: str
    by_day: int
    probability: float
    mc_error: float
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expected:
    """A forecast with its band: entry k is the mean over (day[k-1], day[k]], entry 0 the start."""

    output: str
    unit: str
    day: tuple[float, ...]
    p05: tuple[float, ...]
    p50: tuple[float, ...]
    p95: tuple[float, ...]


@dataclass(frozen=True)
class PredictionToCheck:
    """A dated lab value, assay error included, that can prove Davy wrong."""

    test: str
    day: int
    low: float
    high: float
    unit: str
    sentence: str


@dataclass(frozen=True)
class Per100:
    """Of 100 such people, how many with and without; where the baseline comes from."""

    with_: float
    without: float
    baseline_from: str


@dataclass(frozen=True)
class BenefitEvidence:
    """How a benefit was computed, and why it is believed no further.

    Attributes
    ----------
    id : for ``davy evidence show``.
    method : pooled here, carried over as published, or described only.
    i2 : spread between trials [%].
    beside, because : other results, and why they do not rule.
    certainty_why : what lowered the certainty, domain by domain.
    differs : where the numbers suggest another judgement than the one recorded.
    to_review : domains judged on other data than today's.
    stamp : over all rows it was computed from.
    """

    id: str
    method: str
    i2: float | None
    beside: tuple[str, ...]
    because: str
    certainty_why: tuple[str, ...]
    differs: tuple[str, ...]
    to_review: tuple[str, ...]
    stamp: str


@dataclass(frozen=True)
class Benefit:
    """What trials found, and how far this plan is from them.

    Attributes
    ----------
    low, high : the 95 % interval named by `interval`: prediction for one person, else confidence of the mean.
    kind : an effect; an association with a blood level, told in words alone; or none where no trial was found.
    """

    outcome: str
    unit: str
    comparator: str
    estimate: float | None
    low: float | None
    high: float | None
    interval: Literal["confidence", "prediction"]
    k: int | None
    n: int | None
    trial_doses_mg: tuple[float, float] | None
    trial_forms: tuple[str, ...]
    mismatch: tuple[str, ...]
    per_100: Per100 | None
    certainty: str
    sentence: str
    sources: tuple[str, ...]
    kind: Literal["effect", "association", "none"] = "effect"
    evidence: BenefitEvidence | None = None
    status: Literal["computed"] = "computed"


@dataclass(frozen=True)
class Check:
    """A test on a day, why, and what to do on which result."""

    day: int
    test: str
    why: str
    act_if: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class StopRule:
    """When to stop, and what to do."""

    when: str
    do: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Disagreement:
    """Where the articles and the evidence differ, and what that changes here."""

    topic: str
    articles_say: str
    evidence_says: str
    effect_on_this_plan: str
    claim_ids: tuple[str, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class ArticlesPlan:
    """What the articles' protocol gives this person, judged by the same gates.

    `regimen` is None where a gate refuses: then the dose is told in the sentence, never as a clock-timed regimen.
    """

    regimen: PlannedRegimen | None
    verdict: str
    findings: tuple[Finding, ...]
    expected: tuple[Expected, ...]
    sentence: str
    claim_ids: tuple[str, ...]


@dataclass(frozen=True)
class FormCompared:
    """One form at the same elemental dose: what is absorbed of it, how many units, how the gut may take it.

    Attributes
    ----------
    absorbed_mmol_per_d : median of what this dose adds to what is absorbed; None where nothing was simulated.
    units_per_day, unit_name : of the product in `product`; None where Davy lists no product.
    osmotic_load_mosm_per_d : particles left in the gut, the drive towards loose stools.
    stools : "low", "middle" or "high" tendency, by that load.
    """

    form: str
    label: str
    elemental_mg_per_day: float
    absorbed_mmol_per_d: float | None
    product: str | None
    units_per_day: float | None
    unit_name: str | None
    osmotic_load_mosm_per_d: float | None
    stools: Literal["low", "middle", "high"] | None
    chosen: bool


@dataclass(frozen=True)
class TimelineEvent:
    """When something should first show: stools, serum, red cells, symptoms."""

    from_day: int
    to_day: int
    what: str
    sentence: str


@dataclass(frozen=True)
class UnknownFact:
    """A fact that is missing, and what that costs this plan."""

    fact: str
    cost: str


@dataclass(frozen=True)
class Plan:
    """A plan, or a refusal: every field is present either way."""

    davy: str
    person: str
    profile: str
    parameter_set: ParameterSet
    seed: int
    today: str
    verdict: Verdict
    caps: tuple[CapShown, ...]
    status: PersonStatus
    current: tuple[CurrentItem, ...]
    food: tuple[FoodPortion, ...]
    regimen: PlannedRegimen | None
    total_nonfood_mg_per_day: float
    alternatives: tuple[Alternative, ...]
    targets: tuple[Target, ...]
    expected: tuple[Expected, ...]
    prediction_to_check: PredictionToCheck | None
    benefit: tuple[Benefit, ...]
    monitoring: tuple[Check, ...]
    stop_rules: tuple[StopRule, ...]
    refer: tuple[Referral, ...]
    disagreements: tuple[Disagreement, ...]
    as_the_articles_say: ArticlesPlan | None
    fingerprints: dict[str, str] = field(default_factory=dict[str, str])
    bottom_line: tuple[str, ...] = ()
    form_comparison: tuple[FormCompared, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()
    unknowns: tuple[UnknownFact, ...] = ()
    by_dose: tuple[DoseRisk, ...] = ()
    adherence: Adherence | None = None
    follow_up_lab: FollowUpLab | None = None

    def as_json(self) -> dict[str, Any]:
        """The document of ``davy plan --json`` (schema davy.plan/1)."""
        document = asdict(self)
        document["findings"] = document["verdict"]["findings"]
        document["verdict"] = self.verdict.word
        for benefit in document["benefit"]:
            if benefit["per_100"] is not None:
                benefit["per_100"]["with"] = benefit["per_100"].pop("with_")
        return {"schema": "davy.plan/1", **document}
