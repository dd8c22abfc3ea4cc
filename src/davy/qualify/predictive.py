"""Visual predictive checks: what surveys found, beside what surveys of that size find among simulated people.

Figures that something was fitted to are shown and not counted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import numpy as np

from davy.body.model import Model
from davy.body.read import read_model
from davy.forecast.outcome import Floats
from davy.forecast.priors import prior_row
from davy.forecast.standing import Standing, standing_of
from davy.people.chance import shares, standard_normals
from davy.people.person import Sex
from davy.people.population import Population, draw_population, members
from davy.people.recipe import Group, term_of
from davy.qualify.fitted_facts import was_fitted
from davy.qualify.statistic import statistic_of
from davy.tables import SourcedRow, Words, read_table
from davy.trials.reported import LEVEL, Interval

PEOPLE = 20_000
REDUCED = 4_000
"""People drawn of each recipe, in the full and in the reduced form."""

_SURVEYS = 400
_FEWEST = 30
_TAIL = (1 - LEVEL) / 2
_NORMAL_TAIL, _NORMAL_95 = 1.6448536, 1.9599640
_TESTS = {"serum_mmol_per_L": "serum-magnesium", "urine_mmol_per_d": "urine-magnesium-24h"}


class CheckRow(SourcedRow):
    """One published figure of a group, or a difference of two.

    `given` says whom it is about; `versus` another group that it is a difference from; `switched` a medicine that is
    the difference: the same people with it and without. `persons` were measured, in the other group `persons_versus`
    (blank: the same persons twice). `low` and `high` are the reported 95 % interval, which tells the error where how
    many were measured is not told. `collections` is how many urines each gave, `rounding` how far the printed figure
    may be rounded, either way. `same_people` names facts that hold the same persons.
    """

    id: str
    label: str
    recipe: str
    quantity: Literal["serum_mmol_per_L", "urine_mmol_per_d"]
    statistic: str
    sex: Sex | None = None
    age_low_y: float = 0.0
    age_high_y: float = 130.0
    given: Words = ()
    versus: Words = ()
    switched: str | None = None
    value: float
    low: float | None = None
    high: float | None = None
    unit: str
    persons: int | None = None
    persons_versus: int | None = None
    collections: int = 1
    rounding: float = 0.0
    same_people: Words = ()


@dataclass(frozen=True)
class Check:
    """A published figure and the band of simulated surveys; None where its error is not told or too few are drawn."""

    row: CheckRow
    simulated: int
    band: Interval | None
    fitted: bool

    @property
    def inside(self) -> bool | None:
        """Whether the figure, as it may have been before it was rounded, lies in the band."""
        if self.band is None:
            return None
        return self.band.low - self.row.rounding <= self.row.value <= self.band.high + self.row.rounding

    @property
    def counted(self) -> bool:
        """Whether it is a test of the model: nothing was fitted to it, and it has a band."""
        return self.band is not None and not self.fitted

    @property
    def miss(self) -> float | None:
        """Reported less simulated median, in the unit of the figure."""
        return None if self.band is None else self.row.value - self.band.median

    def as_row(self) -> dict[str, Any]:
        """One row of ``predictive.json``."""
        band = self.band
        return {
            "id": self.row.id,
            "what": self.row.label,
            "recipe": self.row.recipe,
            "quantity": self.row.quantity,
            "statistic": self.row.statistic,
            "unit": self.row.unit,
            "persons": self.row.persons,
            "simulated": self.simulated,
            "level": LEVEL,
            "reported": self.row.value,
            "reported_low": self.row.low,
            "reported_high": self.row.high,
            "low": None if band is None else band.low,
            "median": None if band is None else band.median,
            "high": None if band is None else band.high,
            "inside": self.inside,
            "miss": self.miss,
            "used_for_calibration": self.fitted,
            "counted": self.counted,
            "sources": list(self.row.source),
            "note": self.row.note,
        }


@dataclass(frozen=True)
class Predictive:
    """Every check, in the order of the table."""

    checks: tuple[Check, ...]

    def rows(self) -> list[dict[str, Any]]:
        """The rows of ``predictive.json``."""
        return [one.as_row() for one in self.checks]

    def about(self) -> dict[str, Any]:
        """What ``predictive.json`` says of all of them together."""
        inside = sum(one.inside is True for one in self.counted)
        return {"level": LEVEL, "figures": len(self.checks), "counted_figures": len(self.counted), "inside": inside}

    @property
    def counted(self) -> tuple[Check, ...]:
        """Those that test the model."""
        return tuple(one for one in self.checks if one.counted)

    @property
    def sentence(self) -> str:
        """How many of the counted figures lie in their band."""
        inside = sum(one.inside is True for one in self.counted)
        fitted = sum(one.fitted for one in self.checks)
        return (
            f"{inside} of {len(self.counted)} published figures that nothing was fitted to lie in the {LEVEL:.0%} band "
            f"of surveys of their size; {fitted} more were used for calibration and are not counted."
        )


def predictive(
    seed: int = 0, full: bool = False, *, model: Model | None = None, ids: Sequence[str] | None = None
) -> Predictive:
    """Hold every row of ``predictive_checks.csv`` against simulated people.

    Parameters
    ----------
    seed : of the people and of the surveys among them.
    full : `PEOPLE` of each recipe, else `REDUCED`.
    model : the body; by default the one that ships.
    ids : of some rows; by default all.
    """
    simulated = _Simulated(model or read_model(), PEOPLE if full else REDUCED, seed)
    rows = read_table("predictive_checks.csv", CheckRow)
    return Predictive(tuple(_check(row, simulated) for row in rows if ids is None or row.id in ids))


class _Simulated:
    """People of a recipe and where they stand, found once."""

    def __init__(self, model: Model, size: int, seed: int) -> None:
        self._model, self._size, self.seed = model, size, seed
        self.people = cache(self._people)
        self._standing = cache(self._stand)

    def _people(self, recipe: str, flag: str | None = None, on: bool = False) -> Population:
        drawn = draw_population(recipe, self._size, self.seed)
        if flag is None:
            return drawn
        return replace(drawn, columns={**drawn.columns, flag: np.full(len(drawn), on)})

    def _stand(self, recipe: str, flag: str | None, on: bool) -> Standing:
        return standing_of(self._model, self.people(recipe, flag, on))

    def measured(self, row: CheckRow, *, on: bool = False) -> Floats:
        """(people,) the quantity as laboratories report it, with the medicine of the row or without."""
        standing = self._standing(row.recipe, row.switched, on)
        true = standing.serum_mmol_per_L if row.quantity == "serum_mmol_per_L" else standing.urine_mmol_per_d
        error = (prior_row("error", _TESTS[row.quantity]).spread or 0.0) / math.sqrt(row.collections)
        stream = f"predictive:{row.recipe}:{self.seed}:{row.quantity}:{row.switched or ''}:{on}"
        return true * np.exp(error * standard_normals(stream, 0, len(true)))


def _check(row: CheckRow, simulated: _Simulated) -> Check:
    population = simulated.people(row.recipe)
    theirs = members(_group(row, row.given), population.columns, len(population))
    fitted = was_fitted((*row.source, *row.same_people))
    first, second = _samples(row, simulated, theirs)
    count = len(first)
    if count < _FEWEST or (second is not None and len(second) < _FEWEST):
        return Check(row, count, None, fitted)
    statistic = statistic_of(row.statistic, f"predictive_checks.csv, {row.id}")
    found = statistic(first[None, :])[0] - (0.0 if second is None else statistic(second[None, :])[0])
    return Check(row, count, _band(row, (first, second), statistic, float(found), simulated.seed), fitted)


def _samples(
    row: CheckRow, simulated: _Simulated, theirs: np.ndarray[Any, np.dtype[np.bool_]]
) -> tuple[Floats, Floats | None]:
    """What is measured in each group; of one group, or of persons measured twice, there is only the first."""
    with_it = simulated.measured(row, on=row.switched is not None)
    if row.switched is not None and not row.statistic.startswith("share"):
        without = simulated.measured(row, on=False)
        if row.persons is not None and row.persons_versus is None:
            return _known((with_it - without)[theirs]), None
        return _known(with_it[theirs]), _known(without[theirs])
    if row.versus:
        population = simulated.people(row.recipe)
        others = members(_group(row, row.versus), population.columns, len(population))
        return _known(with_it[theirs]), _known(with_it[others])
    return _known(with_it[theirs]), None


def _band(
    row: CheckRow,
    samples: tuple[Floats, Floats | None],
    statistic: Callable[[Floats], Floats],
    found: float,
    seed: int,
) -> Interval | None:
    """The band of surveys; of the size of the survey where that is told, else of the error that it tells of itself.

    Each survey has its own laboratory, whose offset moves all of its results alike.
    """
    offset = np.exp(_drift(row.quantity) * standard_normals(f"predictive:{seed}:{row.id}:laboratory", 0, _SURVEYS))
    first, second = samples
    if row.low is not None and row.high is not None:
        moved = _surveys(statistic, first[None, :], None if second is None else second[None, :], offset)
        error = math.hypot((row.high - row.low) / (2 * _NORMAL_95), float(np.std(moved)))
        return Interval(found - _NORMAL_TAIL * error, found, found + _NORMAL_TAIL * error)
    if row.persons is None:
        return None
    one = _drawn(first, row.persons, f"predictive:{seed}:{row.id}:first")
    two = None
    if second is not None and row.persons_versus is not None:
        two = _drawn(second, row.persons_versus, f"predictive:{seed}:{row.id}:second")
    low, high = (float(value) for value in np.quantile(_surveys(statistic, one, two, offset), (_TAIL, 1 - _TAIL)))
    return Interval(low, found, high)


def _surveys(statistic: Callable[[Floats], Floats], one: Floats, two: Floats | None, offset: Floats) -> Floats:
    """(surveys,) the statistic in each, or its difference between two groups, with the offset of its laboratory."""
    found = statistic(one * offset[:, None])
    return found if two is None else found - statistic(two * offset[:, None])


def _drift(quantity: str) -> float:
    """Spread of the offset of a laboratory [log]."""
    return prior_row("drift", _TESTS[quantity]).spread or 0.0


def _drawn(values: Floats, persons: int, stream: str) -> Floats:
    """(surveys, persons) drawn with replacement; fewer than the survey had, for what the simulated few leave unsure."""
    size = max(round(persons * len(values) / (persons + len(values))), 2)
    chosen = shares(stream, 0, _SURVEYS * size).reshape(_SURVEYS, size)
    return values[(chosen * len(values)).astype(np.int64)]


def _group(row: CheckRow, words: Words) -> Group:
    return Group(row.sex, row.age_low_y, row.age_high_y, tuple(term_of(word) for word in words))


def _known(values: Floats) -> Floats:
    return values[np.isfinite(values)]
