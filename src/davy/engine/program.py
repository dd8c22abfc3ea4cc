"""The compiled functions of a model: loaded if they were kept, otherwise traced, differentiated, written, compiled."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Literal

from davy import cache
from davy.body.model import Model
from davy.engine import llvm
from davy.engine.trace import System
from davy.errors import ModelError

MethodName = Literal["ros3", "rodas4"]


@dataclass(frozen=True, eq=False)
class Program:
    """The compiled functions of one system; each is loaded or compiled when it is first needed."""

    system: System
    width: int
    _functions: dict[str, llvm.Compiled] = field(default_factory=dict[str, llvm.Compiled])
    _lock: Lock = field(default_factory=Lock)

    def solve(self, method: MethodName, watched: str = "") -> llvm.Compiled:
        """The integration loop with that method, which gathers what is watched."""
        return self._function(f"solve-{method}-{watched}" if watched else f"solve-{method}")

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
        from davy.engine.codegen import function_text  # the generator is not even imported for what was kept

        return function_text(self.system, name, self.width, fused=llvm.fused(), estimates=llvm.estimates())

    def _function(self, name: str) -> llvm.Compiled:
        with self._lock:
            if name not in self._functions:
                self._functions[name] = llvm.loaded(self._object_code(name), name.partition("-")[0])
            return self._functions[name]

    def _object_code(self, name: str) -> bytes:
        structure = fingerprint(self.system.model, self.system.integrals)
        key = cache.key_of(structure, f"width {self.width}", name) if cache.code_of("davy.engine") else ""
        code = cache.kept("object", key)
        if code is None:
            code = llvm.object_code(self.text(name))
            cache.keep("object", key, code)
        return code


_PROGRAMS: dict[tuple[str, int], Program] = {}


def program(model: Model, integrals: tuple[str, ...], width: int) -> Program:
    """The program of a model, shared by all engines of the same structure."""
    if not (model.states or model.outputs):
        raise ModelError(f"{model.name}: the model has no state and no output, so there is nothing to integrate")
    key = fingerprint(model, integrals), width
    return _PROGRAMS.setdefault(key, Program(System(model, integrals), width))


@lru_cache(maxsize=64)
def fingerprint(model: Model, integrals: tuple[str, ...] = ()) -> str:
    """SHA-256 over model, integrals, the generator's own sources and the machine [hex]."""
    parts = (cache.code_of("davy.engine"), model.fingerprint, ",".join(integrals), llvm.machine())
    return cache.key_of(*(f"{part}." for part in parts))
