"""What a forecast holds."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rooms.forecast.bodies import REGIMENS, ROWS, draws, every_day, titration

from davy.body import read_model
from davy.errors import ModelError, SolveError
from davy.forecast import Draws, simulate, steady_serum
from davy.forecast.outcome import UNITS
from davy.people.regimen import NO_SUPPLEMENT, Intake, Regimen, Step

MODEL = read_model("magnesium")
WEEKS = np.array([1.0, 2, 3, 4, 7, 14, 28, 56, 84])


def one(regimen: Regimen, **more: object) -> np.ndarray:
    return simulate(MODEL, draws(), [regimen], days=WEEKS, start=NO_SUPPLEMENT, **more)[0].values


def test_forms_that_differ_in_name_share_a_forecast() -> None:
    names = ("citrate", "glycinate", "l-threonate", "taurate")
    found = simulate(MODEL, draws(), [every_day(n, 150, "21:00") for n in names], days=WEEKS, start=NO_SUPPLEMENT)
    assert all(other is found[0] for other in found)
    slow = simulate(MODEL, draws(), [every_day("oxide", 150, "21:00")], days=WEEKS, start=NO_SUPPLEMENT)[0]
    assert (slow.series("absorbed_mmol_per_d")[:, -1] < found[0].series("absorbed_mmol_per_d")[:, -1]).all()


def test_a_lane_has_the_same_bits_in_any_company() -> None:
    whole = simulate(MODEL, draws(), list(REGIMENS.values()), days=WEEKS, start=NO_SUPPLEMENT)
    for at, name in enumerate(ROWS):
        if at % 3:
            continue
        alone = simulate(MODEL, draws((name,)), [titration()], days=WEEKS, start=NO_SUPPLEMENT)[0]
        together = whole[list(REGIMENS).index("titration")]
        assert alone.values[0].tobytes() == together.values[at].tobytes()


def test_day_zero_is_the_present_state_whatever_comes() -> None:
    assert np.array_equal(one(NO_SUPPLEMENT)[:, 0], one(every_day("citrate", 300, "21:00"))[:, 0])
    assert np.array_equal(one(NO_SUPPLEMENT)[:, 0], one(NO_SUPPLEMENT, diet_mmol_per_d=2.0)[:, 0])


def test_more_is_more() -> None:
    low, high = one(every_day("citrate", 100, "21:00")), one(every_day("citrate", 300, "21:00"))
    serum, urine, absorbed = (tuple(UNITS).index(name) for name in list(UNITS)[0:1] + list(UNITS)[2:4])
    for output in (serum, urine, absorbed):
        assert (high[:, 1:, output] > low[:, 1:, output]).all()


def test_splitting_absorbs_more_away_from_full_meals() -> None:
    absorbed = tuple(UNITS).index("absorbed_mmol_per_d")
    once, thrice = one(every_day("citrate", 300, "22:00")), one(every_day("citrate", 100, "10:00", "16:00", "22:00"))
    small_meals = [list(ROWS).index(name) for name in ("poor diet", "nothing to absorb")]
    assert (thrice[small_meals, -1, absorbed] > 1.1 * once[small_meals, -1, absorbed]).all()


def test_adherence_scales_the_product_and_not_the_food() -> None:
    base = draws(("typical", "typical"))
    half = Draws(base.names, base.values, base.intake_mmol_per_d, np.array([1.0, 0.5]))
    both = simulate(MODEL, half, [every_day("citrate", 200, "21:00")], days=WEEKS, start=NO_SUPPLEMENT)[0].values
    alone = simulate(MODEL, base, [every_day("citrate", 100, "21:00")], days=WEEKS, start=NO_SUPPLEMENT)[0].values
    assert both[1] == pytest.approx(alone[1], abs=1e-12)
    assert both[0, -1, 0] > both[1, -1, 0]


def test_means_over_intervals_are_means_of_days() -> None:
    daily = simulate(MODEL, draws(), [titration()], days=np.arange(1.0, 29.0), start=NO_SUPPLEMENT)[0].values
    weekly = simulate(MODEL, draws(), [titration()], days=np.arange(7.0, 29.0, 7.0), start=NO_SUPPLEMENT)[0].values
    means = daily[:, 1:].reshape(len(ROWS), 4, 7, len(UNITS)).mean(axis=2)
    assert np.abs(weekly[:, 1:] - means).max() < 2e-4


def test_within_a_day_events_show() -> None:
    six_hours = simulate(MODEL, draws(), [REGIMENS["once"]], days=np.arange(1, 9) / 4, start=NO_SUPPLEMENT)[0]
    assert (np.ptp(six_hours.values[:, 1:5, 0], axis=1) > 1e-3).all()
    assert six_hours.day[1] == 0.25


def test_steady_serum_is_where_a_regimen_leads() -> None:
    regimens = [REGIMENS["twice"], titration()]
    far = simulate(MODEL, draws(), regimens, days=np.array([4000.0, 4001.0]), start=NO_SUPPLEMENT)
    for lasting, forecast in zip(steady_serum(MODEL, draws(), regimens), far, strict=True):
        assert np.abs(lasting.values[:, 1, 0] - forecast.values[:, -1, 0]).max() < 0.0035
        assert not lasting.failed.any()


def test_steady_serum_takes_the_largest_day() -> None:
    course = Regimen((Step(0, 5, (Intake("21:00", "citrate", 300),)),))
    assert np.array_equal(
        steady_serum(MODEL, draws(), [course])[0].values,
        steady_serum(MODEL, draws(), [every_day("glycinate", 300, "21:00")])[0].values,
    )


def test_days_must_increase_and_parameters_exist() -> None:
    for days in ([], [0.0], [3.0, 2.0]):
        with pytest.raises(SolveError):
            simulate(MODEL, draws(), [NO_SUPPLEMENT], days=np.array(days), start=NO_SUPPLEMENT)
    with pytest.raises(ModelError, match="kid_luck"):
        steady_serum(MODEL, Draws(("kid_luck",), np.ones((1, 1)), np.ones(1)), [NO_SUPPLEMENT])


def test_a_draw_that_cannot_be_computed_is_flagged_alone() -> None:
    base = draws(("typical", "leak", "kidney 45"))
    broken = Draws(base.names, base.values.copy(), base.intake_mmol_per_d)
    broken.values[1, 0] = np.nan
    forecast = simulate(MODEL, broken, [REGIMENS["twice"]], days=WEEKS, start=NO_SUPPLEMENT)[0]
    assert forecast.failed.tolist() == [False, True, False]
    assert forecast.series("serum_mmol_per_L").shape[0] == 2
    assert np.isfinite(forecast.quantiles("serum_mmol_per_L")).all()
