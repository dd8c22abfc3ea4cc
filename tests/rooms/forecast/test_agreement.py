"""Two ways through time agree: dose by dose, and on what a day absorbs."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from tests.rooms.forecast.bodies import REGIMENS, draws, every_day

from davy.body import read_model
from davy.forecast import simulate
from davy.people.regimen import NO_SUPPLEMENT, Regimen

DAYS = np.arange(1.0, 91.0)
PROMISE_MMOL_PER_L = 0.001


@pytest.mark.parametrize("parameter_set", ["literature", "articles"])
@pytest.mark.parametrize(
    ("start", "diet"),
    [(NO_SUPPLEMENT, None), (every_day("oxide", 240, "08:00"), 6.0)],
    ids=["as before", "another diet and no more oxide"],
)
def test_every_day_of_ninety(
    parameter_set: Literal["literature", "articles"], start: Regimen, diet: float | None
) -> None:
    model = read_model("magnesium", parameter_set=parameter_set)
    regimens = list(REGIMENS.values())
    both = [
        simulate(model, draws(), regimens, days=DAYS, start=start, diet_mmol_per_d=diet, mode=mode)
        for mode in ("auto", "events")
    ]
    for name, averaged, followed in zip(REGIMENS, *both, strict=True):
        off = np.abs(averaged.values[:, :, 0] - followed.values[:, :, 0]).max(axis=1)
        assert off.max() < PROMISE_MMOL_PER_L, (name, off)
        assert not averaged.failed.any()
        assert averaged.mass_balance_mmol < 1e-6


def test_without_the_events_the_first_days_would_not_agree() -> None:
    model = read_model("magnesium")
    averaged, followed = (
        simulate(model, draws(), [REGIMENS["once"]], days=DAYS, start=NO_SUPPLEMENT, mode=mode)[0].values[:, :, 0]
        for mode in ("averaged", "events")
    )
    assert np.abs(averaged - followed)[:, 1].max() > 0.004


def test_nothing_changes_where_nothing_is_changed() -> None:
    model = read_model("magnesium")
    for mode in ("auto", "events"):
        now = every_day("citrate", 200, "21:00")
        values = simulate(model, draws(), [now], days=DAYS, start=now, mode=mode)[0].values
        assert np.ptp(values[:, :, 0], axis=1).max() < 0.0006
        assert np.ptp(values[:, :, 3], axis=1).max() < 0.01
