"""What is known of a person, as plans and fits show it: the fit, the cause, and which test would change most."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Quantiles:
    """5 %, 50 % and 95 % of a quantity."""

    p05: float
    p50: float
    p95: float


@dataclass(frozen=True)
class ParameterShown:
    """What the labs taught about one parameter; `informed` = 1 - posterior sd / prior sd."""

    name: str
    unit: str
    prior_p50: float
    p05: float
    p50: float
    p95: float
    informed: float


@dataclass(frozen=True)
class NextTest:
    """A test that could change this plan.

    Attributes
    ----------
    value : expected change of the decision; 1 is a permission that becomes a refusal or the reverse.
    changes : by part of the decision (verdict, cap, dose, cause), in what share of the possible results it changes.
    """

    test: str
    why: str
    value: float
    changes: dict[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True)
class PatternShown:
    """A pattern in known labs that points to one way in which the kidney loses magnesium."""

    label: str
    because: tuple[str, ...]
    sentence: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class PersonStatus:
    """Where this person stands, before any plan."""

    prediction: Literal["population", "a_priori", "a_posteriori"]
    fitted: dict[str, Quantiles]
    cause: dict[str, float] | None
    cause_prior: dict[str, float] | None
    parameters: tuple[ParameterShown, ...]
    next_tests: tuple[NextTest, ...]
    next_tests_said: str = ""
    work_up: tuple[PatternShown, ...] = ()
    set_aside: tuple[str, ...] = ()
