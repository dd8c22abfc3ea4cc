"""Other simulators behind one small interface: the same year, the same doses, values at the same times."""

from __future__ import annotations

import math
import types
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import version
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from benchmarks.rhs import rates_function
from benchmarks.scenario import DAYS, PER_DAY, Floats, Scenario


class Peer(Protocol):
    """A simulator made ready for one scenario."""

    name: str
    tolerances: tuple[float, ...]

    def run(self, tolerance: float) -> tuple[Floats, float]:
        """(times,) of the fast quantity, and the slow one at the end; one person, the whole year."""
        ...


_GRID = (1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 1e-7, 1e-8)


@dataclass
class RoadRunner:
    """libRoadRunner with CVODE; doses are SBML events, which it handles faster than calls from outside."""

    scenario: Scenario
    name: str = "libRoadRunner"
    tolerances: tuple[float, ...] = _GRID
    _runner: Any = field(init=False)
    _dosed_at_once: set[str] = field(init=False)

    def __post_init__(self) -> None:
        roadrunner: Any = import_module("roadrunner")
        self._runner = roadrunner.RoadRunner(self.scenario.sbml)
        self._runner.timeCourseSelections = ["time", self.scenario.fast, self.scenario.slow]
        self._runner.integrator.maximum_num_steps = 10**7
        self._dosed_at_once = {state for at, state, _ in self.scenario.daily if at == 0.0}

    def run(self, tolerance: float) -> tuple[Floats, float]:
        """As `Peer.run`."""
        return self.run_absolute(tolerance, tolerance * 1e-2)

    def run_person(self, tolerance: float, theta: Floats, start: Floats) -> tuple[Floats, float]:
        """The year of another person: parameters and states in the model's order."""
        return self.run_absolute(tolerance, tolerance * 1e-2, theta, start)

    def run_absolute(
        self, relative: float, absolute: float, theta: Floats | None = None, start: Floats | None = None
    ) -> tuple[Floats, float]:
        """With both tolerances given; `resetAll` is needed, since `reset` leaves the events' clocks as they are."""
        self._runner.resetAll()
        model = self.scenario.model
        for names, values in ((model.parameters, theta), (model.states, start)):
            for name, value in zip(names, () if values is None else values, strict=values is not None):
                if name not in self._dosed_at_once:  # a dose at time 0 has been given by now
                    self._runner[name] = float(value)
        self._runner.integrator.relative_tolerance = relative
        self._runner.integrator.absolute_tolerance = absolute
        rows = np.array(self._runner.simulate(0, DAYS, DAYS * PER_DAY + 1))
        return rows[1:, 1], float(rows[-1, 2])


@dataclass
class Copasi:
    """COPASI's LSODA through basico."""

    scenario: Scenario
    name: str = "COPASI"
    tolerances: tuple[float, ...] = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
    _tool: Any = field(init=False)

    def __post_init__(self) -> None:
        self._tool = import_module("basico")
        self._tool.load_model_from_string(self.scenario.sbml)

    def run(self, tolerance: float) -> tuple[Floats, float]:
        """As `Peer.run`."""
        table: Any = self._tool.run_time_course(
            duration=DAYS, intervals=DAYS * PER_DAY, r_tol=tolerance, a_tol=tolerance * 1e-4, max_steps=10**7,
            method="lsoda", use_sbml_id=True,
        )  # fmt: skip
        named = {str(column).removeprefix("Values[").removesuffix("]"): column for column in table.columns}
        rows = table.loc[~table.index.duplicated(keep="last")]
        at = np.searchsorted(rows.index.to_numpy(), self.scenario.times - 1e-9)
        return rows[named[self.scenario.fast]].to_numpy()[at], float(rows[named[self.scenario.slow]].iloc[-1])


