"""Whether drawn people are like the published ones: drawn beside published, and each misfit with its size.

Serum is compared as a laboratory would report it, since that is what was published.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from davy.body.read import read_model
from davy.errors import KnowledgeError
from davy.forecast.outcome import Floats
from davy.forecast.standing import reported_serum, standing_of
from davy.people.person import Sex
from davy.people.population import Population, draw_population, members
from davy.people.recipe import Group, term_of
from davy.qualify.statistic import parts_of
from davy.tables import SourcedRow, Words, read_table

PEOPLE = 20_000
_SERUM = "serum_mmol_per_L"
_ERRORS = 3.0


class MarginalRow(SourcedRow):
    """One published figure of a group.

    `statistic` is mean, sd, share (of a flag), share<X, share>X or pNN; `tolerance` is in the unit of the value: the
    sampling error of the source and, where survey and recipe differ, of that difference. `own` says that the recipe
    rests on the same survey, so that a fit shows the drawing to be right and not the recipe.
    """

    id: str
    recipe: str
    quantity: str
    statistic: str
    sex: Sex | None = None
    age_low_y: float = 0.0
    age_high_y: float = 130.0
    given: Words = ()
    value: float
    tolerance: float
    own: bool


@dataclass(frozen=True)
class Marginal:
    """A published figure, what was drawn, and how sure the draw is."""

    row: MarginalRow
    drawn: float
    standard_error: float

    @property
    def misfit(self) -> float:
        """How far the draw lies outside the tolerance, in the unit of the figure; 0 = it fits."""
        excess = abs(self.drawn - self.row.value) - self.row.tolerance - _ERRORS * self.standard_error
        return math.copysign(max(excess, 0.0), self.drawn - self.row.value) if excess > 0 else 0.0


def marginals(*, people: int = PEOPLE, seed: int = 0) -> tuple[Marginal, ...]:
    """Every row of `population_marginals.csv` with what as many drawn people say of it."""
    found: list[Marginal] = []
    rows = read_table("population_marginals.csv", MarginalRow)
    for recipe in dict.fromkeys(row.recipe for row in rows):
        population = draw_population(recipe, people, seed)
        serum = reported_serum(population, standing_of(read_model(), population))
        for row in (row for row in rows if row.recipe == recipe):
            found.append(Marginal(row, *_estimate(row, _values(row, population, serum))))
    return tuple(found)


def marginals_text(found: tuple[Marginal, ...]) -> str:
    """The table as text: a line a figure, misfits marked with their size."""
    lines = [f"{'recipe':<23}{'figure':<52}{'published':>10}{'drawn':>10}{'error':>8}{'tolerance':>10}  fit"]
    for one in found:
        fit = f"off by {one.misfit:+.3g}" if one.misfit else ("as it should" if one.row.own else "fits")
        numbers = f"{one.row.value:>10.4g}{one.drawn:>10.4g}{one.standard_error:>8.2g}{one.row.tolerance:>10.3g}"
        lines.append(f"{one.row.recipe:<23}{one.row.id.removeprefix(f'm-{one.row.recipe}-'):<52}{numbers}  {fit}")
    return "\n".join(lines)


def _values(row: MarginalRow, population: Population, serum: Floats) -> Floats:
    """The numbers of the group; a flag is 0 or 1."""
    group = Group(row.sex, row.age_low_y, row.age_high_y, tuple(term_of(word) for word in row.given))
    theirs = members(group, population.columns, len(population))
    if row.quantity == _SERUM:
        return serum[theirs & ~np.isnan(serum)]
    if row.quantity not in population.columns:
        raise KnowledgeError(f"population_marginals.csv, {row.id}: nothing called {row.quantity!r} is drawn")
    return population.columns[row.quantity][theirs].astype(np.float64)


def _estimate(row: MarginalRow, values: Floats) -> tuple[float, float]:
    """The statistic and its Monte-Carlo standard error."""
    told = parts_of(row.statistic, f"population_marginals.csv, {row.id}")
    count = len(values)
    if told["percent"] is not None:
        share = float(told["percent"]) / 100
        reach = math.sqrt(share * (1 - share) / count)
        low, value, high = np.quantile(values, np.clip((share - reach, share, share + reach), 0.0, 1.0))
        return float(value), float(high - low) / 2
    if told["sign"] is not None:
        bound = float(told["bound"])
        values = (values < bound if told["sign"] == "<" else values > bound).astype(np.float64)
    mean, spread = float(np.mean(values)), float(np.std(values))
    return (spread, spread / math.sqrt(2 * count)) if told["plain"] == "sd" else (mean, spread / math.sqrt(count))
