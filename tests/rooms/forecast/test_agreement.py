"""Two ways through time agree: dose by dose, and on what a day absorbs."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from tests.rooms.forecast.bodies import REGIMENS, draws, every_day

from davy.body import read_model
from davy.forecast import Draws, simulate
from davy.forecast.structures import structure
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


@pytest.mark.parametrize("name", ["soft-splay", "adaptive-absorption", "deficit"])
def test_the_alternatives_agree_too(name: str) -> None:
    """An uptake that moves with serum is averaged as if all of it were proportional: within twice the promise."""
    model, settings = read_model("magnesium"), structure(name).settings
    people = draws()
    values = np.concatenate((people.values, np.tile(list(settings.values()), (len(people.values), 1))), axis=1)
    people = Draws((*people.names, *settings), values, people.intake_mmol_per_d)
    regimens = [REGIMENS["none"], REGIMENS["titration"], REGIMENS["course"]]
    averaged, followed = (
        simulate(model, people, regimens, days=DAYS, start=NO_SUPPLEMENT, diet_mmol_per_d=6.0, mode=mode)
        for mode in ("auto", "events")
    )
    for one, other in zip(averaged, followed, strict=True):
        assert np.abs(one.values[:, :, 0] - other.values[:, :, 0]).max() < 2 * PROMISE_MMOL_PER_L
        assert max(one.mass_balance_mmol, other.mass_balance_mmol) < 1e-6


def test_ionised_and_free_magnesium_go_with_serum_at_once_and_the_red_cell_does_not() -> None:
    model = read_model("magnesium")
    (found,) = simulate(
        model, draws(("typical",)), [NO_SUPPLEMENT], days=DAYS, start=NO_SUPPLEMENT, diet_mmol_per_d=1.0
    )
    serum, cells, ionised, free = (
        found.series(f"{name}_mmol_per_L")[0] / found.series(f"{name}_mmol_per_L")[0, 0]
        for name in ("serum", "rbc", "ionised", "rbc_free")
    )
    assert ionised == pytest.approx(serum, rel=1e-12)
    assert free == pytest.approx(serum**0.87, rel=2e-3)
    assert found.series("ionised_mmol_per_L")[0, 0] == pytest.approx(0.7 * found.series("serum_mmol_per_L")[0, 0])
    assert 1 - cells[21] < 0.5 * (1 - free[21])
