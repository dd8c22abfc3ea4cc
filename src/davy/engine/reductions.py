"""What can be asked of a stretch of time without keeping its trajectories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from davy.engine.doses import Floats, Integers
from davy.engine.status import said
from davy.errors import SolveError

MANTISSA = 8
"""Bits of the mantissa that tell bins apart: a bin is at most 1/256 of its value wide."""
FIRST, BINS = (1023 - 24) << MANTISSA, 48 << MANTISSA
"""Bins reach from 2^-24 over 48 powers of two; what is below counts as 0. A bin is the leading bits of its values."""


@dataclass(frozen=True)
class Mean:
    """The mean over time of a state or output."""

    of: str


@dataclass(frozen=True)
class Area:
    """The integral over time of a state or output."""

    of: str


@dataclass(frozen=True)
class Maximum:
    """The largest value; ``.time`` is when it was reached first [d]."""

    of: str


@dataclass(frozen=True)
class Minimum:
    """The smallest value; ``.time`` is when it was reached first [d]."""

    of: str


@dataclass(frozen=True)
class Final:
    """The value at the end of the stretch, after a dose at that time."""

    of: str


@dataclass(frozen=True)
class TimeInRange:
    """The share of the time, 0 to 1, spent from `low` to `high`; either may be infinite."""

    of: str
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise SolveError(f"time in range of {self.of!r}: {self.low} is not below {self.high}")


@dataclass(frozen=True)
class Quantile:
    """The value below which the quantity is for that share of the time; of quantities that are not negative.

    Found in bins at most 1/256 of their value wide, so no further off than that; values below 6e-8 count as 0.
    """

    of: str
    share: float

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise SolveError(f"quantile of {self.of!r}: the share {self.share} is outside 0 to 1")


Reduction = Mean | Area | Maximum | Minimum | Final | TimeInRange | Quantile


@dataclass(frozen=True)
class Window:
    """A stretch of time and what is asked of it.

    Attributes
    ----------
    start_d, end_d : from where to where [d].
    of : the reductions.
    """

    start_d: float
    end_d: float
    of: tuple[Reduction, ...]

    def __init__(self, start_d: float, end_d: float, of: Iterable[Reduction]) -> None:
        object.__setattr__(self, "start_d", float(start_d))
        object.__setattr__(self, "end_d", float(end_d))
        object.__setattr__(self, "of", tuple(of))
        if not (0 <= self.start_d < self.end_d < np.inf):
            raise SolveError(f"window: {start_d} to {end_d} d; from 0 or later to a later time is right")
        if not self.of:
            raise SolveError("window: nothing is asked of it")


@dataclass(frozen=True, eq=False)
class Reduced:
    """What was asked, one number a lane.

    Attributes
    ----------
    values : by reduction, (lanes,); NaN in a lane that failed.
    times_d : for each maximum and minimum, (lanes,) when it was reached [d].
    status, steps, retried : as in `Trajectories`.
    """

    values: Mapping[Reduction, Floats]
    times_d: Mapping[Reduction, Floats]
    status: Integers
    steps: Integers
    retried: NDArray[np.bool_]

    def __getitem__(self, reduction: Reduction) -> Floats:
        """(lanes,) of one reduction."""
        return self.values[reduction]

    def sentence(self, lane: int) -> str:
        """What became of a lane."""
        return said(int(self.status[lane]), again=bool(self.retried[lane]))


Cell = tuple[str, str]
"""What generated code gathers: the kind (``area``, ``high``, ``low``, ``range``, ``bins``) and the quantity."""
BEGIN: Mapping[str, tuple[float, ...]] = {
    "area": (0.0,),
    "high": (-np.inf, np.nan),
    "low": (np.inf, np.nan),
    "range": (0.0,),
    "bins": (),
}
"""What the sums of each kind are before the first step."""
_KIND = {Mean: "area", Area: "area", Maximum: "high", Minimum: "low", TimeInRange: "range", Quantile: "bins"}


@dataclass(frozen=True)
class Gathering:
    """The cells of a window, and how their sums are read."""

    window: Window

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Each cell once, in one order, so that windows that ask alike share their code; ranges one by one."""
        found = [(_KIND[type(one)], one.of) for one in self.window.of if not isinstance(one, Final)]
        ranges = [cell for cell in found if cell[0] == "range"]
        return (*sorted({cell for cell in found if cell[0] != "range"}), *ranges)

    @property
    def signature(self) -> str:
        """A name of the code that gathers these cells."""
        return "+".join(f"{kind}.{quantity}" for kind, quantity in self.cells)

    @property
    def bounds(self) -> Floats:
        """(ranges, 2) limits, in the order of the cells."""
        found = [(one.low, one.high) for one in self.window.of if isinstance(one, TimeInRange)]
        return np.array(found, dtype=np.float64).reshape(-1, 2)

    def read(self, final: Mapping[str, Floats], sums: Floats, bins: Floats) -> tuple[dict[Reduction, Floats], ...]:
        """Values and times of each reduction, from (lanes, sums) and (lanes, binned quantities, bins)."""
        values: dict[Reduction, Floats] = {}
        times: dict[Reduction, Floats] = {}
        length = self.window.end_d - self.window.start_d
        ranges = iter([at for at, (kind, _) in zip(starts(self.cells), self.cells, strict=True) if kind == "range"])
        binned = [quantity for kind, quantity in self.cells if kind == "bins"]
        for one in self.window.of:
            if isinstance(one, Final):
                values[one] = final[one.of]
                continue
            if isinstance(one, Quantile):
                values[one] = quantile(bins[:, binned.index(one.of)], one.share)
                continue
            at = starts(self.cells)[self.cells.index((_KIND[type(one)], one.of))]
            if isinstance(one, TimeInRange):
                values[one] = sums[:, next(ranges)] / length
            elif isinstance(one, Mean):
                values[one] = sums[:, at] / length
            else:
                values[one] = sums[:, at].copy()
                if not isinstance(one, Area):
                    times[one] = sums[:, at + 1].copy()
        return values, times


def starts(cells: Sequence[Cell]) -> list[int]:
    """Where the sums of each cell begin."""
    found, at = list[int](), 0
    for kind, _ in cells:
        found.append(at)
        at += len(BEGIN[kind])
    return found


def quantile(weights: Floats, share: float) -> Floats:
    """(lanes,) the value below which that share of the weight of each row of bins lies."""
    used = np.flatnonzero(weights.any(axis=0))
    first, last = (int(used[0]), int(used[-1]) + 1) if used.size else (0, 1)
    weights = weights[:, first:last]
    below = np.cumsum(weights, axis=1)
    wanted = share * below[:, -1:]
    at = np.minimum(((below < wanted) | (below == 0)).sum(axis=1), last - first - 1)  # not before a lane's own first
    rows = np.arange(len(weights))
    inside = weights[rows, at]
    gap = wanted[:, 0] - (below[rows, at] - inside)
    part = np.clip(np.divide(gap, inside, out=np.zeros_like(gap), where=inside > 0), 0.0, 1.0)
    at = at + first
    low, high = edges(at), edges(at + 1)
    found = np.where(at == 0, 0.0, low + part * (high - low))
    return np.where(np.isnan(wanted[:, 0]), np.nan, found)


def edges(index: NDArray[np.intp]) -> Floats:
    """The lower edges of bins."""
    return ((index.astype(np.int64) + FIRST) << (52 - MANTISSA)).view(np.float64)
