"""How far a decision goes: what it lets be taken and what it asks for, and when one goes further than another.

A stance has six parts, and each has its own order. One decision is at least as safe as another where it is so in every
part: then nothing was traded. That is a preorder, as a product of preorders is: a release that is nowhere riskier than
the one before it, after one that was not either, is nowhere riskier than the first. What is riskier in one part is
riskier, whatever it gained in the others.

"Safer" is about magnesium that does harm: less of it, for a shorter time, with more asked and by a slower hand. It is
no word about benefit; a stop that helps nobody is "safer" too, and is listed for that reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Literal

Change = Literal["same", "safer", "riskier"]
ACTIONS = ("not_begun", "stop", "refer", "step_down", "test_first", "keep", "begin", "step_up")
"""What a decision may be, the most cautious first."""
LEVELS = ("L0", "L1", "L2", "L3")
Doses = tuple[tuple[int, float], ...]
"""Magnesium besides food from a day on, as (day from the decision on, mg a day), in the order of days."""


@dataclass(frozen=True)
class Stance:
    """How far a decision goes.

    Attributes
    ----------
    action : a word of `ACTIONS`.
    doses : what may be taken from each day on; None where Davy says nothing about it.
    intake_mg : the largest single intake [mg elemental].
    until : the day on which it ends; None where it does not.
    asks : what is asked for, each with how strongly, the strongest first (urgency; minus the day it is due by).
    autonomy : a word of `LEVELS`.
    """

    action: str
    doses: Doses | None = None
    intake_mg: float = 0.0
    until: date | None = None
    asks: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    autonomy: str = "L1"

    def __post_init__(self) -> None:
        if self.action not in ACTIONS or self.autonomy not in LEVELS:
            raise ValueError(f"no such decision: {self.action!r} at {self.autonomy!r}")
        if self.intake_mg < 0 or any(mg < 0 for _, mg in self.doses or ()):
            raise ValueError("a dose below zero")

    @property
    def highest_mg(self) -> float | None:
        """The highest dose that it lets be taken [mg/d]."""
        return None if self.doses is None else max((mg for _, mg in self.doses), default=0.0)

    @property
    def lasts_to(self) -> date:
        """The last day of it, as the order counts it: nothing to take lasts no time, what never ends lasts for ever."""
        if self.highest_mg == 0:
            return date.min
        return date.max if self.until is None else self.until


def riskier_parts(then: Stance, now: Stance) -> tuple[str, ...]:
    """The parts in which `now` is not at least as safe as `then`."""
    return tuple(name for name, at_least_as_safe in PARTS.items() if not at_least_as_safe(now, then))


def change(then: Stance, now: Stance) -> Change:
    """Riskier where any part is; else safer where any part is not the same; else the same."""
    if riskier_parts(then, now):
        return "riskier"
    return "safer" if riskier_parts(now, then) else "same"


def _action(one: Stance, other: Stance) -> bool:
    return ACTIONS.index(one.action) <= ACTIONS.index(other.action)


def _doses(one: Stance, other: Stance) -> bool:
    """Whether there is no day on which the first lets more be taken than the second."""
    if one.doses is None or other.doses is None:
        return one.highest_mg == 0 or (one.doses is None and other.doses is None)
    days = sorted({0, *(day for day, _ in one.doses), *(day for day, _ in other.doses)})
    return all(dose_on(one.doses, day) <= dose_on(other.doses, day) for day in days)


def dose_on(doses: Doses, day: int) -> float:
    """What may be taken on a day, counted from the decision [mg/d]."""
    return next((mg for first, mg in reversed(doses) if first <= day), 0.0)


def _intake(one: Stance, other: Stance) -> bool:
    return one.intake_mg <= other.intake_mg


def _until(one: Stance, other: Stance) -> bool:
    return one.lasts_to <= other.lasts_to


def _asks(one: Stance, other: Stance) -> bool:
    """Whether the first asks for all that the second asks for, each as strongly and as often."""
    return all(_covers(one.asks.get(what, ()), wanted) for what, wanted in other.asks.items())


def _covers(given: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    pairs = zip_longest(sorted(given, reverse=True), sorted(wanted, reverse=True))
    return all(want is None or (have is not None and have >= want) for have, want in pairs)


def _autonomy(one: Stance, other: Stance) -> bool:
    return LEVELS.index(one.autonomy) <= LEVELS.index(other.autonomy)


PARTS: dict[str, Callable[[Stance, Stance], bool]] = {
    "action": _action,
    "dose": _doses,
    "single intake": _intake,
    "until": _until,
    "asked": _asks,
    "autonomy": _autonomy,
}
"""Whether the first is at least as safe as the second, part by part."""
