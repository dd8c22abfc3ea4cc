"""What a trial says, as frozen types: the document ``davy.trial/1``. Nothing in it depends on where it was computed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from davy.trials.design import Measure, Method, Trial


@dataclass(frozen=True)
class Exclusion:
    """Why candidates did not enter, and how many."""

    reason: str
    persons: int


@dataclass(frozen=True)
class GroupFlow:
    """One group of a trial: randomised, left before the last visit, without a trustworthy simulation."""

    group: str
    randomised: int
    left: int
    failed: int


@dataclass(frozen=True)
class Flow:
    """Where the persons went, from the first candidate to the last visit."""

    screened: int
    excluded: tuple[Exclusion, ...]
    randomised: int
    groups: tuple[GroupFlow, ...]


@dataclass(frozen=True)
class Characteristic:
    """Mean and standard deviation of a column of the population at the start, by group; a flag has its share."""

    name: str
    group: str
    mean: float
    sd: float


@dataclass(frozen=True)
class ArmSummary:
    """What was measured in one arm; `n` persons have a value, `missing` have none."""

    arm: str
    n: int
    missing: int
    mean: float | None
    sd: float | None
    p05: float | None
    p50: float | None
    p95: float | None


@dataclass(frozen=True)
class Estimate:
    """Treatment less control by one method, with its 95 % interval; null where too few persons have a value."""

    method: Method
    treatment: str
    control: str
    estimate: float | None
    low: float | None
    high: float | None
    se: float | None
    df: float | None
    p_value: float | None


@dataclass(frozen=True)
class EndpointResult:
    """One endpoint: each arm, and each comparison by each method; the first method counts."""

    name: str
    test: str
    unit: str
    measure: Measure
    day: int
    threshold: float | None
    arms: tuple[ArmSummary, ...]
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True)
class PowerPoint:
    """Power of a trial of this many persons; `mc_error` is its standard error from simulation."""

    people: int
    power: float
    mc_error: float


@dataclass(frozen=True)
class SampleSize:
    """The smallest trial with the target power; `low` to `high` is what the simulation error leaves open."""

    target: float
    people: int | None
    low: int | None
    high: int | None
    searched_to: int


@dataclass(frozen=True)
class PowerCurve:
    """Power over sizes, by virtual trials drawn from the simulated persons."""

    endpoint: str
    method: Method
    treatment: str
    alpha: float
    repeats: int
    persons: int
    points: tuple[PowerPoint, ...]
    smallest: SampleSize | None


@dataclass(frozen=True)
class Comparison:
    """A published result beside what was predicted for a trial of its size.

    Attributes
    ----------
    low, median, high : 5, 50 and 95 % of the estimates of such trials, of a pooled estimate those that its own error
        gives about the median; null where such a trial has too few persons to estimate anything.
    probability : share with p < 0.05.
    hit : the reported value lies from low to high; a report of significance alone is hit when the model gives that
        answer in more than half of such trials.
    miss : reported less predicted median; null for a report of significance alone.
    score : interval score of the prediction [unit], small is good; score_no_change : that of an interval as wide about
        `no_change`, which is 0 or, for the mean of an arm, its mean at the start.
    """

    endpoint: str
    what: str
    unit: str
    n: int
    reported: float | None
    reported_low: float | None
    reported_high: float | None
    reported_significant: bool | None
    low: float | None
    median: float | None
    high: float | None
    probability: float | None
    hit: bool
    miss: float | None
    score: float | None
    no_change: float | None
    score_no_change: float | None
    sources: tuple[str, ...]
    note: str | None


@dataclass(frozen=True)
class TrialResult:
    """A virtual trial: who entered, what was measured, what it would have concluded."""

    davy: str
    trial: str
    title: str
    people: int
    seed: int
    design: Trial
    flow: Flow
    characteristics: tuple[Characteristic, ...]
    endpoints: tuple[EndpointResult, ...]
    power: PowerCurve | None
    reported: tuple[Comparison, ...]
    fingerprints: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.trial/1); the design stands in it as it was understood."""
        document = asdict(self)
        document["design"] = self.design.model_dump(mode="json")
        return {"schema": "davy.trial/1", **document}
