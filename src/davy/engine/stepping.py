"""Steps of one tile through one segment of time: each lane keeps its own clock and its own step size."""

from __future__ import annotations

from davy.engine.assembly import Assembly
from davy.engine.emission import Emission
from davy.engine.job import SOLVE_SLOTS, Slots
from davy.engine.rosenbrock import Method, Step, traced_step
from davy.engine.tiles import Hoisted
from davy.engine.trace import System

TOO_SMALL, NOT_FINITE, TOO_MANY = 1, 2, 3

_SAFETY, _LEAST, _MOST = 0.9, 0.2, 5.0
_AFTER_REJECTION, _AFTER_DOSE = 0.9, 1.2


class Room:
    """What a tile keeps while it is integrated, one vector an entry.

    `state`, `scale` (what local errors are judged against), `kept` (what parameters alone decide), `left` of the
    segment, `step` planned, `after_dose` (first step to try then), `floor` below which a step is too small,
    `fresh` (1 until the first step after a dose), `alive`, `count` of steps tried, `status`.
    """

    def __init__(self, assembly: Assembly) -> None:
        self.write = assembly
        self.at: dict[str, str] = {}

    def prepare(self, system: System, kept: int) -> None:
        """Make the room, at the entry of the function."""
        real, counts = self.write.types.real, {"state": system.size, "scale": system.size, "kept": max(1, kept)}
        for name, count in counts.items():
            self.at[name] = self.write.place(real, count)
        for name in ("left", "step", "after_dose", "floor", "fresh", "alive", "count"):
            self.at[name] = self.write.place(real)
        self.at["status"] = self.write.place(self.write.types.whole)
        for name in ("segment", "dose"):
            self.at[name] = self.write.place("i64")

    def get(self, name: str, index: int = 0) -> str:
        """The value of an entry."""
        return self.write.load(self.write.types.real, self.at[name], str(index * self.write.types.width))

    def put(self, name: str, value: str, index: int = 0) -> None:
        """Set an entry."""
        self.write.store(self.write.types.real, value, self.at[name], str(index * self.write.types.width))

    def is_set(self, name: str) -> str:
        """The mask of lanes in which a flag is 1."""
        return self.write.compare("ogt", self.get(name), self.write.types.constant(0.5))


