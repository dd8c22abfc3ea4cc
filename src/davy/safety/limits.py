"""The rules as data: every limit, and what each condition, symptom and class of medicines asks for.

A gate never holds a number of its own; it reads one here, and the number brings its unit and its sources along.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, TypeVar

from davy.tables import SourcedRow, Words, read_table

Action = Literal["none", "info", "care", "refuse"]
Urgent = Literal["routine", "soon", "same-day", "emergency"]


class LimitRow(SourcedRow):
    """One number that a gate uses, with its unit and what it is for."""

    id: str
    value: float
    low: float | None = None
    high: float | None = None
    unit: str
    what: str


class ConditionRow(SourcedRow):
    """What a declared condition asks for in each profile (research reads `personal`).

    Attributes
    ----------
    cap_mg : the most elemental magnesium a day while it is present [mg/d], in `cap_profiles`.
    marks : facts that other gates read, such as ``kidney-risk`` or ``one-band-lower``.
    """

    id: str
    personal: Action
    clinician: Action
    cap_mg: float | None = None
    cap_profiles: Literal["personal", "all"] | None = None
    marks: Words = ()
    urgency: Urgent | None = None
    refer: str | None = None
    sentence: str | None = None


class SymptomRow(SourcedRow):
    """What a symptom asks for; `on_magnesium` is how urgent it is in someone who takes a magnesium product."""

    id: str
    personal: Action
    clinician: Action
    marks: Words = ()
    on_magnesium: Urgent | None = None
    urgency: Urgent | None = None
    refer: str | None = None
    sentence: str | None = None


class InteractionRow(SourcedRow):
    """What a class of medicines asks for.

    Attributes
    ----------
    before_h, after_h : hours that the medicine lies before magnesium, and after it; `aim_h` is what to aim at.
    separate : ``yes``, ``no`` (nothing to keep apart) or ``never`` (no hours are enough).
    watch : ``yes`` or ``start`` (only when newly started): serum magnesium at 4 weeks.
    overuse_days : days a month from which a painkiller is overused.
    """

    id: str
    before_h: float
    after_h: float
    aim_h: float
    separate: Literal["yes", "no", "never"]
    personal: Action
    clinician: Action
    marks: Words = ()
    watch: Literal["yes", "start"] | None = None
    overuse_days: float | None = None
    urgency: Urgent | None = None
    refer: str | None = None
    sentence: str | None = None
    advice: str | None = None


@dataclass(frozen=True)
class Rules:
    """Every rule table, parsed, by id; `marks` are the classes of medicines by mark."""

    limits: Mapping[str, LimitRow]
    conditions: Mapping[str, ConditionRow]
    symptoms: Mapping[str, SymptomRow]
    medicines: Mapping[str, InteractionRow]
    marks: Mapping[str, frozenset[str]]

    def limit(self, name: str) -> LimitRow:
        """The limit of that id, with its unit and sources."""
        return self.limits[name]

    def value(self, name: str) -> float:
        """The number of that limit, in its own unit."""
        return self.limits[name].value

    def marked_medicines(self, mark: str) -> frozenset[str]:
        """The classes of medicines that carry a mark."""
        return self.marks.get(mark, frozenset())


RuleT = TypeVar("RuleT", LimitRow, ConditionRow, SymptomRow, InteractionRow)


def _by_id(path: str, row: type[RuleT]) -> Mapping[str, RuleT]:
    return MappingProxyType({entry.id: entry for entry in read_table(path, row)})


def _by_mark(rows: Mapping[str, InteractionRow]) -> Mapping[str, frozenset[str]]:
    marks = {mark for row in rows.values() for mark in row.marks}
    return MappingProxyType({mark: frozenset(row.id for row in rows.values() if mark in row.marks) for mark in marks})


@cache
def rules() -> Rules:
    """Davy's own rules, read once."""
    medicines = _by_id("interactions.csv", InteractionRow)
    return Rules(
        limits=_by_id("limits.csv", LimitRow),
        conditions=_by_id("condition_rules.csv", ConditionRow),
        symptoms=_by_id("symptom_rules.csv", SymptomRow),
        medicines=medicines,
        marks=_by_mark(medicines),
    )
