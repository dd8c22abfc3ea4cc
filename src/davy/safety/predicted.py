"""The predicted serum: the upper 95 % stays at or below 1.05 mmol/L, and a draw that failed counts as above it.

The forecast given here is the safety forecast: nothing that lowers serum helps in it, and the higher set counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from davy.forecast.outcome import UNITS, Floats, Forecast
from davy.people.regimen import Regimen
from davy.safety.case import Case
from davy.safety.saying import care, number, refuse
from davy.safety.verdict import Said


def highest_serum(forecast: Forecast) -> Floats:
    """The highest serum of each draw over all days [mmol/L], (draws,); a failed or empty draw is infinite."""
    serum = forecast.values[:, :, tuple(UNITS).index("serum_mmol_per_L")]
    bad = forecast.failed | ~np.isfinite(serum).all(axis=1)
    return np.where(bad, np.inf, np.max(serum, axis=1))


def upper_end(highest: Floats, quantile: float) -> float:
    """The draw at that quantile, the next higher one where it falls between two; infinite without draws."""
    if highest.size == 0:
        return math.inf
    return float(np.sort(highest)[math.ceil(quantile * (highest.size - 1))])


def predicted_serum(case: Case, regimen: Regimen, forecast: Forecast | None) -> Iterator[Said]:
    """Above the limit: refused. With a failed draw, or not simulated: never better than with care."""
    limit, quantile = case.limit("predicted-serum-limit"), case.rules.value("predicted-serum-quantile")
    if forecast is None:
        if regimen.elemental_mg_per_day > 0:
            yield care(
                "not-simulated",
                "What this does to serum magnesium was not simulated, so it is not judged by it.",
                "no forecast",
                limit,
            )
        return
    highest = highest_serum(forecast)
    failed = int(np.count_nonzero(np.isinf(highest)))
    upper = upper_end(highest, quantile)
    if upper > limit.value:
        said = (
            "cannot be told, because too many simulations failed"
            if math.isinf(upper)
            else f"reaches {number(upper, 3)} mmol/L"
        )
        yield refuse(
            "predicted-serum",
            f"The upper end of the predicted serum magnesium {said}; it has to stay at or below {limit.value:g} "
            "mmol/L. A lower dose would change this.",
            None if math.isinf(upper) else upper,
            limit,
        )
    elif failed:
        yield care(
            "failed-draws",
            f"{failed} of {highest.size} simulations failed and count as too high; the rest stay below the limit.",
            failed,
            limit,
        )
