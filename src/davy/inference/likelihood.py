"""What was measured, how far it may be off, and how far a prediction lies from it.

Errors are on the logarithm, so that widening one moves no median; a balance alone, which may be negative, is not. A
result that was only given as a bound counts with the chance that a report would lie on its side of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from davy.forecast.outcome import Floats
from davy.inference.axes import Axis
from davy.people.person import Lab


@dataclass(frozen=True)
class Observation:
    """One result that informs the fit.

    Attributes
    ----------
    quantity : what the model has to predict for it, a key of `davy.inference.expected.QUANTITIES`.
    log_value : logarithm of the result in the unit of the model; of a balance the result itself.
    spread : standard deviation of `log_value`: assay, day-to-day variation, and how a person changes with the years.
    bound : -1 where the result is an upper bound ("<"), 1 where it is a lower one.
    day : when, in days from today; the past is negative.
    offset, share : names of the axes that hold the laboratory's own offset and the collected share, if any.
    """

    lab: Lab
    quantity: str
    log_value: float
    spread: float
    bound: int = 0
    day: float = 0.0
    offset: str | None = None
    share: str | None = None


@dataclass(frozen=True)
class Unexplained:
    """A result that the rest of what is known does not explain: it is named and does not pull the fit.

    Attributes
    ----------
    p : chance of a result at least as far off, by everything but this result, error included.
    reasons : what to think of.
    """

    lab: Lab
    p: float
    reasons: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Evidence:
    """The labs of a person as the fit sees them.

    Attributes
    ----------
    measured : what is unknown about the measurements themselves.
    valid_urine : a 24-h urine of the present that is not known to be incomplete, paired with a serum.
    sentences : what was left out or read in a special way, and why.
    """

    observations: tuple[Observation, ...]
    valid_urine: Lab | None
    sentences: tuple[str, ...]
    measured: tuple[Axis, ...] = ()

    def with_values(self, log_values: Sequence[float]) -> Evidence:
        """The same tests on the same days with other results, each the logarithm of a value in its model unit."""
        pairs = zip(self.observations, log_values, strict=True)
        return replace(self, observations=tuple(replace(one, log_value=float(value)) for one, value in pairs))

    def without(self, left_out: Sequence[Observation]) -> Evidence:
        """The same evidence without some results; their axes stay, at their priors."""
        kept = tuple(one for one in self.observations if one not in left_out)
        urine = None if any(one.lab == self.valid_urine for one in left_out) else self.valid_urine
        return replace(self, observations=kept, valid_urine=urine)

    def has(self, test: str) -> bool:
        """Whether a result of that test informs the fit."""
        return any(one.lab.test == test for one in self.observations)

    @property
    def values(self) -> Floats:
        """(observations,) the results as the fit compares them."""
        return np.array([one.log_value for one in self.observations], dtype=np.float64)


def residuals(expected: Floats, observations: Sequence[Observation], values: Floats) -> Floats:
    """(lanes, observations) whose squares, halved, are minus the logarithm of the likelihood, but for a constant.

    Parameters
    ----------
    expected : (lanes, observations) what each test would show without error.
    values : (observations,) or (lanes, observations) what it showed.
    """
    if not observations:
        return np.zeros((len(expected), 0))
    found = (expected - values) / np.array([one.spread for one in observations])
    for place, one in enumerate(observations):
        if one.bound:
            found[:, place] = _beyond(found[:, place] * -one.bound) * -one.bound
    return found


def _beyond(over: Floats) -> Floats:
    """The residual of a bound that the prediction exceeds by so many standard deviations, negative where it holds."""
    from scipy.special import log_ndtr

    return np.sqrt(-2 * np.asarray(log_ndtr(-over), dtype=np.float64))
