"""What happens to a lane at given times: doses into states, and steps of an input or a covariate."""

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
    time_d : (n,) when, the same for all lanes, or (lanes, n) each lane's own; ascending, not before 0 [d].
    state : (n,) id of the state that each dose is added to; one id alone stands for all.
    amount_mmol : (n,) the same for all lanes, or (lanes, n) one row a lane; not negative, 0 = not taken [mmol].
    """

    time_d: Floats
    state: tuple[str, ...]
    amount_mmol: Floats

    def __init__(self, time_d: ArrayLike, state: str | Sequence[str], amount_mmol: ArrayLike) -> None:
        times = np.array(time_d, dtype=np.float64)
        slots = times.shape[-1] if times.ndim else 0
        names = (state,) * slots if isinstance(state, str) else tuple(str(name) for name in state)
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
        if times.ndim not in (1, 2) or times.shape[-1] != count:
            raise SolveError(f"doses: {times.shape[-1] if times.ndim else 1} times for {count} states")
        if amounts.ndim not in (1, 2) or amounts.shape[-1] != count:
            raise SolveError(f"doses: amounts of shape {amounts.shape} for {count} doses; (n,) or (lanes, n) is right")
        if times.ndim == amounts.ndim == 2 and len(times) != len(amounts):
            raise SolveError(f"doses: times for {len(times)} lanes, amounts for {len(amounts)}")
        check_ascending("doses", "dose", times)
        wrong = ~np.isfinite(amounts) | (amounts < 0)
        if wrong.any():
            raise SolveError(f"doses: the amount of {place('dose', wrong)} is negative or not finite")


@dataclass(frozen=True, eq=False)
class Steps:
    """A quantity that keeps a value from each time to the next, such as an infusion or a weight.

    Attributes
    ----------
    time_d : (n,) from when on, the same for all lanes, or (lanes, n) each lane's own; ascending, not before 0 [d].
    value : (n,) or (lanes, n); an input in [mmol/d], a covariate in the unit of its parameter.
    """

    time_d: Floats
    value: Floats

    def __init__(self, time_d: ArrayLike, value: ArrayLike) -> None:
        object.__setattr__(self, "time_d", np.array(time_d, dtype=np.float64))
        object.__setattr__(self, "value", np.array(value, dtype=np.float64))
        times, values = self.time_d, self.value
        if times.ndim not in (1, 2) or values.ndim not in (1, 2) or times.shape[-1] != values.shape[-1]:
            raise SolveError(f"steps: times of shape {times.shape} for values of shape {values.shape}")
        if times.ndim == values.ndim == 2 and len(times) != len(values):
            raise SolveError(f"steps: times for {len(times)} lanes, values for {len(values)}")
        check_ascending("steps", "step", times)
        wrong = ~np.isfinite(values)
        if wrong.any():
            raise SolveError(f"steps: the value of {place('step', wrong)} is not finite")


def check_ascending(what: str, each: str, times: Floats) -> None:
    """Refuse times that are negative, not finite or not in order; name where."""
    wrong = ~np.isfinite(times) | (times < 0)
    if wrong.any():
        raise SolveError(f"{what}: the time of {place(each, wrong)} is negative or not finite")
    late = np.diff(times, axis=-1) < 0
    if late.any():
        here = tuple(int(i) for i in np.argwhere(late)[0])
        lane = f" of lane {here[0]}" if len(here) == 2 else ""
        raise SolveError(f"{what}: not in order of time: {each} {here[-1] + 1}{lane} is before {each} {here[-1]}")


def place(each: str, wrong: NDArray[np.bool_]) -> str:
    """Name the first entry that is wrong, and its lane where each lane has its own."""
    here = tuple(int(i) for i in np.argwhere(wrong)[0])
    return f"{each} {here[-1]}" + (f" of lane {here[0]}" if len(here) == 2 else "")


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
