"""Arithmetic on expressions whose value is known before any model runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from davy.body.expression import Apply, Expression, Number, apply

ZERO, ONE = Number(0.0), Number(1.0)
_NAN = math.nan


def value_of(expression: Expression) -> float | None:
    """The value of an expression of literals; None where it reads a name or the time."""
    if isinstance(expression, Number):
        return expression.value
    if not isinstance(expression, Apply):
        return None
    values = [value_of(argument) for argument in expression.arguments]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    try:
        return _computed(expression.operation, known)
    except (ArithmeticError, ValueError):
        return _NAN


def quotient(a: Expression, b: Expression) -> Expression:
    """The quotient, as a literal where it is one."""
    return a if b == ONE else _literal(apply("div", a, b))


def times(a: Expression, b: Expression) -> Expression:
    """The product, as a literal where it is one."""
    return ZERO if ZERO in (a, b) else _literal(apply("mul", a, b))


def plus(a: Expression, b: Expression) -> Expression:
    """The sum, as a literal where it is one."""
    return a if b == ZERO else b if a == ZERO else _literal(apply("add", a, b))


def minus(a: Expression, b: Expression) -> Expression:
    """The difference, as a literal where it is one."""
    return a if b == ZERO else _literal(apply("sub", a, b))


def _literal(expression: Expression) -> Expression:
    value = value_of(expression)
    return expression if value is None else Number(value)


_UNARY: Mapping[str, Callable[[float], float]] = {
    "neg": lambda a: -a,
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "abs": abs,
    "floor": math.floor,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "not": lambda a: float(not a),
}
_BINARY: Mapping[str, Callable[[float, float], float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": math.pow,
    "min": min,
    "max": max,
    "lt": lambda a, b: float(a < b),
    "le": lambda a, b: float(a <= b),
    "eq": lambda a, b: float(a == b),
    "ne": lambda a, b: float(a != b),
    "and": lambda a, b: float(a != 0.0 and b != 0.0),
    "or": lambda a, b: float(a != 0.0 or b != 0.0),
}


def _computed(operation: str, values: list[float]) -> float:
    if operation == "select":
        return values[1] if values[0] else values[2]
    if operation in _UNARY:
        return _UNARY[operation](values[0])
    return _BINARY[operation](*values)
