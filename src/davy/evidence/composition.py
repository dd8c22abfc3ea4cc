"""What food and water hold: milligrams of magnesium a household portion, and the groups that `davy new` asks about."""

from __future__ import annotations

from davy.tables import SourcedRow, Words, read_table


class FoodRow(SourcedRow):
    """A food or a water: magnesium in one household portion.

    Attributes
    ----------
    mg, low, high : magnesium in the portion and its spread over varieties and preparations [mg].
    group : id of a food group, or ``water``.
    tags : what decides who should not be offered it (nuts, oxalate, potassium-rich, phosphate, greens, fibre, ...).
    """

    id: str
    food: str
    portion: str
    portion_g: float
    mg: float
    low: float
    high: float
    group: str
    tags: Words = ()


class FoodGroupRow(SourcedRow):
    """A group of foods in one plain question; ``rest-of-diet`` is what nobody counts [mg/d].

    Attributes
    ----------
    mg_per_portion, low, high : magnesium in a typical portion of the group and its spread [mg].
    """

    id: str
    question: str | None = None
    portion: str
    mg_per_portion: float
    low: float
    high: float


def foods() -> tuple[FoodRow, ...]:
    """Every food and water, in file order."""
    return read_table("foods.csv", FoodRow)


def food_groups() -> tuple[FoodGroupRow, ...]:
    """Read the eight groups and the rest of the diet."""
    return read_table("food_groups.csv", FoodGroupRow)
