"""What is decided: the word, what it leaves to take, why, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from davy.people.regimen import Intake

Action = Literal["keep", "step_down", "stop", "step_up", "test_first", "refer"]
Level = Literal["L0", "L1", "L2", "L3"]
WORST_FIRST: tuple[Action, ...] = ("stop", "refer", "step_down", "test_first", "keep", "step_up")


@dataclass(frozen=True)
class Reason:
    """Why: the rule of `adapt_rules.csv`, the action it asks for, in a sentence, with its sources.

    Attributes
    ----------
    most_mg : the most that may be taken besides food while it holds [mg/d]; None = it sets no bound.
    """

    rule: str
    action: Action
    sentence: str
    sources: tuple[str, ...] = ()
    most_mg: float | None = None


@dataclass(frozen=True)
class Foreseen:
    """What the forecast gate said with the laboratory values of a mark; it holds until one of them is new.

    Attributes
    ----------
    most_mg : the most that passed [mg/d]; None = all that the plan asks for.
    said : what refused more, or that nothing could be foreseen; empty where all passed.
    """

    mark: str
    most_mg: float | None
    said: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class CapHeld:
    """One cap on everything but food that was looked at [mg/d]; the plan's own is among them."""

    name: str
    elemental_mg_per_day: float
    binding: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class DaysNeeded:
    """How many days of diary it takes before a change can be told from this person's own noise.

    Attributes
    ----------
    measure : the figure; `smallest` the change that matters [unit].
    spread, alike : of one day, in daily units, and the correlation of a day with the next.
    before, after : known days on each side.
    needed : known days after the start that would do with the days before as they are; None = no number would.
    needed_both : known days on each side that would do.
    told : `diary` where spread and correlation come from this person's days, else `prior`.
    """

    measure: str
    unit: str
    smallest: float
    spread: float
    alike: float
    before: int
    after: int
    needed: int | None
    needed_both: int
    told: Literal["diary", "prior"]

    @property
    def enough(self) -> bool:
        """Whether the days that are known can tell."""
        return self.needed is not None and self.after >= self.needed


@dataclass(frozen=True)
class BenefitHeld:
    """The figure of the goal before and now.

    Attributes
    ----------
    improvement : share by which the judged weeks are better; None where the diary cannot tell.
    looked : whether today is a day on which efficacy is looked at.
    """

    outcome: str
    baseline: float | None
    latest: float | None
    improvement: float | None
    looked: bool


@dataclass(frozen=True)
class Decision:
    """What is suggested until the next look.

    Attributes
    ----------
    regimen : the magnesium besides food that it leaves, in place of all that was asked for; None = as it is.
    caps : what bounded it; the least binds.
    expires : until when it holds; after it nothing but food.
    autonomy : L0 explains, L1 suggests for acceptance; L2 and L3 are simulated only.
    days_needed : for the goal's figure first, then for what wearables measure.
    pause : it is a sick day's stop, after which the same plan may go on.
    foreseen : what the forecast gate said, where a laboratory value is new since the plan.
    """

    action: Action
    regimen: tuple[Intake, ...] | None
    reasons: tuple[Reason, ...]
    caps: tuple[CapHeld, ...]
    benefit: BenefitHeld | None
    expires: date | None
    autonomy: Level
    days_needed: tuple[DaysNeeded, ...] = ()
    pause: bool = False
    foreseen: Foreseen | None = None

    @property
    def total_mg(self) -> float | None:
        """Elemental magnesium a day that it leaves; None where Davy changes nothing [mg/d]."""
        return None if self.regimen is None else sum(intake.elemental_mg for intake in self.regimen)

    def as_json(self) -> dict[str, Any]:
        """The decision as the log keeps it."""
        return {**asdict(self), "expires": None if self.expires is None else self.expires.isoformat()}


def decision_of(said: Mapping[str, Any]) -> Decision:
    """The decision that `as_json` wrote."""
    regimen = said["regimen"]
    benefit = said["benefit"]
    return Decision(
        action=said["action"],
        regimen=None if regimen is None else tuple(Intake(**one) for one in regimen),
        reasons=tuple(Reason(**_cited(one)) for one in said["reasons"]),
        caps=tuple(CapHeld(**_cited(one)) for one in said["caps"]),
        benefit=None if benefit is None else BenefitHeld(**benefit),
        expires=None if said["expires"] is None else date.fromisoformat(said["expires"]),
        autonomy=said["autonomy"],
        days_needed=tuple(DaysNeeded(**one) for one in said["days_needed"]),
        pause=said["pause"],
        foreseen=foreseen_of(said.get("foreseen")),
    )


def foreseen_of(said: Mapping[str, Any] | None) -> Foreseen | None:
    """What the forecast gate said, as JSON holds it; None where it was not asked."""
    return None if said is None else Foreseen(**_cited(said))


def _cited(said: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = dict(said)
    kept["sources"] = tuple(said["sources"])
    return kept
