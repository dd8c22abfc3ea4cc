"""What is not known about one person, as axes of a fit: priors, covariate effects, structures, measurements."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from davy.body.model import Model
from davy.forecast.covariates import SCALED_BY_SIZE, Covariates, Effect
from davy.forecast.future import parameter_set_of
from davy.forecast.priors import PriorRow, base_rate, intake_prior, parameter_row, prior_row, prior_rows
from davy.forecast.structures import Structure, structures
from davy.inference.axes import Axis, between
from davy.inference.coordinates import INTAKE, Coordinates, Kind
from davy.inference.history import Era, eras_of
from davy.people.person import Person

HEALTHY = "healthy"
_FAR = 2.0  # no draw lies further above the plausible than this factor, whatever a contradictory lab asks for
_ILL = {"kid_fTm": "wasting", "gut_f_act": "malabsorption"}


@dataclass(frozen=True)
class _Ground:
    """What all axes of one person under one structure start from."""

    model: Model
    parameter_set: str
    covariates: Covariates
    structure: Structure

    def typical(self, parameter: str) -> float:
        """The value of a person of whom nothing is known."""
        known = self.covariates.values.get(parameter)
        return self.structure.settings.get(parameter, self.model.defaults[parameter]) if known is None else known


def coordinates_of(
    model: Model,
    person: Person,
    eras: Sequence[Era] | None = None,
    measured: Sequence[Axis] = (),
) -> Coordinates:
    """The unknowns of a person.

    Parameters
    ----------
    eras : what was taken when; None = read from the person.
    measured : what is unknown about the measurements: offsets and collected shares.
    """
    parameter_set = parameter_set_of(model)
    eras = eras_of(person, parameter_set) if eras is None else eras
    effects: dict[str, list[Effect]] = {}
    for effect in dict.fromkeys(effect for era in eras for effect in era.covariates.effects):
        effects.setdefault(effect.id, []).append(effect)
    sizes = [own for own in effects.values() if {one.parameter for one in own} <= set(SCALED_BY_SIZE)]
    others = [own for own in effects.values() if own not in sizes]
    kinds: list[Kind] = []
    behind: tuple[Axis, ...] = ()
    for structure in _structures(model, parameter_set):
        ground = _Ground(model, parameter_set, eras[-1].covariates, structure)
        front, behind = _shared_axes(ground, person), _drawn_axes(ground)
        for kidney, gut in itertools.product((False, True), repeat=2):
            ill = {name: told for name, told in zip(_ILL, (kidney, gut), strict=True)}
            own = tuple(_component(name, ground, ill=ill[name]) for name in _ILL)
            moved = tuple(_effect_axis(one, ill) for one in others)
            axes = (*own, *front, *moved, *measured, *behind, *(_effect_axis(one, ill) for one in sizes))
            weight = structure.prior_weight * _rate(person, "kid_fTm", ill=kidney) * _rate(person, "gut_f_act", ill=gut)
            name = "/".join(_ILL[at] if ill[at] else HEALTHY for at in _ILL)
            kinds.append(Kind(name, structure.id, weight, axes, _fixed(ground, axes, [*others, *sizes])))
    targets = tuple(_targets(axis, effects, model) for axis in kinds[0].axes)
    here = [{effect.id for effect in era.covariates.effects} for era in eras]
    acts = np.array([[axis.effect is None or axis.effect in ids for axis in kinds[0].axes] for ids in here])
    return Coordinates(tuple(kinds), len(kinds[0].axes) - len(behind) - len(sizes), targets, acts)


def _structures(model: Model, parameter_set: str) -> tuple[Structure, ...]:
    """The alternatives to average over; the articles' body has none, nor has a model without their parameters."""
    found = structures()
    known = all(name in model.parameters for one in found for name in one.settings)
    if parameter_set == "articles" or not known:
        return (Structure(found[0].id, found[0].label, {}, 1.0, found[0].source),)
    return found


def _rate(person: Person, parameter: str, *, ill: bool) -> float:
    rate = base_rate(person, "wasting" if parameter == "kid_fTm" else "malabsorption")
    return rate if ill else 1 - rate


def _component(parameter: str, ground: _Ground, *, ill: bool) -> Axis:
    """Kidney or gut in one component."""
    component = _ILL[parameter] if ill else HEALTHY
    row = next(row for row in prior_rows("component") if row.parameter == parameter and component in row.key)
    typical = ground.typical(parameter)
    if ill:
        return Axis(parameter, row.label, row.unit, typical, 1.0, row.low, row.high)
    return Axis(parameter, row.label, row.unit, typical, parameter_row(parameter, "literature").spread or 0.0)


def _shared_axes(ground: _Ground, person: Person) -> tuple[Axis, ...]:
    median, spread = intake_prior(person)
    axes = [Axis(INTAKE, "magnesium from food and water", "mmol/d", median, spread)]
    axes += [_axis(row, ground) for row in prior_rows("fitted")]
    gfr = prior_row("nuisance", "kid_GFR" if "kid_GFR" in ground.covariates.values else "kid_GFR-unknown")
    for row in prior_rows("nuisance"):
        if row.parameter in ground.model.parameters and (row.parameter != "kid_GFR" or row.id == gfr.id):
            axes.append(_axis(row, ground))
    return tuple(axes)


def _drawn_axes(ground: _Ground) -> tuple[Axis, ...]:
    return tuple(_axis(row, ground) for row in prior_rows("drawn") if row.parameter in ground.model.parameters)


def _axis(row: PriorRow, ground: _Ground) -> Axis:
    if row.parameter is None:
        raise ValueError(row.id)
    table = parameter_row(row.parameter, ground.parameter_set)
    spread = row.spread if row.spread is not None else table.spread or 0.0
    median = ground.typical(row.parameter) * (row.median if row.median is not None else 1.0)
    moved = median * (1.0 if row.parameter in ground.covariates.values else ground.covariates.multiplier(row.parameter))
    most = math.inf if table.high is None else _FAR * max(table.high, moved)
    return Axis(row.parameter, row.label, row.unit, median, spread, most=most)


def _effect_axis(effects: list[Effect], ill: dict[str, bool]) -> Axis:
    """What a covariate multiplies, between the ends of its source; an ill organ's bounds hold what lowers serum."""
    first = effects[0]
    name, label = f"effect of {first.label}", f"effect of {first.label}"
    if first.lowers_serum and ill.get(first.parameter, False):
        return Axis(name, label, "1", 1.0, 0.0, effect=first.id)
    spread, skew = between(first.low, first.multiplier, first.high)
    return Axis(name, label, "1", first.multiplier, spread, effect=first.id, skew=skew)


def _targets(axis: Axis, effects: dict[str, list[Effect]], model: Model) -> tuple[str, ...]:
    if axis.effect is not None:
        return tuple(one.parameter for one in effects[axis.effect])
    return (axis.parameter,) if axis.parameter == INTAKE or axis.parameter in model.parameters else ()


def _fixed(ground: _Ground, axes: Sequence[Axis], effects: Sequence[list[Effect]]) -> dict[str, float]:
    """What this structure, this person or an effect moves and no axis holds."""
    own = {axis.parameter for axis in axes}
    moved = [one.parameter for group in effects for one in group]
    settings = [name for one in structures() for name in one.settings if name in ground.model.parameters]
    names = dict.fromkeys((*moved, *settings, *ground.covariates.values))
    return {name: ground.typical(name) for name in names if name not in own}
