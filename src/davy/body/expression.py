"""Expression trees: what a model's formulas are made of, and nothing that evaluates them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

ARITHMETIC = ("add", "sub", "mul", "div", "neg", "pow")
FUNCTIONS = ("exp", "log", "sqrt", "abs", "min", "max", "floor", "sin", "cos", "tan", "asin", "acos", "atan")
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
    """Every id that the expression reads, once."""
    found: dict[str, None] = {}
    seen: set[int] = set()
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Name):
            found[part.id] = None
        elif isinstance(part, Apply) and id(part) not in seen:
            seen.add(id(part))
            waiting.extend(reversed(part.arguments))
    return iter(found)


def size_of(expression: Expression) -> int:
    """How many operations and leaves the expression has when written out."""
    known: dict[int, int] = {}

    def size(part: Expression) -> int:
        if not isinstance(part, Apply):
            return 1
        if id(part) not in known:
            known[id(part)] = 1 + sum(size(argument) for argument in part.arguments)
        return known[id(part)]

    return size(expression)


def rewritten(expression: Expression, change: Callable[[Expression], Expression | None]) -> Expression:
    """The expression with parts put in the place of others; `change` gives None where a part stays.

    What is put in is not searched again.
    """
    known: dict[int, Expression] = {}

    def of(part: Expression) -> Expression:
        if id(part) not in known:
            known[id(part)] = new(part)
        return known[id(part)]

    def new(part: Expression) -> Expression:
        changed = change(part)
        if changed is not None:
            return changed
        if not isinstance(part, Apply):
            return part
        arguments = tuple(of(argument) for argument in part.arguments)
        return (
            part
            if all(a is b for a, b in zip(arguments, part.arguments, strict=True))
            else Apply(part.operation, arguments)
        )

    return of(expression)


def substituted(expression: Expression, values: Mapping[str, Expression]) -> Expression:
    """The expression with some names replaced; what replaces them is not searched again."""
    return rewritten(expression, lambda part: values.get(part.id) if isinstance(part, Name) else None)


def without_time(expression: Expression) -> Expression:
    """The expression at time 0."""
    return rewritten(expression, lambda part: Number(0.0) if isinstance(part, Time) else None)


def written(expression: Expression) -> str:
    """One line of text that two expressions share only if they are the same."""
    if isinstance(expression, Number):
        return expression.value.hex()
    if isinstance(expression, Name):
        return expression.id
    if isinstance(expression, Time):
        return "<time>"
    return f"{expression.operation}({','.join(written(part) for part in expression.arguments)})"
