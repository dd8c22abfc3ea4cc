"""MathML to expression trees: literals, names, choices and applied functions, each read in its scope."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from davy.body.expression import Expression, Name, Number, Time, apply, size_of, substituted
from davy.body.operators import applied
from davy.errors import ModelError

_SYMBOLS = "http://www.sbml.org/sbml/symbols/"
_CONSTANTS = {"pi": math.pi, "exponentiale": math.e, "true": 1.0, "false": 0.0, "infinity": math.inf}
AVOGADRO = 6.02214179e23
"""As SBML fixes it (CODATA 2006), whatever was measured later."""

_LARGEST = 20_000
RATE_OF = "rate_of"
"""Stands for the rate of change of the name it is applied to, until the document is read whole."""


@dataclass(frozen=True)
class Function:
    """A function that the document defines."""

    arguments: tuple[str, ...]
    body: Expression


@dataclass(frozen=True)
class Scope:
    """Where a formula stands (for messages), the functions it may call, and the names that are its own."""

    where: str
    functions: Mapping[str, Function] = field(default_factory=dict[str, Function])
    own: Mapping[str, Expression] = field(default_factory=dict[str, Expression])

    def refusal(self, what: str) -> ModelError:
        """The error that says what at this place lies outside."""
        return ModelError(f"{self.where}: {what} is outside what the engine can do")


def local(tag: str) -> str:
    """The tag without its namespace."""
    return tag.rpartition("}")[2]


def expression_of(element: Element, scope: Scope) -> Expression:
    """The formula of a ``math`` element, or any one element of it."""
    tag = local(element.tag)
    if tag == "math":
        if len(element) != 1:
            raise ModelError(f"{scope.where}: the formula is missing")
        return expression_of(element[0], scope)
    if tag == "cn":
        return Number(_number(element, scope))
    if tag == "ci":
        key = (element.text or "").strip()
        return scope.own.get(key, Name(key))
    if tag == "csymbol":
        return _symbol(element, scope)
    if tag in _CONSTANTS:
        return Number(_CONSTANTS[tag])
    if tag == "notanumber":
        return Number(math.nan)
    if tag == "piecewise":
        return _piecewise(element, scope)
    if tag == "apply" and len(element):
        return _application(element, scope)
    raise scope.refusal(f"<{tag}>")


def function_of(element: Element, scope: Scope) -> Function:
    """The function that a ``lambda`` defines."""
    *bound, body = element
    arguments = tuple((part[0].text or "").strip() for part in bound if local(part.tag) == "bvar")
    return Function(arguments, expression_of(body, scope))


def _symbol(element: Element, scope: Scope) -> Expression:
    symbol = element.get("definitionURL", "").removeprefix(_SYMBOLS)
    if symbol == "time":
        return Time()
    if symbol == "avogadro":
        return Number(AVOGADRO)
    raise scope.refusal(f"the symbol {symbol!r}")


def _number(element: Element, scope: Scope) -> float:
    kind = element.get("type", "real")
    pieces = [(element.text or "").strip(), *((child.tail or "").strip() for child in element)]
    try:
        if kind == "e-notation":
            return float(f"{pieces[0]}e{pieces[1]}")
        if kind == "rational":
            return float(pieces[0]) / float(pieces[1])
        return float(pieces[0])
    except (ValueError, IndexError, ZeroDivisionError) as error:
        raise ModelError(f"{scope.where}: {' '.join(pieces)!r} is not a number") from error


def _piecewise(element: Element, scope: Scope) -> Expression:
    chosen: Expression = Number(math.nan)
    pieces: list[tuple[Expression, Expression]] = []
    for part in element:
        values = [expression_of(value, scope) for value in part]
        if local(part.tag) == "otherwise" and len(values) == 1:
            chosen = values[0]
        elif len(values) == 2:
            pieces.append((values[0], values[1]))
        else:
            raise ModelError(f"{scope.where}: a piece of the formula is missing")
    for value, condition in reversed(pieces):
        chosen = apply("select", condition, value, chosen)
    return chosen


def _application(element: Element, scope: Scope) -> Expression:
    head, *rest = element
    operator = local(head.tag)
    if operator == "csymbol":
        return _applied_symbol(head, rest, scope)
    if operator == "ci":
        return _called((head.text or "").strip(), [expression_of(part, scope) for part in rest], scope)
    qualifier = None
    if rest and local(rest[0].tag) in ("degree", "logbase") and len(rest[0]):
        qualifier, rest = expression_of(rest[0][0], scope), rest[1:]
    arguments = [expression_of(part, scope) for part in rest]
    built = applied(operator, arguments, qualifier)
    if built is None:
        raise scope.refusal(f"<{operator}> with {len(arguments)} argument(s)")
    return built


def _applied_symbol(head: Element, rest: list[Element], scope: Scope) -> Expression:
    symbol = head.get("definitionURL", "").removeprefix(_SYMBOLS)
    if symbol != "rateOf" or len(rest) != 1:
        raise scope.refusal(f"the symbol {symbol!r}")
    return apply(RATE_OF, expression_of(rest[0], scope))


def _called(key: str, arguments: list[Expression], scope: Scope) -> Expression:
    function = scope.functions.get(key)
    if function is None:
        raise ModelError(f"{scope.where}: function {key!r} is not defined")
    if len(function.arguments) != len(arguments):
        raise ModelError(f"{scope.where}: function {key!r} takes {len(function.arguments)} argument(s)")
    formula = substituted(function.body, dict(zip(function.arguments, arguments, strict=True)))
    if size_of(formula) > _LARGEST:
        raise ModelError(f"{scope.where}: with its functions put in, the formula is too large")
    return formula
