"""What a person reads."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.report.page import plan_page

_HOME = {"plan_page": "davy.report.page"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'davy.report' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


__all__ = ["plan_page"]
