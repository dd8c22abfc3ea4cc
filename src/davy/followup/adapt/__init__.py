"""What to do until the next look: one pure function from everything known on a day to one cautious word."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.followup.adapt.decision import Decision, Reason
    from davy.followup.adapt.inputs import Inputs, Past
    from davy.followup.adapt.rule import decide

_HOME = {
    "Decision": "davy.followup.adapt.decision",
    "Inputs": "davy.followup.adapt.inputs",
    "Past": "davy.followup.adapt.inputs",
    "Reason": "davy.followup.adapt.decision",
    "decide": "davy.followup.adapt.rule",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'davy.followup.adapt' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


__all__ = ["Decision", "Inputs", "Past", "Reason", "decide"]
