"""How far a suggestion may go by itself: levels and conditions are rows of `adapt_autonomy.csv`.

L0 explains, L1 suggests for acceptance. L2 (lowers by itself) and L3 (also goes up a bounded step) exist as conditions
and in simulation: they hold in the research profile alone, and nothing outside a study reads them as leave to act.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from davy.followup.adapt.decision import Level
from davy.followup.adapt.facts import Facts
from davy.followup.baseline import WINDOW_D
from davy.tables import SourcedRow, read_table

LEVELS: tuple[Level, ...] = ("L0", "L1", "L2", "L3")


class AutonomyRow(SourcedRow):
    """One condition of a level: what is counted, and how much of it is asked for."""

    id: str
    level: Level
    counts: str
    value: float
    unit: str
    what: str


@dataclass(frozen=True)
class Condition:
    """A condition of a level, and whether it holds."""

    level: Level
    what: str
    holds: bool


@cache
def autonomy_rows() -> tuple[AutonomyRow, ...]:
    """Every condition, in order of levels."""
    return read_table("adapt_autonomy.csv", AutonomyRow)


def conditions(facts: Facts) -> tuple[Condition, ...]:
    """Every condition, and whether it holds today."""
    return tuple(Condition(row.level, row.what, _COUNTS[row.counts](facts) >= row.value) for row in autonomy_rows())


def level_of(facts: Facts) -> Level:
    """The level that holds today: the one asked for, or the highest below it whose conditions all hold."""
    if facts.inputs.stopped is not None:
        return "L0"
    held: Level = "L0"
    met = conditions(facts)
    for level in LEVELS[1 : LEVELS.index(facts.inputs.level) + 1]:
        if not all(one.holds for one in met if one.level == level):
            return held
        held = level
    return held


def _days_followed(facts: Facts) -> float:
    return float((facts.today - facts.inputs.past[0].day).days) if facts.inputs.past else 0.0


def _share_taken(facts: Facts) -> float:
    shares = [day.taken_share for day in facts.last_days(WINDOW_D) if day.taken_share is not None]
    return sum(shares) / WINDOW_D


def _ups(facts: Facts) -> float:
    return -float(sum(one.action == "step_up" for one in facts.inputs.past))


_COUNTS: dict[str, Callable[[Facts], float]] = {
    "not-stopped": lambda facts: float(facts.inputs.stopped is None),
    "research": lambda facts: float(facts.person.profile == "research"),
    "days-followed": _days_followed,
    "looks": lambda facts: float(len(facts.inputs.past)),
    "noted-as-taken": _share_taken,
    "clinician": lambda facts: float(facts.person.clinician is not None),
    "no-doubt": lambda facts: -float(facts.inputs.doubted),
    "steps-up-so-far": _ups,
    "kidney-known": lambda facts: float(any(lab.test in ("egfr", "creatinine") for lab in facts.person.labs)),
}
