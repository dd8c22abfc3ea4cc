"""The engine: lanes of parameters through time, doses and all; each lane as if it were alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from davy.body.model import Model
from davy.engine import llvm
from davy.engine.doses import Doses, checked_times, mesh
from davy.engine.job import POINT_SLOTS, SOLVE_SLOTS, STEADY_SLOTS, Job, job
from davy.engine.newton import accumulators
from davy.engine.program import MethodName, Program, fingerprint, program
from davy.engine.trajectories import BAD_INPUT, SteadyStates, Trajectories
from davy.errors import SolveError

Floats = NDArray[np.float64]
Inputs = Mapping[str, ArrayLike]
_TIGHT = 5e-5
_MARGIN: Mapping[MethodName, float] = {"ros3": 0.75, "rodas4": 2.0}  # local for global error; see tests/analytic
_LOOSEST = 5e-4  # beyond it the error estimate itself cannot be trusted
_MOST_STEPS = 1e7
_FIRST = 1e-3


def build(model: Model, *, integrals: Iterable[str] = ()) -> Engine:
    """The engine of a model.

    Parameters
    ----------
    model : what `davy.body.read_model` gives.
    integrals : states or outputs whose integral over time is carried along, for exact means.
    """
    wanted = tuple(integrals)
    return Engine(model, wanted, program(model, wanted, llvm.widest()))


@dataclass(frozen=True, eq=False)
class Engine:
    """A model ready to run."""

    model: Model
    integrals: tuple[str, ...]
    _program: Program = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of model, generator and machine [hex]."""
        return fingerprint(self.model, self.integrals)

    @property
    def accumulators(self) -> tuple[str, ...]:
        """States that no rate reads: they only sum up, and have no steady state."""
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
        """Values at the wanted times; a value at a dose time is after the dose. Time starts at 0.

        Parameters
        ----------
        theta : (lanes, parameters) in the order of `Model.parameters`.
        doses : added to states at their times.
        times_d : (times,) ascending [d].
        initial : (lanes, states) or (states,); None = the model's own, from each lane's parameters.
        inputs : by state, a zero-order rate added to it, a number or one a lane [mmol/d].
        rtol : error of every value, relative to the largest size of that quantity since its last dose.
        threads : how many threads share the lanes; the values do not depend on it.
        """
        lanes = self._lanes(theta, inputs)
        times = checked_times(times_d)
        start = self._start(lanes, initial)
        return _Run(self, lanes, start, times, doses).trajectories(rtol, threads)

    def steady(
        self,
        theta: ArrayLike,
        *,
        guess: ArrayLike | None = None,
        held: Iterable[str] = (),
        inputs: Inputs | None = None,
    ) -> SteadyStates:
        """The states at which nothing changes; accumulators are left out, `held` states stay as guessed."""
        system = self._program.system
        if system.clock:
            raise SolveError(f"{self.model.name}: a model that reads the time has no steady state")
        lanes = self._lanes(theta, inputs)
        states = lanes.tiled(self._start(lanes, guess))
        free = np.ones(system.size)
        for name in held:
            free[self._state(name)] = 0.0
        status = np.zeros((lanes.tiles, lanes.width), dtype=np.int64)
        table = job(STEADY_SLOTS, {"theta": lanes.theta, "states": states, "free": free, "status": status})
        _run(self._program.steady(), lanes.tiles, table, 1)
        found = lanes.untiled(states)[:, : len(self.model.states)]
        codes = np.where(lanes.bad, BAD_INPUT, status.reshape(-1)[: lanes.count])
        found[codes != 0] = np.nan
        values = self._point(lanes, found)[:, system.size :]
        outputs = {name: values[:, i] for i, name in enumerate(self.model.outputs)}
        return SteadyStates(self.model.states, found, outputs, codes)

    def rates(self, theta: ArrayLike, state: ArrayLike, *, inputs: Inputs | None = None) -> Floats:
        """(lanes, states) right-hand sides at given states, zero-order inputs added."""
        lanes = self._lanes(theta, inputs)
        return self._point(lanes, self._rows(state, lanes.count, "state"))[:, : len(self.model.states)]

    def outputs(self, theta: ArrayLike, state: ArrayLike) -> Floats:
        """(lanes, outputs) at given states."""
        lanes = self._lanes(theta, None)
        return self._point(lanes, self._rows(state, lanes.count, "state"))[:, self._program.system.size :]

    def initial(self, theta: ArrayLike) -> Floats:
        """(lanes, states) the model's own start."""
        return self._start(self._lanes(theta, None), None)[:, : len(self.model.states)]

    def _lanes(self, theta: ArrayLike, inputs: Inputs | None) -> Lanes:
        rows = np.array(theta, dtype=np.float64, ndmin=2)
        count, names = len(rows), self.model.parameters
        if rows.ndim != 2 or rows.shape[1] != len(names) or not count:
            raise SolveError(f"theta: shape {rows.shape}; (lanes, {len(names)}) in the order of parameters is right")
        added = np.zeros((count, len(self.model.states)))
        for name, rate in (inputs or {}).items():
            added[:, self._state(name)] = np.asarray(rate, dtype=np.float64)
        return Lanes(np.concatenate((rows, added), axis=1), self._program.width)

    def _state(self, name: str) -> int:
        if name not in self.model.states:
            raise SolveError(f"{name!r} is not a state of {self.model.name}; states: {', '.join(self.model.states)}")
        return self.model.states.index(name)

    def _rows(self, states: ArrayLike, count: int, what: str) -> Floats:
        given = np.array(states, dtype=np.float64)
        wanted = (count, len(self.model.states))
        if given.shape not in (wanted, wanted[1:]):
            raise SolveError(f"{what}: shape {given.shape}; {wanted} in the order of states is right")
        return np.array(np.broadcast_to(given, wanted))

    def _start(self, lanes: Lanes, initial: ArrayLike | None) -> Floats:
        """(lanes, states + integrals + clock) at time 0."""
        system = self._program.system
        start = np.zeros((lanes.count, system.size))
        if initial is None:
            values = np.zeros((lanes.tiles, system.size, lanes.width))
            table = job(POINT_SLOTS, {"theta": lanes.theta, "states": values, "values": values})
            _run(self._program.start(), lanes.tiles, table, 1)
            start[:] = lanes.untiled(values)
        else:
            start[:, : len(self.model.states)] = self._rows(initial, lanes.count, "initial")
        lanes.bad[~_finite(start)] = True
        return start

    def _point(self, lanes: Lanes, states: Floats) -> Floats:
        system = self._program.system
        full = np.zeros((lanes.count, system.size))
        full[:, : states.shape[1]] = states
        tiled = lanes.tiled(full)
        values = np.zeros((lanes.tiles, system.size + len(self.model.outputs), lanes.width))
        table = job(POINT_SLOTS, {"theta": lanes.theta, "states": tiled, "values": values})
        _run(self._program.rates(), lanes.tiles, table, 1)
        return lanes.untiled(values)


