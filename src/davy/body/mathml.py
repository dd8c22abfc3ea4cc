"""MathML to expression trees, and by name what lies outside the engine's subset."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import pairwise
from xml.etree.ElementTree import Element

from davy.body.expression import Apply, Expression, Name, Number, Time, apply
from davy.errors import ModelError

_TIME = "http://www.sbml.org/sbml/symbols/time"
_AVOGADRO = "http://www.sbml.org/sbml/symbols/avogadro"
_CONSTANTS = {"pi": math.pi, "exponentiale": math.e, "true": 1.0, "false": 0.0, "infinity": math.inf}
_LEFT = {"plus": "add", "times": "mul", "and": "and", "or": "or", "min": "min", "max": "max"}
_EMPTY = {"plus": 0.0, "times": 1.0, "and": 1.0, "or": 0.0}
_PLAIN = {"exp": "exp", "ln": "log", "abs": "abs", "floor": "floor", "sin": "sin", "cos": "cos", "not": "not"}
_PAIR = {"divide": "div", "power": "pow"}
_COMPARE: Mapping[str, Callable[[Expression, Expression], Expression]] = {
    "lt": lambda a, b: apply("lt", a, b),
    "leq": lambda a, b: apply("le", a, b),
    "gt": lambda a, b: apply("lt", b, a),
    "geq": lambda a, b: apply("le", b, a),
    "eq": lambda a, b: apply("eq", a, b),
    "neq": lambda a, b: apply("ne", a, b),
}
ONE = Number(1.0)


def local(tag: str) -> str:
    """The tag without its namespace."""
    return tag.rpartition("}")[2]


def expression_of(math_element: Element, where: str) -> Expression:
    """The formula inside a ``math`` element; `where` names its place in messages."""
    if len(math_element) != 1:
        raise ModelError(f"{where}: the formula is missing")
    return _expression(math_element[0], where)


def _expression(node: Element, where: str) -> Expression:
    tag = local(node.tag)
    if tag == "cn":
        return Number(_number(node, where))
    if tag == "ci":
        return Name((node.text or "").strip())
    if tag == "csymbol":
        return _symbol(node, where)
    if tag in _CONSTANTS:
        return Number(_CONSTANTS[tag])
    if tag == "notanumber":
        return Number(math.nan)
    if tag == "piecewise":
        return _piecewise(node, where)
    if tag == "apply":
        return _application(node, where)
    raise ModelError(f"{where}: <{tag}> is outside what the engine can do")


def _symbol(node: Element, where: str) -> Expression:
    url = node.get("definitionURL", "")
    if url == _TIME:
        return Time()
    if url == _AVOGADRO:
        return Number(6.02214076e23)
    raise ModelError(f"{where}: {url.rpartition('/')[2]} is outside what the engine can do")


def _number(node: Element, where: str) -> float:
    kind = node.get("type", "real")
    pieces = [(node.text or "").strip(), *((child.tail or "").strip() for child in node)]
    try:
        if kind == "e-notation":
            return float(f"{pieces[0]}e{pieces[1]}")
        if kind == "rational":
            return float(pieces[0]) / float(pieces[1])
        return float(pieces[0])
    except (ValueError, IndexError) as error:
        raise ModelError(f"{where}: {' '.join(pieces)!r} is not a number") from error


def _piecewise(node: Element, where: str) -> Expression:
    chosen: Expression = Number(math.nan)
    pieces: list[tuple[Expression, Expression]] = []
    for part in node:
        if local(part.tag) == "otherwise":
            chosen = _expression(part[0], where)
        else:
            pieces.append((_expression(part[0], where), _expression(part[1], where)))
    for value, condition in reversed(pieces):
        chosen = apply("select", condition, value, chosen)
    return chosen


def _application(node: Element, where: str) -> Expression:
    head, *rest = node
    operator = local(head.tag)
    if operator == "csymbol":
        raise ModelError(
            f"{where}: {head.get('definitionURL', '').rpartition('/')[2]} is outside what the engine can do"
        )
    if operator == "ci":
        raise ModelError(f"{where}: function {(head.text or '').strip()!r} is not resolved")
    if operator in ("root", "log") and rest and local(rest[0].tag) in ("degree", "logbase"):
        qualifier, arguments = _expression(rest[0][0], where), [_expression(part, where) for part in rest[1:]]
    else:
        qualifier, arguments = None, [_expression(part, where) for part in rest]
    built = _built(operator, arguments, qualifier)
    if built is None:
        raise ModelError(f"{where}: <{operator}> with {len(arguments)} argument(s) is outside what the engine can do")
    return built


def _built(operator: str, arguments: Sequence[Expression], qualifier: Expression | None) -> Expression | None:
    count = len(arguments)
    if operator in _LEFT:
        if not arguments:
            return Number(_EMPTY[operator]) if operator in _EMPTY else None
        return reduce(lambda left, right: Apply(_LEFT[operator], (left, right)), arguments)
    if operator in _COMPARE and count >= 2:
        pairs = [_COMPARE[operator](left, right) for left, right in pairwise(arguments)]
        return reduce(lambda left, right: apply("and", left, right), pairs)
    if operator in _PLAIN and count == 1:
        return apply(_PLAIN[operator], arguments[0])
    if operator in _PAIR and count == 2:
        return apply(_PAIR[operator], *arguments)
    if operator == "minus" and count in (1, 2):
        return apply("neg", *arguments) if count == 1 else apply("sub", *arguments)
    return _derived(operator, arguments, qualifier) if count == 1 else None


def _derived(operator: str, arguments: Sequence[Expression], qualifier: Expression | None) -> Expression | None:
    (value,) = arguments
    if operator == "root":
        if qualifier in (None, Number(2.0)):
            return apply("sqrt", value)
        return apply("pow", value, apply("div", ONE, qualifier)) if qualifier else None
    if operator == "log":
        base = qualifier or Number(10.0)
        return apply("div", apply("log", value), apply("log", base))
    if operator == "tan":
        return apply("div", apply("sin", value), apply("cos", value))
    if operator == "ceiling":
        return apply("neg", apply("floor", apply("neg", value)))
    if operator in ("sinh", "cosh", "tanh"):
        return _hyperbolic(operator, value)
    return None


def _hyperbolic(operator: str, value: Expression) -> Expression:
    up, down = apply("exp", value), apply("exp", apply("neg", value))
    if operator == "tanh":  # (1 - e) / (1 + e) with e = exp(-2x) overflows to -1 only where it is -1
        squared = apply("exp", apply("mul", Number(-2.0), apply("abs", value)))
        size = apply("div", apply("sub", ONE, squared), apply("add", ONE, squared))
        return apply("select", apply("lt", value, Number(0.0)), apply("neg", size), size)
    return apply("div", apply("sub" if operator == "sinh" else "add", up, down), Number(2.0))
