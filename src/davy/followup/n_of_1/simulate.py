"""Days that never were: diaries of a person whose baseline and effect are known, to find error rates before day one."""

from __future__ import annotations

import math

import numpy as np

from davy.followup.n_of_1.baseline import DailyBaseline
from davy.followup.n_of_1.outcomes import OutcomeRow
from davy.followup.n_of_1.priors import Floats

PERIOD_D, RISE_D = 28, 5


def ar1(source: np.random.Generator, days: int, rho: Floats) -> Floats:
    """(days, diaries) stationary AR(1) states of unit variance, one correlation a diary."""
    noise = source.standard_normal((days, len(rho)))
    state = np.empty_like(noise)
    state[0] = noise[0]
    fresh = np.sqrt(1 - rho**2)
    for day in range(1, days):
        state[day] = rho * state[day - 1] + fresh * noise[day]
    return state


def simulated(
    source: np.random.Generator, person: DailyBaseline, row: OutcomeRow, share: Floats, effect: float, diaries: int
) -> Floats:
    """(days, diaries) daily outcomes, every day written.

    Parameters
    ----------
    share : (days,) or (days, diaries) how much of the effect is there.
    effect : change of the mean at steady state [daily unit], signed.
    """
    from scipy.special import ndtr, pdtrik

    days = len(share)
    rho = source.choice(person.rho, size=diaries, p=person.rho_weight / np.sum(person.rho_weight))
    state = ar1(source, days, np.clip(rho, 0.0, 0.98))
    extra = person.weekday[np.arange(days) % 7][:, None] * np.ones(diaries)
    if person.period_rise_sd:
        start = source.integers(0, PERIOD_D, size=diaries)
        near = (np.arange(days)[:, None] + start) % PERIOD_D < RISE_D
        # The mean over a period stays what it was.
        extra = extra + person.period_rise_sd * (near - RISE_D / PERIOD_D)
    shares = share if share.ndim == 2 else share[:, None]
    level = person.level + effect * shares
    if row.kind == "scale":
        return np.clip(level + person.sd * (state + extra), row.least, row.most)
    if row.kind == "binary":
        chance = np.clip(level + person.sd * extra, 0.001, 0.999)
        return (ndtr(state) < chance).astype(np.float64)
    rate = np.maximum(level + person.sd * extra, 1e-3)
    more = max(person.sd**2 / person.level - 1.0, 0.0)
    if more > 0:
        spread = math.sqrt(math.log1p(more / person.level))
        return source.poisson(rate * np.exp(spread * state - 0.5 * spread**2)).astype(np.float64)
    return np.maximum(np.ceil(pdtrik(np.clip(ndtr(state), 1e-9, 1 - 1e-9), rate) - 1e-9), 0.0)


def written_days(source: np.random.Generator, days: int, missing_share: float) -> Floats:
    """The day numbers that were written; the last always is, so that the trial has its length."""
    kept = source.random(days) >= missing_share
    kept[-1] = True
    return np.flatnonzero(kept).astype(np.float64)
