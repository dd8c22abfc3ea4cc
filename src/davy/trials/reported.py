"""Published results beside what a trial of their size would have found."""

from __future__ import annotations

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
_BAND = (0.025, 0.5, 0.975)


def compared(trial: Trial, said: Reported, outcome: Outcome) -> Comparison:
    """One published result, and the estimates of virtual trials with as many persons."""
    endpoint = next(one for one in trial.endpoints if one.name == said.endpoint)
    shown, p = _predicted(trial, said, endpoint, outcome)
    band = _band(shown)
    value, value_low, value_high = (_canonical(endpoint, said, one) for one in (said.value, said.low, said.high))
    low, median, high = band or (None, None, None)
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
        low=low,
        median=median,
        high=high,
        probability=probability,
        hit=_hit((value, value_low, value_high), band, said, probability),
        miss=None if value is None or median is None else value - median,
        sources=said.sources,
        note=said.note,
    )


def _band(shown: Floats) -> tuple[float, float, float] | None:
    """2.5, 50 and 97.5 % of the estimates; None where most such trials estimate nothing."""
    good = shown[np.isfinite(shown)]
    if len(good) <= REPEATS / 2:
        return None
    low, median, high = (float(value) for value in np.quantile(good, _BAND))
    return low, median, high


def _hit(
    reported: tuple[float | None, float | None, float | None],
    band: tuple[float, float, float] | None,
    said: Reported,
    probability: float | None,
) -> bool:
    value, low, high = reported
    if value is None:
        return probability is not None and (probability > 0.5) == bool(said.significant)
    if band is None:
        return False
    inside = band[0] <= value <= band[2]
    return inside or (low is not None and high is not None and low <= band[1] <= high)


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
    if said.arm is None:
        method = said.analysis or trial.analyses(endpoint)[0]
        drawn = urn(trial, method, said.treatment or trial.treatments[0], outcome)
        found = effects(method, virtual_sums(drawn, said.n, repeats, stream))
        return found.estimate, found.p_value()
    places = [number for number, name in enumerate(trial.arm_names) if name == said.arm]
    rows, part = on_arm(trial, said.arm, outcome), 1.0
    if not trial.within_person:
        part = shares_of(trial)[places[0]] / sum(shares_of(trial))
    (sums,) = virtual_sums(Urn("difference", (rows[:, None],), (part,), paired=False), said.n, repeats, stream)
    return sums.mean[:, 0], None
