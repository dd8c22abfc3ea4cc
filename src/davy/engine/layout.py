"""What a caller gives, checked by name and shape and laid out in tiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from davy.body.model import Model
from davy.engine.doses import Doses, Floats, Steps
from davy.engine.job import POINT_SLOTS, job
from davy.engine.lanes import Lanes, not_finite, run
from davy.engine.program import Program
from davy.engine.reductions import Window
from davy.engine.timetable import Change, dose_change, step_change
from davy.errors import SolveError

Inputs = Mapping[str, ArrayLike | Steps]


@dataclass(frozen=True, eq=False)
class Layout:
    """Where each quantity of a model stands in the arrays of its compiled code."""

    model: Model
    program: Program

    def state(self, name: str) -> int:
        """The index of a state."""
        if name not in self.model.states:
            raise SolveError(f"{name!r} is not a state of {self.model.name}; states: {', '.join(self.model.states)}")
        return self.model.states.index(name)

    def column(self, name: str) -> int:
        """Where a state or an output stands among the values of a row."""
        model = self.model
        if name in model.states:
            return model.states.index(name)
        if name not in model.outputs:
            known = ", ".join((*model.states, *model.outputs))
            raise SolveError(f"{name!r} is neither a state nor an output of {model.name}; known are {known}")
        return self.program.system.size + model.outputs.index(name)

    def lanes(self, theta: ArrayLike, inputs: Inputs | None) -> Lanes:
        """The lanes with their parameters and constant inputs."""
        rows = np.array(theta, dtype=np.float64, ndmin=2)
        count, names = len(rows), self.model.parameters
        if rows.ndim != 2 or rows.shape[1] != len(names) or not count:
            raise SolveError(f"theta: shape {rows.shape}; (lanes, {len(names)}) in the order of parameters is right")
        added = np.zeros((count, len(self.model.states)))
        for name, rate in (inputs or {}).items():
            if isinstance(rate, Steps):
                continue
            if name in names:
                raise SolveError(f"inputs: {name!r} is a parameter: its value stands in theta, `Steps` change it")
            given = np.asarray(rate, dtype=np.float64)
            if given.shape not in ((), (1,), (count,)):
                raise SolveError(f"inputs: {name!r} has shape {given.shape}; a number or ({count},) is right")
            added[:, self.state(name)] = given
        return Lanes(np.concatenate((rows, added), axis=1), self.program.width)

    def changes(self, doses: Doses, inputs: Inputs | None) -> list[Change]:
        """Doses and steps as changes of states and columns."""
        place = {name: self.state(name) for name in dict.fromkeys(doses.state)}
        states = np.array([place[name] for name in doses.state], dtype=np.int64)
        per_unit = np.array(self.model.dose_per_unit or (1.0,) * len(self.model.states))[states]
        if np.isnan(per_unit).any():
            name = doses.state[int(np.argmax(np.isnan(per_unit)))]
            raise SolveError(f"doses: {name!r} is a concentration in a compartment whose size is not a fixed number")
        found = [
            step_change(f"inputs: {name!r}", steps, self.program.system.size + self._column(name))
            for name, steps in (inputs or {}).items()
            if isinstance(steps, Steps)
        ]
        return [*found, dose_change(doses, states, per_unit)]

    def rows(self, states: ArrayLike, count: int, what: str) -> Floats:
        """(lanes, states) from one row or one a lane."""
        given = np.array(states, dtype=np.float64)
        wanted = (count, len(self.model.states))
        if given.shape not in (wanted, wanted[1:]):
            raise SolveError(f"{what}: shape {given.shape}; {wanted} in the order of states is right")
        return np.array(np.broadcast_to(given, wanted))

    def start(self, lanes: Lanes, initial: ArrayLike | None) -> Floats:
        """(lanes, states + integrals + clock) at time 0."""
        system = self.program.system
        start = np.zeros((lanes.count, system.size))
        if initial is None:
            values = np.zeros((lanes.tiles, system.size, lanes.width))
            table = job(POINT_SLOTS, {"theta": lanes.theta, "states": values, "values": values})
            run(self.program.start(), lanes.tiles, table, 1)
            start[:] = lanes.untiled(values)
        else:
            start[:, : len(self.model.states)] = self.rows(initial, lanes.count, "initial")
        lanes.bad[not_finite(start)] = True
        return start

    def point(self, lanes: Lanes, states: Floats) -> Floats:
        """(lanes, rates + outputs) at given states."""
        system = self.program.system
        full = np.zeros((lanes.count, system.size))
        full[:, : states.shape[1]] = states
        tiled = lanes.tiled(full)
        values = np.zeros((lanes.tiles, system.size + len(self.model.outputs), lanes.width))
        table = job(POINT_SLOTS, {"theta": lanes.theta, "states": tiled, "values": values})
        run(self.program.rates(), lanes.tiles, table, 1)
        return lanes.untiled(values)

    def check_window(self, window: Window) -> None:
        """Refuse a reduction of something that the model does not have."""
        for one in window.of:
            if one.of not in self.model.states and one.of not in self.model.outputs:
                raise SolveError(f"window: {one.of!r} is neither a state nor an output of {self.model.name}")

    def refuse_steps(self, inputs: Inputs | None, where: str) -> None:
        """Refuse what changes in time where nothing does."""
        for name, rate in (inputs or {}).items():
            if isinstance(rate, Steps):
                raise SolveError(f"inputs: {name!r} changes in time; {where} takes constant inputs alone")

    def _column(self, name: str) -> int:
        """Where an input or a covariate stands among the columns of a lane."""
        names = self.model.parameters
        if name in names:
            return names.index(name)
        if name not in self.model.states:
            raise SolveError(f"inputs: {name!r} is neither a state nor a parameter of {self.model.name}")
        return len(names) + self.state(name)
