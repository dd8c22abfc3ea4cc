"""Steps of one tile: each lane keeps its own clock and its own step size."""

from __future__ import annotations

from davy.engine.assembly import Assembly
from davy.engine.dense import Dense
from davy.engine.functions import about_power
from davy.engine.job import SOLVE_SLOTS, Slots
from davy.engine.looped import LARGE, Looped
from davy.engine.room import Room
from davy.engine.rosenbrock import Method
from davy.engine.status import NOT_FINITE, TOO_MANY, TOO_SMALL
from davy.engine.trace import System
from davy.engine.unrolled import Unrolled
from davy.engine.watch import Watch

_SMALLEST = 2e-15
_WORTH = 3.0  # wanted times in one step from which on it does not stop at each
_INSIDE = 0.3  # of the tolerance, for a step whose inside is shown: the cubic errs more than the end
_SAFETY, _LEAST, _MOST = 0.9, 0.2, 5.0
_LARGEST = 1e12  # of the square of error over tolerance; beyond it the factor is bounded anyway
_AFTER_REJECTION, _AFTER_DOSE = 0.9, 1.2


class Stepping:
    """Writes the loop over steps, until every lane has come to where it must stop."""

    def __init__(
        self, assembly: Assembly, system: System, method: Method, room: Room, dense: Dense, watch: Watch | None = None
    ) -> None:
        self.write = assembly
        self.system = system
        self.method = method
        self.room = room
        large = system.size > LARGE and watch is None  # what is watched on the way reads single lines of a step
        around = room, dense, watch
        self.whole = Looped(assembly, system, method, room) if large else Unrolled(assembly, system, method, around)
        self.slots = Slots(assembly, SOLVE_SLOTS)

    def emit(self, wanted: str) -> None:
        """Write steps until no lane is before its stop; what goes beyond the `wanted` time is remembered."""
        write = self.write
        head, after = write.fresh("step"), write.fresh("arrived")
        write.say(f"br label %{head}")
        write.block(head)
        now = self._one_step(wanted)
        behind = write.compare("olt", now, self.room.get("stop"))
        write.say(f"br i1 {write.anywhere(behind)}, label %{head}, label %{after}")
        write.block(after)

    def _one_step(self, wanted: str) -> str:
        write, room, constant = self.write, self.room, self.write.types.constant
        now, planned = room.get("now"), room.get("step")
        active = write.compare("olt", now, room.get("stop"))
        over = self._over(now, planned, wanted) if self.whole.inside else write.compare("une", now, now)
        until = write.choose(over, room.get("until"), room.get("stop"))
        left = write.real("fsub", until, now)
        shorter = write.real("fmul", planned, constant(_INSIDE ** (1.0 / self.method.order)))
        planned = write.choose(over, shorter, planned)
        last = write.compare("oge", planned, write.real("fmul", left, constant(1 - 1e-12)))
        half = write.real("fmul", left, constant(0.5))
        step = write.choose(write.compare("ogt", planned, half), half, planned)
        step = write.choose(active, write.choose(last, left, step), constant(1.0))

        error = self.whole.judge(step)
        per_tolerance = self.slots.everywhere("per_tolerance")
        ratio = write.real("fmul", error, write.real("fmul", per_tolerance, per_tolerance))
        finite = write.compare("olt", ratio, constant(float("inf")))
        allowed = write.choose(over, constant(_INSIDE * _INSIDE), constant(1.0))
        good = write.compare("ole", ratio, allowed)
        good = write.masks("and", good, active)
        after = write.choose(good, write.choose(last, until, write.real("fadd", now, step)), now)
        if isinstance(self.whole, Unrolled):
            self.whole.remember(good, after, (now, step, wanted))
        self.whole.take(good)
        if self.system.clock:  # without the rounding of a sum of steps
            room.put_where(good, "state", after, self.system.size - 1)
        masks = {"active": active, "last": last, "good": good, "finite": finite}
        return self._advance(step, after, self._factor(ratio), masks)

    def _over(self, now: str, planned: str, wanted: str) -> str:
        """The lanes that pass several wanted times in one step; those values are read from inside it."""
        write, room, constant = self.write, self.room, self.write.types.constant
        distance = write.real("fmul", write.real("fsub", wanted, now), constant(_WORTH))
        far = write.masks(
            "and",
            write.compare("ogt", planned, distance),
            write.compare("ogt", self.slots.everywhere("inside"), constant(0.5)),
        )
        return write.masks("and", far, write.compare("ogt", room.get("until"), wanted))

    def _factor(self, ratio: str) -> str:
        """How much the next step may grow, from the square of error over tolerance; a broken one shrinks it most."""
        write, t = self.write, self.write.types
        ratio = write.choose(write.compare("olt", ratio, t.constant(_LARGEST)), ratio, t.constant(_LARGEST))
        ratio = write.larger(ratio, t.constant(1.0 / _LARGEST))
        factor = about_power(write, ratio, -0.5 / self.method.order, _SAFETY)
        for how, bound in (("ogt", t.constant(_LEAST)), ("olt", t.constant(_MOST))):
            factor = write.choose(write.compare(how, factor, bound), factor, bound)
        return factor

    def _advance(self, step: str, now: str, factor: str, masks: dict[str, str]) -> str:
        """Choose the next steps, find the lanes that fail; the clocks."""
        write, room, constant = self.write, self.room, self.write.types.constant
        planned = room.get("step")
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
        return self._failures(now, rejected, count, masks)

    def _remember(self, step: str, factor: str, good: str) -> None:
        """Keep the first step after a dose as the trial for the next dose."""
        write, room, constant = self.write, self.room, self.write.types.constant
        first = write.masks("and", good, write.compare("ogt", room.get("fresh"), constant(0.5)))
        gain = write.choose(write.compare("olt", factor, constant(_AFTER_DOSE)), factor, constant(_AFTER_DOSE))
        room.put("after_dose", write.choose(first, write.real("fmul", step, gain), room.get("after_dose")))
        room.put("fresh", write.choose(good, constant(0.0), room.get("fresh")))

    def _failures(self, now: str, rejected: str, count: str, masks: dict[str, str]) -> str:
        """Stop the lanes that cannot go on and say why: their clocks go to the end of time."""
        write, room, t = self.write, self.room, self.write.types
        tiny = write.compare("olt", rejected, write.real("fmul", room.get("until"), t.constant(_SMALLEST)))
        stuck = write.masks("and", tiny, write.masks("xor", masks["good"], t.everywhere))
        many = write.compare("ogt", count, self.slots.everywhere("most_steps"))
        failed = write.masks("and", write.masks("or", stuck, many), masks["active"])
        why = write.choose_code(masks["finite"], t.integer(TOO_SMALL), t.integer(NOT_FINITE))
        why = write.choose_code(many, t.integer(TOO_MANY), why)
        status = write.choose_code(failed, why, write.load(t.whole, room.at["status"]))
        write.store(t.whole, status, room.at["status"])
        forever = t.constant(float("inf"))
        room.put_where(failed, "due", forever)
        now = write.choose(failed, forever, now)
        room.put("now", now)
        return now
