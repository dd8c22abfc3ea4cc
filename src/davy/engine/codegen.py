"""The generator from one end to the other: a system goes in, the IR text of one function comes out."""

from __future__ import annotations

from davy.engine.assembly import Assembly
from davy.engine.loop import SolveCode
from davy.engine.newton import SteadyCode
from davy.engine.point import emit_rates, emit_start
from davy.engine.rosenbrock import RODAS4, ROS3
from davy.engine.trace import System

_METHODS = {"ros3": ROS3, "rodas4": RODAS4}


def function_text(system: System, name: str, width: int, *, fused: bool, estimates: bool) -> str:
    """The IR of ``solve-ros3``, ``solve-rodas4``, ``steady``, ``start`` or ``rates``, entered by its first word."""
    assembly = Assembly(width, fused=fused, estimates=estimates)
    kind, _, method = name.partition("-")
    if kind == "solve":
        method, _, watched = method.partition("-")
        SolveCode(assembly, system, _METHODS[method], watched).emit()
    elif kind == "steady":
        SteadyCode(assembly, system).emit()
    elif kind == "start":
        emit_start(assembly, system)
    else:
        emit_rates(assembly, system)
    return assembly.text()
