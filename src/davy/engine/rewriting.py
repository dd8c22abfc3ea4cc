"""Walks a graph in the order of evaluation and makes another one from it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence

from davy.engine.graph import LEAVES, Graph, Node

_KEPT = ("constant", "parameter")


class Steady:
    """Tells which nodes of a graph depend on parameters alone."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[Node, bool] = {}

    def __call__(self, node: Node) -> bool:
        """Whether it does."""
        known = self._known.get(node)
        if known is None:
            operation = self._graph.entries[node][0]
            leaf = operation in LEAVES
            known = operation in _KEPT if leaf else all(self(argument) for argument in self._graph.arguments(node))
            self._known[node] = known
        return known


class Rewriting(ABC):
    """One pass over a graph, node by node; what it makes is the same up to rounding."""

    def __init__(self, old: Graph, roots: Sequence[Node]) -> None:
        self.old = old
        self.roots = roots
        self.needed = old.needed(roots)
        self.uses = Counter(argument for node in self.needed for argument in old.arguments(node))
        self.uses.update(roots)
        self.new = Graph()
        self.at: dict[Node, Node] = {}
        self.steady = Steady(self.new)

    def result(self) -> tuple[Graph, list[Node]]:
        """The new graph, and the roots in it."""
        at = self.at
        for node in self.needed:
            operation, *rest = self.old.entries[node]
            if operation in LEAVES:
                at[node] = self.new.node(operation, *rest)
            else:
                at[node] = self.rewritten(node, operation, [at[argument] for argument in self.old.arguments(node)])
        return self.new, [at[root] for root in self.roots]

    @abstractmethod
    def rewritten(self, node: Node, operation: str, arguments: Sequence[Node]) -> Node:
        """The node in the new graph."""
