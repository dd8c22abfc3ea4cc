"""How many days of diary it takes to tell a change from a person's own noise, days being alike from one to the next.

Spread and day-to-day correlation come from the days before the plan, the correlation drawn towards its prior where they
are few; without enough days the less favourable end of the prior stands in. What wearables measure is an outcome with
noise like any other: it is counted here, and it never sets a dose.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from davy.followup.adapt.decision import DaysNeeded
from davy.followup.adapt.facts import Facts
from davy.followup.days import Day
from davy.followup.n_of_1.outcomes import OutcomeRow, outcomes
from davy.followup.visit_rules import days as days_of_rule
from davy.followup.visit_rules import number
from davy.tables import SourcedRow, read_table

Value = Callable[[Day], float | None]
Condition = Callable[[int], bool]

MOST_D = 3650
"""No diary is longer than ten years: more days than this are told as none."""


class MeasureRow(SourcedRow):
    """What a wearable measures: a field of a day, its unit, and the share of its own mean that would matter.

    Attributes
    ----------
    alike : correlation of a day with the next where the person's own days do not tell.
    """

    id: str
    what: str
    unit: str
    smallest_share: float
    alike: float


@dataclass(frozen=True)
class Noise:
    """The noise of one person's days: mean, spread, correlation of a day with the next, and whether a diary says so."""

    mean: float
    spread: float
    alike: float
    from_diary: bool


@cache
def measures() -> tuple[MeasureRow, ...]:
    """What wearables measure and Davy reads."""
    return read_table("adapt_measures.csv", MeasureRow)


def days_needed(facts: Facts) -> tuple[DaysNeeded, ...]:
    """For the goal's figure first, then for what wearables measure; nothing without a plan."""
    start = facts.since
    if facts.plan is None or start is None:
        return ()
    row = next((one for one in outcomes() if one.baseline_field == facts.goal.baseline_key), None)
    goal = () if row is None else _of_goal(facts, row, start)
    return (*goal, *(made for one in measures() for made in _of_wearable(facts, one, start)))


def variance_of_mean(days: int, alike: float) -> float:
    """Variance of the mean of so many days in a row, in variances of one day, for an AR(1) correlation."""
    if days < 1:
        return math.inf
    if alike == 0:
        return 1 / days
    inflated = (1 + alike) / (1 - alike) - 2 * alike * (1 - alike**days) / (days * (1 - alike) ** 2)
    return inflated / days


def needed_after(noise: Noise, smallest: float, before: int) -> int | None:
    """Days after the start with which a change of `smallest` [daily unit] is told; None where no number would do."""
    allowed = _allowed(noise, smallest) - variance_of_mean(before, noise.alike)
    return None if allowed <= 0 else _first(lambda days: variance_of_mean(days, noise.alike) <= allowed)


def needed_on_each_side(noise: Noise, smallest: float) -> int:
    """Days before and as many after with which such a change is told."""
    allowed = _allowed(noise, smallest) / 2
    return _first(lambda days: variance_of_mean(days, noise.alike) <= allowed) or MOST_D


def noise_of(values: Sequence[tuple[date, float]], prior: float) -> Noise | None:
    """The noise of known days; None with fewer than a fortnight of them, or where they never differ."""
    if len(values) < days_of_rule("noise-days"):
        return None
    mean = math.fsum(value for _, value in values) / len(values)
    square = math.fsum((value - mean) ** 2 for _, value in values) / (len(values) - 1)
    if square <= 0:
        return None
    known = dict(values)
    pairs = [
        (known[day] - mean) * (known[day + timedelta(days=1)] - mean)
        for day in known
        if day + timedelta(days=1) in known
    ]
    alike = math.fsum(pairs) / len(pairs) / square if pairs else prior
    alike += (1 + 4 * alike) / len(values)  # a short series reads its own correlation too low
    weight = len(pairs) / (len(pairs) + number("noise-prior"))
    drawn = weight * alike + (1 - weight) * prior
    return Noise(mean, math.sqrt(square), min(max(drawn, 0.0), number("noise-most")), True)


def _allowed(noise: Noise, smallest: float) -> float:
    """The variance of a difference of means, in variances of one day, that still tells it."""
    return (smallest / (noise.spread * number("days-z"))) ** 2


def _first(holds: Condition) -> int | None:
    """The first number of days for which it holds, which it then does for all larger ones."""
    if not holds(MOST_D):
        return None
    low, high = 0, MOST_D
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _of_goal(facts: Facts, row: OutcomeRow, start: date) -> tuple[DaysNeeded, ...]:
    before, after = _split(facts.days, lambda day: _value(day, row), start)
    own = noise_of(before, row.rho_high)
    level = facts.before.value if facts.before is not None else row.level
    noise = own or Noise(level / row.daily_factor, _prior_spread(row, level), _prior_alike(row), False)
    share = number("better-share") * level if level > 0 else row.smallest
    return (_told(row.baseline_field, row.unit, share, row.daily_factor, noise, (len(before), len(after))),)


def _of_wearable(facts: Facts, row: MeasureRow, start: date) -> tuple[DaysNeeded, ...]:
    before, after = _split(facts.days, lambda day: getattr(day, row.id), start)
    noise = noise_of(before, row.alike)
    if noise is None:
        return ()
    smallest = row.smallest_share * abs(noise.mean)
    return (_told(row.id, row.unit, smallest, 1.0, noise, (len(before), len(after))),)


def _told(name: str, unit: str, smallest: float, factor: float, noise: Noise, known: tuple[int, int]) -> DaysNeeded:
    daily, (before, after) = smallest / factor, known
    return DaysNeeded(
        measure=name,
        unit=unit,
        smallest=round(smallest, 4),
        spread=round(noise.spread, 4),
        alike=round(noise.alike, 4),
        before=before,
        after=after,
        needed=needed_after(noise, daily, before),
        needed_both=needed_on_each_side(noise, daily),
        told="diary" if noise.from_diary else "prior",
    )


def _split(days: Sequence[Day], value: Value, start: date) -> tuple[list[tuple[date, float]], list[tuple[date, float]]]:
    known = [(day.date, float(found)) for day in days if (found := value(day)) is not None]
    return [one for one in known if one[0] < start], [one for one in known if one[0] >= start]


def _value(day: Day, row: OutcomeRow) -> float | None:
    if row.id == "acute-medicine-days":
        return None if day.acute_medicines is None else float(bool(day.acute_medicines))
    return getattr(day, _FIELD[row.id])


_FIELD = {"headache-days": "headache", "pain": "pain_0_10", "sleep-onset": "sleep_onset_min", "cramps": "cramps"}


def _prior_spread(row: OutcomeRow, level: float) -> float:
    daily = level / row.daily_factor
    if row.kind == "binary":
        share = min(max(daily, 0.02), 0.98)
        return math.sqrt(share * (1 - share))
    return row.sd or math.sqrt(max(daily, 0.02))


def _prior_alike(row: OutcomeRow) -> float:
    """The less favourable end; a yes or no is less alike from day to day than the tendency behind it."""
    return 2 / math.pi * math.asin(row.rho_high) if row.kind == "binary" else row.rho_high
