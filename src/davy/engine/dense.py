"""Values inside a step: the cubic through both ends with the slopes there, so that a wanted time need not stop it.

Its error shrinks with the fourth power of the step. The methods' own extensions, which need no slope at the end, were
three times worse at the same steps.
"""

from __future__ import annotations

from davy.engine.assembly import Assembly
from davy.engine.emission import Emission
from davy.engine.graph import Node
from davy.engine.room import Room
from davy.engine.rosenbrock import Step
from davy.engine.trace import System


class Dense:
    """Writes how a step is remembered as a cubic for each state, and how a value is read from it."""

    def __init__(self, assembly: Assembly, system: System, room: Room) -> None:
        self.write = assembly
        self.system = system
        self.size = system.size
        self.cubic: list[tuple[Node, Node, Node]] = []
        self.room = room

    def plan(self, step: Step) -> list[Node]:
        """The coefficients of the cubics: through both ends, with the slopes at both ends."""
        graph = step.graph
        length, before = graph.node("step", 0), self.system.leaves(graph)
        rates = self.system.rates(graph, before), self.system.rates(graph, step.after)
        for i in range(self.size):
            first, last = (graph.mul(length, rate[i]) for rate in rates)
            change = graph.sub(step.after[i], before[i])
            both = graph.add(first, last)
            second = graph.sub(graph.mul(graph.constant(3.0), change), graph.add(first, both))
            third = graph.sub(both, graph.mul(graph.constant(2.0), change))
            self.cubic.append((first, second, third))
        return [node for row in self.cubic for node in row]

    def remember(self, emission: Emission, mask: str, begin: str, length: str) -> None:
        """Keep the step in the lanes of the mask."""
        write, room = self.write, self.room
        room.put_where(mask, "from_", begin)
        per_length = write.real("fdiv", write.types.constant(1.0), length)
        room.put_where(mask, "per_length", per_length)
        for i in range(self.size):
            room.put_where(mask, "curve", room.get("state", i), 4 * i)
            for power, node in enumerate(self.cubic[i]):
                room.put_where(mask, "curve", emission.emit([node])[0], 4 * i + power + 1)

    def look_back(self, mask: str, time: str) -> None:
        """Show the states at that time inside the remembered step, in the lanes of the mask."""
        write, room = self.write, self.room
        share = write.real("fmul", write.real("fsub", time, room.get("from_")), room.get("per_length"))
        for i in range(self.size):
            value = room.get("curve", 4 * i + 3)
            for power in (2, 1, 0):
                value = write.real("fadd", write.real("fmul", value, share), room.get("curve", 4 * i + power))
            room.put_where(mask, "shown", value, i)
