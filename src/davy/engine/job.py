"""What the generated code is handed: one table of 64-bit slots, numbers as they are, arrays by address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from davy.engine.assembly import Assembly

SOLVE_SLOTS = (
    "times",
    "last",
    "inside",
    "rows",
    "columns",
    "shown",
    "event_time",
    "event_place",
    "event_value",
    "time_per_tile",
    "time_per_event",
    "time_per_lane",
    "value_per_tile",
    "value_per_event",
    "value_per_lane",
    "theta",
    "states",
    "values",
    "status",
    "steps",
    "per_tolerance",
    "first_step",
    "most_steps",
    "sums",
    "bins",
    "bounds",
)
"""Arrays are tiled: (tiles, ..., width), so that one load fetches all lanes of a tile."""

STEADY_SLOTS = ("theta", "states", "free", "status")
POINT_SLOTS = ("theta", "states", "values")

Job = tuple[NDArray[np.int64], tuple[Any, ...]]
"""The table, and the arrays it points into (kept alive as long as the table is)."""


def job(slots: tuple[str, ...], values: Mapping[str, Any]) -> Job:
    """The table for these slots; floats go bit by bit."""
    table = np.zeros(len(slots), dtype=np.int64)
    kept: list[Any] = []
    for index, name in enumerate(slots):
        value = values[name]
        if isinstance(value, np.ndarray):
            kept.append(value)
            table[index] = value.ctypes.data
        elif isinstance(value, float):
            table[index] = np.float64(value).view(np.int64)
        else:
            table[index] = int(value)
    return table, tuple(kept)


class Slots:
    """Reads the table inside the generated code; each slot is loaded where it is first asked for."""

    def __init__(self, assembly: Assembly, slots: tuple[str, ...]) -> None:
        self._assembly = assembly
        self._slots = slots

    def pointer(self, name: str) -> str:
        """The address in a slot."""
        return self._load("ptr", name)

    def number(self, name: str) -> str:
        """The integer in a slot."""
        return self._load("i64", name)

    def double(self, name: str) -> str:
        """The double in a slot."""
        return self._load("double", name)

    def everywhere(self, name: str) -> str:
        """The double in a slot, in every lane."""
        return spread(self._assembly, self.double(name))

    def _load(self, kind: str, name: str) -> str:
        return self._assembly.load(kind, "%job", str(self._slots.index(name)))


def spread(assembly: Assembly, scalar: str) -> str:
    """A scalar double in every lane."""
    types = assembly.types
    if types.width == 1:
        return scalar
    first = assembly.value(f"insertelement {types.real} poison, double {scalar}, i64 0")
    zeros = f"<{types.width} x i32> zeroinitializer"
    return assembly.value(f"shufflevector {types.real} {first}, {types.real} poison, {zeros}")
