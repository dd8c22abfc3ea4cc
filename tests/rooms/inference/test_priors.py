"""What is believed before anyone is measured."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.rooms.inference.persons import DIET, lab, person

from davy.body import read_model
from davy.forecast import Draws, steady_serum
from davy.forecast.priors import base_rate, error_of, intake_prior, prior_row
from davy.inference.axes import Axis
from davy.inference.streams import normals
from davy.inference.unknowns import coordinates_of
from davy.people.regimen import NO_SUPPLEMENT

MODEL = read_model("magnesium")


def test_base_rates_follow_the_setting() -> None:
    assert base_rate(person(), "wasting") == pytest.approx(0.05)
    assert base_rate(person(lines=("medicines: [{name: tacrolimus}]",)), "wasting") > 0.3
    assert base_rate(person(lines=("conditions: [coeliac]",)), "malabsorption") > 0.2
    assert base_rate(person(lab("albumin", 28, "g/L")), "other") > base_rate(person(), "other")


def test_weights_of_the_mixture_sum_to_one() -> None:
    assert sum(kind.weight for kind in coordinates_of(MODEL, person()).kinds) == pytest.approx(1)


def test_intake_is_what_was_reported_with_the_spread_of_the_method() -> None:
    spreads = []
    for method in ("weighed-record", "food-frequency", "screener", "guess"):
        diet = f"diet: {{magnesium_mg_per_day: 243.05, method: {method}}}"
        median, spread = intake_prior(person(lines=(diet,)))
        assert median == pytest.approx(10.0)
        spreads.append(spread)
    assert spreads == sorted(spreads)
    unknown = intake_prior(person(lines=()))
    assert unknown[1] > spreads[1]
    assert unknown[0] == pytest.approx(230 / 24.305)
    wet = intake_prior(person(lines=(DIET, "water: {magnesium_mg_per_L: 100, L_per_day: 2}")))
    assert wet[0] - intake_prior(person())[0] == pytest.approx(200 / 24.305)


def test_axes() -> None:
    z = np.array([-8.0, 0.0, 8.0])
    assert Axis("a", "", "", 2.0, 0.1).value(z)[1] == 2.0
    assert Axis("a", "", "", 1.0, 1.0, 0.5, 0.9).value(z) == pytest.approx([0.5, 0.7, 0.9])


def test_errors_are_those_of_the_table() -> None:
    assert 0.02 <= error_of("serum-magnesium") <= 0.03
    assert error_of("urine-magnesium-24h") < error_of("urine-magnesium-24h-unsure")


def test_missed_doses_move_no_median() -> None:
    spread = prior_row("taken", "adherence").spread
    assert spread is not None
    taken = np.minimum(1.0, np.exp(spread * np.random.default_rng(0).standard_normal(4001)))
    assert np.median(taken) == pytest.approx(1.0, abs=0.005)
    assert taken.min() > 0.4


def test_the_healthy_population_has_the_reference_range() -> None:
    coordinates = coordinates_of(MODEL, person(lines=("diet: {magnesium_mg_per_day: 300, method: food-frequency}",)))
    z = normals(0, "many", "test", (1500, len(coordinates.axes)))
    draws = coordinates.draws(z, np.zeros(1500, dtype=np.intp))
    serum = steady_serum(MODEL, Draws(draws.names, draws.values, draws.intake_mmol_per_d), [NO_SUPPLEMENT])[0]
    low, middle, high = serum.quantiles("serum_mmol_per_L", (0.025, 0.5, 0.975))[:, 1]
    assert low == pytest.approx(0.75, abs=0.02)
    assert middle == pytest.approx(0.85, abs=0.015)
    assert high == pytest.approx(0.95, abs=0.02)


def test_streams_belong_to_a_person_and_a_purpose() -> None:
    one = normals(0, "ada", "prior", (5, 3))
    assert np.array_equal(one[:2], normals(0, "ada", "prior", (2, 3)))
    for other in (
        normals(1, "ada", "prior", (5, 3)),
        normals(0, "bea", "prior", (5, 3)),
        normals(0, "ada", "x", (5, 3)),
    ):
        assert not np.array_equal(one, other)
    assert math.isclose(float(np.std(normals(0, "ada", "y", (4000, 1)))), 1.0, rel_tol=0.05)
