"""What else moves a diary: its level, a trend, the weekday. All are given to every analysis."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from davy.followup.n_of_1.priors import Floats, number

LEAST_FOR_WEEKDAYS = 21
"""Days that a diary must span before weekdays are told apart."""


@dataclass(frozen=True)
class Terms:
    """(days, terms) columns and (terms,) prior precision, in units of the residual or of the link; 0 = flat."""

    columns: Floats
    precision: Floats


def terms_of(day: Floats, *, link: bool) -> Terms:
    """Level, trend and weekdays of those days.

    Parameters
    ----------
    day : (days,) day numbers, with gaps where nothing was written.
    link : whether the outcome is a count, a share or a scale, which needs proper priors.
    """
    span = max(float(day[-1] - day[0]), 1.0)
    columns = [np.ones(len(day)), 2.0 * (day - day[0]) / span - 1.0]
    precision = [number("latent-level-sd") ** -2, number("latent-trend-sd") ** -2] if link else [0.0, 0.0]
    if span + 1 >= LEAST_FOR_WEEKDAYS:
        spread = number("latent-weekday-sd" if link else "weekday-sd")
        for weekday in range(7):
            columns.append((np.mod(day, 7) == weekday).astype(float))
            precision.append(spread**-2)
    return Terms(np.stack(columns, axis=1), np.array(precision))
