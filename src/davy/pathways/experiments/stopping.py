"""Stopping a supplement after a year: how fast each pool gives back what it gained, and whether any falls below before.

The body model on the usual diet, a year with the supplement at meals, then none. Nothing in it adapts, so that what
falls below the level of before would have to come from a pool that takes up more than it lost.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from davy.pathways.evaluation import Floats
from davy.pathways.experiments.body_course import alike, at_day, bodies, diet

GRID: Mapping[str, tuple[float, ...]] = {"t_d": (0.0, 1.0, 3.0, 7.0, 14.0, 30.0, 90.0, 180.0, 365.0)}
QUICK = True
EQUATIONS = (
    "year: dx/dt = f(x, theta, absorbed(diet + dose))",
    "after: dx/dt = f(x, theta, absorbed(diet))",
    "left = (x(t) - x_before)/(x_stop - x_before)",
)

_YEAR_D = 365.0
_AFTER = np.concatenate((np.arange(0.0, 2.0, 0.1), np.arange(2.0, 14.0, 0.5), np.arange(14.0, 365.5, 3.0)))
_POOLS = {"serum": "C", "red_cells": "rbc_RBC", "csf": "csf_Csf", "muscle": "tis_MU", "bone": "bone_Total"}


def run(given: Mapping[str, Floats]) -> Mapping[str, Floats]:
    """What is left of each pool's gain some days after stopping; raises SolveError where a lane is not integrated."""
    once, which = alike(given, frozenset({"t_d"}))
    own = bodies(once)
    usual = own.absorbed(diet(len(own.theta)))
    fed = own.absorbed(diet(len(own.theta), once["mg_dose_mg"]))
    before = own.steady(usual)
    taken = own.course(before, fed, np.array([0.0, _YEAR_D]))
    last = np.stack([taken[name][:, -1] for name in _states(taken, before)], axis=1)
    after = own.course(last, usual, _AFTER)
    found: dict[str, Floats] = {}
    for pool, name in _POOLS.items():
        gain = taken[name][:, -1] - taken[name][:, 0]
        left = (after[name] - taken[name][:, :1]) / gain[:, None]
        found[f"{pool}_left_fraction"] = at_day(left[which], _AFTER, given["t_d"])
    found["urine_gain_mmol_per_d"] = (taken["kid_E"][:, -1] - taken["kid_E"][:, 0])[which]
    found["serum_gain_mM"] = (taken["C"][:, -1] - taken["C"][:, 0])[which]
    found["lowest_mM"] = np.minimum(after["C"].min(axis=1) - taken["C"][:, 0], 0.0)[which]
    return found


def _states(path: Mapping[str, Floats], start: Floats) -> list[str]:
    return list(path)[: start.shape[1]]
