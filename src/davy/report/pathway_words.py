"""Words that the pages of the pathways share."""

from __future__ import annotations

import math

from davy.pathways.explained import NO_MAP, Effect
from davy.pathways.run import BAND, PRIOR_BAND, OutputValue

GRADES = {
    "A": "A: measured in people, in trials or by an accepted physical law",
    "B": "B: measured, in part outside people or with a part assumed",
    "C": "C: measured in animals, in cells or in part only",
    "D": "D: a hypothesis; nothing measured holds it up as it stands",
}
KINDS = {
    "slow": "changes over days to years",
    "fast": "settles within minutes",
    "empirical": "tells an effect of trials or cohorts, not a mechanism",
}
PROVENANCES = {
    "measured": "measured",
    "calibrated": "set so that the model meets an anchor",
    "recalled": "recalled, not read",
    "assumed": "assumed",
    "stated": "stated by the articles",
}
BANDS = {
    PRIOR_BAND: "Prior band: at least one value behind it is assumed or recalled, not measured. It shows what those "
    "assumptions leave open, not what data have shown",
    BAND: "Band: what the uncertainty of the measured values leaves open",
}
MAP = "no measured way leads from what this computes to what the trial counted"
_DIGITS = 3
_SCORES = {"0-10": "of 10"}
"""Scores, whose unit is the scale they are read on."""


def decimals(value: float | None, low: float | None = None, high: float | None = None) -> int:
    """How many decimals show three figures of the largest of them, and two of the value itself."""
    there = [abs(one) for one in (value, low, high) if one is not None and one == one and one != 0.0]
    if not there or not math.isfinite(max(there)):
        return 0
    most = _DIGITS - 1 - math.floor(math.log10(max(there)))
    own = 1 - math.floor(math.log10(abs(value))) if value and math.isfinite(value) else 0
    return min(max(most, own, 0), 9)


def rounded(value: float, digits: int) -> str:
    """A value with so many decimals; a whole number has none, and nothing is minus zero."""
    told = f"{value:.{digits}f}" if value != round(value) or abs(value) >= 1e15 else f"{value:.0f}"
    return told.lstrip("-") if float(told) == 0.0 else told


def banded(value: float | None, low: float | None, high: float | None) -> tuple[str, str]:
    """A value and its band, both to the same decimals; empty where there is none."""
    digits = decimals(value, low, high)
    own = "none" if value is None else rounded(value, digits)
    return own, "" if low is None or high is None else f"{rounded(low, digits)} to {rounded(high, digits)}"


def held(value: float | None, low: float | None, high: float | None, unit: str) -> str:
    """What the model gives where it is held to an interval: as few digits as show on which side of an end it lies."""
    if value is None:
        return "none"
    told = (f"{value:.{digits}g}" for digits in range(_DIGITS, 17))
    fair = (one for one in told if _within(float(one), low, high) == _within(value, low, high))
    return f"{next(fair, repr(value))}{_unit(unit)}"


def beyond(one: OutputValue) -> str:
    """What is said of an output that lies, or whose band reaches, where it means nothing; empty where neither is so."""
    if one.outside is None:
        return ""
    what = "not to be believed" if one.outside == "value" else "its band reaches too far"
    return f"{what}: the model holds for {interval(*one.holds, one.unit)}"


def sentence(words: str) -> str:
    """The same with a capital at the start."""
    return f"{words[:1].upper()}{words[1:]}"


def explained(told: str) -> str:
    """The answer on a share of a trial's effect, with what its term of art means."""
    return f"{told} ({MAP})" if told == NO_MAP else told


def effect_words(effect: Effect) -> str:
    """A pooled effect with its interval: "0.694 (0.482 to 0.999) rate ratio"."""
    value, band = banded(effect.estimate, effect.low, effect.high)
    return united(f"{value} ({band})", effect.unit)


def united(told: str, unit: str) -> str:
    """A number that is written, with its unit; nothing to a ratio or to what is not there."""
    return told if told == "none" else f"{told}{_unit(unit)}"


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def shown(value: float, unit: str) -> str:
    """A value to four digits, with its unit."""
    return f"{_four(value)}{_unit(unit)}"


def _four(value: float) -> str:
    """Four digits; a number of five or six digits is written out."""
    return f"{value:,.0f}" if 1e4 <= abs(value) < 1e6 else f"{value:.4g}"


def interval(low: float | None, high: float | None, unit: str) -> str:
    """What lies between two ends, either of which may be open."""
    if low is None and high is None:
        return ""
    if low is None or high is None:
        return f"at most {shown(high, unit)}" if high is not None else f"at least {shown(low or 0.0, unit)}"
    return shown(low, unit) if low == high else f"{_four(low)} to {shown(high, unit)}"


def share(value: float) -> str:
    """A share in whole per cent; one too small to show is not called none."""
    return f"{100.0 * value:.0f} %" if value == 0.0 or value >= 0.005 else "less than 1 %"


def _unit(unit: str) -> str:
    return "" if unit in ("1", "-", "", "dimensionless") else f" {_SCORES.get(unit, unit)}"


def off_band(one: OutputValue) -> str:
    """What is told of a value outside the band of its own draws; empty where it lies in it."""
    if one.value is None or one.p05 is None or one.p50 is None or one.p95 is None or one.p05 <= one.value <= one.p95:
        return ""
    side = "above" if one.value > one.p95 else "below"
    return f"the value lies {side} its band, as it is not the middle of the draws, whose median is {one.p50:.3g}"
