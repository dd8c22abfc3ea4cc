"""What a tile keeps while it is integrated, one vector an entry."""

from __future__ import annotations

from davy.engine.assembly import Assembly
from davy.engine.trace import System


class Room:
    """Memory of one tile.

    `state`, `scale` (what local errors are judged against), `kept` (what parameters alone decide), `now` (clock),
    `due` (time of the next event), `until` (where the next step must stop), `stop` (where the tile meets), `step`
    planned, `after_dose` (first step to try then), `fresh` (1 until the first step after an event; more than that
    at an event), `count` of steps tried, `status`, `next` (event of each lane), `shown` (states and outputs at a wanted
    time),
    `largest` (size of any state), `curve` (the last step as a polynomial), `from_` and `per_length` (where that step
    began, one over its length), `seen` and `weight` (a watched quantity at five points of a step, and how much each
    quarter counts).
    """

    def __init__(self, assembly: Assembly) -> None:
        self.write = assembly
        self.at: dict[str, str] = {}

    def prepare(self, system: System, kept: int) -> None:
        """Make the room, at the entry of the function."""
        real, whole, size = self.write.types.real, self.write.types.whole, system.size
        for name, count in {
            "state": size,
            "scale": size,
            "kept": max(1, kept),
            "shown": size + len(system.model.outputs),
            "curve": 4 * size,
            "seen": 5,
        }.items():
            self.at[name] = self.write.place(real, count)
        for name in (
            "now",
            "due",
            "until",
            "stop",
            "step",
            "after_dose",
            "fresh",
            "count",
            "from_",
            "per_length",
            "largest",
            "weight",
        ):
            self.at[name] = self.write.place(real)
        for name in ("status", "next"):
            self.at[name] = self.write.place(whole)
        for name in ("row", "lane", "changed", "part", "bin"):
            self.at[name] = self.write.place("i64")

    def get(self, name: str, index: int = 0) -> str:
        """The value of an entry."""
        return self.write.load(self.write.types.real, self.at[name], str(index * self.write.types.width))

    def put(self, name: str, value: str, index: int = 0) -> None:
        """Set an entry."""
        self.write.store(self.write.types.real, value, self.at[name], str(index * self.write.types.width))

    def put_where(self, mask: str, name: str, value: str, index: int = 0) -> None:
        """Set an entry in the lanes of a mask."""
        self.put(name, self.write.choose(mask, value, self.get(name, index)), index)