class Stepping:
    """Writes the loop over steps of one segment."""

    def __init__(self, assembly: Assembly, system: System, method: Method, room: Room) -> None:
        self.write = assembly
        self.system = system
        self.method = method
        self.room = room
        self.step: Step = traced_step(system, method)
        self.roots = [*self.step.after, *self.step.scales, self.step.error, self.step.against, self.step.total]
        self.hoisted = Hoisted(self.step.graph, self.roots)
        self.slots = Slots(assembly, SOLVE_SLOTS)

    def emit(self) -> None:
        """Write steps until no lane has anything left of the segment."""
        write = self.write
        head, after = write.fresh("step"), write.fresh("arrived")
        write.say(f"br label %{head}")
        write.block(head)
        left = self._one_step()
        behind = write.compare("ogt", left, write.types.constant(0.0))
        write.say(f"br i1 {write.anywhere(behind)}, label %{head}, label %{after}")
        write.block(after)

    def _one_step(self) -> str:
        write, room, constant, size = self.write, self.room, self.write.types.constant, self.system.size
        left, planned = room.get("left"), room.get("step")
        active = write.compare("ogt", left, constant(0.0))
        last = write.compare("oge", planned, write.real("fmul", left, constant(1 - 1e-12)))
        half = write.real("fmul", left, constant(0.5))
        step = write.choose(write.compare("ogt", planned, half), half, planned)
        step = write.choose(active, write.choose(last, left, step), constant(1.0))

        def leaf(operation: str, index: int) -> str:
            return step if operation == "step" else room.get(operation, index)

        emission = Emission(write, self.step.graph, leaf)
        values = emission.emit(self.roots, self.hoisted.fetched(write, room.at["kept"]))
        error, against, total = values[2 * size :]
        ratio = write.real("fmul", write.real("fdiv", error, against), self.slots.everywhere("per_tolerance"))
        finite = write.compare("olt", total, constant(float("inf")))
        good = write.masks("and", write.compare("ole", ratio, constant(1.0)), finite)
        good = write.masks("and", good, active)
        for name, offset in (("state", 0), ("scale", size)):
            for i in range(size):
                room.put(name, write.choose(good, values[offset + i], room.get(name, i)), i)
        masks = {"active": active, "last": last, "good": good, "finite": finite}
        return self._advance(step, self._factor(ratio), masks)

    def _factor(self, ratio: str) -> str:
        """How much the next step may grow; a broken ratio shrinks it most."""
        write, constant = self.write, self.write.types.constant
        log = write.call("davy.log", write.real("fadd", ratio, constant(1e-8)))
        factor = write.call("davy.exp", write.real("fmul", log, constant(-1.0 / self.method.order)))
        factor = write.real("fmul", factor, constant(_SAFETY))
        for how, bound in (("ogt", constant(_LEAST)), ("olt", constant(_MOST))):
            factor = write.choose(write.compare(how, factor, bound), factor, bound)
        return factor

    def _advance(self, step: str, factor: str, masks: dict[str, str]) -> str:
        """Move the clocks, choose the next steps, find the lanes that fail; what is left of the segment."""
        write, room, constant = self.write, self.room, self.write.types.constant
        left, planned = room.get("left"), room.get("step")
        remaining = write.choose(masks["last"], constant(0.0), write.real("fsub", left, step))
        left = write.choose(masks["good"], remaining, left)
        grown = write.real("fmul", step, factor)
        accepted = write.choose(masks["last"], write.larger(grown, planned), grown)
        lower = write.choose(
            write.compare("olt", factor, constant(_AFTER_REJECTION)), factor, constant(_AFTER_REJECTION)
        )
        rejected = write.real("fmul", step, lower)
        following = write.choose(masks["good"], accepted, rejected)
        room.put("step", write.choose(masks["active"], following, planned))
        self._remember(step, factor, masks["good"])
        tried = write.choose(masks["active"], constant(1.0), constant(0.0))
        count = write.real("fadd", room.get("count"), tried)
        room.put("count", count)
        return self._failures(left, rejected, count, masks)

    def _remember(self, step: str, factor: str, good: str) -> None:
        """Keep the first step after a dose as the trial for the next dose."""
        write, room, constant = self.write, self.room, self.write.types.constant
        first = write.masks("and", good, room.is_set("fresh"))
        gain = write.choose(write.compare("olt", factor, constant(_AFTER_DOSE)), factor, constant(_AFTER_DOSE))
        room.put("after_dose", write.choose(first, write.real("fmul", step, gain), room.get("after_dose")))
        room.put("fresh", write.choose(good, constant(0.0), room.get("fresh")))

    def _failures(self, left: str, rejected: str, count: str, masks: dict[str, str]) -> str:
        """Stop the lanes that cannot go on and say why; what is left of the segment for the others."""
        write, room, t = self.write, self.room, self.write.types
        tiny = write.compare("olt", rejected, room.get("floor"))
        stuck = write.masks("and", tiny, write.masks("xor", masks["good"], t.everywhere))
        many = write.compare("ogt", count, self.slots.everywhere("most_steps"))
        failed = write.masks("and", write.masks("or", stuck, many), masks["active"])
        why = write.choose_code(masks["finite"], t.integer(TOO_SMALL), t.integer(NOT_FINITE))
        why = write.choose_code(many, t.integer(TOO_MANY), why)
        status = write.choose_code(failed, why, write.load(t.whole, room.at["status"]))
        write.store(t.whole, status, room.at["status"])
        room.put("alive", write.choose(failed, t.constant(0.0), room.get("alive")))
        left = write.choose(failed, t.constant(0.0), left)
        room.put("left", left)
        return left