def _finite(rows: Floats) -> NDArray[np.bool_]:
    return np.array(np.isfinite(rows).all(axis=1), dtype=np.bool_)


class Lanes:
    """Rows of parameters laid out in tiles; the last tile is filled up with copies of the last lane."""

    def __init__(self, rows: Floats, width: int) -> None:
        self.count = len(rows)
        self.width = width
        self.tiles = -(-self.count // width)
        self.bad = ~_finite(rows)
        self.theta = self.tiled(rows)

    def tiled(self, rows: Floats) -> Floats:
        """(lanes, columns) as (tiles, columns, width)."""
        full = np.empty((self.tiles * self.width, rows.shape[1]))
        full[: self.count] = rows
        full[self.count :] = rows[-1:]
        return np.ascontiguousarray(full.reshape(self.tiles, self.width, -1).transpose(0, 2, 1))

    def untiled(self, tiled: Floats) -> Floats:
        """(tiles, columns, width) as (lanes, columns)."""
        return np.array(tiled.transpose(0, 2, 1).reshape(self.tiles * self.width, -1)[: self.count])


@dataclass(frozen=True, eq=False)
class _Run:
    """One call of `Engine.solve`."""

    engine: Engine
    lanes: Lanes
    start: Floats
    times: Floats
    doses: Doses

    def trajectories(self, rtol: float, threads: int) -> Trajectories:
        model, lanes = self.engine.model, self.lanes
        if not 1e-12 <= rtol <= 0.1:
            raise SolveError(f"rtol {rtol} is outside 1e-12 to 0.1")
        method: MethodName = "ros3" if rtol > _TIGHT else "rodas4"
        values, status, steps, table = self._job(min(_LOOSEST, rtol * _MARGIN[method]))
        _run(self.engine._program.solve(method), lanes.tiles, table, threads)  # pyright: ignore[reportPrivateUsage]
        flat = values.transpose(0, 3, 1, 2).reshape(lanes.tiles * lanes.width, len(self.times), -1)[: lanes.count]
        codes = np.where(lanes.bad, BAD_INPUT, status.reshape(-1)[: lanes.count])
        flat[codes != 0] = np.nan
        size, own = self.start.shape[1], len(model.states)
        integrals = {name: flat[:, :, own + i].copy() for i, name in enumerate(self.engine.integrals)}
        shown = flat if size == own else np.concatenate((flat[:, :, :own], flat[:, :, size:]), axis=2)
        return Trajectories(
            (*model.states, *model.outputs),
            self.times,
            shown,
            codes,
            integrals,
            steps.reshape(-1)[: lanes.count].astype(np.int64),
        )

    def _job(self, tolerance: float) -> tuple[Floats, NDArray[np.int64], Floats, Job]:
        lanes, model = self.lanes, self.engine.model
        segments = mesh(self.times, self.doses)
        columns = self.start.shape[1] + len(model.outputs)
        values = np.zeros((lanes.tiles, len(self.times), columns, lanes.width))
        status = np.zeros((lanes.tiles, lanes.width), dtype=np.int64)
        steps = np.zeros((lanes.tiles, lanes.width))
        amounts, per_tile = self._amounts()
        finite = np.where(lanes.bad[:, None], 0.0, self.start)
        table = job(
            SOLVE_SLOTS,
            {
                "segments": len(segments.lengths),
                "lengths": segments.lengths,
                "dose_from": segments.dose_from,
                "dose_state": self._dose_states(),
                "dose_amount": amounts,
                "amount_per_tile": per_tile,
                "row": segments.row,
                "rows": len(self.times),
                "theta": lanes.theta,
                "states": lanes.tiled(finite),
                "values": values,
                "status": status,
                "steps": steps,
                "per_tolerance": 1.0 / tolerance,
                "first_step": _FIRST * segments.first_length,
                "most_steps": _MOST_STEPS,
            },
        )
        return values, status, steps, table

    def _dose_states(self) -> NDArray[np.int64]:
        indices = [self.engine._state(name) for name in self.doses.state]  # pyright: ignore[reportPrivateUsage]
        return np.array(indices, dtype=np.int64)

    def _amounts(self) -> tuple[Floats, int]:
        """Amounts in tiles, and how far apart those of two tiles lie (0 = all tiles share them)."""
        lanes, states = self.lanes, self._dose_states()
        factor = np.array(self.engine.model.dose_per_unit or (1.0,) * len(self.engine.model.states))[states]
        amounts = self.doses.amount_mmol * factor
        if amounts.ndim == 1:
            return np.ascontiguousarray(np.repeat(amounts[:, None], lanes.width, axis=1)), 0
        if len(amounts) != lanes.count:
            raise SolveError(f"doses: amounts for {len(amounts)} lanes, theta has {lanes.count}")
        return lanes.tiled(amounts), amounts.shape[1] * lanes.width


def _run(function: llvm.Compiled, tiles: int, table: Job, threads: int) -> None:
    address = int(table[0].ctypes.data)
    if threads <= 1 or tiles <= 1:
        function(0, tiles, address)
        return
    pieces = min(tiles, threads * 4)
    edges = [tiles * k // pieces for k in range(pieces + 1)]
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(function, a, b, address) for a, b in pairwise(edges)]
        for future in waiting:
            future.result()
