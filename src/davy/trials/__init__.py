"""What would happen to thousands: virtual trials from one person to millions, and questions to whole populations."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.trials.design import Trial
    from davy.trials.questions import (
        Answer,
        depleted_stores_at_normal_serum,
        population_questions,
        serum_by_egfr,
        share_above_upper_level,
        share_below_ear,
        share_with_low_serum,
    )
    from davy.trials.read import read_trial
    from davy.trials.result import TrialResult
    from davy.trials.run import run_trial

_HOME = {
    "Answer": "davy.trials.questions",
    "Trial": "davy.trials.design",
    "TrialResult": "davy.trials.result",
    "depleted_stores_at_normal_serum": "davy.trials.questions",
    "population_questions": "davy.trials.questions",
    "read_trial": "davy.trials.read",
    "run_trial": "davy.trials.run",
    "serum_by_egfr": "davy.trials.questions",
    "share_above_upper_level": "davy.trials.questions",
    "share_below_ear": "davy.trials.questions",
    "share_with_low_serum": "davy.trials.questions",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(_HOME[name]), name)


__all__ = [
    "Answer",
    "Trial",
    "TrialResult",
    "depleted_stores_at_normal_serum",
    "population_questions",
    "read_trial",
    "run_trial",
    "serum_by_egfr",
    "share_above_upper_level",
    "share_below_ear",
    "share_with_low_serum",
]
