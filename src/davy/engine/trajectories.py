"""What the engine hands back: values with a status for each lane, and the status as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from davy.engine.newton import NO_STEADY_STATE
from davy.engine.stepping import NOT_FINITE, TOO_MANY, TOO_SMALL

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
BAD_INPUT = 4

SENTENCES: Mapping[int, str] = MappingProxyType(
    {
        0: "integrated to the last time within the tolerance",
        TOO_SMALL: "stopped: no step, however small, met the tolerance",
        NOT_FINITE: "stopped: a state or a rate became infinite or undefined",
        TOO_MANY: "stopped: more steps were needed than are allowed",
        BAD_INPUT: "not started: a parameter, an input or an initial value is not a finite number",
        NO_STEADY_STATE: "no steady state was found",
    }
)


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
    """

    names: tuple[str, ...]
    times_d: Floats
    values: Floats
    status: Integers
    integrals: Mapping[str, Floats] = field(default_factory=dict[str, Floats])
    steps: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def series(self, name: str) -> Floats:
        """(lanes, times) of one state or output."""
        return self.values[:, :, self.names.index(name)]

    def sentence(self, lane: int) -> str:
        """What became of a lane."""
        return SENTENCES[int(self.status[lane])]


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
        return "steady" if self.status[lane] == 0 else SENTENCES[int(self.status[lane])]
