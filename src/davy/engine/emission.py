"""Writes a graph into an assembly: each node becomes a line, masks and reals kept apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from davy.engine.assembly import Assembly
from davy.engine.functions import FUNCTIONS
from davy.engine.graph import Graph, Node

_BINARY = {"add": "fadd", "sub": "fsub", "mul": "fmul", "div": "fdiv"}
_INTRINSIC = {"abs": "fabs", **{name: name for name in ("sqrt", "floor", "sin", "cos", "tan", "asin", "acos", "atan")}}
_COMPARE = {"lt": "olt", "le": "ole", "eq": "oeq", "ne": "une"}

Leaf = Callable[[str, int], str]


class Emission:
    """One graph written into an assembly, its leaves fetched by `leaf`."""

    def __init__(self, assembly: Assembly, graph: Graph, leaf: Leaf) -> None:
        self.assembly = assembly
        self.graph = graph
        self.leaf = leaf
        self.written: dict[Node, str] = {}
        self._masks: set[Node] = set()

    def emit(self, roots: Sequence[Node], given: dict[Node, str] | None = None) -> list[str]:
        """The names of the roots' values; `given` names nodes that stand elsewhere already."""
        self.written.update(given or {})
        for node in self._open(roots):
            self.written[node] = self._line(node)
        return [self.as_real(root) for root in roots]

    def as_real(self, node: Node) -> str:
        """The value of a node; a condition counts as 1 or 0."""
        name = self.written[node]
        if node not in self._masks:
            return name
        constant = self.assembly.types.constant
        return self.assembly.choose(name, constant(1.0), constant(0.0))

    def as_mask(self, node: Node) -> str:
        """The truth of a node; a number is true unless it is 0."""
        name = self.written[node]
        if node in self._masks:
            return name
        types = self.assembly.types
        return self.assembly.compare("une", name, types.constant(0.0))

    def _open(self, roots: Iterable[Node]) -> list[Node]:
        found: set[Node] = set()
        waiting = list(roots)
        while waiting:
            node = waiting.pop()
            if node not in found and node not in self.written:
                found.add(node)
                waiting.extend(self.graph.arguments(node))
        return sorted(found)

    def _line(self, node: Node) -> str:
        operation, *rest = self.graph.entries[node]
        if operation == "constant":
            return self.assembly.types.constant(float(rest[0]))
        arguments = self.graph.arguments(node)
        if not arguments:
            return self.leaf(operation, int(rest[0]))
        if operation in _COMPARE or operation in ("and", "or", "not"):
            self._masks.add(node)
            return self._condition(operation, arguments)
        if operation == "select":
            mask = self.as_mask(arguments[0])
            return self.assembly.choose(mask, self.as_real(arguments[1]), self.as_real(arguments[2]))
        return self._arithmetic(operation, [self.as_real(argument) for argument in arguments])

    def _condition(self, operation: str, arguments: Sequence[Node]) -> str:
        if operation in _COMPARE:
            a, b = (self.as_real(argument) for argument in arguments)
            return self.assembly.compare(_COMPARE[operation], a, b)
        masks = [self.as_mask(argument) for argument in arguments]
        if operation == "not":
            return self.assembly.masks("xor", masks[0], self.assembly.types.everywhere)
        return self.assembly.masks(operation, masks[0], masks[1])

    def _arithmetic(self, operation: str, a: Sequence[str]) -> str:
        write, suffix = self.assembly, self.assembly.types.suffix
        if operation in _BINARY:
            return write.real(_BINARY[operation], a[0], a[1])
        if operation == "neg":
            return write.minus(a[0])
        if operation in ("fma", "fnma"):
            return write.fma(a[0] if operation == "fma" else write.minus(a[0]), a[1], a[2])
        if operation in _INTRINSIC:
            return write.call(f"llvm.{_INTRINSIC[operation]}.{suffix}", a[0])
        if operation in ("min", "max"):
            how = "olt" if operation == "min" else "ogt"
            return write.choose(write.compare(how, a[0], a[1]), a[0], a[1])
        return FUNCTIONS[operation](write, *a)
