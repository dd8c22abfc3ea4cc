"""What we suggest, and why: candidates, the rule that chooses, and the plan that is handed out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.planning.explain import Explained, explain, sources_of
    from davy.planning.plan import plan
    from davy.planning.result import Plan
    from davy.planning.unknowns import unknown_costs

_HOME = {
    "Explained": "davy.planning.explain",
    "Plan": "davy.planning.result",
    "explain": "davy.planning.explain",
    "plan": "davy.planning.plan",
    "sources_of": "davy.planning.explain",
    "unknown_costs": "davy.planning.unknowns",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(_HOME[name]), name)


__all__ = ["Explained", "Plan", "explain", "plan", "sources_of", "unknown_costs"]