@dataclass
class Sundials:
    """CVODE through scikit-sundae; it asks Python for the rates and is restarted at each dose."""

    scenario: Scenario
    name: str = "scikit-sundae"
    tolerances: tuple[float, ...] = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)

    def run(self, tolerance: float) -> tuple[Floats, float]:
        """As `Peer.run`."""
        cvode: Any = import_module("sksundae.cvode")
        model = self.scenario.model
        rates = rates_function(model, math, "{}")
        parameters = [model.defaults[name] for name in model.parameters]

        def right(_: float, y: Floats, rate: Floats) -> None:
            rate[:] = rates(y, parameters)

        solver = cvode.CVODE(right, rtol=tolerance, atol=tolerance * 1e-2, max_num_steps=100_000)
        return _by_segments(self.scenario, lambda state, ends: np.asarray(solver.solve(ends, state).y))


@dataclass
class Diffrax:
    """diffrax's Kvaerno5 on one processor, compiled once by JAX; restarted at each dose."""

    scenario: Scenario
    name: str = "diffrax"
    tolerances: tuple[float, ...] = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
    _step: Any = field(init=False)

    def __post_init__(self) -> None:
        jax: Any = import_module("jax")
        jax.config.update("jax_enable_x64", True)
        jnp: Any = import_module("jax.numpy")
        diffrax: Any = import_module("diffrax")
        model = self.scenario.model
        arithmetic = types.ModuleType("arithmetic")
        for key in ("exp", "log", "sqrt", "where", "stack"):
            setattr(arithmetic, key, getattr(jnp, key))
        rates = rates_function(model, arithmetic, "stack({})")
        parameters = [model.defaults[name] for name in model.parameters]
        term = diffrax.ODETerm(lambda _, y, __: rates(y, parameters))

        def one(state: Any, ends: Any, tolerance: Any) -> Any:
            found = diffrax.diffeqsolve(
                term, diffrax.Kvaerno5(), ends[0], ends[-1], None, state, saveat=diffrax.SaveAt(ts=ends),
                stepsize_controller=diffrax.PIDController(rtol=tolerance, atol=tolerance * 1e-2), max_steps=100_000,
            )  # fmt: skip
            return found.ys

        self._step = jax.jit(one)

    def run(self, tolerance: float) -> tuple[Floats, float]:
        """As `Peer.run`."""
        return _by_segments(self.scenario, lambda state, ends: np.asarray(self._step(state, ends, tolerance)))


def _by_segments(scenario: Scenario, solve: Any) -> tuple[Floats, float]:
    """The year as one call a stretch between doses, for peers without events."""
    from davy.engine import build

    model, engine = scenario.model, build(scenario.model)
    theta = scenario.theta(1)
    state = engine.initial(theta)[0]
    column = {name: i for i, name in enumerate(model.states)}
    marks = sorted({at for at, _, _ in scenario.daily} | {0.0, 1.0} | {k / PER_DAY for k in range(PER_DAY)})
    rows: list[Floats] = []
    for day in range(DAYS):
        for begin, end in pairwise(marks):
            for at, name, amount in scenario.daily:
                if at == begin:
                    state[column[name]] += amount
            state = np.array(solve(state, np.array([day + begin, day + end]))[-1])
            if end * PER_DAY == round(end * PER_DAY):
                rows.append(state.copy())
    return _picked(scenario, np.array(rows), engine, theta)


def _picked(scenario: Scenario, states: Floats, engine: Any, theta: Floats) -> tuple[Floats, float]:
    model = scenario.model
    outputs = engine.outputs(np.repeat(theta, len(states), axis=0), states)
    every = np.concatenate((states, outputs), axis=1)
    names = (*model.states, *model.outputs)
    return every[:, names.index(scenario.fast)], float(every[-1, names.index(scenario.slow)])


PEERS = {"libRoadRunner": RoadRunner, "COPASI": Copasi, "scikit-sundae": Sundials, "diffrax": Diffrax}
_PACKAGES = {
    "libRoadRunner": "libroadrunner",
    "COPASI": "python-copasi",
    "scikit-sundae": "scikit-sundae",
    "diffrax": "diffrax",
}


def versions() -> dict[str, str]:
    """Versions of the peers."""
    return {name: version(package) for name, package in _PACKAGES.items()}
