"""Steady state of one tile: Newton with the generated Jacobian, damped by an implicit step that grows to infinity."""

from __future__ import annotations

from davy.engine.assembly import Assembly
from davy.engine.differentiate import jacobian
from davy.engine.emission import Emission
from davy.engine.factor import factorised
from davy.engine.graph import Graph, Node
from davy.engine.job import STEADY_SLOTS, Slots, spread
from davy.engine.status import NO_STEADY_STATE
from davy.engine.tiles import loop, row_of, tile_function
from davy.engine.trace import System
from davy.errors import SolveError

_ROUNDS = 150
_FIRST_STEP = 0.1
_GROWTH = 4.0
_RETREAT = 1.0 / 64.0
_LARGEST_STEP = 1e14
_ENOUGH = 1e9
_CLOSE = 1e-10
_SMALL_BESIDE_LARGEST = 1e-6


def accumulators(system: System) -> tuple[int, ...]:
    """States that no rate reads: they only sum up, and have no steady state."""
    graph = Graph()
    slopes = jacobian(graph, system.rates(graph, system.leaves(graph)))
    read = {column for _, column in slopes}
    return tuple(index for index in range(system.size) if index not in read)


class SteadyCode:
    """Writes ``steady``: states hold the guess before and the steady state after."""

    def __init__(self, assembly: Assembly, system: System) -> None:
        self.write = assembly
        self.types = assembly.types
        self.system = system
        sums = set(accumulators(system))
        self.counted = [i for i in range(system.size) if i not in sums]
        if not self.counted:
            raise SolveError(f"{system.model.name}: every state only sums up, so none has a steady state")
        self.graph = Graph()
        self.moves = self._moves()
        self.slots = Slots(assembly, STEADY_SLOTS)
        self.room: dict[str, str] = {}

    def emit(self) -> None:
        """Write the function."""
        tile_function(self.write, "steady", self._places, self._tile)

    def _moves(self) -> list[Node]:
        """The change of each counted state in one round; a ``scale`` leaf is 1 where a state is free, 0 where held."""
        graph, counted = self.graph, self.counted
        rates = self.system.rates(graph, self.system.leaves(graph))
        position = {state: k for k, state in enumerate(counted)}
        shift = graph.div(graph.constant(1.0), graph.node("step", 0))
        free = {state: graph.node("scale", state) for state in counted}
        matrix: dict[tuple[int, int], Node] = {(k, k): shift for k in range(len(counted))}
        for (row, column), slope in jacobian(graph, rates).items():
            if row in position and column in position:
                at = position[row], position[column]
                matrix[at] = graph.fnma(free[row], slope, matrix.get(at, graph.constant(0.0)))
        right = [graph.mul(free[state], rates[state]) for state in counted]
        return factorised(graph, len(counted), matrix).solve(graph, right)

    def _places(self) -> None:
        for name in ("state", "before"):
            self.room[name] = self.write.place(self.types.real, self.system.size)
        self.room["step"] = self.write.place(self.types.real)
        self.room["done"] = self.write.place(self.types.real)
        self.room["round"] = self.write.place("i64")

    def _state(self, index: int) -> str:
        return self.write.load(self.types.real, self.room["state"], str(index * self.types.width))

    def _tile(self, tile: str) -> None:
        write, t = self.write, self.types
        states, rows = self.slots.pointer("states"), str(self.system.size)
        for i in range(self.system.size):
            value = write.load(t.real, states, row_of(write, tile, rows, i))
            for name in ("state", "before"):
                write.store(t.real, value, self.room[name], str(i * t.width))
        write.store(t.real, t.constant(_FIRST_STEP), self.room["step"])
        write.store(t.real, t.constant(0.0), self.room["done"])
        loop(write, "0", str(_ROUNDS), lambda _: self._round(tile), self.room["round"])
        for i in range(self.system.size):
            write.store(t.real, self._state(i), states, row_of(write, tile, rows, i))
        done = write.compare("ogt", write.load(t.real, self.room["done"]), t.constant(0.5))
        status = write.choose_code(done, t.integer(0), t.integer(NO_STEADY_STATE))
        write.store(t.whole, status, self.slots.pointer("status"), row_of(write, tile, "1", 0))

    def _round(self, tile: str) -> None:
        write, t = self.write, self.types
        theta = self.slots.pointer("theta")

        def leaf(operation: str, index: int) -> str:
            if operation == "state":
                return self._state(index)
            if operation == "step":
                return write.load(t.real, self.room["step"])
            if operation == "scale":
                return spread(write, write.load("double", self.slots.pointer("free"), str(index)))
            return write.load(t.real, theta, row_of(write, tile, str(self.system.columns), index))

        moves = Emission(write, self.graph, leaf).emit(self.moves)
        self._move(moves)

    def _move(self, moves: list[str]) -> None:
        """Move the lanes that have not arrived; a lane has arrived when a long step moves nothing any more.

        Where the rates break, the lane goes back to where it was and tries a much shorter step.
        """
        write, t = self.write, self.types
        fabs = f"llvm.fabs.{t.suffix}"
        here = [self._state(state) for state in self.counted]
        sizes, shifts = ([write.call(fabs, value) for value in values] for values in (here, moves))
        largest, total = sizes[0], shifts[0]
        for size, shift in zip(sizes[1:], shifts[1:], strict=True):
            largest = write.larger(size, largest)
            total = write.real("fadd", total, shift)
        sound = write.compare("olt", total, t.constant(float("inf")))
        floor = write.real("fmul", largest, t.constant(_SMALL_BESIDE_LARGEST))
        step, done = (write.load(t.real, self.room[name]) for name in ("step", "done"))
        arrived = write.compare("oge", step, t.constant(_ENOUGH))
        waiting = write.compare("olt", done, t.constant(0.5))
        for state, value, size, move, shift in zip(self.counted, here, sizes, moves, shifts, strict=True):
            allowed = write.real("fmul", write.real("fadd", size, floor), t.constant(_CLOSE))
            arrived = write.masks("and", arrived, write.compare("ole", shift, allowed))
            at = str(state * t.width)
            back = write.load(t.real, self.room["before"], at)
            after = write.choose(sound, write.real("fadd", value, move), back)
            write.store(t.real, write.choose(waiting, after, value), self.room["state"], at)
            write.store(t.real, write.choose(sound, value, back), self.room["before"], at)
        write.store(t.real, write.choose(arrived, t.constant(1.0), done), self.room["done"])
        factor = write.choose(sound, t.constant(_GROWTH), t.constant(_RETREAT))
        longer = write.real("fmul", step, factor)
        capped = write.compare("olt", longer, t.constant(_LARGEST_STEP))
        write.store(t.real, write.choose(capped, longer, t.constant(_LARGEST_STEP)), self.room["step"])
