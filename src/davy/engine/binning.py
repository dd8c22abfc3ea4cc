"""How the time of a step is spread over the bins of a quantity, lane by lane."""

from __future__ import annotations

from collections.abc import Sequence

from davy.engine.assembly import Assembly
from davy.engine.job import Slots
from davy.engine.reductions import BINS, FIRST, MANTISSA
from davy.engine.room import Room
from davy.engine.tiles import guarded, loop

PARTS = 4
"""A step is looked at in quarters."""
_SHIFT = 52 - MANTISSA


class Binning:
    """Writes the spreading for `count` quantities a lane."""

    def __init__(self, assembly: Assembly, slots: Slots, room: Room, count: int) -> None:
        self.write = assembly
        self.slots = slots
        self.room = room
        self.count = count

    def spread(self, tile: str, seen: Sequence[str], good: str, length: str, place: int) -> None:
        """Spread the time of each quarter, taken as straight, over the bins that it crosses, lane by lane."""
        write, room, t = self.write, self.room, self.write.types
        weight = write.real("fmul", length, t.constant(1.0 / PARTS))
        room.put("weight", write.choose(good, weight, t.constant(0.0)))
        for k, value in enumerate(seen):
            room.put("seen", value, k)
        loop(write, "0", str(t.width), lambda lane: self._lane(tile, lane, place), room.at["lane"])

    def _lane(self, tile: str, lane: str, place: int) -> None:
        write = self.write
        index = write.whole("add", write.whole("mul", tile, str(write.types.width)), lane)
        row = write.whole("add", write.whole("mul", index, str(self.count)), str(place))
        bins = write.value(
            f"getelementptr double, ptr {self.slots.pointer('bins')}, i64 {write.whole('mul', row, str(BINS))}"
        )
        weight = write.load("double", self.room.at["weight"], lane)

        def quarter(k: str) -> None:
            ends = [
                write.load(
                    "double",
                    self.room.at["seen"],
                    write.whole("add", write.whole("mul", where, str(write.types.width)), lane),
                )
                for where in (k, write.whole("add", k, "1"))
            ]
            self._straight(bins, ends[0], ends[1], weight)

        counts = write.value(f"fcmp ogt double {weight}, 0.0")
        guarded(write, counts, lambda: loop(write, "0", str(PARTS), quarter, self.room.at["part"]))

    def _straight(self, bins: str, a: str, b: str, weight: str) -> None:
        """Spread a weight over the bins from one value to another."""
        write = self.write
        falling = write.value(f"fcmp olt double {b}, {a}")
        low = write.value(f"select i1 {falling}, double {b}, double {a}")
        high = write.value(f"select i1 {falling}, double {a}, double {b}")
        first, last = _bin(write, low), _bin(write, high)
        span = write.value(f"fsub double {high}, {low}")
        many = write.value(f"icmp sgt i64 {last}, {first}")
        whole = write.value(f"select i1 {many}, double {span}, double 1.0")
        per = write.value(f"fdiv double {weight}, {whole}")

        def add(index: str) -> None:
            begins = write.value(f"icmp eq i64 {index}, {first}")
            bottom = write.value(f"select i1 {begins}, double {low}, double {_edge(write, index)}")
            following = _edge(write, write.whole("add", index, "1"))
            ends = write.value(f"icmp eq i64 {index}, {last}")
            top = write.value(f"select i1 {ends}, double {high}, double {following}")
            part = write.value(f"fmul double {per}, {write.value(f'fsub double {top}, {bottom}')}")
            part = write.value(f"select i1 {many}, double {part}, double {weight}")
            total = write.value(f"fadd double {write.load('double', bins, index)}, {part}")
            write.store("double", total, bins, index)

        loop(write, first, write.whole("add", last, "1"), add, self.room.at["bin"])


def _bin(write: Assembly, value: str) -> str:
    """The bin of a value; what lies outside goes into the first or last."""
    bits = write.value(f"bitcast double {value} to i64")
    index = write.whole("sub", write.value(f"ashr i64 {bits}, {_SHIFT}"), str(FIRST))
    index = write.value(f"select i1 {write.value(f'icmp slt i64 {index}, 0')}, i64 0, i64 {index}")
    return write.value(f"select i1 {write.value(f'icmp sge i64 {index}, {BINS}')}, i64 {BINS - 1}, i64 {index}")


def _edge(write: Assembly, index: str) -> str:
    """The lower edge of a bin."""
    shifted = write.value(f"shl i64 {write.whole('add', index, str(FIRST))}, {_SHIFT}")
    return write.value(f"bitcast i64 {shifted} to double")
