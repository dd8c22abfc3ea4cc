"""What the engine hands back: values with a status for each lane, and the status as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from davy.engine.status import said

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Trajectories:
    """Values over time.

    Attributes
    ----------
    names : states, then outputs.
    times_d : (times,) [d].
    values : (lanes, times, states + outputs), in the units of the model; NaN in a lane that failed.
    status : (lanes,) 0 where the lane reached the end, else what stopped it.
    integrals : by name of a state or output asked for at build, (lanes, times) its integral since the start.
    steps : (lanes,) how many steps were tried.
    retried : (lanes,) where the first attempt failed and a second was made with the tighter method.
    """

    names: tuple[str, ...]
    times_d: Floats
    values: Floats
    status: Integers
    integrals: Mapping[str, Floats] = field(default_factory=dict[str, Floats])
    steps: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    retried: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))

    def series(self, name: str) -> Floats:
        """(lanes, times) of one state or output."""
        return self.values[:, :, self.names.index(name)]

    def sentence(self, lane: int) -> str:
        """What became of a lane."""
        return said(int(self.status[lane]), again=lane < len(self.retried) and bool(self.retried[lane]))


@dataclass(frozen=True, eq=False)
class SteadyStates:
    """Where nothing changes any more.

    Attributes
    ----------
    names : the states.
    values : (lanes, states); accumulators keep the guess; NaN in a lane that failed.
    outputs : by name, (lanes,) at the steady state.
    status : (lanes,) 0 where it was found.
    """

    names: tuple[str, ...]
    values: Floats
    outputs: Mapping[str, Floats]
    status: Integers

    def sentence(self, lane: int) -> str:
        """What became of a lane."""
        return "steady" if self.status[lane] == 0 else said(int(self.status[lane]))
