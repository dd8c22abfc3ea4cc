"""What we must not do: gates on a person, a regimen and a forecast, each with its fact, its limit and its source.

The two verbs live in their own files: `davy.safety.check.check` and `davy.safety.caps.caps`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.safety.caps import binding, permitted, upper_level
    from davy.safety.check import Screened, lab_due, referrals
    from davy.safety.clock import free_times
    from davy.safety.intake import present_intake_finding, standing_mg
    from davy.safety.interactions import MedicineWindow, windows
    from davy.safety.limits import Rules, rules
    from davy.safety.verdict import (
        Allowed,
        Cap,
        Finding,
        LabDue,
        Referral,
        Refused,
        Verdict,
        WithCare,
        verdict_of,
    )

_HOME = {
    "Allowed": "davy.safety.verdict",
    "Cap": "davy.safety.verdict",
    "Finding": "davy.safety.verdict",
    "LabDue": "davy.safety.verdict",
    "MedicineWindow": "davy.safety.interactions",
    "Referral": "davy.safety.verdict",
    "Refused": "davy.safety.verdict",
    "Screened": "davy.safety.check",
    "Rules": "davy.safety.limits",
    "Verdict": "davy.safety.verdict",
    "WithCare": "davy.safety.verdict",
    "binding": "davy.safety.caps",
    "free_times": "davy.safety.clock",
    "lab_due": "davy.safety.check",
    "permitted": "davy.safety.caps",
    "present_intake_finding": "davy.safety.intake",
    "referrals": "davy.safety.check",
    "rules": "davy.safety.limits",
    "standing_mg": "davy.safety.intake",
    "upper_level": "davy.safety.caps",
    "verdict_of": "davy.safety.verdict",
    "windows": "davy.safety.interactions",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'davy.safety' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


__all__ = [
    "Allowed",
    "Cap",
    "Finding",
    "LabDue",
    "MedicineWindow",
    "Referral",
    "Refused",
    "Rules",
    "Screened",
    "Verdict",
    "WithCare",
    "binding",
    "free_times",
    "lab_due",
    "permitted",
    "present_intake_finding",
    "referrals",
    "rules",
    "standing_mg",
    "upper_level",
    "verdict_of",
    "windows",
]
