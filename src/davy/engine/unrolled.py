"""One Rosenbrock step of a model of ordinary size, written line by line without a single branch."""

from __future__ import annotations

from collections.abc import Callable

from davy.engine.assembly import Assembly
from davy.engine.dense import Dense
from davy.engine.emission import Emission
from davy.engine.room import Room
from davy.engine.rosenbrock import Method, traced_step
from davy.engine.scheduling import scheduled
from davy.engine.tiles import Hoisted, guarded
from davy.engine.trace import System
from davy.engine.watch import Watch


class Unrolled:
    """Writes one step; `inside` tells that values inside a step can be had."""

    inside = True

    def __init__(
        self, assembly: Assembly, system: System, method: Method, around: tuple[Room, Dense, Watch | None]
    ) -> None:
        self.write = assembly
        self.size = system.size
        self.room, self.dense, self.watch = around
        step = traced_step(system, method)
        self.graph = step.graph
        self.roots = [*step.after, *step.scales, step.error]
        inside = self.dense.plan(step)
        if self.watch:
            inside += self.watch.plan(step, self.dense)
        self.hoisted = Hoisted(self.graph, [*self.roots, *inside])
        self._values: list[str] = []
        self._emission: Emission | None = None

    def prepare(self) -> None:
        """Need no room of its own."""

    def hoist(self, theta: str) -> None:
        """Compute what depends on parameters alone; `theta` points to those of the tile."""
        write, t = self.write, self.write.types

        def leaf(_: str, index: int) -> str:
            return write.load(t.real, theta, str(index * t.width))

        self.hoisted.keep(write, Emission(write, self.graph, leaf), self.room.at["kept"])

    def judge(self, step: str) -> str:
        """Write a step; its error, as the sum over states of (local error / scale)^2."""
        write, room = self.write, self.room

        def leaf(operation: str, index: int) -> str:
            return step if operation == "step" else room.get(operation, index)

        begin = len(write.lines)
        self._emission = Emission(write, self.graph, leaf)
        self._values = self._emission.emit(self.roots, self.hoisted.fetched(write, room.at["kept"]))
        write.lines[begin:] = scheduled(write.lines[begin:])
        return self._values[-1]

    def remember(self, good: str, after: str, where: tuple[str, str, str]) -> None:
        """Look into a good step: `where` is its begin, its length, and the wanted time, beyond which it may end."""
        write, emission, (now, step, wanted) = self.write, self._emission, where
        if emission is None:
            return
        beyond = write.masks("and", good, write.compare("ogt", after, wanted))
        self._aside(emission, write.anywhere(beyond), lambda: self.dense.remember(emission, beyond, now, step))
        if self.watch:
            watch, row = self.watch, write.load("i64", self.room.at["row"])
            inside = write.value(f"icmp eq i64 {row}, 1")
            self._aside(emission, inside, lambda: watch.look(emission, good, now, step))

    def _aside(self, emission: Emission, condition: str, body: Callable[[], None]) -> None:
        """Write a part that runs on a condition; what it computes is not known after it."""
        known = dict(emission.written)
        guarded(self.write, condition, body)
        emission.written = known

    def take(self, good: str) -> None:
        """Keep the states and scales of the lanes in the mask."""
        for name, offset in (("state", 0), ("scale", self.size)):
            for i in range(self.size):
                self.room.put_where(good, name, self._values[offset + i], i)
