"""What the forecast says: the target and its chance, the bands, and one dated value that can prove Davy wrong."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import NormalDist

import numpy as np

from davy.forecast.outcome import UNITS, Floats, Forecast
from davy.forecast.priors import error_of, spread_of
from davy.people.labs import own_unit
from davy.people.person import Person
from davy.planning.goals import Aim
from davy.planning.result import Expected, PredictionToCheck, Target
from davy.units import magnesium_in

SERUM = "serum_mmol_per_L"
BAND = (0.05, 0.5, 0.95)
SERUM_DAYS = (28, 56, 84)
"""Days after the first tablet on which a serum may be foretold."""
_NOISE_POINTS = 99


def days_for(aim: Aim, end_d: int) -> Floats:
    """Ends of the intervals that are simulated [d]: weeks, and whole days before each day that is judged."""
    week = [7.0 * number for number in range(1, end_d // 7 + 1)]
    judged = [float(day) for day in (aim.by_day, *(aim.lead_d + later for later in SERUM_DAYS)) if 1 < day <= end_d]
    return np.array(sorted({1.0, *week, *judged, *(day - 1 for day in judged)}))


def serum_on(forecast: Forecast, day: int) -> Floats:
    """(draws,) true mean serum over the 24 h that end with this day [mmol/L]."""
    column = int(np.flatnonzero(forecast.day == float(day))[0])
    return forecast.values[:, column, tuple(UNITS).index(SERUM)][~forecast.failed]


def median_serum(forecast: Forecast, day: int) -> float:
    """Posterior median of the true 24-h mean serum on this day [mmol/L]; nan where every draw failed."""
    values = serum_on(forecast, day)
    return float(np.median(values)) if values.size else float("nan")


def chance(forecast: Forecast, aim: Aim) -> float | None:
    """Share of draws inside the target on the day that counts; None where there is no lab target."""
    if aim.low is None or aim.high is None:
        return None
    values = serum_on(forecast, aim.by_day)
    return float(np.mean((values >= aim.low) & (values < aim.high))) if values.size else None


def targets(forecast: Forecast | None, aim: Aim) -> tuple[Target, ...]:
    """The lab target of a goal that restores, with its Monte-Carlo error."""
    if forecast is None or aim.low is None or aim.high is None:
        return ()
    probability = chance(forecast, aim)
    if probability is None:
        return ()
    count = int((~forecast.failed).sum())
    error = monte_carlo_error(round(probability * count), count)
    return (Target(aim.goal.id, SERUM, aim.low, aim.high, "mmol/L", aim.by_day, probability, error, aim.goal.source),)


def monte_carlo_error(count: int, draws: int) -> float:
    """Standard error of a share of draws, two more of each kind assumed: none of 500 does not mean impossible."""
    share = (count + 2) / (draws + 4)
    return (share * (1 - share) / (draws + 4)) ** 0.5


def expected(forecast: Forecast | None) -> tuple[Expected, ...]:
    """Every output with its band, rounded to what it can mean."""
    if forecast is None or forecast.failed.all():
        return ()
    day = tuple(float(value) for value in forecast.day)
    made: list[Expected] = []
    for output, unit in UNITS.items():
        bands = [tuple(round(float(value), 4) for value in row) for row in forecast.quantiles(output, BAND)]
        made.append(Expected(output, unit, day, bands[0], bands[1], bands[2]))
    return tuple(made)


def prediction(person: Person, forecast: Forecast, day: int) -> PredictionToCheck | None:
    """The interval that holds nine of ten serum results on this day, if the model of this person is right.

    The laboratory's error, its offset and the day-to-day variation are part of it: each draw is spread by their
    quantiles.
    """
    values = serum_on(forecast, day)
    if not values.size:
        return None
    spread = report_spread("serum-magnesium")
    shares = (np.arange(_NOISE_POINTS) + 0.5) / _NOISE_POINTS
    noise = np.exp(spread * _normal_quantiles(shares))
    low, high = (float(value) for value in np.quantile(np.outer(values, noise), (BAND[0], BAND[2])))
    unit = own_unit(person, "serum-magnesium")
    on = date_of(person.today, day)
    shown = _in_unit(low, high, unit)
    own = "" if unit == "mmol/L" else f" ({_in_unit(low, high, 'mmol/L')})"
    said = (
        f"If you follow this plan, serum magnesium on {on} (day {day}) should read {shown}{own}. "
        "Nine of ten results fall in there if Davy's picture of you is right; "
        "outside it, it is wrong and the plan is made anew."
    )
    return PredictionToCheck("serum-magnesium", day, round(low, 3), round(high, 3), "mmol/L", said)


def report_spread(test: str) -> float:
    """Standard deviation of the logarithm of a result about the truth: day-to-day variation, assay and offset."""
    return (error_of(test) ** 2 + spread_of("drift", test) ** 2) ** 0.5


def serum_text(person: Person, mmol_per_L: float) -> str:
    """A serum as this person's reports print it, with mmol/L behind where that is another unit."""
    unit = own_unit(person, "serum-magnesium")
    plain = f"{mmol_per_L:.2f} mmol/L"
    return plain if unit == "mmol/L" else f"{magnesium_in(mmol_per_L, unit):.2f} {unit} ({plain})"


def gain_text(person: Person, mmol_per_L: float) -> str:
    """A difference between two serum values, in the person's own unit."""
    unit = own_unit(person, "serum-magnesium")
    gain = magnesium_in(mmol_per_L, unit)
    return f"less than 0.001 {unit}" if abs(gain) < 0.0005 else f"{gain:.3f} {unit}"


def date_of(today: date, day: int) -> str:
    """The calendar date of a day of the plan."""
    return (today + timedelta(days=day)).isoformat()


def _in_unit(low: float, high: float, unit: str) -> str:
    return f"{magnesium_in(low, unit):.2f}-{magnesium_in(high, unit):.2f} {unit}"


def _normal_quantiles(shares: Floats) -> Floats:
    """Quantiles of the standard normal: no random numbers, the same bytes each time."""
    normal = NormalDist()
    return np.array([normal.inv_cdf(float(share)) for share in shares])
