"""Draws of a person made ready for the engine: one lane a draw, and where each quantity stands in its arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from davy.body.model import Model
from davy.engine import Doses, Engine, build
from davy.errors import ModelError
from davy.forecast.outcome import Draws, Floats
from davy.forecast.schedule import MEAL_STATE, MEALS, Pattern

AVERAGED = ("C", "rbc_RBC", "csf_Csf", "rbc_free")
"""Serum, red cells, CSF, free red-cell magnesium: the engine carries their integrals, so that means are exact."""

_WORTH_SHARING = 128
_SINKS = ("gut_Fae", "gut_Abs", "kid_Uri", "Skin")
_UNBALANCED = ("rbc_", "csf_", "gut_Abs")


@dataclass(frozen=True)
class Run:
    """What the engine returned for one stretch.

    Attributes
    ----------
    time : (times,) from the start of the stretch [d].
    values : (lanes, times, states + outputs).
    integrals : (lanes, times, 4) of `AVERAGED`, since the start.
    failed : (lanes,) where the engine gave up.
    fed_mmol : (lanes,) what went in.
    """

    time: Floats
    values: Floats
    integrals: Floats
    failed: NDArray[np.bool_]
    fed_mmol: Floats


@dataclass(frozen=True)
class Layout:
    """Where each quantity of a model stands in the engine's arrays."""

    model: Model

    @cached_property
    def column(self) -> dict[str, int]:
        """Where each state and output stands in the engine's values."""
        return {name: place for place, name in enumerate((*self.model.states, *self.model.outputs))}

    @cached_property
    def sinks(self) -> list[int]:
        """States that only add up: they are set to zero at the start of each stretch."""
        return [self.column[name] for name in _SINKS]

    @cached_property
    def lumen(self) -> list[int]:
        """States inside the gut."""
        return [at for at, name in enumerate(self.model.states) if name.startswith("gut_") and name not in _SINKS]

    @cached_property
    def balanced(self) -> list[int]:
        """States whose amounts add up to all the magnesium there is."""
        return [at for at, name in enumerate(self.model.states) if not name.startswith(_UNBALANCED)]


@dataclass(frozen=True)
class Lanes:
    """Plausible versions of one person.

    Attributes
    ----------
    theta : (lanes, parameters of the model).
    meal_mmol : (lanes,) magnesium of one meal.
    taken : (lanes,) share of the labelled product dose that is swallowed.
    """

    model: Model
    theta: Floats
    meal_mmol: Floats
    taken: Floats
    rtol: float = 1e-4

    @cached_property
    def engine(self) -> Engine:
        """The compiled model."""
        return build(self.model, integrals=AVERAGED)

    @cached_property
    def layout(self) -> Layout:
        """Where things stand in the engine's arrays."""
        return Layout(self.model)

    def parameter(self, name: str) -> Floats:
        """(lanes,) values of one parameter."""
        return self.theta[:, self.model.parameters.index(name)]

    def with_parameter(self, name: str, values: Floats | float) -> Lanes:
        """The same lanes with another value of one parameter, (lanes,) or one for all."""
        theta = self.theta.copy()
        theta[:, self.model.parameters.index(name)] = values
        return replace(self, theta=theta)

    def for_pattern(self, pattern: Pattern) -> Lanes:
        """The same lanes, with the dissolution rate of the pattern's solid."""
        if pattern.kdis is None or "gut_kdis" not in self.model.parameters:
            return self
        return self.with_parameter("gut_kdis", pattern.kdis)

    def with_intake(self, mmol_per_d: Floats) -> Lanes:
        """The same lanes on another diet [mmol/d]."""
        return replace(self, meal_mmol=mmol_per_d / len(MEALS))

    def only(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> Lanes:
        """Some of the lanes."""
        return replace(self, theta=self.theta[chosen], meal_mmol=self.meal_mmol[chosen], taken=self.taken[chosen])

    @cached_property
    def distinct_guts(self) -> tuple[Lanes, NDArray[np.intp]]:
        """One lane for each kind of gut and food, and which of them each lane is."""
        own = [at for at, name in enumerate(self.model.parameters) if name.startswith("gut_") and name != "gut_CLend"]
        told = np.column_stack((self.theta[:, own], self.meal_mmol, self.taken))
        _, first, place = np.unique(told, axis=0, return_index=True, return_inverse=True)
        return self.only(first), place.reshape(-1)

    def follow(self, pattern: Pattern, state: Floats, time: Floats) -> Run:
        """Run every dose and meal from midnight; `time` starts at 0 [d]; `state` is (lanes, states)."""
        doses = doses_of(self, pattern, float(time[-1]))
        return self._run(state, time, doses, running_total(doses.amount_mmol))

    def glide(self, state: Floats, time: Floats) -> Run:
        """Run without doses, on `avg_abs` alone; `time` starts at 0 [d]."""
        return self._run(state, time, Doses.none(), None)

    def outputs(self, names: Sequence[str], state: Floats) -> tuple[Floats, ...]:
        """(lanes,) of each output of the model at a state."""
        found = self.engine.outputs(self.theta, state)
        return tuple(found[:, self.model.outputs.index(name)] for name in names)

    def _run(self, state: Floats, time: Floats, doses: Doses, fed: Floats | None) -> Run:
        start = state.copy()
        start[:, self.layout.sinks] = 0.0
        threads = 2 if len(self.theta) >= _WORTH_SHARING else 1  # no value depends on it
        found = self.engine.solve(self.theta, doses, time, initial=start, rtol=self.rtol, threads=threads)
        integrals = np.stack([found.integrals[name] for name in AVERAGED], axis=-1)
        entered = found.values[:, -1, self.layout.column["gut_Abs"]] if fed is None else fed
        return Run(time, found.values, integrals, found.status != 0, entered)


def doses_of(lanes: Lanes, pattern: Pattern, length_d: float) -> Doses:
    """Meals and products of this pattern from midnight of day 0 up to `length_d`."""
    entries = [(at, MEAL_STATE, lanes.meal_mmol) for at in MEALS]
    entries += [(at, state, amount * lanes.taken) for at, state, amount in pattern.doses]
    entries.sort(key=lambda entry: (entry[0], entry[1]))
    whole = [(day + at, state, amount) for day in range(int(np.ceil(length_d))) for at, state, amount in entries]
    given = [entry for entry in whole if entry[0] < length_d]
    return Doses(
        time_d=np.array([at for at, _, _ in given]),
        state=tuple(state for _, state, _ in given),
        amount_mmol=np.stack([amount for _, _, amount in given], axis=1),
    )


def lanes_of(model: Model, draws: Draws) -> Lanes:
    """The draws as lanes of the engine; what a draw does not name has the model's own value.

    Raises
    ------
    ModelError : a draw names a parameter that the model does not have.
    """
    unknown = [name for name in draws.names if name not in model.parameters]
    if unknown:
        raise ModelError(f"{model.name} has no parameter {', '.join(unknown)}")
    theta = np.tile(np.array([model.defaults[name] for name in model.parameters]), (len(draws.values), 1))
    for column, name in enumerate(draws.names):
        theta[:, model.parameters.index(name)] = draws.values[:, column]
    return Lanes(model, theta, draws.intake_mmol_per_d / len(MEALS), draws.taken_share)


def running_total(columns: Floats) -> Floats:
    """Sum over the last axis, in order: the same bits for a lane in any batch."""
    total = np.zeros(columns.shape[:-1])
    for place in range(columns.shape[-1]):
        total = total + columns[..., place]
    return total
