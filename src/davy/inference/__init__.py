"""What a measurement teaches: labs into plausible versions of one person, and why magnesium is low."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.inference.learning import fit
    from davy.inference.posterior import FittedParameter, Posterior

_HOME = {
    "FittedParameter": "davy.inference.posterior",
    "Posterior": "davy.inference.posterior",
    "fit": "davy.inference.learning",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(_HOME[name]), name)


__all__ = ["FittedParameter", "Posterior", "fit"]
