"""Where the truth stands among what a fit believes: the numbers that simulation-based calibration looks at.

If persons are drawn from the prior and fitted with the right arithmetic, the rank of the truth is uniform for every
quantity, also for those that depend on the measurements, such as their likelihood (s-sbc-package).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from davy.forecast.outcome import Floats


@dataclass(frozen=True)
class Believed:
    """A person of known truth, and what was believed of them after looking at their measurements.

    Attributes
    ----------
    names : the quantities.
    truth : (quantities,).
    draws : (draws, quantities).
    weight : (draws,) of each draw, summing to one.
    """

    names: tuple[str, ...]
    truth: Floats
    draws: Floats
    weight: Floats

    @property
    def effective(self) -> float:
        """How many equal draws the weighted ones are worth."""
        return float(1.0 / np.square(self.weight).sum())

    @property
    def mean(self) -> Floats:
        """(quantities,) what is believed in the middle."""
        return np.einsum("d,dq->q", self.weight, self.draws)

    @property
    def variance(self) -> Floats:
        """(quantities,) how widely it is believed."""
        return np.einsum("d,dq->q", self.weight, np.square(self.draws - self.mean))


class Study(Protocol):
    """Draws persons from the prior, measures them and fits them."""

    def believed(self, first: int, count: int, seed: int) -> Iterator[Believed]:
        """Persons `first` to `first + count`; nobody depends on who else is asked for."""
        ...


def rank(found: Believed, jitter: Floats) -> Floats:
    """(quantities,) rank of the truth between 0 and 1.

    Parameters
    ----------
    jitter : (quantities,) uniform numbers, which place the truth within its step: S equal draws leave S + 1 places,
        each as likely as another, and a draw that equals the truth leaves its own place open too.
    """
    below, tied = (np.einsum("d,dq->q", found.weight, table) for table in _sides(found))
    draws = found.effective
    return (draws * below + jitter * (draws * tied + 1.0)) / (draws + 1.0)


def _sides(found: Believed) -> tuple[Floats, Floats]:
    below, tied = found.draws < found.truth, found.draws == found.truth
    return below.astype(np.float64), tied.astype(np.float64)


def covered(ranks: Floats, nominal: float) -> Floats:
    """Whether the central interval of that probability holds the truth, by its rank."""
    return np.where(np.isnan(ranks), np.nan, (np.abs(ranks - 0.5) <= nominal / 2).astype(np.float64))
