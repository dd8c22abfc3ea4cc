"""What a plan is for: a lab value to restore, a trial to try, or a need to keep. Goals are rows of goals.csv."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from davy.people.labs import latest
from davy.people.person import Person
from davy.tables import SourcedRow, Words, read_table

Kind = Literal["restore", "try", "keep"]


class GoalRow(SourcedRow):
    """One goal: its kind, when it is judged, what trials used, what the diary counts.

    Attributes
    ----------
    by_day : day after the first tablet on which the goal is judged.
    weeks : length of a trial; None where the goal has a lab target or a need instead.
    trial_low_mg, trial_high_mg : elemental doses of placebo-controlled trials [mg/d]; None = none found.
    first_mg : what is tried where no trial supports a dose [mg/d].
    target_low, target_high, leak_low : serum [mmol/L]; the laboratory's own lower limit goes before `target_low`.
    """

    id: str
    label: str
    kind: Kind
    by_day: int
    weeks: int | None = None
    trial_low_mg: float | None = None
    trial_high_mg: float | None = None
    trial_forms: Words = ()
    trial_words: str | None = None
    outcome: str
    baseline_key: str | None = None
    stop_if: str
    first_mg: float | None = None
    target_low: float | None = None
    target_high: float | None = None
    leak_low: float | None = None


@dataclass(frozen=True)
class Aim:
    """A goal as it applies to one person.

    Attributes
    ----------
    kind : `restore` only while there is something to restore; otherwise the goal is kept by food.
    low, high : the window of the true 24-h mean serum [mmol/L], where there is one.
    diary_d : diary days before the first tablet.
    pause_d : days until a short course ends for which magnesium is paused.
    note : why the kind is not that of the goal, in a sentence; empty otherwise.
    """

    goal: GoalRow
    kind: Kind
    low: float | None = None
    high: float | None = None
    diary_d: int = 0
    pause_d: int = 0
    note: str = ""

    @property
    def lead_d(self) -> int:
        """Days before the first tablet."""
        return max(self.diary_d, self.pause_d)

    @property
    def by_day(self) -> int:
        """The day of the plan on which the goal is judged."""
        return self.goal.by_day + self.lead_d


_NO_RELIEF = "a supplement has not been shown to relieve nerve pain."
DIARY_D = 28
"""Diary days that a trial is compared with."""


def goals() -> tuple[GoalRow, ...]:
    """Every goal."""
    return read_table("goals.csv", GoalRow)


def goal_row(goal: str) -> GoalRow:
    """The goal of that id."""
    return next(row for row in goals() if row.id == goal)


def serum_low_limit(person: Person, goal: GoalRow) -> float:
    """Where serum counts as low: the laboratory's own lower limit, or the goal's default [mmol/L]."""
    serum = latest(person, "serum-magnesium")
    if serum is not None and serum.reference_low is not None:
        return serum.reference_low
    return goal.target_low or 0.75


def serum_is_low(person: Person, goal: GoalRow) -> bool:
    """Whether the newest serum magnesium lies below the laboratory's lower limit; False where none is known."""
    serum = latest(person, "serum-magnesium")
    return serum is not None and serum.comparator != ">" and serum.value < serum_low_limit(person, goal)


def aim_of(person: Person, *, renal_leak: bool = False, pause_d: int = 0) -> Aim:
    """The goal that decides, as it applies to this person.

    Parameters
    ----------
    person : who asks; the first goal decides.
    renal_leak : a leak through the kidney is proven by a valid urine, so 0.60 mmol/L comes first.
    pause_d : days until a short course ends for which magnesium is paused.
    """
    goal = goal_row(person.goal)
    if goal.kind == "restore":
        if goal.id == "neuropathy" and not serum_is_low(person, goal):
            return Aim(goal, "keep", pause_d=pause_d, note=_nothing_to_restore(person))
        low = goal.leak_low if renal_leak else serum_low_limit(person, goal)
        return Aim(goal, "restore", low, goal.target_high, pause_d=pause_d)
    if goal.kind == "try":
        return Aim(goal, "try", diary_d=0 if _has_baseline(person, goal) else DIARY_D, pause_d=pause_d)
    return Aim(goal, "keep", pause_d=pause_d)


def _nothing_to_restore(person: Person) -> str:
    if latest(person, "serum-magnesium") is None:
        return f"Serum magnesium is unknown, so there is nothing yet to restore; {_NO_RELIEF}"
    return f"Serum magnesium is not low, so there is nothing to restore; {_NO_RELIEF}"


def _has_baseline(person: Person, goal: GoalRow) -> bool:
    if person.baseline is None or goal.baseline_key is None:
        return False
    return getattr(person.baseline, goal.baseline_key) is not None
