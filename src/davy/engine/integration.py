"""One call of the integrator: method and tolerance chosen, lanes run, those that failed tried again more tightly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from davy.engine.doses import Floats, Integers
from davy.engine.job import SOLVE_SLOTS, job
from davy.engine.lanes import Lanes, run
from davy.engine.program import MethodName, Program
from davy.engine.reductions import BEGIN, BINS, Gathering
from davy.engine.status import BAD_INPUT
from davy.engine.timetable import Change, switch_change, timetable
from davy.errors import SolveError

_TIGHT = 3e-3
_MARGINS: Mapping[MethodName, tuple[tuple[float, float], ...]] = {
    "ros3": ((3e-3, 0.4), (1e-2, 0.4)),
    "rodas4": ((1e-6, 3.0), (1e-5, 2.5), (1e-4, 2.0), (3e-4, 1.2), (3e-3, 1.2)),
}
"""Local tolerance over the error asked for, at some errors asked for; measured, see benchmarks/accuracy.py.

ros3 looks at the rates only in the first half of a step and so may miss where urine begins to spill; asked for 1e-3 or
less it keeps its promise only with so short steps that rodas4 is the faster one.
"""
_LOOSEST = 1e-2  # beyond it the error estimate itself cannot be trusted
_TIGHTER = 0.1
_MOST_STEPS = 1e7
_FIRST = 1e-3


def local_tolerance(method: MethodName, rtol: float) -> float:
    """What one step may err, so that every value errs by at most `rtol`; between its points the margin is drawn out."""
    asked, margins = ([point[k] for point in _MARGINS[method]] for k in (0, 1))
    margin = float(np.interp(math.log10(rtol), np.log10(asked), margins))
    return min(_LOOSEST, rtol * margin)


@dataclass(frozen=True)
class Setting:
    """How to integrate: the method, what a local error may be, and whether every wanted time stops the steps."""

    method: MethodName
    tolerance: float
    stopping: bool = False

    @classmethod
    def of(cls, rtol: float, *, stopping: bool = False) -> Setting:
        """The setting that achieves an error."""
        if not 1e-12 <= rtol <= 0.1:
            raise SolveError(f"rtol {rtol} is outside 1e-12 to 0.1")
        method: MethodName = "ros3" if rtol > _TIGHT else "rodas4"
        return cls(method, local_tolerance(method, rtol), stopping)

    def tighter(self) -> Setting:
        """The setting for a lane that failed."""
        return Setting("rodas4", self.tolerance * _TIGHTER, self.stopping)


@dataclass(frozen=True, eq=False)
class Found:
    """(lanes, times, states + outputs), and for each lane its status, its steps, and whether it was tried again.

    Of a gathering, also (lanes, sums) and (lanes, binned quantities, bins).
    """

    values: Floats
    status: Integers
    steps: Integers
    retried: NDArray[np.bool_]
    sums: Floats
    bins: Floats


@dataclass(frozen=True, eq=False)
class Integration:
    """Lanes with their start, the wanted times and what happens on the way."""

    program: Program
    lanes: Lanes
    start: Floats
    times: Floats
    changes: Sequence[Change]
    gathering: Gathering | None = None
    columns: Integers | None = None

    @property
    def shown(self) -> Integers:
        """Which of states, integrals and outputs are wanted, by place; all of them unless `columns` says which."""
        system = self.program.system
        every = np.arange(system.size + len(system.model.outputs), dtype=np.int64)
        return every if self.columns is None else np.ascontiguousarray(self.columns, dtype=np.int64)

    def found(self, setting: Setting, threads: int) -> Found:
        """Values of every lane; NaN where it failed twice."""
        first = self._once(setting, threads)
        again = np.flatnonzero((first.status != 0) & (first.status != BAD_INPUT))
        if again.size:
            second = self._only(again)._once(setting.tighter(), threads)
            first.values[again], first.status[again] = second.values, second.status
            first.sums[again], first.bins[again] = second.sums, second.bins
            first.steps[again] += second.steps
            first.retried[again] = True
        for part in (first.values, first.sums, first.bins):
            part[first.status != 0] = np.nan
        return first

    def _switches(self) -> list[Change]:
        """Where formulas switch, as changes of nothing."""
        system = self.program.system
        if not system.model.switches:
            return []
        rows = self.lanes.untiled(self.lanes.theta)
        values = {name: rows[:, i] for i, name in enumerate(system.model.parameters)}
        return [switch_change(system.model.switches, values, system.size - 1)]

    def _only(self, chosen: NDArray[np.intp]) -> Integration:
        lanes = self.lanes.only(chosen)
        return replace(self, lanes=lanes, start=self.start[chosen], changes=[c.only(chosen) for c in self.changes])

    def _once(self, setting: Setting, threads: int) -> Found:
        lanes, times = self.lanes, self.times
        columns = self.shown
        values = np.zeros((lanes.tiles, len(times), len(columns), lanes.width))
        status = np.zeros((lanes.tiles, lanes.width), dtype=np.int64)
        steps = np.zeros((lanes.tiles, lanes.width))
        sums, bins = self._empty()
        table = job(
            SOLVE_SLOTS,
            {
                "times": times,
                "last": float(times[-1]),
                "inside": 0.0 if setting.stopping else 1.0,
                "rows": len(times),
                "columns": columns,
                "shown": len(columns),
                **timetable([*self.changes, *self._switches()], lanes, float(times[-1])).slots(),
                "theta": lanes.theta.copy(),  # steps of covariates are written into it
                "states": lanes.tiled(np.where(lanes.bad[:, None], 0.0, self.start)),
                "values": values,
                "status": status,
                "steps": steps,
                "per_tolerance": 1.0 / setting.tolerance,
                "first_step": _FIRST,
                "most_steps": _MOST_STEPS,
                "sums": sums,
                "bins": bins,
                "bounds": self.gathering.bounds if self.gathering else np.zeros((0, 2)),
            },
        )
        watched = self.gathering.signature if self.gathering else ""
        run(self.program.solve(setting.method, watched), lanes.tiles, table, threads)
        count = lanes.count
        codes = np.where(lanes.bad, BAD_INPUT, status.reshape(-1)[:count])
        tried = steps.reshape(-1)[:count].astype(np.int64)
        never = np.zeros(count, dtype=np.bool_)
        return Found(lanes.untiled(values), codes, tried, never, lanes.untiled(sums), bins[:count])

    def _empty(self) -> tuple[Floats, Floats]:
        """Sums and bins before the first step."""
        cells = self.gathering.cells if self.gathering else ()
        begin = np.array([value for kind, _ in cells for value in BEGIN[kind]])
        sums = np.zeros((self.lanes.tiles, len(begin), self.lanes.width)) + begin[:, None]
        binned = sum(kind == "bins" for kind, _ in cells)
        return sums, np.zeros((self.lanes.tiles * self.lanes.width, binned, BINS))
