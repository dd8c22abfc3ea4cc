"""A regimen that repeats itself without end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from davy.engine.doses import Doses, Floats, Integers
from davy.errors import SolveError


@dataclass(frozen=True, eq=False)
class Cycle:
    """Doses of one period, repeated without end.

    Attributes
    ----------
    doses : those of the first period.
    period_d : its length [d].
    """

    doses: Doses
    period_d: float = 1.0

    def __post_init__(self) -> None:
        if not 0 < self.period_d < np.inf:
            raise SolveError(f"cycle: a period of {self.period_d} d")
        late = self.doses.time_d >= self.period_d
        if late.any():
            first = float(self.doses.time_d[late].min())
            raise SolveError(
                f"cycle: a dose at {first} d is not within the period of {self.period_d} d; "
                "what does not repeat itself is run by events, with `solve`"
            )

    def unrolled(self, last_d: float) -> Doses:
        """The same regimen dose by dose, up to and including a time."""
        count = int(np.floor(last_d / self.period_d)) + 1
        starts = np.arange(count) * self.period_d
        times = self.doses.time_d[..., None, :] + starts[:, None]
        times = times.reshape(*times.shape[:-2], -1)
        amounts = np.concatenate([self.doses.amount_mmol] * count, axis=-1)
        return Doses(times, self.doses.state * count, amounts)


def whole_periods(times_d: Floats, period_d: float) -> Integers:
    """How many periods lie before each time; a time inside a period is refused."""
    counts = np.round(times_d / period_d).astype(np.int64)
    off = np.abs(counts * period_d - times_d) > 1e-9 * np.maximum(times_d, period_d)
    if off.any():
        raise SolveError(f"times: {times_d[off][0]} d is not a whole number of periods of {period_d} d")
    return counts
