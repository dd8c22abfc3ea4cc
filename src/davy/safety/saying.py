"""How a gate speaks: a finding with its fact, its limit, its sources, in one sentence."""

from __future__ import annotations

import math

from davy.safety.limits import LimitRow
from davy.safety.verdict import Cap, Finding, Severity

Measured = float | str | None
Limit = LimitRow | Cap | None


def _finding(
    gate: str, severity: Severity, sentence: str, measured: Measured, limit: Limit, sources: tuple[str, ...]
) -> Finding:
    value, unit, why = _parts(limit)
    if isinstance(measured, float) and not math.isfinite(measured):
        measured = None  # the sentence tells the laboratory's bound
    return Finding(gate, severity, sentence, measured, value, unit, tuple(dict.fromkeys((*why, *sources))))


def _parts(limit: Limit) -> tuple[float | None, str, tuple[str, ...]]:
    """The number, the unit and the sources of a limit, be it a row of limits.csv or a cap."""
    if limit is None:
        return None, "", ()
    if isinstance(limit, Cap):
        return limit.elemental_mg_per_day, "mg/d", limit.sources
    return limit.value, limit.unit, limit.source


def refuse(
    gate: str, sentence: str, measured: Measured = None, limit: Limit = None, sources: tuple[str, ...] = ()
) -> Finding:
    """It may not be done here."""
    return _finding(gate, "refuse", sentence, measured, limit, sources)


def care(
    gate: str, sentence: str, measured: Measured = None, limit: Limit = None, sources: tuple[str, ...] = ()
) -> Finding:
    """It may be done with what the sentence asks for."""
    return _finding(gate, "care", sentence, measured, limit, sources)


def inform(
    gate: str, sentence: str, measured: Measured = None, limit: Limit = None, sources: tuple[str, ...] = ()
) -> Finding:
    """Good to know; stands against nothing."""
    return _finding(gate, "info", sentence, measured, limit, sources)


def whole(value: float, limit: float) -> str:
    """An amount that is above a limit, in whole numbers where those show that it is: 653; 350.4 above 350."""
    told = f"{value:.0f}"
    return told if float(told) > limit else number(value)


def number(value: float, digits: int = 1) -> str:
    """A number as people write it: 25, 52.4, 1.05."""
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
