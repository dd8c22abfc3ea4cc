"""One Rosenbrock step of a large model: rates and slopes line by line, all else in loops over arrays.

The factorisation is sparse: loops walk tables of its pattern, which is known when the engine is built.
"""

from __future__ import annotations

from collections.abc import Sequence

from davy.engine.arrays import Arrays
from davy.engine.assembly import Assembly
from davy.engine.differentiate import jacobian
from davy.engine.elimination import Elimination
from davy.engine.factor import elimination_plan
from davy.engine.functions import about_inverse
from davy.engine.graph import Graph
from davy.engine.parts import Parts
from davy.engine.poles import divisors
from davy.engine.room import Room
from davy.engine.rosenbrock import BELOW_ZERO, Method
from davy.engine.strength import reduced
from davy.engine.tiles import Hoisted
from davy.engine.trace import System
from davy.errors import ModelError

LARGE = 60
"""Above so many states a step is written with loops."""
_MOST_ENTRIES = 30_000  # of the filled matrix; it lies on the stack of the thread


class Looped:
    """Writes one step; `inside` tells that values inside a step are not to be had."""

    inside = False

    def __init__(self, assembly: Assembly, system: System, method: Method, room: Room) -> None:
        self.write = assembly
        self.system = system
        self.method = method
        self.room = room
        graph = Graph()
        rates = system.rates(graph, system.leaves(graph))
        self.guarded = divisors(graph, rates)
        slopes = jacobian(graph, rates)
        self.pattern = list(slopes)
        self.arrays = Arrays(assembly, room, system.size)
        plan = elimination_plan(system.size, set(slopes))
        entries = len(plan.place)
        if entries > _MOST_ENTRIES:
            raise ModelError(f"{system.model.name}: its states depend on each other too densely ({entries} entries)")
        self.elimination = Elimination(self.arrays, plan, self.pattern)
        self.graph, roots = reduced(graph, [*rates, *slopes.values()])
        self.hoisted = Hoisted(self.graph, roots)
        self.full = Parts(assembly, "slopes", self.graph, roots, self.hoisted.nodes)
        self.steady = Parts(assembly, "steady", self.graph, self.hoisted.nodes, ())
        self.brief = Parts(assembly, "rates", self.graph, roots[: system.size], self.hoisted.nodes)

    def prepare(self) -> None:
        """Make room, and write what stands apart."""
        size, parts = self.system.size, (self.full, self.brief, self.steady)
        counts = {
            "rates": size + len(self.pattern), "argument": size, "stages": size * len(self.method.new_rates),
            "after": size, "larger": size, "wrong": 1, "spill": max(len(part.spilled) for part in parts),
        }  # fmt: skip
        self.arrays.place(counts | self.elimination.counts())
        for part in parts:
            part.define()
        width = self.write.types.width
        self.arrays.define({**self.elimination.tables(), "guarded": [i * width for i in self.guarded]})

    def hoist(self, theta: str) -> None:
        """Compute what depends on parameters alone; `theta` points to those of the tile."""
        self.steady.call(theta, self.room.at["kept"], self.room.at["spill"], self.room.at["kept"])

    def judge(self, step: str) -> str:
        """Write a step; its error, as the sum over states of (local error / scale)^2."""
        write, at, method, constant = self.write, self.room.at, self.method, self.write.types.constant
        per_step = write.real("fdiv", constant(1.0), step)
        self.full.call(at["state"], at["kept"], at["spill"], at["rates"])
        self.elimination.factorise(write.real("fdiv", constant(1.0 / method.gamma), step))
        for stage, new in enumerate(method.new_rates):
            if stage and new:
                self._argument(stage)
                self.brief.call(at["argument"], at["kept"], at["spill"], at["rates"])
            self._right(stage, per_step)
            self.elimination.solve(self._offset(stage))
        return self._judged()

    def _offset(self, stage: int) -> int:
        return stage * self.system.size * self.write.types.width

    def take(self, good: str) -> None:
        """Keep the states and scales of the lanes in the mask."""
        arrays = self.arrays

        def one(at: str) -> None:
            for kept, new in (("state", "after"), ("scale", "larger")):
                arrays.put(kept, at, self.write.choose(good, arrays.get(new, at), arrays.get(kept, at)))

        arrays.each(one)

    def _argument(self, stage: int) -> None:
        """Where the rates of a stage are taken."""
        weights = [self.method.argument.get((stage, earlier), 0.0) for earlier in range(stage)]
        arrays = self.arrays

        def one(at: str) -> None:
            arrays.put("argument", at, self._combined(arrays.get("state", at), at, weights))

        arrays.each(one)

    def _combined(self, value: str, at: str, weights: Sequence[float], scale: str | None = None) -> str:
        """A value plus the weighted increments of the stages so far, each over the step where `scale` is given."""
        arrays = self.arrays
        write = self.write
        for stage, weight in enumerate(weights):
            if weight:
                factor = write.types.constant(weight)
                factor = factor if scale is None else write.real("fmul", factor, scale)
                increment = arrays.get("stages", write.whole("add", at, str(self._offset(stage))))
                value = write.fma(factor, increment, value)
        return value

    def _right(self, stage: int, per_step: str) -> None:
        """The right-hand side of a stage, where its increment will be."""
        arrays = self.arrays
        weights = [self.method.coupling[stage, earlier] for earlier in range(stage)]

        def one(at: str) -> None:
            place = self.write.whole("add", at, str(self._offset(stage)))
            arrays.put("stages", place, self._combined(arrays.get("rates", at), at, weights, per_step))

        arrays.each(one)

    def _judged(self) -> str:
        """States after the step, their scales, and the error."""
        arrays = self.arrays
        write, constant = self.write, self.write.types.constant
        fabs = f"llvm.fabs.{write.types.suffix}"
        arrays.put("wrong", "0", constant(0.0))

        def count(error: str, at: str) -> None:
            error = write.real("fmul", error, about_inverse(write, arrays.get("larger", at)))
            arrays.put("wrong", "0", write.fma(error, error, arrays.get("wrong", "0")))

        def one(at: str) -> None:
            after = self._combined(arrays.get("state", at), at, self.method.weights)
            arrays.put("after", at, after)
            arrays.put("larger", at, write.larger(write.call(fabs, after), arrays.get("scale", at)))
            count(self._combined(constant(0.0), at, self.method.errors), at)

        def below(index: str) -> None:
            at = arrays.table("guarded", index)
            before = arrays.get("state", at)
            lowest = write.real("fadd", before, before)
            lowest = write.choose(write.compare("olt", lowest, constant(0.0)), lowest, constant(0.0))
            short = write.larger(write.real("fsub", lowest, arrays.get("after", at)), constant(0.0))
            count(write.real("fmul", constant(BELOW_ZERO), short), at)

        arrays.each(one)
        arrays.times(len(self.guarded), below)
        return arrays.get("wrong", "0")
