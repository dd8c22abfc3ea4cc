"""A large graph written as several functions, each short enough for the compiler to be quick with it."""

from __future__ import annotations

from collections.abc import Sequence

from davy.engine.assembly import Assembly
from davy.engine.emission import Emission
from davy.engine.graph import LEAVES, Graph, Node
from davy.engine.scheduling import scheduled

_NODES = 120
"""How many nodes one function holds."""


class Parts:
    """Functions that together put the values of some roots into an array.

    Attributes
    ----------
    spilled : by node, where a value that a later part reads waits in the array `spill`.
    """

    def __init__(
        self, assembly: Assembly, name: str, graph: Graph, roots: Sequence[Node], kept: Sequence[Node]
    ) -> None:
        self.write = assembly
        self.name = name
        self.graph = graph
        self.roots = roots
        self.kept = {node: index for index, node in enumerate(kept)}
        order = [node for node in self._open() if graph.entries[node][0] not in LEAVES]
        count = 1 + max(len(order), len(roots)) // _NODES
        self.parts = [order[len(order) * i // count : len(order) * (i + 1) // count] for i in range(count)]
        home = {node: number for number, part in enumerate(self.parts) for node in part}
        crossing = {a for node in order for a in graph.arguments(node) if a in home and home[a] != home[node]}
        self.spilled = {node: index for index, node in enumerate(sorted(crossing))}
        self._stored: list[list[int]] = [[] for _ in self.parts]
        for index, root in enumerate(roots):
            self._stored[home.get(root, count * index // len(roots))].append(index)

    def define(self) -> None:
        """Write the functions."""
        for number in range(len(self.parts)):
            self.write.apart.append(self._function(number))

    def call(self, state: str, kept: str, spill: str, out: str) -> None:
        """Run them all: `state` and `kept` are read, `spill` is between them, `out` takes the roots in order."""
        for number in range(len(self.parts)):
            self.write.say(f"call void @{self.name}.{number}(ptr {state}, ptr {kept}, ptr {spill}, ptr {out})")

    def _open(self) -> list[Node]:
        """What is to be computed, in order; what is kept is not."""
        found: set[Node] = set()
        waiting = [root for root in self.roots if root not in self.kept]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting.extend(argument for argument in self.graph.arguments(node) if argument not in self.kept)
        return sorted(found)

    def _function(self, number: int) -> str:
        write = Assembly(self.write.types.width, fused=self.write.fused, estimates=self.write.estimates)
        real, width, part = write.types.real, write.types.width, self.parts[number]

        def leaf(_: str, index: int) -> str:
            return write.load(real, "%state", str(index * width))

        emission = Emission(write, self.graph, leaf)
        wanted = [self.roots[index] for index in self._stored[number]]
        outside = {a for node in part for a in self.graph.arguments(node)} | set(wanted)
        given: dict[Node, str] = {}
        for node in sorted(outside - set(part)):
            if node in self.kept:
                given[node] = write.load(real, "%kept", str(self.kept[node] * width))
            elif node in self.spilled:
                given[node] = write.load(real, "%spill", str(self.spilled[node] * width))
        leaving = [node for node in part if node in self.spilled]
        values = emission.emit([*wanted, *leaving], given)
        write.lines = scheduled(write.lines)
        for index, value in zip(self._stored[number], values, strict=False):
            write.store(real, value, "%out", str(index * width))
        for node, value in zip(leaving, values[len(wanted) :], strict=True):
            write.store(real, value, "%spill", str(self.spilled[node] * width))
        head = (
            f"define internal void @{self.name}.{number}(ptr %state, ptr %kept, ptr %spill, ptr %out) noinline nounwind"
        )
        return "\n".join([head + " {", *write.lines, "  ret void", "}"])
