"""Symbolic derivatives on the graph: one forward sweep gives a sparse Jacobian."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from davy.engine.graph import Graph, Node

Slopes = dict[int, Node]
"""Derivative by index of the state; a missing index is zero."""


def jacobian(graph: Graph, rates: Sequence[Node]) -> dict[tuple[int, int], Node]:
    """Derivative of each rate with respect to each state leaf, where it is not zero for every value.

    Returns
    -------
    By (rate, state), the node of the derivative.
    """
    slopes: dict[Node, Slopes] = {}
    for node in graph.needed(rates):
        slopes[node] = _slopes(graph, node, slopes)
    return {
        (row, column): slope
        for row, rate in enumerate(rates)
        for column, slope in sorted(slopes[rate].items())
        if graph.value(slope) != 0.0
    }


def _slopes(graph: Graph, node: Node, known: Mapping[Node, Slopes]) -> Slopes:
    operation = graph.entries[node][0]
    if operation == "state":
        return {int(graph.entries[node][1]): graph.constant(1.0)}
    arguments = graph.arguments(node)
    inner = [known[argument] for argument in arguments]
    columns = sorted({column for slopes in inner for column in slopes})
    if not columns or operation in _FLAT:
        return {}
    zero = graph.constant(0.0)
    rule = _RULES[operation]
    return {column: rule(graph, node, arguments, [slopes.get(column, zero) for slopes in inner]) for column in columns}


_FLAT = frozenset(("lt", "le", "eq", "ne", "and", "or", "not", "floor", "parity"))
Rule = Callable[[Graph, Node, Sequence[Node], Sequence[Node]], Node]


def _div(g: Graph, node: Node, of: Sequence[Node], d: Sequence[Node]) -> Node:
    if g.value(d[1]) == 0.0:
        return g.div(d[0], of[1])
    return g.div(g.sub(d[0], g.mul(node, d[1])), of[1])


def _power(g: Graph, node: Node, of: Sequence[Node], d: Sequence[Node]) -> Node:
    """From the power itself, so that no second one is taken; at a base of 0 only an exponent of 1 has a slope."""
    base, exponent = of[:2]
    zero, one = g.constant(0.0), g.constant(1.0)
    at_zero = g.node("select", g.node("eq", exponent, one), one, zero)
    by_base = g.node("select", g.node("eq", base, zero), at_zero, g.div(g.mul(exponent, node), base))
    slope = g.mul(by_base, d[0])
    if g.value(d[1]) == 0.0:
        return slope
    return g.add(slope, g.mul(g.mul(node, g.node("log", g.node("abs", base))), d[1]))


def _chosen(g: Graph, node: Node, of: Sequence[Node], d: Sequence[Node]) -> Node:
    if g.value(d[1]) == 0.0 and g.value(d[2]) == 0.0:
        return g.constant(0.0)
    return g.node("select", of[0], d[1], d[2])


def _extreme(g: Graph, node: Node, of: Sequence[Node], d: Sequence[Node]) -> Node:
    return g.node("select", g.node("eq", node, of[0]), d[0], d[1])


def _leg(g: Graph, sine: Node) -> Node:
    """The cosine that goes with a sine."""
    return g.node("sqrt", g.sub(g.constant(1.0), g.mul(sine, sine)))


_RULES: Mapping[str, Rule] = {
    "add": lambda g, node, of, d: g.add(d[0], d[1]),
    "sub": lambda g, node, of, d: g.sub(d[0], d[1]),
    "neg": lambda g, node, of, d: g.neg(d[0]),
    "mul": lambda g, node, of, d: g.add(g.mul(d[0], of[1]), g.mul(of[0], d[1])),
    "div": _div,
    "exp": lambda g, node, of, d: g.mul(node, d[0]),
    "log": lambda g, node, of, d: g.div(d[0], of[0]),
    "sqrt": lambda g, node, of, d: g.div(g.mul(g.constant(0.5), d[0]), node),
    "sin": lambda g, node, of, d: g.mul(g.node("cos", of[0]), d[0]),
    "cos": lambda g, node, of, d: g.neg(g.mul(g.node("sin", of[0]), d[0])),
    "tan": lambda g, node, of, d: g.mul(g.add(g.constant(1.0), g.mul(node, node)), d[0]),
    "asin": lambda g, node, of, d: g.div(d[0], _leg(g, of[0])),
    "acos": lambda g, node, of, d: g.neg(g.div(d[0], _leg(g, of[0]))),
    "atan": lambda g, node, of, d: g.div(d[0], g.add(g.constant(1.0), g.mul(of[0], of[0]))),
    "abs": lambda g, node, of, d: g.node("select", g.node("lt", of[0], g.constant(0.0)), g.neg(d[0]), d[0]),
    "min": _extreme,
    "max": _extreme,
    "select": _chosen,
    "signed": _power,
}
