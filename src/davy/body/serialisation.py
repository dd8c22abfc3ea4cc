"""A model as bytes and back, exact to the last bit; formulas are a table of nodes, so that shared parts stay shared."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from davy.body.expression import Apply, Expression, Name, Number, Time
from davy.body.model import Model

_LISTS = ("states", "parameters", "outputs", "dose_per_unit")
_MAPS = ("defaults", "units")
_FORMULAS = ("rates", "initial", "assignments")
_NAMED_FORMULAS = ("flows", "constants")


def as_bytes(model: Model) -> bytes:
    """JSON: plain fields as they are, each formula as its place in ``nodes``.

    A node is a number, the id of a name, null for the time, or an operation and the places of its arguments, all of
    which stand before it.
    """
    nodes: list[Any] = []
    places: dict[int, int] = {}
    document: dict[str, Any] = {"name": model.name, "nodes": nodes}
    document |= {key: list(getattr(model, key)) for key in _LISTS}
    document |= {key: dict(getattr(model, key)) for key in _MAPS}
    for key in _FORMULAS:
        document[key] = [_place(formula, nodes, places) for formula in getattr(model, key)]
    for key in _NAMED_FORMULAS:
        document[key] = {name: _place(formula, nodes, places) for name, formula in getattr(model, key).items()}
    return json.dumps(document, separators=(",", ":")).encode()


def model_of(content: bytes) -> Model:
    """The model that `as_bytes` wrote."""
    document: dict[str, Any] = json.loads(content)
    nodes: list[Expression] = []
    for node in document.pop("nodes"):
        nodes.append(_expression(node, nodes))
    document |= {key: tuple(document[key]) for key in _LISTS}
    document |= {key: _at(document[key], nodes) for key in _FORMULAS}
    document |= {key: {name: nodes[place] for name, place in document[key].items()} for key in _NAMED_FORMULAS}
    return Model(**document)


def _place(formula: Expression, nodes: list[Any], places: dict[int, int]) -> int:
    """Where the formula stands among the nodes, put there if need be with all that it is made of."""
    waiting = [formula]
    while waiting:
        part = waiting[-1]
        missing = [one for one in _arguments(part) if id(one) not in places]
        if missing:
            waiting += missing
            continue
        waiting.pop()
        if id(part) not in places:
            places[id(part)] = len(nodes)
            nodes.append(_node(part, places))
    return places[id(formula)]


def _arguments(part: Expression) -> Iterable[Expression]:
    return part.arguments if isinstance(part, Apply) else ()


def _node(part: Expression, places: dict[int, int]) -> Any:
    if isinstance(part, Number):
        return float(part.value)
    if isinstance(part, Name):
        return part.id
    if isinstance(part, Time):
        return None
    return [part.operation, *(places[id(one)] for one in part.arguments)]


def _expression(node: Any, nodes: list[Expression]) -> Expression:
    if node is None:
        return Time()
    if isinstance(node, str):
        return Name(node)
    if isinstance(node, float):
        return Number(node)
    return _applied(node, nodes)


def _applied(node: list[Any], nodes: list[Expression]) -> Expression:
    return Apply(node[0], _at(node[1:], nodes))


def _at(places: list[int], nodes: list[Expression]) -> tuple[Expression, ...]:
    return tuple(nodes[place] for place in places)
