"""How time passes: a model becomes machine code that integrates many lanes, each as if it were alone."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.engine.cycle import Cycle
    from davy.engine.doses import Doses, Steps
    from davy.engine.reductions import (
        Area,
        Final,
        Maximum,
        Mean,
        Minimum,
        Quantile,
        Reduced,
        TimeInRange,
        Window,
    )
    from davy.engine.solve import Engine, build
    from davy.engine.trajectories import SteadyStates, Trajectories

_REDUCTIONS = ("Area", "Final", "Maximum", "Mean", "Minimum", "Quantile", "Reduced", "TimeInRange", "Window")
_HOME = {
    "Cycle": "davy.engine.cycle",
    "Doses": "davy.engine.doses",
    "Steps": "davy.engine.doses",
    **{name: "davy.engine.reductions" for name in _REDUCTIONS},
    "Engine": "davy.engine.solve",
    "SteadyStates": "davy.engine.trajectories",
    "Trajectories": "davy.engine.trajectories",
    "build": "davy.engine.solve",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(_HOME[name]), name)


__all__ = [
    "Area",
    "Cycle",
    "Doses",
    "Engine",
    "Final",
    "Maximum",
    "Mean",
    "Minimum",
    "Quantile",
    "Reduced",
    "SteadyStates",
    "Steps",
    "TimeInRange",
    "Trajectories",
    "Window",
    "build",
]
