"""The bodies of drawn people: as the path of a single person would make them, and the same in any crowd."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from davy import draw_population, read_model
from davy.forecast import covariates_of, population_draws, steady_serum
from davy.forecast import population as home
from davy.forecast.outcome import Draws
from davy.forecast.population import base_rates, filtration_L_per_d, multipliers
from davy.forecast.priors import base_rate
from davy.forecast.standing import CHUNK, standing_of
from davy.forecast.structures import structures
from davy.inference.unknowns import coordinates_of
from davy.people.population import Population
from davy.people.recipe import recipes
from davy.people.regimen import NO_SUPPLEMENT
from davy.people.regimen_text import parse_regimen

NAMES = tuple(recipe.id for recipe in recipes())
MODEL = read_model()


def without(population: Population, **columns: Any) -> Population:
    return Population(population.recipe, population.seed, population.first, {**population.columns, **columns})


@pytest.mark.parametrize("name", NAMES)
def test_covariates_are_those_of_the_person(name: str):
    people = draw_population(name, 60)
    moved, raised, filtration = multipliers(people), multipliers(people, neutral=True), filtration_L_per_d(people)
    for at, person in enumerate(people):
        alone, neutral = covariates_of(person), covariates_of(person, neutral=True)
        assert set(alone.parameters) <= set(moved)
        assert set(alone.values) == {"kid_GFR", *(["sweat"] if name == "athletes" else [])}
        assert filtration[at] == pytest.approx(alone.values["kid_GFR"], rel=1e-12)
        for parameter, factor in moved.items():
            assert factor[at] == pytest.approx(alone.multiplier(parameter), rel=1e-12)
        for parameter, factor in raised.items():
            assert factor[at] == pytest.approx(neutral.multiplier(parameter), rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_base_rates_are_those_of_the_person(name: str):
    people = draw_population(name, 60)
    for kind in ("wasting", "malabsorption"):
        assert list(base_rates(people, kind)) == [base_rate(person, kind) for person in people]


@pytest.mark.parametrize("z", [0.0, 1.0, -1.5, 4.0])
@pytest.mark.parametrize("kind", ["healthy/healthy", "wasting/healthy", "healthy/malabsorption"])
def test_parameters_are_drawn_from_the_priors_of_a_fit(kind: str, z: float, monkeypatch: pytest.MonkeyPatch):
    """With every chance set to one z, each parameter is what the fit's own axis gives at that z."""
    from scipy.special import ndtr

    monkeypatch.setattr(home, "standard_normals", lambda _stream, _first, size: np.full(size, z))
    monkeypatch.setattr(home, "shares", lambda _stream, _first, size: np.full(size, ndtr(z)))
    people = draw_population("ckd-3-to-5", 25)
    kidney, gut = kind.split("/")
    ill = {"wasting": np.full(25, kidney == "wasting"), "malabsorption": np.full(25, gut == "malabsorption")}
    draws = population_draws(MODEL, without(people, **ill))
    for at, person in enumerate(people):
        coordinates = coordinates_of(MODEL, person)
        number = next(number for number, one in enumerate(coordinates.kinds) if one.name == kind)
        row = np.array([[z if axis.effect is None else 0.0 for axis in coordinates.axes]])  # effects at their medians
        expected = coordinates.draws(row, np.array([number]))
        settings = {name for one in structures() for name in one.settings}
        moved = {"bone_M_bd", "kid_glu"}  # by size and by diabetes, which not every one of them has
        assert set(expected.names) <= set(draws.names) | settings <= set(expected.names) | settings | moved
        for parameter in set(expected.names) - settings:
            value = expected.parameter(parameter)[0]
            assert draws.parameter(parameter)[at] == pytest.approx(value, rel=1e-9), parameter


