"""Random forecasts before the real gate for predicted serum: widening a band never raises what is chosen."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from davy.forecast.outcome import UNITS, Forecast
from davy.people.read import person_from_text
from davy.planning.candidates import Frame, candidates_at, nothing_added, repletion_products
from davy.planning.goals import Aim, goal_row
from davy.planning.weighing import Weighed, choose
from davy.safety.check import check

PERSON = person_from_text(
    """
davy: 1
id: steady
age_y: 40
sex: male
weight_kg: 80
height_cm: 180
jurisdiction: US
goals: [repletion]
labs:
  - {date: 2026-11-01, test: egfr, value: 95, unit: mL/min/1.73m2}
  - {date: 2026-11-01, test: serum-magnesium, value: 0.72, unit: mmol/L}
""",
    name="steady",
    today=date(2026, 11, 22),
)
FRAME = Frame(350.0, {1: ("19:00",), 2: ("08:00", "19:00")}, 0, 180)
PRODUCT = next(row for row in repletion_products() if row.id == "glycinate-100-tablet")
CANDIDATES = [
    nothing_added(FRAME),
    *(next(candidates_at(FRAME, PRODUCT, dose)) for dose in (50.0, 100, 150, 200, 250, 300, 350)),
]
SHAPE = np.linspace(-1.0, 1.0, 41)


def forecast(median: float, spread: float) -> Forecast:
    """Draws laid evenly round one median, the same on every day."""
    values = np.ones((len(SHAPE), 3, len(UNITS)))
    values[:, :, 0] = (median + spread * SHAPE)[:, None]
    return Forecast(np.array([0.0, 83.0, 84.0]), values, np.zeros(len(SHAPE), dtype=bool))


def weighed(medians: list[float], spread: float) -> list[Weighed]:
    found = []
    for candidate, median in zip(CANDIDATES, medians, strict=True):
        one = forecast(median, spread)
        found.append(Weighed(candidate, one, one, check(PERSON, candidate.own, one)))
    return found


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0.0, 0.06), min_size=8, max_size=8),
    st.floats(0.5, 0.8),
    st.floats(0.0, 0.2),
    st.floats(0.0, 0.4),
    st.sampled_from(["repletion", "migraine-prevention", "general"]),
)
def test_widening_never_raises_the_chosen_dose(
    rises: list[float], start: float, spread: float, more: float, goal: str
) -> None:
    row = goal_row(goal)
    aim = Aim(row, row.kind, 0.75, 0.95) if row.kind == "restore" else Aim(row, row.kind)
    medians = [start + float(rise) for rise in np.cumsum(rises)]
    narrow = choose(weighed(medians, spread), aim, short_mg=60.0)
    wide = choose(weighed(medians, spread + more), aim, short_mg=60.0)
    if wide is not None:
        assert narrow is not None
        assert wide[0].candidate.total_mg <= narrow[0].candidate.total_mg
        assert not wide[0].refused


def test_a_dose_whose_upper_end_is_too_high_is_refused_and_stops_the_ladder() -> None:
    found = weighed([0.70, 0.72, 0.74, 0.76, 0.78, 0.80, 0.82, 0.84], 0.30)
    assert [one.too_high for one in found] == [False, False, False, False, True, True, True, True]


@pytest.mark.parametrize(("short", "dose"), [(0.0, 0.0), (40.0, 50.0), (60.0, 100.0), (999.0, 350.0)])
def test_a_need_is_kept_by_the_least_dose_that_closes_it(short: float, dose: float) -> None:
    taken = choose(weighed([0.8] * 8, 0.0), Aim(goal_row("general"), "keep"), short_mg=short)
    assert taken is not None
    assert taken[0].candidate.total_mg == dose
