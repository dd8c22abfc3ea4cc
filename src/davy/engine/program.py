"""Builds an engine from a model: traced, differentiated, written and compiled once for each model."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

from davy.body.model import Model
from davy.engine import llvm
from davy.engine.assembly import Assembly
from davy.engine.loop import SolveCode
from davy.engine.newton import SteadyCode
from davy.engine.point import emit_rates, emit_start
from davy.engine.rosenbrock import RODAS4, ROS3
from davy.engine.trace import System
from davy.errors import ModelError

GENERATOR = "1"
"""Changes whenever the generated code may change for the same model."""

MethodName = Literal["ros3", "rodas4"]
_METHODS = {"ros3": ROS3, "rodas4": RODAS4}


@dataclass(frozen=True, eq=False)
class Program:
    """The compiled functions of one system; each is compiled when it is first needed."""

    system: System
    width: int
    _functions: dict[str, llvm.Compiled] = field(default_factory=dict[str, llvm.Compiled])
    _lock: Lock = field(default_factory=Lock)

    def solve(self, method: MethodName) -> llvm.Compiled:
        """The integration loop with that method."""
        return self._function(f"solve-{method}")

    def steady(self) -> llvm.Compiled:
        """The search for a steady state."""
        return self._function("steady")

    def start(self) -> llvm.Compiled:
        """The model's own initial states."""
        return self._function("start")

    def rates(self) -> llvm.Compiled:
        """Rates and outputs at given states."""
        return self._function("rates")

    def text(self, name: str) -> str:
        """The IR of one function: ``solve-ros3``, ``solve-rodas4``, ``steady``, ``start``, ``rates``."""
        assembly = Assembly(self.width, fused=llvm.fused())
        kind, _, method = name.partition("-")
        if kind == "solve":
            SolveCode(assembly, self.system, _METHODS[method]).emit()
        elif kind == "steady":
            SteadyCode(assembly, self.system).emit()
        elif kind == "start":
            emit_start(assembly, self.system)
        else:
            emit_rates(assembly, self.system)
        return assembly.text()

    def _function(self, name: str) -> llvm.Compiled:
        with self._lock:
            if name not in self._functions:
                entry = name.partition("-")[0]
                self._functions[name] = llvm.compiled(self.text(name), (entry,))[entry]
            return self._functions[name]


_PROGRAMS: dict[tuple[str, int], Program] = {}


def program(model: Model, integrals: tuple[str, ...], width: int) -> Program:
    """The program of a model, shared by all engines of the same structure."""
    if not model.states:
        raise ModelError(f"{model.name}: the model has no state, so there is nothing to integrate")
    key = fingerprint(model, integrals), width
    return _PROGRAMS.setdefault(key, Program(System(model, integrals), width))


def fingerprint(model: Model, integrals: tuple[str, ...] = ()) -> str:
    """SHA-256 over model, integrals, generator and machine [hex]."""
    parts = (GENERATOR, model.fingerprint, ",".join(integrals), llvm.machine())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
