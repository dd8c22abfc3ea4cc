"""What the body does: organs written in Antimony, read into one frozen model."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.body.model import Model
    from davy.body.parameters import Dissolution, ParameterRow, dissolution, read_parameters
    from davy.body.read import read_model

_HOME = {
    "Dissolution": "davy.body.parameters",
    "Model": "davy.body.model",
    "ParameterRow": "davy.body.parameters",
    "dissolution": "davy.body.parameters",
    "read_model": "davy.body.read",
    "read_parameters": "davy.body.parameters",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(_HOME[name]), name)


__all__ = ["Dissolution", "Model", "ParameterRow", "dissolution", "read_model", "read_parameters"]
