"""What a diary says about the time before anything was changed, and on how many days that rests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from davy.followup.days import Day
from davy.followup.visit_rules import days as days_of_rule
from davy.people.person import Baseline

WINDOW_D = 28
"""The days of diary that are asked for before anything changes, and the length that rates are told for."""


def least_known_days() -> int:
    """A figure that is known on fewer days judges nothing and goes into no person file."""
    return days_of_rule("known-days")


@dataclass(frozen=True)
class Figure:
    """One figure of the baseline.

    Attributes
    ----------
    value : from the known days alone; None where there is none, or where days are known only because it happened.
    low, high : what it would be if every unknown day were the best, or the worst; None where that has no bound.
    days_known : the days it rests on.
    """

    name: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    days_known: int

    @property
    def enough(self) -> bool:
        """Whether it rests on enough days to judge by."""
        return self.value is not None and self.days_known >= least_known_days()


@dataclass(frozen=True)
class DiaryBaseline:
    """The baseline of a diary.

    Attributes
    ----------
    first, last : the days it begins and ends with; days : how many that is, known or not.
    enough : whether it spans 28 days, and headache, or where none says headache another figure, is known on enough.
    """

    first: date | None
    last: date | None
    days: int
    figures: tuple[Figure, ...]
    enough: bool

    def figure(self, name: str) -> Figure:
        """A figure by the name it has in a person file."""
        return next(figure for figure in self.figures if figure.name == name)

    @property
    def as_person_baseline(self) -> Baseline:
        """The baseline as a person file holds it: the figures that rest on enough days."""
        return Baseline(**{figure.name: figure.value for figure in self.figures if figure.enough})

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.baseline/1)."""
        told = asdict(self)
        for name, day in (("first", self.first), ("last", self.last)):
            told[name] = None if day is None else day.isoformat()
        return {"schema": "davy.baseline/1", **told}


def baseline_of(days: Iterable[Day], *, first: date | None = None, until: date | None = None) -> DiaryBaseline:
    """The baseline of these days.

    Parameters
    ----------
    days : as `days_of` gives them; days that are missing between them are unknown.
    first : leave out days before it.
    until : leave out this day and all after it, as the day on which a plan began.
    """
    used = [
        day
        for day in sorted(days, key=lambda day: day.date)
        if day.known and (first is None or day.date >= first) and (until is None or day.date < until)
    ]
    span = (used[-1].date - used[0].date).days + 1 if used else 0
    figures = (
        _rate("headache_days_per_28", "days in 28", used, span, lambda day: day.headache),
        _rate("acute_medicine_days_per_28", "days in 28", used, span, _medicated),
        _mean("pain_0_10", "0-10", used, lambda day: day.pain_0_10, 1, bounds=(0.0, 10.0), span=span),
        _mean("sleep_onset_min", "min", used, lambda day: day.sleep_onset_min, 1),
        _mean("cramps_per_week", "a week", used, lambda day: day.cramps, 7),
    )
    decides = figures[0] if figures[0].days_known else max(figures, key=lambda figure: figure.days_known)
    return DiaryBaseline(
        first=used[0].date if used else None,
        last=used[-1].date if used else None,
        days=span,
        figures=figures,
        enough=span >= WINDOW_D and decides.enough,
    )


def magnesium_began(days: Iterable[Day]) -> date | None:
    """The first day on which the records say that magnesium was taken; None where they never do."""
    taken = (day.date for day in days if (day.taken_share or 0) > 0 or (day.supplement_mg or 0) > 0)
    return min(taken, default=None)


def _medicated(day: Day) -> bool | None:
    return None if day.acute_medicines is None else bool(day.acute_medicines)


def _rate(name: str, unit: str, days: list[Day], span: int, of: Callable[[Day], bool | None]) -> Figure:
    """Days of some kind in four weeks; a log that names such days alone says nothing about how many there are."""
    known = [said for day in days if (said := of(day)) is not None]
    if not known:
        return Figure(name, unit, None, None, None, 0)
    yes = sum(known)
    unknown = span - len(known)
    return Figure(
        name=name,
        unit=unit,
        value=None if yes == len(known) < span else WINDOW_D * yes / len(known),
        low=WINDOW_D * yes / span,
        high=WINDOW_D * (yes + unknown) / span,
        days_known=len(known),
    )


def _mean(
    name: str,
    unit: str,
    days: list[Day],
    of: Callable[[Day], float | None],
    times: float,
    *,
    bounds: tuple[float, float] | None = None,
    span: int = 0,
) -> Figure:
    known = [said for day in days if (said := of(day)) is not None]
    if not known:
        return Figure(name, unit, None, None, None, 0)
    total, unknown = sum(known), span - len(known)
    low, high = (None, None) if bounds is None else ((total + unknown * bound) / span for bound in bounds)
    return Figure(name, unit, times * total / len(known), low, high, len(known))
