"""MathML's operators in the few operations that the engine knows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import pairwise

from davy.body.expression import Apply, Expression, Number, apply

_MOST_FACTORIAL = 170.0
ONE, TWO, ZERO = Number(1.0), Number(2.0), Number(0.0)
_LEFT = {"plus": "add", "times": "mul", "and": "and", "or": "or", "xor": "ne", "min": "min", "max": "max"}
_EMPTY = {"plus": 0.0, "times": 1.0, "and": 1.0, "or": 0.0, "xor": 0.0}
_ONE_ARGUMENT = {
    **{name: name for name in ("exp", "abs", "floor", "sin", "cos", "tan", "not")},
    "ln": "log",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
}
_TWO_ARGUMENTS = {"divide": "div", "power": "pow", "minus": "sub"}
_COMPARE: Mapping[str, Callable[[Expression, Expression], Expression]] = {
    "lt": lambda a, b: apply("lt", a, b),
    "leq": lambda a, b: apply("le", a, b),
    "gt": lambda a, b: apply("lt", b, a),
    "geq": lambda a, b: apply("le", b, a),
    "eq": lambda a, b: apply("eq", a, b),
    "neq": lambda a, b: apply("ne", a, b),
}


def applied(operator: str, arguments: Sequence[Expression], qualifier: Expression | None) -> Expression | None:
    """The operator on these arguments; None where there is no such thing.

    Parameters
    ----------
    operator : name of the MathML element.
    arguments : what it is applied to.
    qualifier : the degree of a root, the base of a logarithm.
    """
    count = len(arguments)
    if operator in _LEFT:
        return _folded(operator, arguments)
    if operator in _COMPARE and count >= 2:
        pairs = [_COMPARE[operator](left, right) for left, right in pairwise(arguments)]
        return reduce(lambda left, right: apply("and", left, right), pairs)
    if operator in _ONE_ARGUMENT and count == 1:
        return apply(_ONE_ARGUMENT[operator], arguments[0])
    if operator in _TWO_ARGUMENTS and count == 2:
        return apply(_TWO_ARGUMENTS[operator], *arguments)
    if operator in _PAIRS and count == 2:
        return _PAIRS[operator](*arguments)
    if count != 1:
        return None
    if operator in ("root", "log"):
        return _qualified(operator, arguments[0], qualifier)
    return _DERIVED[operator](arguments[0]) if operator in _DERIVED else None


def _folded(operator: str, arguments: Sequence[Expression]) -> Expression | None:
    if not arguments:
        return Number(_EMPTY[operator]) if operator in _EMPTY else None
    if operator == "xor" or (operator in ("and", "or") and len(arguments) == 1):
        arguments = [apply("ne", argument, ZERO) for argument in arguments]
    return reduce(lambda left, right: Apply(_LEFT[operator], (left, right)), arguments)


def _qualified(operator: str, value: Expression, qualifier: Expression | None) -> Expression:
    if operator == "log":
        return apply("div", apply("log", value), apply("log", qualifier or Number(10.0)))
    if qualifier in (None, TWO):
        return apply("sqrt", value)
    return apply("pow", value, apply("div", ONE, qualifier or TWO))


def _truncated(value: Expression) -> Expression:
    down = apply("floor", apply("abs", value))
    return apply("select", apply("lt", value, ZERO), apply("neg", down), down)


def _quotient(a: Expression, b: Expression) -> Expression:
    return _truncated(apply("div", a, b))


def _remainder(a: Expression, b: Expression) -> Expression:
    return apply("sub", a, apply("mul", b, _quotient(a, b)))


def _sinh(value: Expression) -> Expression:
    return apply("div", apply("sub", apply("exp", value), apply("exp", apply("neg", value))), TWO)


def _cosh(value: Expression) -> Expression:
    return apply("div", apply("add", apply("exp", value), apply("exp", apply("neg", value))), TWO)


def _odd(value: Expression, of_the_size: Callable[[Expression], Expression]) -> Expression:
    """An odd function from its values at positive arguments."""
    size = of_the_size(apply("abs", value))
    return apply("select", apply("lt", value, ZERO), apply("neg", size), size)


def _tanh(value: Expression) -> Expression:
    def of_the_size(size: Expression) -> Expression:  # exp(-2x) cannot overflow
        small = apply("exp", apply("mul", Number(-2.0), size))
        return apply("div", apply("sub", ONE, small), apply("add", ONE, small))

    return _odd(value, of_the_size)


def _arsinh(value: Expression) -> Expression:
    def of_the_size(size: Expression) -> Expression:
        return apply("log", apply("add", size, apply("sqrt", apply("add", apply("mul", size, size), ONE))))

    return _odd(value, of_the_size)


def _arcosh(value: Expression) -> Expression:
    root = apply("sqrt", apply("sub", apply("mul", value, value), ONE))
    return apply("log", apply("add", value, root))


def _artanh(value: Expression) -> Expression:
    ratio = apply("div", apply("add", ONE, value), apply("sub", ONE, value))
    return apply("div", apply("log", ratio), TWO)


def _factorial(value: Expression) -> Expression:
    """The factorial of a whole number from 0 to 170, by search; undefined elsewhere."""

    def among(low: int, high: int) -> Expression:
        if low == high:
            return Number(float(math.factorial(low)))
        middle = (low + high + 1) // 2
        return apply("select", apply("lt", value, Number(float(middle))), among(low, middle - 1), among(middle, high))

    whole = apply("eq", value, apply("floor", value))
    inside = apply("and", apply("le", ZERO, value), apply("le", value, Number(_MOST_FACTORIAL)))
    return apply("select", apply("and", whole, inside), among(0, int(_MOST_FACTORIAL)), Number(math.nan))


def _inverse(value: Expression) -> Expression:
    return apply("div", ONE, value)


def _plain(operation: str) -> Callable[[Expression], Expression]:
    return lambda value: apply(operation, value)


_PAIRS: Mapping[str, Callable[[Expression, Expression], Expression]] = {
    "quotient": _quotient,
    "rem": _remainder,
    "implies": lambda a, b: apply("or", apply("not", a), b),
}
_OF_A_RATIO: Mapping[str, Callable[[Expression], Expression]] = {
    "sec": _plain("cos"),
    "csc": _plain("sin"),
    "cot": _plain("tan"),
    "sech": _cosh,
    "csch": _sinh,
    "coth": _tanh,
}
_OF_THE_INVERSE: Mapping[str, Callable[[Expression], Expression]] = {
    "arcsec": _plain("acos"),
    "arccsc": _plain("asin"),
    "arccot": _plain("atan"),
    "arcsech": _arcosh,
    "arccsch": _arsinh,
    "arccoth": _artanh,
}
_DERIVED: Mapping[str, Callable[[Expression], Expression]] = {
    "minus": _plain("neg"),
    "ceiling": lambda value: apply("neg", apply("floor", apply("neg", value))),
    "factorial": _factorial,
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "arcsinh": _arsinh,
    "arccosh": _arcosh,
    "arctanh": _artanh,
    **{name: lambda value, of=of: _inverse(of(value)) for name, of in _OF_A_RATIO.items()},
    **{name: lambda value, of=of: of(_inverse(value)) for name, of in _OF_THE_INVERSE.items()},
}
