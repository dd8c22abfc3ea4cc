"""What a test might show: results with their probabilities, from this person's forecast or from people like them.

Magnesium is foretold by the person's own draws, each with the error of the laboratory. What only gates read comes from
published distributions: filtration by age and condition (`population_quantiles.csv`), the rest from `test_results.csv`.
Results between two limits of the gates mean the same to them, so one stands for all of a band.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Literal

import numpy as np

from davy.forecast.outcome import Floats
from davy.forecast.priors import applies
from davy.people.kidney import kidney_function
from davy.people.person import Lab, Person
from davy.people.population import FLAGS, members
from davy.people.recipe import QuantileRow, recipe_of
from davy.people.vocabulary import lab_test
from davy.tables import SourcedRow, Words, read_table

RESULTS = 32
"""How many possible results of a magnesium test are tried."""
_POINTS = 200
_FILTRATION = "egfr_mL_per_min_1p73m2"
_KIDNEY_ILL = ("chronic-kidney-disease", "chronic-kidney-disease-4-5", "proteinuria", "nephrotic")
_ANY_AGE_Y = 50.0


class ResultRow(SourcedRow):
    """How the results of a test are spread among people of some ages in one setting.

    `value` is a share, a mean, or a median that multiplies the last value; `spread` its standard deviation (of the
    logarithm where `shape` is lognormal).
    """

    id: str
    test: str
    given: Words
    age_low_y: float
    age_high_y: float
    shape: Literal["share", "normal", "lognormal"]
    value: float
    spread: float | None = None
    unit: str


@dataclass(frozen=True)
class Prospect:
    """One result that a test might show: how probable, the person as they would stand with it, its value.

    Attributes
    ----------
    value : in the unit of the test; of pregnancy 1 or 0.
    """

    probability: float
    person: Person
    value: float


def row_for(person: Person, test: str) -> ResultRow | None:
    """The row that tells about this person and test, the last that fits; None where nothing is published."""
    age = _ANY_AGE_Y if person.age_y is None else person.age_y
    fitting = [
        row
        for row in read_table("test_results.csv", ResultRow)
        if row.test == test
        and row.age_low_y <= age < row.age_high_y
        and any(applies(setting, person) for setting in row.given)
    ]
    return fitting[-1] if fitting else None


def kidney_prospects(person: Person, edges: Sequence[float]) -> tuple[Prospect, ...]:
    """What a creatinine might show, as filtration: about the last value, or as in people of this age and condition."""
    known = kidney_function(person)
    row = row_for(person, "creatinine")
    if known is not None and row is not None:
        spread = NormalDist(np.log(known.lowest * row.value), row.spread or 0.0)
        values = np.exp(np.array([spread.inv_cdf(share) for share in _shares()]))
    else:
        values = _filtration_of_people_like(person)
    return _banded(person, "egfr", values, edges)


def electrolyte_prospects(person: Person, test: str, edges: Sequence[float]) -> tuple[Prospect, ...]:
    """What a test of the gates might show, by its row of `test_results.csv`; nothing where there is none."""
    row = row_for(person, test)
    if row is None or row.spread is None:
        return ()
    spread = NormalDist(row.value, row.spread)
    return _banded(person, test, np.array([spread.inv_cdf(share) for share in _shares()]), edges)


def pregnancy_prospects(person: Person) -> tuple[Prospect, ...]:
    """The two answers to a question that was not asked."""
    row = row_for(person, "pregnancy")
    share = 0.0 if row is None else row.value
    answers = ((share, True), (1 - share, False))
    return tuple(
        Prospect(probability, person.model_copy(update={"pregnant": answer}), float(answer))
        for probability, answer in answers
        if probability > 0
    )


def magnesium_prospects(
    person: Person, test: str, foretold: Floats, error: float, edges: Sequence[float] = ()
) -> tuple[Prospect, ...]:
    """What a magnesium test might show, equally probable: strata of what the draws foretell, spread by its error.

    Parameters
    ----------
    foretold : (draws,) in the unit of the test; NaN where a draw failed.
    error : standard deviation of the logarithm of a result.
    edges : where gates or goals divide; results between two of them share one person.
    """
    good = np.sort(foretold[np.isfinite(foretold) & (foretold > 0)])
    if not good.size:
        return ()
    places = ((np.arange(RESULTS) + 0.5) / RESULTS * good.size).astype(np.intp)
    values = good[places] * np.exp(error * _scrambled_normals())
    band = np.searchsorted(np.sort(np.array(edges)), values, side="right")
    stands = {int(one): with_lab(person, test, float(np.median(values[band == one]))) for one in np.unique(band)}
    return tuple(Prospect(1 / RESULTS, stands[int(one)], float(value)) for one, value in zip(band, values, strict=True))


def with_lab(person: Person, test: str, value: float) -> Person:
    """The person with this result of today."""
    lab = Lab(date=person.today, test=test, value=value, unit=lab_test(test).unit, complete=True)
    return person.model_copy(update={"labs": (*person.labs, lab)})


def _filtration_of_people_like(person: Person) -> Floats:
    """(points,) filtration at even shares of people of this age and condition."""
    recipe = recipe_of("ckd-3-to-5" if set(person.conditions) & set(_KIDNEY_ILL) else "us-adults")
    flags = {flag for flag, (kind, word) in FLAGS.items() if kind == "condition" and word in person.conditions}
    columns = {flag: np.array([flag in flags]) for flag in FLAGS}
    columns["female"] = np.array([person.sex == "female"])
    age = {"age_y": np.array([_ANY_AGE_Y if person.age_y is None else max(person.age_y, 18.0)])}
    rows = recipe.quantiles[_FILTRATION]
    fitting = [row for row in rows if members(row.group, {**columns, **age}, 1)[0]]
    return _by_percentiles(fitting[-1])


def _by_percentiles(row: QuantileRow) -> Floats:
    """(points,) values at even shares: straight lines in z through the percentiles, and on beyond the outermost."""
    normal = NormalDist()
    at = np.array([normal.inv_cdf(percent / 100) for percent, _ in row.knots])
    told = np.array([value for _, value in row.knots])
    z = np.array([normal.inv_cdf(share) for share in _shares()])
    piece = np.searchsorted(at[1:-1], z, side="right")
    slope = np.diff(told) / np.diff(at)
    return np.clip(told[piece] + slope[piece] * (z - at[piece]), row.low, row.high)


def _banded(person: Person, test: str, values: Floats, edges: Sequence[float]) -> tuple[Prospect, ...]:
    """One prospect a band between the edges: the middle value that falls into it."""
    place = np.searchsorted(np.sort(np.array(edges)), values, side="right")
    found: list[Prospect] = []
    for band in range(len(edges) + 1):
        inside = np.sort(values[place == band])
        if inside.size:
            value = float(inside[inside.size // 2])
            found.append(Prospect(inside.size / values.size, with_lab(person, test, value), value))
    return tuple(found)


def _shares() -> list[float]:
    return [(point + 0.5) / _POINTS for point in range(_POINTS)]


@cache
def _scrambled_normals() -> Floats:
    """(results,) normal quantiles in bit-reversed order, so that they are balanced over any run of results."""
    bits = RESULTS.bit_length() - 1
    order = [int(f"{place:0{bits}b}"[::-1], 2) for place in range(RESULTS)]
    return np.array([NormalDist().inv_cdf((place + 0.5) / RESULTS) for place in order])
