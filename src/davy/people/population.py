"""Many people drawn from a recipe: each column by its percentiles or shares, given the columns drawn before.

Person i is the same in any draw that contains them: other sizes, parts and orders change nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

import numpy as np
from numpy.typing import NDArray

from davy.errors import Fault, InputError
from davy.people.chance import normal_quantile, normal_share, shares
from davy.people.filtration import creatinine_of, filtration_of
from davy.people.person import Diet, Lab, Medicine, Person
from davy.people.recipe import Group, QuantileRow, Recipe, ShareRow, recipe_of
from davy.people.vocabulary import classes_of

Column = NDArray[np.float64] | NDArray[np.bool_]
Columns = Mapping[str, Column]

DRAWN_ON = date(2026, 11, 22)
"""The day that a drawn person lives on; their laboratory values are of that day, so they never grow old."""

FLAGS = {
    "type_2_diabetes": ("condition", "type-2-diabetes"),
    "hypertension": ("condition", "hypertension"),
    "heart_failure": ("condition", "heart-failure"),
    "migraine": ("condition", "migraine"),
    "metformin": ("medicine", "metformin"),
    "sglt2_inhibitor": ("medicine", "sglt2-inhibitor"),
    "thiazide": ("medicine", "thiazide-like"),
    "loop_diuretic": ("medicine", "loop-diuretic"),
    "ppi": ("medicine", "ppi"),
}
"""Yes-or-no columns: what each means in a person, by the words of conditions.csv and medicines.csv."""

_TAKEN = {
    "metformin": "metformin",
    "sglt2_inhibitor": "empagliflozin",
    "thiazide": "hydrochlorothiazide",
    "loop_diuretic": "furosemide",
    "ppi": "omeprazole",
}

HIDDEN = ("wasting", "malabsorption")
"""What is true of a body and its owner does not know: no person file tells it."""

_ORDER = (
    "female",
    "age_y",
    "height_cm",
    "bmi",
    "type_2_diabetes",
    "hypertension",
    "egfr_mL_per_min_1p73m2",
    *(flag for flag in FLAGS if flag not in ("type_2_diabetes", "hypertension")),
    "drinks_alcohol",
    "alcohol_g_per_day",
    "training_h_per_week",
    "sweat_L_per_day",
    "intake_mg_per_day",
    *HIDDEN,
)
_YES_NO = frozenset(("female", "drinks_alcohol", *FLAGS, *HIDDEN))
_ONLY_IF = {"alcohol_g_per_day": "drinks_alcohol"}
_INNER = frozenset(("drinks_alcohol",))
_SIGNIFICANT = 1.0 - 1e-12
_FLAT = 1e-9


@dataclass(frozen=True, eq=False)
class Population:
    """People drawn from a recipe.

    Attributes
    ----------
    recipe, seed : what they were drawn from.
    first : the number of the first of them among all people of the recipe and seed.
    columns : (size,) each: ``age_y``, ``female``, ``weight_kg``, ``height_cm``, ``creatinine_umol_per_L``,
        ``egfr_mL_per_min_1p73m2`` (CKD-EPI 2021), ``intake_mg_per_day`` (usual magnesium from food and water),
        ``alcohol_g_per_day``, ``training_h_per_week``, ``sweat_L_per_day``, ``bmi``, and a flag for each of `FLAGS` and
        `HIDDEN` that the recipe draws.
    """

    recipe: str
    seed: int
    first: int
    columns: Columns

    def __len__(self) -> int:
        return len(self.columns["age_y"])

    def __getitem__(self, index: int) -> Person:
        size = len(self)
        if not -size <= index < size:
            raise IndexError(f"there are {size} people, and no number {index}")
        return _person(self, index % size)

    def __iter__(self) -> Iterator[Person]:
        return (self[index] for index in range(len(self)))

    def number(self, name: str) -> NDArray[np.float64]:
        """(size,) a column of numbers."""
        return cast("NDArray[np.float64]", self.columns[name])

    def flag(self, name: str) -> NDArray[np.bool_]:
        """(size,) a column of yes and no; what the recipe does not draw, nobody has."""
        return cast("NDArray[np.bool_]", self.columns.get(name, np.zeros(len(self), dtype=np.bool_)))

    def part(self, start: int, stop: int) -> Population:
        """The people from `start` up to but not with `stop`."""
        start, stop, _ = slice(start, stop).indices(len(self))
        columns = {name: column[start:stop] for name, column in self.columns.items()}
        return Population(self.recipe, self.seed, self.first + start, columns)


def draw_population(recipe: str | Recipe, size: int, seed: int = 0, *, first: int = 0) -> Population:
    """People of a recipe.

    Parameters
    ----------
    recipe : its id, as ``us-adults``; `recipes()` lists them.
    size : how many.
    first : the number of the first; a large population can be drawn in parts.

    Raises
    ------
    InputError : there is no such recipe, or a number is below 0.
    """
    what = recipe_of(recipe) if isinstance(recipe, str) else recipe
    faults = [
        Fault(name, f"{value} is below 0", "0 or more")
        for name, value in (("size", size), ("seed", seed), ("first", first))
        if value < 0
    ]
    if faults:
        raise InputError(faults)
    columns: dict[str, Column] = {}
    for quantity in _ORDER:
        stream = f"population:{what.id}:{seed}:{quantity}"
        if quantity in _YES_NO:
            if quantity in what.shares:
                columns[quantity] = shares(stream, first, size) < _probability(what.shares[quantity], columns, size)
        elif quantity in what.quantiles:
            columns[quantity] = _amount(what.quantiles[quantity], columns, shares(stream, first, size))
            if quantity in _ONLY_IF:
                columns[quantity] = np.where(columns[_ONLY_IF[quantity]], columns[quantity], 0.0)
    return Population(what.id, seed, first, _finished(columns))


def _finished(columns: dict[str, Column]) -> Columns:
    """The columns with weight, creatinine and the filtration that it gives; rounded as a person would be told them."""
    known = cast("dict[str, NDArray[np.float64]]", columns)
    known["height_cm"] = np.round(known["height_cm"], 1)
    weight = np.round(known["bmi"] * (known["height_cm"] / 100.0) ** 2, 1)
    female = cast("NDArray[np.bool_]", columns["female"])
    creatinine = np.round(creatinine_of(known["egfr_mL_per_min_1p73m2"], known["age_y"], female), 1)
    made = {name: column for name, column in columns.items() if name not in _INNER}
    made["weight_kg"] = weight
    made["bmi"] = weight / (known["height_cm"] / 100.0) ** 2
    made["creatinine_umol_per_L"] = creatinine
    made["egfr_mL_per_min_1p73m2"] = filtration_of(creatinine, known["age_y"], female)
    for column in made.values():
        column.flags.writeable = False
    return made


def members(group: Group, columns: Columns, size: int) -> NDArray[np.bool_]:
    """(size,) who belongs to a group; what was not drawn yet, nobody has."""
    fits = np.ones(size, dtype=np.bool_)
    if group.sex is not None:
        fits &= columns["female"] == (group.sex == "female")
    if "age_y" in columns:
        fits &= (columns["age_y"] >= group.age_low_y) & (columns["age_y"] < group.age_high_y)
    for term in group.given:
        column = columns.get(term.quantity)
        if column is None:
            fits &= not term.wanted
        elif term.bound is None:
            fits &= column == term.wanted
        else:
            fits &= (column >= term.bound) == term.at_least
    return fits


def _probability(rows: tuple[ShareRow, ...], columns: Columns, size: int) -> NDArray[np.float64]:
    """(size,) the share of the last row that fits, its odds times every odds ratio that fits."""
    share, ratio = np.zeros(size), np.ones(size)
    for row in rows:
        fits = members(row.group, columns, size)
        if row.share is not None:
            share = np.where(fits, row.share, share)
        else:
            ratio = np.where(fits, ratio * (row.odds_ratio or 1.0), ratio)
    return np.where(share >= _SIGNIFICANT, share, share * ratio / (1.0 - share + share * ratio))


def _amount(rows: tuple[QuantileRow, ...], columns: Columns, share: NDArray[np.float64]) -> NDArray[np.float64]:
    """(size,) the value at each share by the last row that fits; nobody is left out, or the recipe is at fault."""
    value = np.full(len(share), np.nan)
    for row in rows:
        fits = members(row.group, columns, len(share))
        value[fits] = _at(row, share[fits])
    if np.isnan(value).any():
        raise InputError([Fault(f"population_quantiles.csv, {rows[0].quantity}", "some people fit no row", "a row")])
    return value


def _at(row: QuantileRow, share: NDArray[np.float64]) -> NDArray[np.float64]:
    """The value at each share: straight lines in z through the percentiles; the tails beyond them end at the limits."""
    told = np.array([value for _, value in row.knots] + [row.low, row.high])
    level = np.log(told) if row.scale == "log" else told
    low, high, level = level[-2], level[-1], level[:-2]
    below = np.array([percent for percent, _ in row.knots]) / 100.0
    at = normal_quantile(below)
    slope = np.maximum(np.diff(level) / np.diff(at), _FLAT)
    ends = np.array([at[0] + (low - level[0]) / slope[0], at[-1] + (high - level[-1]) / slope[-1]])
    lowest, highest = normal_share(ends)
    first, last = below[0], below[-1]
    cut = np.where(share < first, lowest + share * ((first - lowest) / first), share)
    cut = np.where(share > last, last + (share - last) * ((highest - last) / (1.0 - last)), cut)
    z = normal_quantile(cut)
    piece = np.searchsorted(at[1:-1], z, side="right")
    value = level[piece] + slope[piece] * (z - at[piece])
    return np.clip(np.exp(value) if row.scale == "log" else value, row.low, row.high)


def _person(population: Population, index: int) -> Person:
    """One of them as if read from a file."""
    told = {name: float(column[index]) for name, column in population.columns.items()}
    conditions = tuple(word for flag, (kind, word) in FLAGS.items() if kind == "condition" and told.get(flag))
    medicines = tuple(name for flag, name in _TAKEN.items() if told.get(flag))
    creatinine = Lab(date=DRAWN_ON, test="creatinine", value=told["creatinine_umol_per_L"], unit="umol/L")
    return Person(
        id=f"{population.recipe}-{population.seed}-{population.first + index}",
        today=DRAWN_ON,
        age_y=told["age_y"],
        sex="female" if told["female"] else "male",
        weight_kg=told["weight_kg"],
        height_cm=told["height_cm"],
        jurisdiction="US",
        diet=Diet(magnesium_mg_per_day=told["intake_mg_per_day"], method="weighed-record"),
        conditions=conditions,
        medicines=tuple(Medicine(name=name, classes=classes_of(name, None)) for name in medicines),
        alcohol_g_per_day=told.get("alcohol_g_per_day"),
        training_h_per_week=told.get("training_h_per_week"),
        sweat_L_per_day=told.get("sweat_L_per_day"),
        labs=(creatinine,),
    )
