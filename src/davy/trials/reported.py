"""Published results beside what a trial of their size would have found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypedDict

import numpy as np

from davy.forecast.outcome import Floats
from davy.trials.cohort import in_test_unit, unit_of
from davy.trials.design import Endpoint, Reported, Trial
from davy.trials.endpoints import Outcome, on_arm
from davy.trials.estimate import effects
from davy.trials.resample import Urn, urn, virtual_sums
from davy.trials.result import Comparison
from davy.trials.timetable import shares_of

REPEATS = 2000
LEVEL = 0.90
"""Share of estimates that the predictive interval holds."""

_TAIL = (1 - LEVEL) / 2
_POOLED = 400
"""Persons of a virtual trial that stands for a pooled estimate, of which only the median is used."""
_NORMAL_TAIL = 1.6448536
_NORMAL_95 = 1.9599640


@dataclass(frozen=True)
class Interval:
    """A predictive interval with its median."""

    low: float
    median: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def about(self, median: float) -> Interval:
        """The same interval about another median."""
        shift = median - self.median
        return Interval(self.low + shift, median, self.high + shift)

    def score(self, value: float) -> float:
        """The interval score: its width, and 2 / (1 - level) times what a value outside lies away. Small is good."""
        outside = max(self.low - value, value - self.high, 0.0)
        return self.high - self.low + outside / _TAIL


def compared(trial: Trial, said: Reported, outcome: Outcome) -> Comparison:
    """One published result, and the estimates of virtual trials with as many persons."""
    endpoint = next(one for one in trial.endpoints if one.name == said.endpoint)
    shown, p = _predicted(trial, said, endpoint, outcome)
    value, value_low, value_high = (_canonical(endpoint, said, one) for one in (said.value, said.low, said.high))
    band = _interval(shown, _pooled_error(said, value_low, value_high))
    still = _no_change(trial, said, endpoint, outcome)
    probability = None if p is None else float(np.mean(p < 0.05))
    return Comparison(
        endpoint=said.endpoint,
        what=_words(trial, said),
        unit=unit_shown(endpoint),
        n=said.n,
        reported=value,
        reported_low=value_low,
        reported_high=value_high,
        reported_significant=said.significant,
        low=None if band is None else band.low,
        median=None if band is None else band.median,
        high=None if band is None else band.high,
        probability=probability,
        **judged(value, said.significant, band, still, probability),
        no_change=still,
        sources=said.sources,
        note=said.note,
    )


class Judged(TypedDict):
    """The verdict on a result; see `Comparison`."""

    hit: bool
    miss: float | None
    score: float | None
    score_no_change: float | None


def judged(
    value: float | None, significant: bool | None, band: Interval | None, still: float | None, probability: float | None
) -> Judged:
    """Whether a reported value lies in the band, or most virtual trials find the significance that was reported."""
    if value is None or band is None:
        says_so = probability is not None and (probability > 0.5) == bool(significant)
        return {"hit": value is None and says_so, "miss": None, "score": None, "score_no_change": None}
    return {
        "hit": value in band,
        "miss": value - band.median,
        "score": band.score(value),
        "score_no_change": None if still is None else band.about(still).score(value),
    }


def _interval(shown: Floats, error: float | None) -> Interval | None:
    """The predictive interval of the estimates; None where most such trials estimate nothing."""
    good = shown[np.isfinite(shown)]
    if len(good) <= REPEATS / 2:
        return None
    low, median, high = (float(value) for value in np.quantile(good, (_TAIL, 0.5, 1 - _TAIL)))
    if error is None:
        return Interval(low, median, high)
    return Interval(median - _NORMAL_TAIL * error, median, median + _NORMAL_TAIL * error)


def _pooled_error(said: Reported, low: float | None, high: float | None) -> float | None:
    """Standard error that a pooled estimate tells of itself: the trials behind it differ, and are not simulated."""
    if not said.pooled or low is None or high is None:
        return None
    return (high - low) / (2 * _NORMAL_95)


def _no_change(trial: Trial, said: Reported, endpoint: Endpoint, outcome: Outcome) -> float | None:
    """What a result would be if nothing changed anything: 0, or for the mean of an arm what it was at the start."""
    if said.arm is None or endpoint.measure in ("change", "percent-change"):
        return 0.0
    if endpoint.measure in ("below", "above"):
        return None
    start = on_arm(trial, said.arm, replace(outcome, value=outcome.start))
    known = start[np.isfinite(start)]
    return float(np.mean(known)) if len(known) else None


def unit_shown(endpoint: Endpoint) -> str:
    """The unit of an endpoint: that of its lab, per cent, or a share."""
    if endpoint.measure == "percent-change":
        return "%"
    return "share" if endpoint.measure in ("below", "above") else unit_of(endpoint.test)


def _canonical(endpoint: Endpoint, said: Reported, value: float | None) -> float | None:
    if value is None or endpoint.measure in ("percent-change", "below", "above"):
        return value
    return in_test_unit(endpoint.test, value, said.unit)


def _words(trial: Trial, said: Reported) -> str:
    if said.arm is not None:
        return f"{said.endpoint}, {said.arm}"
    treatment = said.treatment or trial.treatments[0]
    if said.analysis == "before-after":
        return f"{said.endpoint}, {treatment} after less before"
    return f"{said.endpoint}, {treatment} less {trial.control_arm}"


def _predicted(trial: Trial, said: Reported, endpoint: Endpoint, outcome: Outcome) -> tuple[Floats, Floats | None]:
    """(repeats,) estimates, and p values where the report is of a comparison."""
    stream, repeats = f"trial:{trial.seed}:reported", range(REPEATS)
    people = min(said.n, _POOLED) if said.pooled else said.n
    if said.arm is None:
        method = said.analysis or trial.analyses(endpoint)[0]
        drawn = urn(trial, method, said.treatment or trial.treatments[0], outcome)
        found = effects(method, virtual_sums(drawn, people, repeats, stream))
        return found.estimate, found.p_value()
    places = [number for number, name in enumerate(trial.arm_names) if name == said.arm]
    part = 1.0 if trial.within_person else shares_of(trial)[places[0]] / sum(shares_of(trial))
    rows = _arm_rows(trial, said.arm, endpoint, outcome)
    (sums,) = virtual_sums(Urn("difference", (rows,), (part,), paired=False), people, repeats, stream)
    if endpoint.measure == "percent-change":
        return 100.0 * sums.mean[:, 1] / sums.mean[:, 0], None
    return sums.mean[:, 0], None


def _arm_rows(trial: Trial, arm: str, endpoint: Endpoint, outcome: Outcome) -> Floats:
    """(persons, columns) what the mean of an arm is taken of; a change in per cent is that of the arm's mean."""
    if endpoint.measure != "percent-change":
        return on_arm(trial, arm, outcome)[:, None]
    parts = (outcome.start, outcome.gain)
    return np.stack([on_arm(trial, arm, replace(outcome, value=part)) for part in parts], axis=-1)
