"""The integration of one tile from its start to the last time: steps, events, values.

Each lane has its own clock, step and events. Lanes meet only where a value is wanted, and a lane that is there first
waits; so nothing that a lane computes depends on its neighbours.
"""

from __future__ import annotations

from davy.engine.arrival import Arrival
from davy.engine.assembly import Assembly
from davy.engine.dense import Dense
from davy.engine.emission import Emission, Leaf
from davy.engine.graph import Graph
from davy.engine.job import SOLVE_SLOTS, Slots, spread
from davy.engine.room import Room
from davy.engine.rosenbrock import Method
from davy.engine.stepping import Stepping
from davy.engine.tiles import guarded, loop, row_of, smaller, tile_function
from davy.engine.trace import System
from davy.engine.watch import Watch, cells_of


class SolveCode:
    """Writes ``solve``: every lane from its start to the last time; after the first row it gathers what is watched."""

    def __init__(self, assembly: Assembly, system: System, method: Method, watched: str = "") -> None:
        self.write = assembly
        self.types = assembly.types
        self.system = system
        self.room = Room(assembly)
        self.slots = Slots(assembly, SOLVE_SLOTS)
        self.dense = Dense(assembly, system, self.room)
        self.watch = Watch(assembly, system, self.room, cells_of(watched)) if watched else None
        self.stepping = Stepping(assembly, system, method, self.room, self.dense, self.watch)
        self.arrival = Arrival(assembly, system, self.slots, self.room)

    def emit(self) -> None:
        """Write the function."""
        tile_function(self.write, "solve", self._prepare, self._tile)

    def _prepare(self) -> None:
        self.room.prepare(self.system, len(self.stepping.whole.hoisted.nodes))
        self.stepping.whole.prepare()

    def _tile(self, tile: str) -> None:
        write, room, t = self.write, self.room, self.types
        if self.watch:
            self.watch.tile = tile
        states = self.slots.pointer("states")
        size = str(self.system.size)

        def begin(i: str) -> None:
            value = write.load(t.real, states, row_of(write, tile, size, i))
            write.store(t.real, value, room.at["state"], write.whole("mul", i, str(t.width)))

        loop(write, "0", size, begin, room.at["lane"])
        for name in ("now", "step", "after_dose", "count"):
            room.put(name, t.constant(0.0))
        room.put("fresh", t.constant(1.0))
        write.store(t.whole, t.integer(0), room.at["status"])
        write.store("i64", "1", room.at["changed"])
        self.arrival.rescale(None)
        self.arrival.begin(tile)
        loop(write, "0", self.slots.number("rows"), lambda row: self._row(tile, row), room.at["row"])
        at = row_of(write, tile, "1", 0)
        write.store(t.whole, write.load(t.whole, room.at["status"]), self.slots.pointer("status"), at)
        write.store(t.real, room.get("count"), self.slots.pointer("steps"), at)

    def _row(self, tile: str, row: str) -> None:
        """Bring every lane to or beyond one wanted time, events included, and put the values into their row."""
        write, room = self.write, self.room
        wanted = spread(write, write.load("double", self.slots.pointer("times"), row))
        limit = self.slots.everywhere("last")
        head, arrived, after = (write.fresh(label) for label in ("advance", "arrived", "there"))
        write.say(f"br label %{head}")
        write.block(head)
        self._aim(wanted, limit)
        changed = write.value(f"icmp ne i64 {write.load('i64', room.at['changed'])}, 0")
        guarded(write, changed, lambda: self._hoist(tile))
        ahead = write.compare("olt", room.get("now"), room.get("stop"))
        guarded(write, write.anywhere(ahead), lambda: self.stepping.emit(wanted))
        if self.system.clock:  # what switches at a time switches there, not a rounding error off
            room.put("state", room.get("now"), self.system.size - 1)
        due = room.get("due")
        here = write.masks("and", write.compare("ole", due, room.get("now")), write.compare("ole", due, wanted))
        write.say(f"br i1 {write.anywhere(here)}, label %{arrived}, label %{after}")
        write.block(arrived)
        self.arrival.happen(tile)
        write.say(f"br label %{head}")
        write.block(after)
        self._values(tile, row, wanted)

    def _aim(self, wanted: str, limit: str) -> None:
        """Where each lane's steps must stop: at its next event, at the limit; and where it waits for the others."""
        write, room, t = self.write, self.room, self.types
        until = smaller(write, room.get("due"), limit)
        room.put("until", until)
        room.put("stop", smaller(write, until, wanted))
        left = write.real("fsub", until, room.get("now"))
        first = write.real("fmul", left, self.slots.everywhere("first_step"))
        for name in ("step", "after_dose"):
            known = write.compare("ogt", room.get(name), t.constant(0.0))
            room.put(name, write.choose(known, room.get(name), first))

    def _hoist(self, tile: str) -> None:
        """Compute what depends on parameters alone."""
        write = self.write
        first = write.whole("mul", tile, str(self.system.columns * self.types.width))
        theta = write.value(f"getelementptr double, ptr {self.slots.pointer('theta')}, i64 {first}")
        self.stepping.whole.hoist(theta)
        write.store("i64", "0", self.room.at["changed"])

    def _parameter(self, tile: str) -> Leaf:
        write, t = self.write, self.types
        theta, columns = self.slots.pointer("theta"), str(self.system.columns)

        def leaf(_: str, index: int) -> str:
            return write.load(t.real, theta, row_of(write, tile, columns, index))

        return leaf

    def _values(self, tile: str, row: str, wanted: str) -> None:
        """Put states and outputs into their row."""
        write, room = self.write, self.room
        if not self.stepping.whole.inside:
            self._values_of_many(tile, row)
            return
        for i in range(self.system.size):
            room.put("shown", room.get("state", i), i)
        beyond = write.compare("ogt", room.get("now"), wanted)
        guarded(write, write.anywhere(beyond), lambda: self.dense.look_back(beyond, wanted))
        if self.system.clock:
            room.put("shown", wanted, self.system.size - 1)
        self._outputs(tile, row)

    def _values_of_many(self, tile: str, row: str) -> None:
        """The same for a large model, whose steps end at every wanted time."""
        write, room, t = self.write, self.room, self.types

        def state(i: str) -> None:
            at = write.whole("mul", i, str(t.width))
            write.store(t.real, write.load(t.real, room.at["state"], at), room.at["shown"], at)

        loop(write, "0", str(self.system.size), state, room.at["lane"])
        self._outputs(tile, row)

    def _outputs(self, tile: str, row: str) -> None:
        """Work out the outputs at the states shown, and hand over the columns that are wanted."""
        write, room, t = self.write, self.room, self.types
        graph, parameter, size = Graph(), self._parameter(tile), self.system.size

        def leaf(operation: str, index: int) -> str:
            return room.get("shown", index) if operation == "state" else parameter(operation, index)

        outputs = self.system.outputs(graph, self.system.leaves(graph))
        for i, value in enumerate(Emission(write, graph, leaf).emit(outputs)):
            room.put("shown", value, size + i)
        columns, out, count = (self.slots.pointer("columns"), self.slots.pointer("values"), self.slots.number("shown"))
        block = write.whole("add", write.whole("mul", tile, self.slots.number("rows")), row)

        def column(k: str) -> None:
            at = write.whole("mul", write.load("i64", columns, k), str(t.width))
            write.store(t.real, write.load(t.real, room.at["shown"], at), out, row_of(write, block, count, k))

        loop(write, "0", count, column, room.at["lane"])
