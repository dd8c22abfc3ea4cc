"""Lanes that have arrived at an event: doses go into states, steps into parameters, one lane at a time."""

from __future__ import annotations

from davy.engine.assembly import Assembly
from davy.engine.job import Slots
from davy.engine.room import Room
from davy.engine.tiles import loop
from davy.engine.trace import System

_DOSE, _STEP = 2.0, 1.25
_FLOOR = 1e-13
_MEMORY = 0.5  # a meal's peak still counts at the next meal, when little of it is left
_NOTHING = 1e-200


class Arrival:
    """Writes how lanes look up their next event and what happens when it has come."""

    def __init__(self, assembly: Assembly, system: System, slots: Slots, room: Room) -> None:
        self.write = assembly
        self.system = system
        self.slots = slots
        self.room = room

    def begin(self, tile: str) -> None:
        """Every lane looks at its first event."""
        width = self.write.types.width
        loop(self.write, "0", str(width), lambda lane: self._look(tile, lane, "0"), self.room.at["lane"])

    def happen(self, tile: str) -> None:
        """Let happen what is due; then judge errors anew and restart the steps of the lanes that it touched."""
        write, room, t = self.write, self.room, self.write.types
        loop(write, "0", str(t.width), lambda lane: self._lane(tile, lane), room.at["lane"])
        fresh = room.get("fresh")
        restarted = write.compare("ogt", fresh, t.constant(1.1))
        self.rescale(write.compare("ogt", fresh, t.constant(1.5)))
        room.put_where(restarted, "step", room.get("after_dose"))
        room.put_where(restarted, "fresh", t.constant(1.0))

    def rescale(self, mask: str | None) -> None:
        """Judge errors against the present sizes or half of what counted before, in the lanes of the mask."""
        write, room, t = self.write, self.room, self.write.types
        states, width = str(self.system.size), str(t.width)

        def size(i: str) -> str:
            return write.call(
                f"llvm.fabs.{t.suffix}", write.load(t.real, room.at["state"], write.whole("mul", i, width))
            )

        def compare(i: str) -> None:
            room.put("largest", write.larger(size(i), room.get("largest")))

        def judge(i: str) -> None:
            at = write.whole("mul", i, width)
            scale = write.real("fadd", size(i), floor)
            if mask is not None:
                known = write.load(t.real, room.at["scale"], at)
                before = write.real("fmul", known, t.constant(_MEMORY))
                scale = write.choose(mask, write.larger(scale, before), known)
            write.store(t.real, scale, room.at["scale"], at)

        room.put("largest", t.constant(0.0))
        loop(write, "0", states, compare, room.at["lane"])
        floor = write.real("fmul", room.get("largest"), t.constant(_FLOOR))
        floor = write.real("fadd", floor, t.constant(_NOTHING))
        loop(write, "0", states, judge, room.at["lane"])

    def _lane(self, tile: str, lane: str) -> None:
        """One lane: as long as an event is due, let it happen and look at the next."""
        write, room = self.write, self.room
        head, inside, after = (write.fresh(label) for label in ("due", "event", "later"))
        write.say(f"br label %{head}")
        write.block(head)
        due, now, stop = (write.load("double", room.at[name], lane) for name in ("due", "now", "stop"))
        there = write.value(f"fcmp ole double {due}, {now}")
        comes = write.value(f"fcmp ole double {due}, {stop}")  # not before the values wanted until then are read
        write.say(f"br i1 {write.value(f'and i1 {there}, {comes}')}, label %{inside}, label %{after}")
        write.block(inside)
        event = write.load("i64", room.at["next"], lane)
        self._apply(tile, lane, event)
        self._look(tile, lane, write.whole("add", event, "1"))
        write.say(f"br label %{head}")
        write.block(after)

    def _apply(self, tile: str, lane: str, event: str) -> None:
        write, room, t = self.write, self.room, self.write.types
        place, value = self._entry("place", tile, lane, event), self._entry("value", tile, lane, event)
        size = str(self.system.size)
        into_state = write.value(f"icmp slt i64 {place}, {size}")
        column = write.whole("sub", place, size)
        first = write.whole("mul", tile, str(self.system.columns))
        theta = write.value(
            f"getelementptr double, ptr {self.slots.pointer('theta')}, i64 {write.whole('mul', first, str(t.width))}"
        )
        array = write.value(f"select i1 {into_state}, ptr {room.at['state']}, ptr {theta}")
        row = write.value(f"select i1 {into_state}, i64 {place}, i64 {column}")
        at = write.whole("add", write.whole("mul", row, str(t.width)), lane)
        total = write.value(f"fadd double {write.load('double', array, at)}, {value}")
        write.store("double", write.value(f"select i1 {into_state}, double {total}, double {value}"), array, at)
        fresh = write.load("double", room.at["fresh"], lane)
        kept = write.value(f"fcmp ogt double {fresh}, 1.5")
        stepped = write.value(f"select i1 {kept}, double {fresh}, double {_STEP!r}")
        marked = write.value(f"select i1 {into_state}, double {_DOSE!r}, double {stepped}")
        write.store("double", marked, room.at["fresh"], lane)
        changed = write.value(f"select i1 {into_state}, i64 {write.load('i64', room.at['changed'])}, i64 1")
        write.store("i64", changed, room.at["changed"])

    def _look(self, tile: str, lane: str, event: str) -> None:
        """Set the next event of a lane; a dose of nothing is no event, unless it stops the clock state for a moment."""
        write, room = self.write, self.room
        write.store("i64", event, room.at["next"], lane)
        head, skip, after = (write.fresh(label) for label in ("look", "skip", "found"))
        write.say(f"br label %{head}")
        write.block(head)
        here = write.load("i64", room.at["next"], lane)
        nothing = write.value(f"fcmp oeq double {self._entry('value', tile, lane, here)}, 0.0")
        amounts = self.system.size - self.system.clock
        dose = write.value(f"icmp slt i64 {self._entry('place', tile, lane, here)}, {amounts}")
        write.say(f"br i1 {write.value(f'and i1 {nothing}, {dose}')}, label %{skip}, label %{after}")
        write.block(skip)
        write.store("i64", write.whole("add", here, "1"), room.at["next"], lane)
        write.say(f"br label %{head}")
        write.block(after)
        write.store("double", self._entry("time", tile, lane, here), room.at["due"], lane)

    def _entry(self, name: str, tile: str, lane: str, event: str) -> str:
        """One entry of the timetable; places lie as times do."""
        write, slots = self.write, self.slots
        layout = "value" if name == "value" else "time"
        parts = [
            write.whole("mul", index, slots.number(f"{layout}_per_{what}"))
            for index, what in ((tile, "tile"), (event, "event"), (lane, "lane"))
        ]
        at = write.whole("add", write.whole("add", parts[0], parts[1]), parts[2])
        return write.load("i64" if name == "place" else "double", slots.pointer(f"event_{name}"), at)