def test_athletes_lose_what_they_say_they_sweat():
    people = draw_population("athletes", 30)
    sweat = population_draws(MODEL, people).parameter("sweat")
    assert list(sweat) == [covariates_of(person).values["sweat"] for person in people]
    assert 2.0 < np.median(sweat) < 3.2


def test_the_usual_intake_is_that_of_the_person():
    people = draw_population("us-adults", 20)
    draws = population_draws(MODEL, people)
    assert draws.intake_mmol_per_d * 24.305 == pytest.approx(people.number("intake_mg_per_day"), rel=1e-6)
    assert draws.taken is None


@pytest.mark.parametrize("name", NAMES)
def test_a_body_is_the_same_in_any_crowd(name: str):
    crowd = population_draws(MODEL, draw_population(name, 5000))
    for first, size in ((0, 1), (1, 1), (4095, 3), (4999, 1), (17, 900)):
        few = population_draws(MODEL, draw_population(name, size, first=first))
        assert few.names == crowd.names
        assert few.values.tobytes() == crowd.values[first : first + size].tobytes()
        assert few.intake_mmol_per_d.tobytes() == crowd.intake_mmol_per_d[first : first + size].tobytes()


def test_a_recipe_that_says_nothing_of_trouble_takes_the_base_rates():
    people = draw_population("type-2-diabetes-clinic", 4000)
    silent = Population(
        people.recipe, 0, 0, {name: people.columns[name] for name in people.columns if name != "wasting"}
    )
    threshold = population_draws(MODEL, silent).parameter("kid_fTm")
    healthy = population_draws(MODEL, without(people, wasting=np.zeros(4000, dtype=np.bool_))).parameter("kid_fTm")
    assert np.mean(threshold != healthy) == pytest.approx(0.10, abs=0.02)


def test_where_people_stand_does_not_depend_on_the_crowd():
    crowd = standing_of(MODEL, draw_population("us-adults", CHUNK + 60))
    few = standing_of(MODEL, draw_population("us-adults", 40, first=CHUNK - 20))
    assert few.serum_mmol_per_L.tobytes() == crowd.serum_mmol_per_L[CHUNK - 20 : CHUNK + 20].tobytes()
    assert few.of_own["bone"].tobytes() == crowd.of_own["bone"][CHUNK - 20 : CHUNK + 20].tobytes()


def test_where_people_stand_is_the_steady_state_of_a_forecast():
    people = draw_population("ckd-3-to-5", 50)
    standing = standing_of(MODEL, people)
    (forecast,) = steady_serum(MODEL, population_draws(MODEL, people), (NO_SUPPLEMENT,))
    assert not standing.failed.any()
    assert standing.serum_mmol_per_L == pytest.approx(forecast.values[:, 1, 0], rel=1e-9)


def test_a_supplement_and_fortified_food_raise_everybody():
    people = draw_population("us-adults", 60)
    plain = standing_of(MODEL, people).serum_mmol_per_L
    taken = standing_of(MODEL, people, regimen=parse_regimen("citrate 150mg @ 08:00,20:00")).serum_mmol_per_L
    fed = standing_of(MODEL, people, added_mmol_per_d=np.full(60, 4.0)).serum_mmol_per_L
    assert (taken > plain).all()
    assert (fed > plain).all()


def test_a_store_is_full_at_the_reference_serum():
    standing = standing_of(MODEL, draw_population("us-adults", 400))
    near = np.argsort(np.abs(standing.serum_mmol_per_L - MODEL.defaults["C0"]))[:5]
    for store in ("muscle", "bone", "red-cells"):
        assert standing.of_own[store][near] == pytest.approx(1.0, abs=0.01)
    low = int(np.argmin(standing.serum_mmol_per_L))
    assert standing.of_own["bone"][low] < 0.95


def test_nobody_stands_nowhere():
    nobody = draw_population("us-adults", 0)
    assert isinstance(population_draws(MODEL, nobody), Draws)
    assert standing_of(MODEL, nobody).serum_mmol_per_L.shape == (0,)
