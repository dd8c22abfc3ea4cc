"""Arrays of a tile in its room, and tables of the module, for code written as loops."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from davy.engine.assembly import Assembly
from davy.engine.room import Room
from davy.engine.tiles import loop


class Arrays:
    """Reads and writes arrays at places that count doubles; loops over states and over entries of tables."""

    def __init__(self, write: Assembly, room: Room, size: int) -> None:
        self.write = write
        self.room = room
        self.size = size

    def place(self, counts: Mapping[str, int]) -> None:
        """Make room for arrays, and for the counters of three loops one in another."""
        for name, count in counts.items():
            self.room.at[name] = self.write.place(self.write.types.real, max(1, count))
        for name in ("outer", "middle", "inner"):
            self.room.at[name] = self.write.place("i64")

    def define(self, tables: Mapping[str, Sequence[int]]) -> None:
        """Write tables of integers into the module."""
        for name, numbers in tables.items():
            listed = ", ".join(f"i64 {number}" for number in numbers or [0])
            self.write.apart.append(f"@{name} = private constant [{max(1, len(numbers))} x i64] [{listed}]")

    def get(self, name: str, at: str) -> str:
        """The value at a place of an array."""
        return self.write.load(self.write.types.real, self.room.at[name], at)

    def put(self, name: str, at: str, value: str) -> None:
        """Set the value at a place of an array."""
        self.write.store(self.write.types.real, value, self.room.at[name], at)

    def less(self, name: str, at: str, factor: str, other: str) -> None:
        """Take factor * other away from the value at a place."""
        minus = self.write.value(f"fneg {self.write.types.real} {factor}")
        self.put(name, at, self.write.fma(minus, other, self.get(name, at)))

    def at(self, index: str) -> str:
        """The place of an index."""
        return self.write.whole("mul", index, str(self.write.types.width))

    def times(self, count: int, body: Callable[[str], None]) -> None:
        """Run `body` for each index below `count`."""
        loop(self.write, "0", str(count), body, self.room.at["outer"])

    def each(self, body: Callable[[str], None]) -> None:
        """Run `body` with the place of each state."""
        self.times(self.size, lambda index: body(self.at(index)))

    def table(self, name: str, index: str) -> str:
        """An entry of a table."""
        return self.write.load("i64", f"@{name}", index)

    def span(self, name: str, index: str, body: Callable[[str], None], counter: str) -> None:
        """Run `body` for each integer from entry `index` of a table to the next entry."""
        stop = self.table(name, self.write.whole("add", index, "1"))
        loop(self.write, self.table(name, index), stop, body, self.room.at[counter])
