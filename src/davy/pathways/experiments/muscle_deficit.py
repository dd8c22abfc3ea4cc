"""A body whose muscle lacks a quarter of its magnesium while serum is normal: how long that can last.

The body model at rest on the usual diet, its muscle set short on one day. Muscle takes back from the blood what it
lacks, and the kidney saves: the days tell whether a normal serum can hide such a want, and what urine would say.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from davy.pathways.evaluation import Floats
from davy.pathways.experiments.body_course import alike, at_day, bodies, diet

GRID: Mapping[str, tuple[float, ...]] = {"t_d": (0.0, 1.0, 3.0, 7.0, 14.0, 30.0, 60.0, 90.0, 180.0, 365.0)}
QUICK = True
EQUATIONS = (
    "MU_0 = (1 - short)*MU_rest",
    "dx/dt = f(x, theta, absorbed(diet))",
    "needed = C_0*(1 - short)^(1/g_mu)",
)

_TIMES = np.concatenate((np.arange(0.0, 3.0, 0.1), np.arange(3.0, 29.0, 0.5), np.arange(29.0, 365.5, 3.0)))


def run(given: Mapping[str, Floats]) -> Mapping[str, Floats]:
    """Serum, urine and the want of muscle on a day; raises SolveError where a lane is not integrated."""
    once, which = alike(given, frozenset({"t_d"}))
    own = bodies(once)
    usual = own.absorbed(diet(len(own.theta)))
    rest = own.steady(usual)
    muscle = own.state("tis_MU")
    start = rest.copy()
    start[:, muscle] *= 1.0 - once["short_fraction"]
    path = own.course(start, usual, _TIMES)
    want = 1.0 - path["tis_MU"] / rest[:, muscle][:, None]
    exponent = own.parameter("tis_g_mu")
    return {
        "serum_mM": at_day(path["C"][which], _TIMES, given["t_d"]),
        "urine_mmol_per_d": at_day(path["kid_E"][which], _TIMES, given["t_d"]),
        "muscle_short_fraction": at_day(want[which], _TIMES, given["t_d"]),
        "lowest_mM": path["C"].min(axis=1)[which],
        "needed_mM": (own.parameter("C0") * (1.0 - once["short_fraction"]) ** (1.0 / exponent))[which],
        "lost_at_half_fraction": (1.0 - 0.5**exponent)[which],
    }
