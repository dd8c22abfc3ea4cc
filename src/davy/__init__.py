"""Davy: model-informed magnesium dosing.

Nouns: Source, Model, Person, Regimen, Forecast, Posterior, Verdict, Plan. Verbs: `read_model`, `read_person`,
`draw_population`, `simulate`, `fit`, `check`, `plan`, `pool`, `run_trial`. Each is loaded when it is first asked for.
This file is the door for Python, as `davy.cli` is for the terminal: only here is asked where files that can be made
again are kept (`davy.cache`).
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from davy.cache import use_folder, usual_folder

if TYPE_CHECKING:
    from davy.body.model import Model
    from davy.body.read import read_model
    from davy.evidence.meta.pooling import pool
    from davy.evidence.registry import Source
    from davy.forecast.future import simulate
    from davy.forecast.outcome import Forecast
    from davy.inference.learning import Posterior, fit
    from davy.people.person import Person
    from davy.people.population import Population, draw_population
    from davy.people.read import read_person
    from davy.people.regimen import Regimen
    from davy.planning.plan import plan
    from davy.planning.result import Plan
    from davy.safety.check import check
    from davy.safety.verdict import Verdict
    from davy.trials.run import run_trial

__version__ = "0.1.0"

use_folder(usual_folder(os.environ, sys.platform))

_HOME = {
    "Forecast": "davy.forecast.outcome",
    "Model": "davy.body.model",
    "Person": "davy.people.person",
    "Plan": "davy.planning.result",
    "Population": "davy.people.population",
    "Posterior": "davy.inference.learning",
    "Regimen": "davy.people.regimen",
    "Source": "davy.evidence.registry",
    "Verdict": "davy.safety.verdict",
    "check": "davy.safety.check",
    "draw_population": "davy.people.population",
    "fit": "davy.inference.learning",
    "plan": "davy.planning.plan",
    "pool": "davy.evidence.meta.pooling",
    "read_model": "davy.body.read",
    "read_person": "davy.people.read",
    "run_trial": "davy.trials.run",
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
    "Population",
    "Posterior",
    "Regimen",
    "Source",
    "Verdict",
    "__version__",
    "check",
    "draw_population",
    "fit",
    "plan",
    "pool",
    "read_model",
    "read_person",
    "run_trial",
    "simulate",
]
