"""The engine: lanes of parameters through time, doses and all; each lane as if it were alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from davy.body.model import Model
from davy.engine import llvm
from davy.engine.cycle import Cycle, whole_periods
from davy.engine.doses import Doses, Floats, checked_times
from davy.engine.integration import Integration, Setting
from davy.engine.job import STEADY_SLOTS, job
from davy.engine.lanes import run
from davy.engine.layout import Inputs, Layout
from davy.engine.program import Program, fingerprint, program
from davy.engine.reductions import Reduced, Window
from davy.engine.status import BAD_INPUT
from davy.engine.trajectories import SteadyStates, Trajectories
from davy.errors import SolveError


def build(model: Model, *, integrals: Iterable[str] = (), names: Iterable[str] | None = None) -> Engine:
    """The engine of a model.

    Parameters
    ----------
    model : what `davy.body.read_model` gives.
    integrals : states or outputs whose integral over time is carried along, for exact means.
    names : which states and outputs `solve` gives, in this order; None = all. Few names save memory and time.
    """
    wanted = tuple(integrals)
    return Engine(model, wanted, program(model, wanted, llvm.widest()), None if names is None else tuple(names))


@dataclass(frozen=True, eq=False)
class Engine:
    """A model ready to run."""

    model: Model
    integrals: tuple[str, ...]
    _program: Program = field(repr=False)
    names: tuple[str, ...] | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of model, generator and machine [hex]."""
        return fingerprint(self.model, self.integrals)

    @property
    def accumulators(self) -> tuple[str, ...]:
        """States that no rate reads: they only sum up, and have no steady state."""
        from davy.engine.newton import accumulators  # the generator: what only solves never loads it

        own = self.model.states
        return tuple(own[i] for i in accumulators(self._program.system) if i < len(own))

    def solve(
        self,
        theta: ArrayLike,
        doses: Doses,
        times_d: ArrayLike,
        *,
        initial: ArrayLike | None = None,
        inputs: Inputs | None = None,
        rtol: float = 1e-4,
        threads: int = 1,
    ) -> Trajectories:
        """Values at the wanted times; a value at the time of a dose or a step is after it. Time starts at 0.

        Parameters
        ----------
        theta : (lanes, parameters) in the order of `Model.parameters`.
        doses : added to states at their times, the same for all lanes or each lane's own.
        times_d : (times,) ascending [d].
        initial : (lanes, states) or (states,); None = the model's own, from each lane's parameters.
        inputs : by state, a zero-order rate added to it: a number, one a lane, or `Steps` from 0 on [mmol/d];
            by parameter, the `Steps` of a covariate, which has the value of `theta` before the first.
        rtol : error of every state, relative to the largest size of that state since the last dose, or half of what
            counted before it; an output errs as its formula makes it.
        threads : how many threads share the lanes; the values do not depend on it.
        """
        if len(np.array(theta, ndmin=2)) == 1 and self._program.width > 1:  # one lane alone is quicker without vectors
            alone = Engine(self.model, self.integrals, program(self.model, self.integrals, 1), self.names)
            return alone.solve(theta, doses, times_d, initial=initial, inputs=inputs, rtol=rtol)
        layout = self._layout
        lanes = layout.lanes(theta, inputs)
        times = checked_times(times_d)
        wanted = (*self.model.states, *self.model.outputs) if self.names is None else self.names
        own = len(self.model.states)
        columns = [*(layout.column(name) for name in wanted), *range(own, own + len(self.integrals))]
        integration = Integration(
            self._program,
            lanes,
            layout.start(lanes, initial),
            times,
            layout.changes(doses, inputs),
            columns=np.array(columns),
        )
        found = integration.found(Setting.of(rtol), threads)
        values = found.values
        return Trajectories(
            wanted,
            times,
            values[:, :, : len(wanted)] if self.integrals else values,
            found.status,
            {name: values[:, :, len(wanted) + i].copy() for i, name in enumerate(self.integrals)},
            found.steps,
            found.retried,
        )

    def summarise(
        self,
        theta: ArrayLike,
        doses: Doses,
        window: Window,
        *,
        initial: ArrayLike | None = None,
        inputs: Inputs | None = None,
        rtol: float = 1e-4,
        threads: int = 1,
    ) -> Reduced:
        """What a window asks for, one number a lane, in memory that does not grow with its length.

        Arguments as of `solve`. The integration starts at 0, also where the window starts later.
        """
        from davy.engine.summary import Summary

        layout = self._layout
        layout.check_window(window)
        lanes = layout.lanes(theta, inputs)
        summary = Summary(self._program, window, Setting.of(rtol, stopping=True))
        return summary.reduced(lanes, layout.start(lanes, initial), layout.changes(doses, inputs), threads)

    def envelope(
        self,
        theta: ArrayLike,
        cycle: Cycle,
        times_d: ArrayLike,
        *,
        initial: ArrayLike | None = None,
        inputs: Inputs | None = None,
        rtol: float = 1e-4,
        threads: int = 1,
    ) -> Trajectories:
        """As `solve`, under a regimen that repeats itself, at whole numbers of its period; most periods are skipped.

        Arguments as of `solve`. A value at the end of a period is before the doses of the next. `steps` counts the
        periods simulated, those aside that tell the Jacobian included.
        """
        from davy.engine.envelope import Envelope
        from davy.engine.newton import accumulators

        layout, system = self._layout, self._program.system
        if system.clock:
            raise SolveError(f"{self.model.name}: a model that reads the time does not repeat itself")
        layout.refuse_steps(inputs, "a regimen that repeats itself")
        times = checked_times(times_d)
        wanted = whole_periods(times, cycle.period_d)
        lanes = layout.lanes(theta, inputs)
        start = layout.start(lanes, initial)
        sums = set(accumulators(system))
        moving = [i for i in range(system.size) if i not in sums]
        walk = Envelope(self._program, lanes, layout.changes(cycle.doses, None), cycle.period_d, moving, rtol, threads)
        states, path = walk.walked(start, wanted)
        own = len(self.model.states)
        values = np.stack([layout.point(lanes, states[:, k])[:, system.size :] for k in range(len(times))], axis=1)
        return Trajectories(
            (*self.model.states, *self.model.outputs),
            times,
            np.concatenate((states[:, :, :own], values), axis=2),
            path.status,
            {name: states[:, :, own + i].copy() for i, name in enumerate(self.integrals)},
            path.simulated,
        )

    def steady(
        self,
        theta: ArrayLike,
        *,
        guess: ArrayLike | None = None,
        held: Iterable[str] = (),
        inputs: Inputs | None = None,
    ) -> SteadyStates:
        """The states at which nothing changes; accumulators are left out, `held` states stay as guessed."""
        system, layout = self._program.system, self._layout
        if system.clock:
            raise SolveError(f"{self.model.name}: a model that reads the time has no steady state")
        layout.refuse_steps(inputs, "a steady state")
        lanes = layout.lanes(theta, inputs)
        states = lanes.tiled(layout.start(lanes, guess))
        free = np.ones(system.size)
        for name in held:
            free[layout.state(name)] = 0.0
        status = np.zeros((lanes.tiles, lanes.width), dtype=np.int64)
        table = job(STEADY_SLOTS, {"theta": lanes.theta, "states": states, "free": free, "status": status})
        run(self._program.steady(), lanes.tiles, table, 1)
        found = lanes.untiled(states)[:, : len(self.model.states)].copy()
        codes = np.where(lanes.bad, BAD_INPUT, status.reshape(-1)[: lanes.count])
        found[codes != 0] = np.nan
        values = layout.point(lanes, found)[:, system.size :]
        outputs = {name: values[:, i] for i, name in enumerate(self.model.outputs)}
        return SteadyStates(self.model.states, found, outputs, codes)

    def rates(self, theta: ArrayLike, state: ArrayLike, *, inputs: Inputs | None = None) -> Floats:
        """(lanes, states) right-hand sides at given states, zero-order inputs added."""
        layout = self._layout
        layout.refuse_steps(inputs, "rates at a point")
        lanes = layout.lanes(theta, inputs)
        return layout.point(lanes, layout.rows(state, lanes.count, "state"))[:, : len(self.model.states)]

    def outputs(self, theta: ArrayLike, state: ArrayLike) -> Floats:
        """(lanes, outputs) at given states."""
        layout = self._layout
        lanes = layout.lanes(theta, None)
        return layout.point(lanes, layout.rows(state, lanes.count, "state"))[:, self._program.system.size :]

    def initial(self, theta: ArrayLike) -> Floats:
        """(lanes, states) the model's own start."""
        layout = self._layout
        return layout.start(layout.lanes(theta, None), None)[:, : len(self.model.states)]

    @cached_property
    def _layout(self) -> Layout:
        return Layout(self.model, self._program)
