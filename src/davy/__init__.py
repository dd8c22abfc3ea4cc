"""Davy: model-informed magnesium dosing.

Nouns: Source, Model, Person, Regimen, Forecast, Posterior, Verdict, Plan. Verbs: `read_model`, `read_person`,
`simulate`, `fit`, `check`, `plan`. Each is loaded when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.body.model import Model
    from davy.body.read import read_model
    from davy.evidence.registry import Source
    from davy.forecast.future import simulate
    from davy.forecast.outcome import Forecast
    from davy.inference.learning import Posterior, fit
    from davy.people.person import Person
    from davy.people.read import read_person
    from davy.people.regimen import Regimen
    from davy.planning.plan import plan
    from davy.planning.result import Plan
    from davy.safety.check import check
    from davy.safety.verdict import Verdict

__version__ = "0.1.0"

_HOME = {
    "Forecast": "davy.forecast.outcome",
    "Model": "davy.body.model",
    "Person": "davy.people.person",
    "Plan": "davy.planning.result",
    "Posterior": "davy.inference.learning",
    "Regimen": "davy.people.regimen",
    "Source": "davy.evidence.registry",
    "Verdict": "davy.safety.verdict",
    "check": "davy.safety.check",
    "fit": "davy.inference.learning",
    "plan": "davy.planning.plan",
    "read_model": "davy.body.read",
    "read_person": "davy.people.read",
    "simulate": "davy.forecast.future",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'davy' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])


__all__ = [
    "Forecast",
    "Model",
    "Person",
    "Plan",
    "Posterior",
    "Regimen",
    "Source",
    "Verdict",
    "__version__",
    "check",
    "fit",
    "plan",
    "read_model",
    "read_person",
    "simulate",
]
