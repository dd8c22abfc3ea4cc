"""Doses and the mesh of times: where lanes stop because something happens or is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from davy.errors import SolveError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Doses:
    """Amounts added to states at times.

    Attributes
    ----------
    time_d : (n,) when, ascending, not before 0 [d].
    state : (n,) id of the state that each dose is added to; one id alone stands for all.
    amount_mmol : (n,) the same for all lanes, or (lanes, n) one row a lane; not negative [mmol].
    """

    time_d: Floats
    state: tuple[str, ...]
    amount_mmol: Floats

    def __init__(self, time_d: ArrayLike, state: str | Sequence[str], amount_mmol: ArrayLike) -> None:
        times = np.array(time_d, dtype=np.float64)
        names = (state,) * times.size if isinstance(state, str) else tuple(str(name) for name in state)
        amounts = np.array(amount_mmol, dtype=np.float64)
        object.__setattr__(self, "time_d", times)
        object.__setattr__(self, "state", names)
        object.__setattr__(self, "amount_mmol", amounts)
        self._check()

    @classmethod
    def none(cls) -> Doses:
        """No dose."""
        return cls([], [], [])

    def _check(self) -> None:
        times, amounts, count = self.time_d, self.amount_mmol, len(self.state)
        if times.ndim != 1 or times.shape[0] != count:
            raise SolveError(f"doses: {times.size} times for {count} states")
        if amounts.ndim not in (1, 2) or amounts.shape[-1] != count:
            raise SolveError(f"doses: amounts of shape {amounts.shape} for {count} doses; (n,) or (lanes, n) is right")
        if not np.isfinite(times).all() or (times < 0).any():
            raise SolveError("doses: a time is negative or not finite")
        if (np.diff(times) < 0).any():
            late = int(np.argmax(np.diff(times) < 0)) + 1
            raise SolveError(f"doses: not in order of time: dose {late} is before dose {late - 1}")
        if not np.isfinite(amounts).all() or (amounts < 0).any():
            raise SolveError("doses: an amount is negative or not finite")


@dataclass(frozen=True, eq=False)
class Mesh:
    """Segments of time: each ends where a dose is given or a value is wanted, or both.

    Attributes
    ----------
    lengths : (segments,) [d]; the first may be 0.
    dose_from : (segments + 1,) doses from ``dose_from[k]`` to ``dose_from[k + 1]`` are given at the end of segment k.
    row : (segments,) which wanted time that end is, or -1.
    """

    lengths: Floats
    dose_from: Integers
    row: Integers

    @property
    def first_length(self) -> float:
        """The first length that is not 0 [d], or 1."""
        moving = self.lengths[self.lengths > 0]
        return float(moving[0]) if moving.size else 1.0


def checked_times(times_d: ArrayLike) -> Floats:
    """The wanted times, ascending from 0 on."""
    times = np.array(times_d, dtype=np.float64)
    if times.ndim != 1 or times.size == 0:
        raise SolveError("times: one or more times in one dimension are needed")
    if not np.isfinite(times).all() or times[0] < 0:
        raise SolveError("times: a time is negative or not finite")
    if (np.diff(times) <= 0).any():
        raise SolveError("times: not strictly ascending")
    return times


def mesh(times_d: Floats, doses: Doses) -> Mesh:
    """The segments for these times and doses; doses after the last time are not given."""
    due = doses.time_d[doses.time_d <= times_d[-1]]
    ends = np.unique(np.concatenate(([0.0], times_d, due)))
    lengths = np.diff(ends, prepend=0.0)
    dose_from = np.concatenate((np.searchsorted(due, ends, side="left"), [due.size])).astype(np.int64)
    row = np.full(ends.size, -1, dtype=np.int64)
    row[np.searchsorted(ends, times_d)] = np.arange(times_d.size)
    return Mesh(np.ascontiguousarray(lengths), np.ascontiguousarray(dose_from), row)
