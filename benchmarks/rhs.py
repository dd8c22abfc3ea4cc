"""A model's equations as plain Python source, for peers that ask their caller for the right-hand side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from davy.body.expression import Expression, Name, Number, Time
from davy.body.model import Model

_INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**", "lt": "<", "le": "<="}


def rates_function(model: Model, arithmetic: ModuleType, pack: str) -> Callable[..., Any]:
    """``rates(y, p)`` with y the states and p the parameters in the model's order.

    Parameters
    ----------
    arithmetic : where exp and log come from: `math` or `jax.numpy`.
    pack : how the list of rates is handed back, such as ``"{}"`` or ``"stack({})"``.
    """
    formulas = {**model.flows, **dict(zip(model.outputs, model.assignments, strict=True))}
    lines = ["def rates(y, p):"]
    lines += [f"    {name} = y[{i}]" for i, name in enumerate(model.states)]
    lines += [f"    {name} = p[{i}]" for i, name in enumerate(model.parameters)]
    lines += [f"    {name} = {_text(formulas[name])}" for name in _ordered(formulas)]
    listed = ", ".join(_text(rate) for rate in model.rates)
    lines.append(f"    return {pack.format('[' + listed + ']')}")
    names: dict[str, Any] = dict(vars(arithmetic))
    exec("\n".join(lines), names)  # noqa: S102  (the text comes from a model that Davy has read)
    function: Callable[..., Any] = names["rates"]
    return function


def _ordered(formulas: Mapping[str, Expression]) -> list[str]:
    done: list[str] = []

    def visit(name: str) -> None:
        if name in formulas and name not in done:
            for other in _names(formulas[name]):
                visit(other)
            done.append(name)

    for name in formulas:
        visit(name)
    return done


def _names(formula: Expression) -> list[str]:
    if isinstance(formula, Name):
        return [formula.id]
    return [] if isinstance(formula, Number | Time) else [name for part in formula.arguments for name in _names(part)]


def _text(formula: Expression) -> str:
    if isinstance(formula, Number):
        return repr(formula.value)
    if isinstance(formula, Name):
        return formula.id
    if isinstance(formula, Time):
        raise ValueError("the contest's models do not read the time")
    parts = [_text(part) for part in formula.arguments]
    if formula.operation in _INFIX:
        return f"({parts[0]} {_INFIX[formula.operation]} {parts[1]})"
    if formula.operation == "neg":
        return f"(-{parts[0]})"
    if formula.operation == "select":
        return f"where({parts[0]}, {parts[1]}, {parts[2]})"
    return f"{formula.operation}({', '.join(parts)})"
