"""What a run depends on: its design, and what computes it. Runs that are alike in both have the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import Any

from davy import __version__
from davy.engine import build
from davy.errors import Fault, InputError
from davy.tables import knowledge_fingerprint
from davy.trials.cohort import body
from davy.trials.design import Trial


def identity_of(trial: Trial) -> dict[str, str]:
    """What a run depends on; another of these is another run."""
    design = json.dumps(trial.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
    return {"design": hashlib.sha256(design.encode()).hexdigest(), **surroundings()}


@cache
def surroundings() -> dict[str, str]:
    """What this process computes with."""
    return {
        "davy": __version__,
        "model": body().fingerprint,
        "knowledge": knowledge_fingerprint(),
        "engine": build(body()).fingerprint,
    }


def alike(expected: dict[str, str], task: Callable[..., Any], *given: Any) -> Any:
    """Do a task where everything is as it is with whoever asks.

    Raises
    ------
    InputError : this worker has another version, model, knowledge or kind of machine, so its bits could differ.
    """
    other = [name for name, value in surroundings().items() if expected[name] != value]
    if other:
        what = f"has another {other[0]} ({surroundings()[other[0]]}, not {expected[other[0]]})"
        raise InputError([Fault("a worker", what, "the same Davy on the same kind of machine everywhere")])
    return task(*given)
