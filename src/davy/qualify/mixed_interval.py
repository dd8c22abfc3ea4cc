"""Predictive intervals of several structural alternatives as one, by their weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from davy.trials.reported import LEVEL, Interval, judged
from davy.trials.result import Comparison

_STEPS = 80


def averaged(results: Sequence[Comparison], weights: Sequence[float]) -> Comparison:
    """One published result held against all alternatives together.

    Parameters
    ----------
    results : the same result under each alternative; weights : prior weights, which add to 1.
    """
    first = results[0]
    probability = None
    if all(one.probability is not None for one in results):
        probability = math.fsum(weight * (one.probability or 0.0) for one, weight in zip(results, weights, strict=True))
    still = None
    if all(one.no_change is not None for one in results):
        still = math.fsum(weight * (one.no_change or 0.0) for one, weight in zip(results, weights, strict=True))
    parts = [_interval(one) for one in results]
    known = [part for part in parts if part is not None]
    band = mixed(known, weights) if len(known) == len(parts) else None
    return replace(
        first,
        low=None if band is None else band.low,
        median=None if band is None else band.median,
        high=None if band is None else band.high,
        probability=probability,
        no_change=still,
        **judged(first.reported, first.reported_significant, band, still, probability),
    )


def mixed(parts: Sequence[Interval], weights: Sequence[float]) -> Interval:
    """Median and ends of a mixture; each part is two halves of normal distributions with its own median and ends."""
    ends = [end for part in parts for end in (part.low, part.high)]
    reach = max(ends) - min(ends)

    def quantile(share: float) -> float:
        low, high = min(ends) - reach, max(ends) + reach
        for _ in range(_STEPS):
            middle = (low + high) / 2
            below = math.fsum(weight * _below(part, middle) for part, weight in zip(parts, weights, strict=True))
            low, high = (middle, high) if below < share else (low, middle)
        return (low + high) / 2

    tail = (1 - LEVEL) / 2
    return Interval(quantile(tail), quantile(0.5), quantile(1 - tail))


def _below(part: Interval, value: float) -> float:
    """Share of one part below a value."""
    from scipy.special import ndtr, ndtri

    half = part.high - part.median if value >= part.median else part.median - part.low
    if half <= 0:
        return float(value >= part.median)
    return float(ndtr((value - part.median) / half * ndtri((1 + LEVEL) / 2)))


def _interval(one: Comparison) -> Interval | None:
    if one.low is None or one.median is None or one.high is None:
        return None
    return Interval(one.low, one.median, one.high)
