"""Which states a rate divides by: where such a state runs below 0, a pole may lie in the way."""

from __future__ import annotations

from collections.abc import Sequence

from davy.engine.graph import LEAVES, Graph, Node

_ALGEBRAIC = frozenset(("add", "sub", "mul", "div", "neg", "signed"))


def divisors(graph: Graph, rates: Sequence[Node]) -> tuple[int, ...]:
    """States that a denominator is made of by sums, products and powers, by index."""
    waiting = [graph.arguments(node)[1] for node in graph.needed(rates) if graph.entries[node][0] == "div"]
    seen: set[Node] = set()
    found: set[int] = set()
    while waiting:
        node = waiting.pop()
        operation = graph.entries[node][0]
        if node in seen or (operation in LEAVES and operation != "state"):
            continue
        seen.add(node)
        if operation == "state":
            found.add(int(graph.entries[node][1]))
        elif operation in _ALGEBRAIC:
            waiting.extend(graph.arguments(node)[: 1 if operation == "signed" else None])
    return tuple(sorted(found))
