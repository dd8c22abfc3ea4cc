"""The documents of ``--json`` beside the plan: what a check, a simulation and a fit say, as frozen types."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from davy.planning.known import PersonStatus, Quantiles
from davy.planning.result import Bounds, CapShown, Expected, ParameterSet, UnknownFact
from davy.safety.verdict import Referral, Verdict


@dataclass(frozen=True)
class Understood:
    """One fact as Davy read it."""

    what: str
    value: str


@dataclass(frozen=True)
class CheckDocument:
    """``davy check``: what was understood, what is unknown, and what each unknown costs.

    Attributes
    ----------
    food_mg_per_day, nonfood_mg_per_day : intervals [mg elemental]; `unquantified` products are in neither.
    """

    davy: str
    person: str
    profile: str
    today: str
    understood: tuple[Understood, ...]
    none_reported: tuple[str, ...]
    not_understood: tuple[str, ...]
    doubts: tuple[str, ...]
    unknown: tuple[UnknownFact, ...]
    food_mg_per_day: Bounds | None
    nonfood_mg_per_day: Bounds
    unquantified: int
    caps: tuple[CapShown, ...]
    refer: tuple[Referral, ...]
    verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.check/1)."""
        return with_verdict("davy.check/1", asdict(self), self.verdict)


@dataclass(frozen=True)
class SimulateDocument:
    """``davy simulate``: what one regimen would do to this person, and how safety judges it."""

    davy: str
    person: str
    profile: str
    parameter_set: ParameterSet
    seed: int
    draws: int
    failed_draws: int
    today: str
    regimen: str
    days: int
    diet_mg_per_day: float | None
    outputs: tuple[Expected, ...]
    steady_state: dict[str, Quantiles]
    mass_balance_mmol: float
    verdict: Verdict
    fingerprints: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.simulate/1)."""
        return with_verdict("davy.simulate/1", asdict(self), self.verdict)


@dataclass(frozen=True)
class StructureWeight:
    """A structural alternative of the body, with its weight before and after the labs."""

    id: str
    label: str
    prior: float
    posterior: float


@dataclass(frozen=True)
class FitQuality:
    """How the draws were obtained and how far they can be trusted; `pareto_k` None = no weights were needed."""

    method: Literal["prior", "laplace", "resampled", "tempered"]
    pareto_k: float | None
    effective_size: float


@dataclass(frozen=True)
class UnexplainedLab:
    """A result that nothing else explains: it is named and does not pull the fit."""

    date: str
    test: str
    value: float
    unit: str
    p: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class FitDocument:
    """``davy fit``: what the labs teach about this person, the likely cause, and the next tests."""

    davy: str
    person: str
    profile: str
    parameter_set: ParameterSet
    seed: int
    today: str
    status: PersonStatus
    sentences: tuple[str, ...]
    fingerprints: dict[str, str]
    structures: tuple[StructureWeight, ...] = ()
    structure_sentence: str | None = None
    quality: FitQuality | None = None
    unexplained: tuple[UnexplainedLab, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.fit/1); the status has the shape it has in a plan."""
        return {"schema": "davy.fit/1", **asdict(self)}


def with_verdict(schema: str, document: dict[str, Any], verdict: Verdict) -> dict[str, Any]:
    """A document whose verdict is its word, with the findings beside it."""
    document["findings"] = document["verdict"]["findings"]
    document["verdict"] = verdict.word
    return {"schema": schema, **document}
