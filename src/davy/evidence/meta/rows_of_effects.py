"""Rows that hold an effect already: on the analysis scale, or as printed with an interval or a p value."""

from __future__ import annotations

import numpy as np

from davy.evidence.meta.distributions import critical, normal_quantile
from davy.evidence.meta.effect import RATIOS, Floats
from davy.evidence.meta.gathering import Gathered

ASYMMETRY = 0.15
"""How far the point may lie from the middle of its interval, as a share of the width, before that is told; rounding
of a ratio to two digits gives about a third of it."""


def effects_rows(made: Gathered) -> None:
    """Effects and variances, or standard errors, on the analysis scale."""
    made.yi = made.column("yi")
    if made.table.has("vi"):
        made.vi = made.column("vi")
        made.need_positive("vi", made.vi)
        if made.table.has("sei"):
            _agree(made, np.sqrt(np.where(made.vi > 0, made.vi, np.nan)), made.column("sei"))
    else:
        sei = made.column("sei")
        made.need_positive("sei", sei)
        made.vi = sei**2
    if made.table.has("ni"):
        made.ni = made.column("ni")
    made.choices.append(
        f"yi is taken to be the logarithm of {made.measure}" if made.measure in RATIOS else "yi is taken as it is"
    )


def _agree(made: Gathered, se: Floats, sei: Floats) -> None:
    for row in np.flatnonzero(np.abs(se - sei) > 1e-3 * se):
        made.fault(int(row), "sei", f"{sei[row]:g} is not the square root of vi ({se[row]:g})", "one of the two")


def printed_rows(made: Gathered) -> None:
    """Printed estimates: an interval gives the standard error, or a p value does."""
    estimate = made.column("estimate")
    ratio = made.measure in RATIOS
    if ratio:
        made.need_positive("estimate", estimate)
    low, high = made.column("ci_low"), made.column("ci_high")
    p = made.column("p")
    for row in np.flatnonzero((low >= high) | (estimate < low) | (estimate > high)):
        made.fault(
            int(row), "ci_low", f"{estimate[row]:g} ({low[row]:g} to {high[row]:g}) is no interval around its estimate"
        )
    if ratio:
        made.need_positive("ci_low", low)
    for row in np.flatnonzero((p <= 0) | (p >= 1)):
        made.fault(int(row), "p", f"{p[row]:g} is not between 0 and 1", "the p value itself, not <0.05")
    if made.faults:
        return
    scale = np.log if ratio else np.asarray
    made.yi = scale(estimate)
    low, high = scale(low), scale(high)
    width = high - low
    se = width / (2 * critical(made.reading.level, None))
    z = np.array([np.nan if np.isnan(one) else -normal_quantile(one / 2) for one in p])
    made.vi = np.where(np.isnan(se), made.yi / z, se) ** 2
    made.choices.append(f"standard error from the {100 * made.reading.level:g} % interval: its width over 2 x 1.96")
    for row in np.flatnonzero(np.isnan(se) & ~np.isnan(z)):
        made.warn(int(row), f"standard error from the p value {p[row]:g} and the estimate, by the normal distribution")
    off = np.abs(made.yi - (low + high) / 2) / np.where(width > 0, width, np.nan)
    for row in np.flatnonzero(off > ASYMMETRY):
        on = "logarithms" if ratio else "its scale"
        made.warn(
            int(row),
            f"{estimate[row]:g} lies {100 * off[row]:.0f} % of the width off the middle of its interval on {on}: a "
            "misprint or another method; kept, with the standard error from the width",
        )
