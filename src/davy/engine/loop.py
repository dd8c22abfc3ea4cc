"""The integration of one tile from its start to the last time: segments, doses, values.

A lane that has reached the end of a segment waits there; lanes meet only where a dose or a value is due,
so nothing that a lane computes depends on its neighbours.
"""

from __future__ import annotations

from davy.engine.assembly import Assembly
from davy.engine.emission import Emission
from davy.engine.graph import Graph
from davy.engine.job import SOLVE_SLOTS, Slots, spread
from davy.engine.rosenbrock import Method
from davy.engine.stepping import Room, Stepping
from davy.engine.tiles import guarded, loop, row_of, tile_function
from davy.engine.trace import System

_SMALLEST = 1e-12
_FLOOR = 1e-13
_NOTHING = 1e-200


class SolveCode:
    """Writes ``solve``: every lane from its start to the last time."""

    def __init__(self, assembly: Assembly, system: System, method: Method) -> None:
        self.write = assembly
        self.types = assembly.types
        self.system = system
        self.room = Room(assembly)
        self.stepping = Stepping(assembly, system, method, self.room)
        self.slots = Slots(assembly, SOLVE_SLOTS)

    def emit(self) -> None:
        """Write the function."""
        kept = len(self.stepping.hoisted.nodes)
        tile_function(self.write, "solve", lambda: self.room.prepare(self.system, kept), self._tile)

    def _tile(self, tile: str) -> None:
        write, room, t = self.write, self.room, self.types
        theta, columns = self.slots.pointer("theta"), str(self.system.columns)

        def parameter(_: str, index: int) -> str:
            return write.load(t.real, theta, row_of(write, tile, columns, index))

        hoisted, graph = self.stepping.hoisted, self.stepping.step.graph
        hoisted.keep(write, Emission(write, graph, parameter), room.at["kept"])
        states = self.slots.pointer("states")
        for i in range(self.system.size):
            room.put("state", write.load(t.real, states, row_of(write, tile, str(self.system.size), i)), i)
        first = self.slots.everywhere("first_step")
        one, zero = t.constant(1.0), t.constant(0.0)
        for name, value in {"step": first, "after_dose": first, "fresh": one, "alive": one, "count": zero}.items():
            room.put(name, value)
        write.store(t.whole, t.integer(0), room.at["status"])
        self._rescale(None)
        segments = self.slots.number("segments")
        loop(write, "0", segments, lambda segment: self._segment(tile, segment), room.at["segment"])
        at = row_of(write, tile, "1", 0)
        write.store(t.whole, write.load(t.whole, room.at["status"]), self.slots.pointer("status"), at)
        write.store(t.real, room.get("count"), self.slots.pointer("steps"), at)

    def _rescale(self, mask: str | None) -> None:
        """Judge errors against the present sizes, in the lanes of the mask."""
        write, room, t = self.write, self.room, self.types
        sizes = [write.call(f"llvm.fabs.{t.suffix}", room.get("state", i)) for i in range(self.system.size)]
        largest = sizes[0]
        for size in sizes[1:]:
            largest = write.larger(size, largest)
        floor = write.real("fmul", largest, t.constant(_FLOOR))
        floor = write.real("fadd", floor, t.constant(_NOTHING))
        for i, size in enumerate(sizes):
            scale = write.real("fadd", size, floor)
            room.put("scale", scale if mask is None else write.choose(mask, scale, room.get("scale", i)), i)

    def _segment(self, tile: str, segment: str) -> None:
        write, room, t = self.write, self.room, self.types
        length = write.load("double", self.slots.pointer("lengths"), segment)
        everywhere = spread(write, length)
        room.put("left", write.choose(room.is_set("alive"), everywhere, t.constant(0.0)))
        room.put("floor", write.real("fmul", everywhere, t.constant(_SMALLEST)))
        guarded(write, write.value(f"fcmp ogt double {length}, 0.0"), self.stepping.emit)
        self._doses(tile, segment)
        row = write.load("i64", self.slots.pointer("row"), segment)
        guarded(write, write.value(f"icmp sge i64 {row}, 0"), lambda: self._values(tile, row))

    def _doses(self, tile: str, segment: str) -> None:
        write, room, t = self.write, self.room, self.types
        table = self.slots.pointer("dose_from")
        first = write.load("i64", table, segment)
        stop = write.load("i64", table, write.whole("add", segment, "1"))

        def add(dose: str) -> None:
            state = write.load("i64", self.slots.pointer("dose_state"), dose)
            at = write.whole("mul", state, str(t.width))
            begin = write.whole("mul", tile, self.slots.number("amount_per_tile"))
            here = write.whole("add", begin, write.whole("mul", dose, str(t.width)))
            amount = write.load(t.real, self.slots.pointer("dose_amount"), here)
            before = write.load(t.real, room.at["state"], at)
            write.store(t.real, write.real("fadd", before, amount), room.at["state"], at)
            hit = write.compare("une", amount, t.constant(0.0))
            room.put("fresh", write.choose(hit, t.constant(2.0), room.get("fresh")))

        def restart() -> None:
            loop(write, first, stop, add, room.at["dose"])
            hit = write.compare("ogt", room.get("fresh"), t.constant(1.5))
            self._rescale(hit)
            room.put("step", write.choose(hit, room.get("after_dose"), room.get("step")))
            room.put("fresh", write.choose(hit, t.constant(1.0), room.get("fresh")))

        guarded(write, write.value(f"icmp slt i64 {first}, {stop}"), restart)

    def _values(self, tile: str, row: str) -> None:
        """Put states and outputs into their row."""
        write, t = self.write, self.types
        graph = Graph()
        nodes = [*self.system.leaves(graph), *self.system.outputs(graph, self.system.leaves(graph))]
        theta, columns = self.slots.pointer("theta"), str(self.system.columns)

        def leaf(operation: str, index: int) -> str:
            if operation == "state":
                return self.room.get("state", index)
            return write.load(t.real, theta, row_of(write, tile, columns, index))

        values = Emission(write, graph, leaf).emit(nodes)
        out = self.slots.pointer("values")
        block = write.whole("add", write.whole("mul", tile, self.slots.number("rows")), row)
        for i, value in enumerate(values):
            write.store(t.real, value, out, row_of(write, block, str(len(values)), i))
