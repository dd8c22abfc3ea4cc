"""When formulas switch: comparisons of the time with numbers and parameters, found and solved for the time."""

from __future__ import annotations

from collections.abc import Iterable

from davy.body.arithmetic import ZERO, minus, plus, quotient, times, value_of
from davy.body.expression import Apply, Expression, Name, Number, Time, written

_COMPARISONS = ("lt", "le", "eq", "ne")
_ONE = Number(1.0)
Line = tuple[Expression, Expression]
"""Slope and value at time 0, of parameters alone."""


def switching_times(formulas: Iterable[Expression], parameters: set[str]) -> tuple[Expression, ...]:
    """Times at which a comparison of the time with literals and parameters changes.

    A comparison with a state has no such time; there the error control finds the place.
    """
    found: dict[str, Expression] = {}
    seen: set[int] = set()
    waiting = list(formulas)
    while waiting:
        part = waiting.pop()
        if isinstance(part, Apply) and id(part) not in seen:
            seen.add(id(part))
            waiting.extend(part.arguments)
            if part.operation in _COMPARISONS:
                time = _crossing(part, parameters)
                if time is not None:
                    found[written(time)] = time
    return tuple(found[key] for key in sorted(found))


def _crossing(comparison: Apply, parameters: set[str]) -> Expression | None:
    left, right = (_line(side, parameters) for side in comparison.arguments)
    if left is None or right is None or left[0] == right[0]:
        return None
    time = quotient(minus(right[1], left[1]), minus(left[0], right[0]))
    return time if not isinstance(time, Number) or time.value > 0.0 else None


def _line(formula: Expression, parameters: set[str]) -> Line | None:
    """The formula as a straight line over time; None where it is none."""
    if isinstance(formula, Time):
        return _ONE, ZERO
    if isinstance(formula, Name):
        return (ZERO, formula) if formula.id in parameters else None
    value = value_of(formula)
    if value is not None:
        return ZERO, Number(value)
    if not isinstance(formula, Apply):
        return None
    lines = [_line(argument, parameters) for argument in formula.arguments]
    known = [line for line in lines if line is not None]
    return _combined(formula.operation, known) if len(known) == len(lines) else None


def _combined(operation: str, lines: list[Line]) -> Line | None:
    (slope, value), *rest = lines
    if operation == "neg":
        return minus(ZERO, slope), minus(ZERO, value)
    if len(rest) != 1:
        return None
    other_slope, other = rest[0]
    if operation == "add":
        return plus(slope, other_slope), plus(value, other)
    if operation == "sub":
        return minus(slope, other_slope), minus(value, other)
    if operation == "mul" and ZERO in (slope, other_slope):
        return plus(times(slope, other), times(other_slope, value)), times(value, other)
    if operation == "div" and other_slope == ZERO:
        return quotient(slope, other), quotient(value, other)
    return None
