"""Power by repeated virtual trials, with the error that simulation leaves, and the smallest trial that has enough."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from davy.trials.design import Power, Trial
from davy.trials.endpoints import Outcome
from davy.trials.resample import Urn, urn, virtual_trials
from davy.trials.result import PowerCurve, PowerPoint, SampleSize
from davy.trials.timetable import sequences_of, shares_of

GROUPS = 10
"""Power is found in ten separate tenths of the persons; how far these differ is its error."""

LARGEST_TRIAL = 200_000
_SURE = 1.96


def power_at(drawn: Urn, people: int, *, alpha: float, repeats: int, stream: str) -> PowerPoint:
    """Power of a trial of this size.

    The error has two parts, the number of virtual trials and the number of simulated persons behind them; the spread
    between tenths of the persons holds both.
    """
    each = max(repeats // GROUPS, 1)
    shown: list[float] = []
    for number in range(GROUPS):
        trials = range(number * each, (number + 1) * each)
        p = virtual_trials(drawn.part(number, GROUPS), people, trials, stream).p_value()
        shown.append(float(np.mean(p < alpha)))
    power = math.fsum(shown) / GROUPS
    between = math.sqrt(math.fsum((one - power) ** 2 for one in shown) / (GROUPS - 1) / GROUPS)
    counted = math.sqrt(power * (1 - power) / (each * GROUPS))
    return PowerPoint(people, power, max(between, counted))


def smallest_size(power: Callable[[int], PowerPoint], target: float, *, unit: int, least: int) -> SampleSize:
    """The smallest trial with the target power, by doubling and halving.

    Parameters
    ----------
    power : the curve; the same random numbers at every size make it rise steadily.
    unit : sizes are multiples of it; least : the smallest that is tried.
    """
    known: dict[int, PowerPoint] = {}

    def at(size: int) -> PowerPoint:
        return known.setdefault(size, power(size)) if size not in known else known[size]

    def crossing(enough: Callable[[PowerPoint], bool]) -> int | None:
        low, high = 0, -(-least // unit)
        while not enough(at(high * unit)):
            if high * unit >= LARGEST_TRIAL:
                return None
            low, high = high, min(2 * high, -(-LARGEST_TRIAL // unit))
        while high - low > 1:
            middle = (low + high) // 2
            if middle * unit >= least and enough(at(middle * unit)):
                high = middle
            else:
                low = middle
        return high * unit

    return SampleSize(
        target=target,
        people=crossing(lambda one: one.power >= target),
        low=crossing(lambda one: one.power + _SURE * one.mc_error >= target),
        high=crossing(lambda one: one.power - _SURE * one.mc_error >= target),
        searched_to=LARGEST_TRIAL,
    )


def power_curve(trial: Trial, asked: Power, outcome: Outcome) -> PowerCurve:
    """The power curve that a trial file asks for, from the outcome of its simulated persons."""
    endpoint = next((one for one in trial.endpoints if one.name == asked.endpoint), trial.endpoints[0])
    method = asked.analysis or trial.analyses(endpoint)[0]
    treatment = trial.treatments[0]
    drawn = urn(trial, method, treatment, outcome)
    stream = f"trial:{trial.seed}:power"

    def at(size: int) -> PowerPoint:
        return power_at(drawn, size, alpha=asked.alpha, repeats=asked.repeats, stream=stream)

    unit = len(sequences_of(trial)) if trial.randomisation.kind == "crossover" else sum(shares_of(trial))
    unit = 1 if trial.randomisation.kind == "n-of-1" else unit
    found = None if asked.target is None else smallest_size(at, asked.target, unit=unit, least=max(4, 2 * unit))
    return PowerCurve(
        endpoint=endpoint.name,
        method=method,
        treatment=treatment,
        alpha=asked.alpha,
        repeats=asked.repeats,
        persons=len(outcome.group),
        points=tuple(at(size) for size in asked.sizes),
        smallest=found,
    )
