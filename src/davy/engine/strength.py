"""Rewrites a graph so that it costs less; the result is the same up to rounding.

One reciprocal stands in place of many divisions, what depends on parameters alone is gathered so that it can be
kept, and products are fused into sums.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from davy.engine.graph import Graph, Node
from davy.engine.rewriting import Rewriting
from davy.engine.sums import Summing

Rule = Callable[[Node, str, Sequence[Node]], Node]
"""Makes the new node from the old one, its operation, and its arguments in the new graph."""


def reduced(graph: Graph, roots: Sequence[Node]) -> tuple[Graph, list[Node]]:
    """A cheaper graph, and the roots in it."""
    gathered, roots = _Gathering(graph, roots).result()
    return Summing(gathered, roots).result()


class _Gathering(Rewriting):
    """Divisions become products with reciprocals; steady factors and steady terms are brought together."""

    def rewritten(self, node: Node, operation: str, arguments: Sequence[Node]) -> Node:
        rule: Rule | None = {"mul": self._mul, "div": self._div, "add": self._add, "sub": self._add}.get(operation)
        if rule is not None:
            return rule(node, operation, arguments)
        if operation in ("neg", "inverse"):
            return getattr(self.new, operation)(*arguments)
        if operation in ("fma", "fnma"):
            return getattr(self.new, operation)(*arguments)
        return self.new.node(operation, *arguments)

    def _mul(self, node: Node, operation: str, arguments: Sequence[Node]) -> Node:
        (a, old), (b, _) = sorted(
            zip(arguments, self.old.arguments(node), strict=True), key=lambda pair: self.steady(pair[0])
        )
        if self.steady(b) and not self.steady(a) and self.uses[old] == 1:
            rest, shift = self._split(a, "add")
            if shift is not None and rest is not None:
                return self._sum(self._product(rest, b), self.new.mul(shift, b))
        return self._product(a, b)

    def _product(self, a: Node, b: Node) -> Node:
        for one, other in ((a, b), (b, a)):
            if self.new.entries[one][0] == "neg":
                return self.new.neg(self._product(self.new.arguments(one)[0], other))
        (x, p), (y, q) = self._split(a, "mul"), self._split(b, "mul")
        if p is None or q is None:
            return self.new.mul(a, b)
        factor = self.new.mul(p, q)
        if x is None or y is None:
            rest = x if y is None else y
            return factor if rest is None else self.new.mul(rest, factor)
        return self.new.mul(self.new.mul(x, y), factor)

    def _div(self, node: Node, operation: str, arguments: Sequence[Node]) -> Node:
        a, b = arguments
        one = self.new.constant(1.0)
        if self.steady(a) and self.steady(b):
            return self.new.div(a, b)
        if self.steady(b):
            return self._product(a, self.new.div(one, b))
        return self._product(a, self.new.node("reciprocal", b) if self._may_overflow(b) else self.new.inverse(b))

    def _may_overflow(self, node: Node) -> bool:
        """Whether an exponential stands in a denominator, which may then be infinite in a step that counts."""
        waiting, seen = [node], set[Node]()
        while waiting:
            part = waiting.pop()
            operation = self.new.entries[part][0]
            if operation == "exp":
                return True
            if part not in seen and operation != "signed":  # a power that overflows is wrong on either side
                seen.add(part)
                waiting.extend(self.new.arguments(part))
        return False

    def _add(self, node: Node, operation: str, arguments: Sequence[Node]) -> Node:
        a, b = arguments
        return self._sum(a, self.new.neg(b) if operation == "sub" else b)

    def _sum(self, a: Node, b: Node) -> Node:
        (x, p), (y, q) = self._split(a, "add"), self._split(b, "add")
        if p is None or q is None:
            return self.new.add(a, b)
        shift = self.new.add(p, q)
        if x is None or y is None:
            rest = x if y is None else y
            return shift if rest is None else self.new.add(rest, shift)
        return self.new.add(self.new.add(x, y), shift)

    def _split(self, node: Node, operation: str) -> tuple[Node | None, Node | None]:
        """What of a sum or product is not steady, and what is; None where there is no such part."""
        if self.steady(node):
            return None, node
        made = self.new.entries[node][0]
        if made == operation or (made == "sub" and operation == "add"):
            x, p = self.new.arguments(node)
            if self.steady(p):
                return x, self.new.neg(p) if made == "sub" else p
            if self.steady(x):
                return (self.new.neg(p) if made == "sub" else p), x
        return node, None
