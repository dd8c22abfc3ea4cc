"""What a population is made of: for each quantity who has how much of it, as rows of published figures.

Continuous quantities are rows of percentiles (`population_quantiles.csv`), yes-or-no ones rows of shares
(`population_shares.csv`); both may hold for one sex, for some ages, and given what was drawn before: a flag
(``type_2_diabetes``), its opposite (``!type_2_diabetes``) or a bound (``bmi>=30``).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import model_validator

from davy.errors import Fault, InputError, KnowledgeError
from davy.people.person import Sex
from davy.tables import SourcedRow, Words, read_table

PERCENTILES = (1.0, 2.5, 5.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 97.5, 99.0)
_TERM = re.compile(r"^(?P<no>!?)(?P<quantity>[a-z_0-9A-Z]+)(?:(?P<sign>>=|<)(?P<bound>[0-9.]+))?$")


class RecipeRow(SourcedRow):
    """A kind of people that can be drawn; what it has no rows of its own for, it takes from `like`."""

    id: str
    label: str
    like: str | None = None


@dataclass(frozen=True)
class Term:
    """One condition of a group: whether a flag is set, or on which side of a bound a number lies."""

    quantity: str
    wanted: bool
    at_least: bool
    bound: float | None


@dataclass(frozen=True)
class Group:
    """Whom a row is about: a sex, ages from low up to but not with high, and what else is true of them."""

    sex: Sex | None
    age_low_y: float
    age_high_y: float
    given: tuple[Term, ...]


class QuantileRow(SourcedRow):
    """Percentiles of a quantity in one group (see `Group`).

    Between them it is linear in z, or its logarithm is; beyond the outermost the line goes on, and the tail is cut
    at `low` and `high` and spread over what is left of it.
    """

    id: str
    recipe: str
    quantity: str
    sex: Sex | None = None
    age_low_y: float = 0.0
    age_high_y: float = 130.0
    given: Words = ()
    unit: str
    scale: Literal["linear", "log"]
    p1: float | None = None
    p2_5: float | None = None
    p5: float | None = None
    p10: float | None = None
    p25: float | None = None
    p50: float | None = None
    p75: float | None = None
    p90: float | None = None
    p95: float | None = None
    p97_5: float | None = None
    p99: float | None = None
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> QuantileRow:
        values = [value for _, value in self.knots]
        if len(values) < 2:
            raise ValueError("two percentiles or more are needed")
        if not self.low <= values[0] or not values[-1] <= self.high or sorted(values) != values:
            raise ValueError("percentiles rise, from low to high")
        if self.scale == "log" and not self.low > 0:
            raise ValueError("percentiles on the log scale lie above 0, and so does low")
        return self

    @property
    def knots(self) -> tuple[tuple[float, float], ...]:
        """The given percentiles as (percent, value)."""
        cells = (self.p1, self.p2_5, self.p5, self.p10, self.p25, self.p50, self.p75, self.p90, self.p95)
        cells += (self.p97_5, self.p99)
        return tuple((percent, value) for percent, value in zip(PERCENTILES, cells, strict=True) if value is not None)

    @property
    def group(self) -> Group:
        """Whom the row is about."""
        return Group(self.sex, self.age_low_y, self.age_high_y, tuple(term_of(word) for word in self.given))


class ShareRow(SourcedRow):
    """The share of a group for whom something is true, or an odds ratio that multiplies its odds.

    The last row with a share that fits a person holds, and every odds ratio that fits.
    """

    id: str
    recipe: str
    quantity: str
    sex: Sex | None = None
    age_low_y: float = 0.0
    age_high_y: float = 130.0
    given: Words = ()
    share: float | None = None
    odds_ratio: float | None = None

    @model_validator(mode="after")
    def _either(self) -> ShareRow:
        if (self.share is None) == (self.odds_ratio is None):
            raise ValueError("a row has a share or an odds ratio")
        if self.share is not None and not 0 <= self.share <= 1:
            raise ValueError("a share lies between 0 and 1")
        if self.odds_ratio is not None and not self.odds_ratio > 0:
            raise ValueError("an odds ratio is above 0")
        return self

    @property
    def group(self) -> Group:
        """Whom the row is about."""
        return Group(self.sex, self.age_low_y, self.age_high_y, tuple(term_of(word) for word in self.given))


def term_of(word: str) -> Term:
    """A word of a `given` cell.

    Raises
    ------
    KnowledgeError : it is neither a flag nor a bound.
    """
    found = _TERM.match(word)
    if found is None:
        raise KnowledgeError(f"a recipe cannot read the condition {word!r}; like type_2_diabetes or bmi>=30")
    bound = None if found["bound"] is None else float(found["bound"])
    return Term(found["quantity"], not found["no"], found["sign"] == ">=", bound)


@dataclass(frozen=True)
class Recipe:
    """A kind of people, with the rows that tell how each quantity is spread among them.

    Attributes
    ----------
    id : what streams of random numbers and the ids of its people are keyed by.
    label : in words.
    quantiles, shares : quantity to rows.
    sources : ids of all sources its rows rest on.
    """

    id: str
    label: str
    quantiles: dict[str, tuple[QuantileRow, ...]]
    shares: dict[str, tuple[ShareRow, ...]]

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of all sources that the rows rest on."""
        rows = (row for held in (self.quantiles, self.shares) for group in held.values() for row in group)
        return tuple(dict.fromkeys(name for row in rows for name in row.source))

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the id and every row [hex]."""
        digest = hashlib.sha256(self.id.encode())
        for held in (self.quantiles, self.shares):
            for quantity, group in held.items():
                digest.update(quantity.encode())
                for row in group:
                    digest.update(row.model_dump_json().encode())
        return digest.hexdigest()


@cache
def recipes() -> tuple[Recipe, ...]:
    """Every recipe of `population_recipes.csv`."""
    return tuple(_recipe(row) for row in _rows().values())


def recipe_of(name: str) -> Recipe:
    """The recipe of that id.

    Raises
    ------
    InputError : there is none.
    """
    known = {recipe.id: recipe for recipe in recipes()}
    if name not in known:
        raise InputError([Fault("recipe", f"there is no population {name!r}", f"one of: {', '.join(known)}")])
    return known[name]


def _rows() -> dict[str, RecipeRow]:
    return {row.id: row for row in read_table("population_recipes.csv", RecipeRow)}


def _lineage(row: RecipeRow) -> tuple[str, ...]:
    """The recipe and those it is like, nearest first."""
    found = [row.id]
    while row.like is not None:
        if row.like in found or row.like not in _rows():
            raise KnowledgeError(f"population_recipes.csv: {row.id} is like {row.like!r}, which leads nowhere")
        row = _rows()[row.like]
        found.append(row.id)
    return tuple(found)


def _recipe(row: RecipeRow) -> Recipe:
    quantiles: dict[str, tuple[QuantileRow, ...]] = {}
    shares: dict[str, tuple[ShareRow, ...]] = {}
    for name in _lineage(row):
        for entry in read_table("population_quantiles.csv", QuantileRow):
            if entry.recipe == name and not any(held.recipe != name for held in quantiles.get(entry.quantity, ())):
                quantiles[entry.quantity] = (*quantiles.get(entry.quantity, ()), entry)
        for share in read_table("population_shares.csv", ShareRow):
            if share.recipe == name and not any(held.recipe != name for held in shares.get(share.quantity, ())):
                shares[share.quantity] = (*shares.get(share.quantity, ()), share)
    return Recipe(row.id, row.label, quantiles, shares)
