"""Expression trees: what a model's formulas are made of, and nothing that evaluates them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

ARITHMETIC = ("add", "sub", "mul", "div", "neg", "pow")
FUNCTIONS = ("exp", "log", "sqrt", "abs", "min", "max", "floor", "sin", "cos")
CONDITIONS = ("lt", "le", "eq", "ne", "and", "or", "not")
OPERATIONS = frozenset((*ARITHMETIC, *FUNCTIONS, *CONDITIONS, "select"))
"""Every operation the engine knows; ``select(condition, then, else)`` chooses between two values."""


@dataclass(frozen=True)
class Number:
    """A literal."""

    value: float


@dataclass(frozen=True)
class Name:
    """A state, a parameter or an assigned quantity, by id."""

    id: str


@dataclass(frozen=True)
class Time:
    """The time since the start."""


@dataclass(frozen=True)
class Apply:
    """An operation on its arguments; `add`, `mul`, `min` and `max` take two, nested as written."""

    operation: str
    arguments: tuple[Expression, ...]


Expression = Number | Name | Time | Apply


def apply(operation: str, *arguments: Expression) -> Expression:
    """The operation on these arguments."""
    return Apply(operation, arguments)


def names_in(expression: Expression) -> Iterator[str]:
    """Every id that the expression reads, with repetitions."""
    if isinstance(expression, Name):
        yield expression.id
    elif isinstance(expression, Apply):
        for argument in expression.arguments:
            yield from names_in(argument)


def substituted(expression: Expression, values: Mapping[str, Expression]) -> Expression:
    """The expression with some names replaced; what replaces them is not searched again."""
    if isinstance(expression, Name):
        return values.get(expression.id, expression)
    if isinstance(expression, Apply):
        return Apply(expression.operation, tuple(substituted(part, values) for part in expression.arguments))
    return expression


def without_time(expression: Expression) -> Expression:
    """The expression at time 0."""
    if isinstance(expression, Time):
        return Number(0.0)
    if isinstance(expression, Apply):
        return Apply(expression.operation, tuple(without_time(part) for part in expression.arguments))
    return expression


def written(expression: Expression) -> str:
    """One line of text that two expressions share only if they are the same."""
    if isinstance(expression, Number):
        return expression.value.hex()
    if isinstance(expression, Name):
        return expression.id
    if isinstance(expression, Time):
        return "<time>"
    return f"{expression.operation}({','.join(written(part) for part in expression.arguments)})"
