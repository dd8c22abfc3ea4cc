"""How far to believe it: whether the knowledge is sound, row by row, and each organ model alone."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.qualify.knowledge import check_knowledge
    from davy.qualify.problem import Problem

_HOME = {"Problem": "davy.qualify.problem", "check_knowledge": "davy.qualify.knowledge"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(_HOME[name]), name)


__all__ = ["Problem", "check_knowledge"]
