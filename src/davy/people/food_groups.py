"""Magnesium in a usual day's food from how often eight groups of food are eaten."""

from __future__ import annotations

from collections.abc import Mapping

from davy.tables import SourcedRow, read_table

REST_OF_DIET = "rest-of-diet"


class FoodGroup(SourcedRow):
    """A group of foods: what to ask, what a portion is, magnesium a portion [mg]."""

    id: str
    question: str | None = None
    portion: str
    mg_per_portion: float
    low: float
    high: float


def food_groups() -> tuple[FoodGroup, ...]:
    """The groups that are asked about, in the order of the table."""
    return tuple(row for row in read_table("food_groups.csv", FoodGroup) if row.id != REST_OF_DIET)


def screened_mg_per_day(portions: Mapping[str, float]) -> float:
    """Magnesium from food [mg/d]: portions a day of every group, and what nobody counts.

    Parameters
    ----------
    portions : portions a day by group id; every group has to be there, since a missing one is unknown, not zero.
    """
    rest = next(row for row in read_table("food_groups.csv", FoodGroup) if row.id == REST_OF_DIET)
    return sum(portions[group.id] * group.mg_per_portion for group in food_groups()) + rest.mg_per_portion
