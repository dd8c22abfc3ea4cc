"""What happened next: records of a diary or a device, the days they make, and what is learnt from them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.followup.baseline import baseline_of
    from davy.followup.days import Day, days_of
    from davy.followup.records import Record

_HOME = {
    "Day": "davy.followup.days",
    "Record": "davy.followup.records",
    "baseline_of": "davy.followup.baseline",
    "days_of": "davy.followup.days",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'davy.followup' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


__all__ = ["Day", "Record", "baseline_of", "days_of"]
