"""Four weeks at a time, counted from the start of the plan: what the diary says of each, and what stays unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from davy.followup.baseline import WINDOW_D, Figure, baseline_of
from davy.followup.days import ONE_DAY, Day
from davy.followup.visit_rules import days as days_of_rule
from davy.people.person import Baseline

MOST_SHOWN = 6
"""So many periods after the start fit on a page; earlier ones are left out and counted."""

_LEAST_DAYS = 7
_JUDGED = 2


@dataclass(frozen=True)
class Period:
    """Four weeks, or what has passed of them.

    Attributes
    ----------
    first, last : the days it begins and ends with.
    days : how many that is, up to today.
    figures : as `baseline_of` gives them, per 28 days.
    adherence : mean share of the planned magnesium that was taken on the days it is known of, and how many these are.
    """

    first: date
    last: date
    days: int
    figures: tuple[Figure, ...]
    adherence: tuple[float, int] | None

    @property
    def whole(self) -> bool:
        """Whether all its days have passed."""
        return self.days == WINDOW_D

    def figure(self, name: str) -> Figure:
        """A figure by its name in a person file."""
        return next(figure for figure in self.figures if figure.name == name)


@dataclass(frozen=True)
class Before:
    """What it was before anything was changed: a figure of the diary, or what the person file says."""

    value: float
    days_known: int | None

    @property
    def from_diary(self) -> bool:
        """Whether a diary says so."""
        return self.days_known is not None


def periods_of(days: Sequence[Day], *, start: date, today: date) -> tuple[Period, ...]:
    """The periods from `start` to today; one of less than a week is left to the next visit."""
    found: list[Period] = []
    first = start
    while first <= today:
        last = min(first + (WINDOW_D - 1) * ONE_DAY, today)
        if (last - first).days + 1 >= _LEAST_DAYS or not found:
            found.append(_period(days, first, last))
        first += WINDOW_D * ONE_DAY
    return tuple(found)


def judged(days: Sequence[Day], periods: Sequence[Period]) -> Period | None:
    """What a change is judged by: the last two whole periods together, the first left out, in which the dose rose.

    Eight weeks tell a change from chance where four do not; only where nothing else has passed the first one stands.
    """
    whole = [period for period in periods if period.whole]
    held = whole[1:][-_JUDGED:] or whole
    return _period(days, held[0].first, held[-1].last) if held else None


def tells(days: Sequence[Day], period: Period, name: str) -> bool:
    """Whether a judged period holds enough noted days of a figure, and some of them of late."""
    figure = period.figure(name)
    lately = baseline_of(days, first=period.last - (WINDOW_D - 1) * ONE_DAY, until=period.last + ONE_DAY)
    enough = figure.days_known >= days_of_rule("known-days")
    return figure.value is not None and enough and lately.figure(name).days_known >= days_of_rule("known-lately")


def before(days: Sequence[Day], told: Baseline | None, name: str, *, start: date | None) -> Before | None:
    """The baseline of a figure: of the diary up to three periods before the start, else that of the person file."""
    if start is not None:
        figure = baseline_of(days, first=start - timedelta(days=3 * WINDOW_D), until=start).figure(name)
        if figure.value is not None and figure.days_known >= WINDOW_D // 2:
            return Before(figure.value, figure.days_known)
    value = None if told is None else getattr(told, name)
    return None if value is None else Before(float(value), None)


def _period(days: Sequence[Day], first: date, last: date) -> Period:
    inside = [day for day in days if first <= day.date <= last]
    length = (last - first).days + 1
    figures = tuple(_bounded(figure, length) for figure in baseline_of(inside).figures)
    shares = [day.taken_share for day in inside if day.taken_share is not None]
    adherence = (sum(shares) / len(shares), len(shares)) if shares else None
    return Period(first, last, length, figures, adherence)


def _bounded(figure: Figure, length: int) -> Figure:
    """The figure with its bounds over every day of the period, noted or not."""
    if figure.value is None or figure.unit != "days in 28":
        return figure
    yes = figure.value * figure.days_known / WINDOW_D
    low, high = WINDOW_D * yes / length, WINDOW_D * (yes + length - figure.days_known) / length
    return Figure(figure.name, figure.unit, figure.value, low, high, figure.days_known)
