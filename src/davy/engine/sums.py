"""Sums of many terms in the order in which the terms come: what is ready late is added last, so nothing waits for it.

A product that only sums read is fused into them. One lane alone is bound by such waiting, eight together by the
number of operations; so a sum is cut into parts only where its terms would else wait for each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from davy.engine.graph import Graph, Node
from davy.engine.rewriting import Rewriting, Steady

_ADDING = frozenset(("add", "sub", "fma", "fnma", "neg"))
_ADD, _FMA, _MUL = 3, 4, 3
_CYCLES: Mapping[str, int] = {
    "neg": 1, "abs": 1, "about_inverse": 1, "signed": 6, "exp": 45, "log": 75,
    "reciprocal": 22, "inverse": 18, "div": 13, "sqrt": 20, "fma": _FMA, "fnma": _FMA,
}  # fmt: skip
"""About how long a result takes on the processors of today; what is not named takes three."""
_PARTS = 3


@dataclass(frozen=True)
class Term:
    """One term of a sum: a node, or the product of two, taken away if `minus`."""

    minus: bool
    factors: tuple[Node, ...]


@dataclass
class _Part:
    """A part of a sum, and when it is ready."""

    node: Node
    ready: int


class Summing(Rewriting):
    """The pass that puts sums in order."""

    def __init__(self, old: Graph, roots: Sequence[Node]) -> None:
        super().__init__(old, roots)
        self._kept = set(roots)
        self._readers: dict[Node, list[Node]] = {}
        for node in self.needed:
            for argument in old.arguments(node):
                self._readers.setdefault(argument, []).append(node)
        self._alone = Steady(old)
        self._inside = {node for node in self.needed if self._dissolves(node)}
        self._ready: dict[Node, int] = {}

    def rewritten(self, node: Node, operation: str, arguments: Sequence[Node]) -> Node:
        """The node in the new graph; a part of a sum is made where the sum is."""
        if node in self._inside:
            return -1
        if operation in _ADDING and not self._alone(node):
            made = self._sum(self._terms(node, minus=False))
        elif operation in ("add", "sub", "mul", "neg"):
            made = getattr(self.new, operation)(*arguments)
        else:
            made = self.new.node(operation, *arguments)
        self._time(made)
        return made

    def _dissolves(self, node: Node) -> bool:
        """Whether the node vanishes into the sums that read it: a product always, a sum where one sum reads it once."""
        readers = self._readers.get(node, [])
        if node in self._kept or self._alone(node) or len(set(readers)) < len(readers):
            return False
        operation = self.old.entries[node][0]
        if operation == "mul":
            return all(self.old.entries[r][0] in ("add", "sub", "neg") or self._addend(r) == node for r in readers)
        if operation == "neg" or operation in _ADDING:
            reader = readers[0]
            summed = self.old.entries[reader][0] in ("add", "sub", "neg") or self._addend(reader) == node
            return len(readers) == 1 and summed
        return False

    def _addend(self, node: Node) -> Node | None:
        """What a fused product is added to."""
        return self.old.arguments(node)[2] if self.old.entries[node][0] in ("fma", "fnma") else None

    def _terms(self, node: Node, *, minus: bool) -> list[Term]:
        """The terms of an old sum, over nodes of the new graph."""
        operation, arguments = self.old.entries[node][0], self.old.arguments(node)
        if operation in ("add", "sub"):
            second = minus != (operation == "sub")
            return [*self._inner(arguments[0], minus), *self._inner(arguments[1], second)]
        if operation == "neg":
            return self._inner(arguments[0], not minus)
        product = self._product(arguments[:2], minus != (operation == "fnma"))
        return [product, *self._inner(arguments[2], minus)]

    def _inner(self, node: Node, minus: bool) -> list[Term]:
        if node not in self._inside:
            return [self._plain(self.at[node], minus)]
        if self.old.entries[node][0] == "mul":
            return [self._product(self.old.arguments(node), minus)]
        return self._terms(node, minus=minus)

    def _plain(self, node: Node, minus: bool) -> Term:
        if self.new.entries[node][0] == "neg":
            return Term(not minus, self.new.arguments(node))
        return Term(minus, (node,))

    def _product(self, old: Sequence[Node], minus: bool) -> Term:
        factors = [self.at[factor] for factor in old]
        for index, factor in enumerate(factors):
            if self.new.entries[factor][0] == "neg":
                factors[index], minus = self.new.arguments(factor)[0], not minus
        return Term(minus, tuple(factors))

    def _sum(self, terms: Sequence[Term]) -> Node:
        """The sum, its steady terms first, then in the order of readiness."""
        steady = [term for term in terms if all(self.steady(factor) for factor in term.factors)]
        moving = [term for term in terms if term not in steady]
        moving.sort(key=lambda term: (self._when(term), term.minus))
        parts: list[_Part] = []
        if steady:
            total = self.new.constant(0.0)
            for term in steady:
                total = (self.new.sub if term.minus else self.new.add)(total, _value(self.new, term))
            parts.append(_Part(total, 0))
        for term in moving:
            self._put(parts, term)
        while len(parts) > 1:
            parts.sort(key=lambda part: part.ready)
            first, second = parts[:2]
            joined = _Part(self.new.add(first.node, second.node), max(first.ready, second.ready) + _ADD)
            parts = [joined, *parts[2:]]
        self._ready[parts[0].node] = parts[0].ready
        return parts[0].node

    def _put(self, parts: list[_Part], term: Term) -> None:
        """Add a term to the part that has waited least and is ready, else begin a part, else to the first ready."""
        when = self._when(term)
        ready = [part for part in parts if part.ready <= when]
        if not ready and len(parts) < _PARTS and not term.minus:
            parts.append(_Part(_value(self.new, term), when + (_MUL if len(term.factors) == 2 else 0)))
            return
        if not parts:
            parts.append(_Part(self.new.neg(_value(self.new, term)), when + _MUL))
            return
        part = max(ready, key=lambda p: p.ready) if ready else min(parts, key=lambda p: p.ready)
        part.ready = max(part.ready, when) + (_FMA if len(term.factors) == 2 else _ADD)
        if len(term.factors) == 2:
            part.node = (self.new.fnma if term.minus else self.new.fma)(*term.factors, part.node)
        else:
            part.node = (self.new.sub if term.minus else self.new.add)(part.node, *term.factors)

    def _when(self, term: Term) -> int:
        return max(self._time(factor) for factor in term.factors)

    def _time(self, node: Node) -> int:
        """When a node of the new graph is ready, in cycles from the start."""
        known = self._ready.get(node)
        if known is None:
            arguments = self.new.arguments(node)
            known = 0
            if arguments and not self.steady(node):
                known = max(self._time(argument) for argument in arguments) + _CYCLES.get(self.new.entries[node][0], 3)
            self._ready[node] = known
        return known


def _value(graph: Graph, term: Term) -> Node:
    return term.factors[0] if len(term.factors) == 1 else graph.mul(*term.factors)
