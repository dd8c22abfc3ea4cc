"""The coordinates of a fit: each unknown of a person as a standard normal number.

A healthy kidney is log-normal about its threshold, a wasting one uniform between bounds; in these coordinates both
priors are the same bell, so a fit is least squares in every component of the mixture.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from davy.body.model import Model
from davy.forecast.covariates import Covariates, covariates_of
from davy.forecast.future import parameter_set_of
from davy.forecast.outcome import Draws, Floats
from davy.forecast.priors import PriorRow, base_rate, intake_prior, parameter_row, prior_row, prior_rows
from davy.people.person import Person

INTAKE = "intake"
HEALTHY = "healthy"
_FAR = 2.0  # no draw lies further above the plausible than this factor, whatever a contradictory lab asks for

_erf = np.vectorize(math.erf, otypes=[np.float64])


@dataclass(frozen=True)
class Axis:
    """One unknown: a parameter of the body, or the intake, as a function of a standard normal number."""

    parameter: str
    label: str
    unit: str
    median: float
    spread: float
    low: float | None = None
    high: float | None = None
    most: float = math.inf

    def value(self, z: Floats) -> Floats:
        """The value at each z: log-normal and at most `most`, or uniform between `low` and `high` times the median."""
        if self.low is None or self.high is None:
            return np.minimum(self.median * np.exp(self.spread * z), self.most)
        share = (1 + _erf(z / math.sqrt(2))) / 2
        return self.median * (self.low + (self.high - self.low) * share)


@dataclass(frozen=True)
class Kind:
    """One combination of kidney and gut, with its prior weight."""

    name: str
    weight: float
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class Coordinates:
    """Everything unknown about a person.

    Attributes
    ----------
    kinds : the components of the mixture; all have the same parameters in the same order.
    fitted : how many of the axes take part in the fit; the others are drawn from their priors.
    fixed : parameters that are known or shared by all draws.
    """

    kinds: tuple[Kind, ...]
    fitted: int
    fixed: dict[str, float]

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes of the healthy kind; the other kinds differ in kidney or gut alone."""
        return self.kinds[0].axes

    def draws(self, z: Floats, kind: NDArray[np.intp], taken: Floats | None = None) -> Draws:
        """Draws at z (draws, axes), each in its own kind."""
        values = np.empty_like(z)
        mine = [kind == number for number in range(len(self.kinds))]
        for place, axis in enumerate(self.axes):
            if all(one.axes[place] is axis for one in self.kinds):
                values[:, place] = axis.value(z[:, place])
                continue
            for rows, one in zip(mine, self.kinds, strict=True):
                values[rows, place] = one.axes[place].value(z[rows, place])
        free = [axis.parameter for axis in self.axes]
        at = free.index(INTAKE)
        body = [place for place in range(len(free)) if place != at]
        fixed = np.tile(np.array(list(self.fixed.values())), (len(z), 1))
        names = (*(free[place] for place in body), *self.fixed)
        return Draws(names, np.concatenate((values[:, body], fixed), axis=1), values[:, at], taken)


def coordinates_of(model: Model, person: Person) -> Coordinates:
    """The unknowns of a person, with medians moved by their covariates."""
    covariates = covariates_of(person)
    parameter_set = parameter_set_of(model)
    shared = _shared_axes(model, person, covariates, parameter_set)
    rows = [row for row in prior_rows("drawn") if row.parameter in model.parameters]
    drawn = tuple(_axis(row, model, covariates, parameter_set) for row in rows)
    rates = {"wasting": base_rate(person, "wasting"), "malabsorption": base_rate(person, "malabsorption")}
    kinds: list[Kind] = []
    for kidney, gut in itertools.product((HEALTHY, "wasting"), (HEALTHY, "malabsorption")):
        weight = (rates["wasting"] if kidney != HEALTHY else 1 - rates["wasting"]) * (
            rates["malabsorption"] if gut != HEALTHY else 1 - rates["malabsorption"]
        )
        own = (
            _component("kid_fTm", kidney, model, covariates),
            _component("gut_f_act", gut, model, covariates),
        )
        kinds.append(Kind(f"{kidney}/{gut}", weight, (*own, *shared, *drawn)))
    free = {axis.parameter for axis in kinds[0].axes}
    moved = {name: model.defaults[name] * covariates.multiplier(name) for name in covariates.parameters}
    fixed = moved | covariates.values
    return Coordinates(tuple(kinds), 2 + len(shared), {name: fixed[name] for name in fixed if name not in free})


def _component(parameter: str, component: str, model: Model, covariates: Covariates) -> Axis:
    """Kidney or gut in one component; the bounds of an ill one already hold what lowers serum."""
    row = next(row for row in prior_rows("component") if row.parameter == parameter and component in row.key)
    default = model.defaults[parameter]
    if component == HEALTHY:
        table = parameter_row(parameter, "literature")
        return Axis(parameter, row.label, row.unit, default * covariates.multiplier(parameter), table.spread or 0.0)
    raising = Covariates(tuple(effect for effect in covariates.effects if not effect.lowers_serum), {})
    return Axis(parameter, row.label, row.unit, default * raising.multiplier(parameter), 1.0, row.low, row.high)


def _shared_axes(model: Model, person: Person, covariates: Covariates, parameter_set: str) -> tuple[Axis, ...]:
    median, spread = intake_prior(person)
    axes = [Axis(INTAKE, "magnesium from food and water", "mmol/d", median, spread)]
    axes += [_axis(row, model, covariates, parameter_set) for row in prior_rows("fitted")]
    known = "kid_GFR" in covariates.values
    gfr = prior_row("nuisance", "kid_GFR" if known else "kid_GFR-unknown")
    for row in prior_rows("nuisance"):
        if row.parameter == "kid_GFR" and row.id != gfr.id:
            continue
        axes.append(_axis(row, model, covariates, parameter_set))
    return tuple(axes)


def _axis(row: PriorRow, model: Model, covariates: Covariates, parameter_set: str) -> Axis:
    if row.parameter is None:
        raise ValueError(row.id)
    table = parameter_row(row.parameter, parameter_set)
    centre = covariates.values.get(row.parameter, model.defaults[row.parameter] * covariates.multiplier(row.parameter))
    spread = row.spread if row.spread is not None else table.spread or 0.0
    median = centre * (row.median if row.median is not None else 1.0)
    most = math.inf if table.high is None else _FAR * max(table.high, median)
    return Axis(row.parameter, row.label, row.unit, median, spread, most=most)
