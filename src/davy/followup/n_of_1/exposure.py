"""How a change of arm comes through: an exponential wash-in and wash-out, day by day."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from davy.followup.n_of_1.priors import Floats, Lags


@dataclass(frozen=True)
class Exposures:
    """What each day holds of each arm's effect, for every lag and starting state that is thought possible.

    Attributes
    ----------
    share : (cases, days, arms but the reference), 1 = the whole steady-state effect.
    lag_d : (cases,) the time constant [d].
    log_weight : (cases,) log prior weight.
    """

    share: Floats
    lag_d: Floats
    log_weight: Floats


def washed_in(taken: Floats, lag_d: float, start: float = 0.0) -> Floats:
    """The share of the steady-state effect that is there on each day.

    Parameters
    ----------
    taken : (days, ...) 1 on days on the arm, 0 on others.
    lag_d : time constant [d]; 0 = at once.
    start : the share that was there before day one.
    """
    if lag_d <= 0:
        return taken.copy()
    keep = math.exp(-1.0 / lag_d)
    share = np.empty_like(taken)
    state = np.full(taken.shape[1:], start)
    for day in range(len(taken)):
        state = keep * state + (1 - keep) * taken[day]
        share[day] = state
    return share


def exposures(taken: Floats, lags: Lags, starts: tuple[float, ...]) -> Exposures:
    """Every lag with every starting state.

    Parameters
    ----------
    taken : (days, arms but the reference).
    starts : shares that may have been there before day one; (0,) where nothing was taken before.
    """
    shares: list[Floats] = []
    days: list[float] = []
    weights: list[float] = []
    for lag, weight in zip(lags.days, lags.weights, strict=True):
        possible = starts if lag > 0 else starts[:1]
        for start in possible:
            shares.append(washed_in(taken, lag, start))
            days.append(lag)
            weights.append(math.log(weight / len(possible)))
    return Exposures(np.stack(shares), np.array(days), np.array(weights))
