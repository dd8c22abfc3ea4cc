"""How time passes: a model becomes machine code that integrates many lanes, each as if it were alone."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.engine.doses import Doses
    from davy.engine.solve import Engine, build
    from davy.engine.trajectories import SteadyStates, Trajectories

_HOME = {
    "Doses": "davy.engine.doses",
    "Engine": "davy.engine.solve",
    "SteadyStates": "davy.engine.trajectories",
    "Trajectories": "davy.engine.trajectories",
    "build": "davy.engine.solve",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(_HOME[name]), name)


__all__ = ["Doses", "Engine", "SteadyStates", "Trajectories", "build"]
