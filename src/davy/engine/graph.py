"""Expression graph with shared subexpressions: each distinct operation stands in it once, after its arguments."""

from __future__ import annotations

import math
from collections.abc import Iterable

Node = int
Entry = tuple[str, *tuple[int | float, ...]]

LEAVES = frozenset(("constant", "state", "parameter", "step", "scale"))
"""Entries that take no node: a constant by value, the others by index."""

_COMMUTE = frozenset(("add", "mul", "min", "max", "and", "or", "eq", "ne"))
_WHOLE_POWER = 16
_LOG_OF_NOTHING = -1e300  # finite, so that 0 to the power of 0 is 1


class Entries:
    """Nodes in the order of their making, which is an order of evaluation."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._known: dict[Entry, Node] = {}

    def node(self, operation: str, *arguments: int | float) -> Node:
        """The node of that entry, made when it is new."""
        if operation in _COMMUTE:
            arguments = tuple(sorted(arguments))
        entry: Entry = (operation, *arguments)
        known = self._known.get(entry)
        if known is None:
            known = self._known[entry] = len(self.entries)
            self.entries.append(entry)
        return known

    def constant(self, value: float) -> Node:
        """The node of a literal."""
        return self.node("constant", float(value))

    def value(self, node: Node) -> float | None:
        """The literal that the node is, or None."""
        entry = self.entries[node]
        return float(entry[1]) if entry[0] == "constant" else None

    def arguments(self, node: Node) -> tuple[Node, ...]:
        """The nodes that the node reads."""
        entry = self.entries[node]
        return () if entry[0] in LEAVES else tuple(int(argument) for argument in entry[1:])

    def needed(self, roots: Iterable[Node]) -> list[Node]:
        """Every node that the roots rest on, in an order of evaluation."""
        found: set[Node] = set()
        waiting = list(roots)
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting.extend(self.arguments(node))
        return sorted(found)


class Graph(Entries):
    """Arithmetic on nodes, simplified where a constant allows."""

    def add(self, a: Node, b: Node) -> Node:
        """The sum."""
        left, right = self.value(a), self.value(b)
        if left is not None and right is not None:
            return self.constant(left + right)
        if left == 0.0:
            return b
        if right == 0.0:
            return a
        if self.entries[b][0] == "neg":
            return self.sub(a, self.arguments(b)[0])
        if self.entries[a][0] == "neg":
            return self.sub(b, self.arguments(a)[0])
        return self.node("add", a, b)

    def sub(self, a: Node, b: Node) -> Node:
        """The difference."""
        left, right = self.value(a), self.value(b)
        if left is not None and right is not None:
            return self.constant(left - right)
        if right == 0.0:
            return a
        if left == 0.0:
            return self.neg(b)
        if self.entries[b][0] == "neg":
            return self.add(a, self.arguments(b)[0])
        return self.node("sub", a, b)

    def neg(self, a: Node) -> Node:
        """The negative."""
        value = self.value(a)
        if value is not None:
            return self.constant(-value)
        if self.entries[a][0] == "neg":
            return self.arguments(a)[0]
        return self.node("neg", a)

    def mul(self, a: Node, b: Node) -> Node:
        """The product; zero annihilates."""
        left, right = self.value(a), self.value(b)
        if left is not None and right is not None:
            return self.constant(left * right)
        for factor, other in ((left, b), (right, a)):
            if factor == 0.0:
                return self.constant(0.0)
            if factor == 1.0:
                return other
            if factor == -1.0:
                return self.neg(other)
        return self.node("mul", a, b)

    def div(self, a: Node, b: Node) -> Node:
        """The quotient."""
        if self.value(b) == 1.0:
            return a
        if self.value(a) == 0.0:
            return self.constant(0.0)
        return self.node("div", a, b)

    def fma(self, a: Node, b: Node, c: Node) -> Node:
        """Give a * b + c, rounded once where the machine can."""
        if self.value(c) == 0.0 or self.value(self.mul(a, b)) is not None:
            return self.add(self.mul(a, b), c)
        if self.value(a) in (1.0, -1.0) or self.value(b) in (1.0, -1.0):
            return self.add(self.mul(a, b), c)
        (a, b), odd = self._sizes(a, b)
        return self.node("fnma" if odd else "fma", *sorted((a, b)), c)

    def fnma(self, a: Node, b: Node, c: Node) -> Node:
        """Give c - a * b, rounded once where the machine can."""
        if self.value(c) == 0.0 or self.value(self.mul(a, b)) is not None:
            return self.sub(c, self.mul(a, b))
        (a, b), odd = self._sizes(a, b)
        return self.node("fma" if odd else "fnma", *sorted((a, b)), c)

    def _sizes(self, *factors: Node) -> tuple[list[Node], bool]:
        """The factors without their negations, and whether those were odd in number."""
        negated = [self.entries[factor][0] == "neg" for factor in factors]
        bare = [self.arguments(f)[0] if minus else f for f, minus in zip(factors, negated, strict=True)]
        return bare, sum(negated) % 2 == 1

    def power(self, base: Node, exponent: Node) -> Node:
        """The power; small whole exponents by multiplication, 0.5 by the root, others through exp and log."""
        whole = self.value(exponent)
        if whole == 0.5:
            return self.node("sqrt", base)
        if whole is not None and whole == math.floor(whole) and abs(whole) <= _WHOLE_POWER:
            product = _product(self, base, int(abs(whole)))
            return self.div(self.constant(1.0), product) if whole < 0 else product
        log, least = self.node("log", self.node("abs", base)), self.constant(_LOG_OF_NOTHING)
        log = self.node("select", self.node("lt", log, least), least, log)
        size = self.node("exp", self.mul(exponent, log))
        return self.node("signed", base, exponent, self.node("parity", exponent), size)

    def inverse(self, a: Node) -> Node:
        """Give 1 / a for an `a` that is neither 0 nor infinite in any step that counts."""
        value = self.value(a)
        if value is not None:
            return self.constant(1.0 / value)
        if self.entries[a][0] == "div":
            return self.div(*reversed(self.arguments(a)))
        return self.node("inverse", a)


def _product(graph: Graph, base: Node, times: int) -> Node:
    """Multiply a node `times` times with itself, by squares."""
    result, square = graph.constant(1.0), base
    while times:
        if times & 1:
            result = graph.mul(result, square)
        times >>= 1
        if times:
            square = graph.mul(square, square)
    return result
