"""Drawn people: the same person in any draw, spread as their rows say, and read like anybody else."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from davy import draw_population
from davy.errors import InputError, KnowledgeError
from davy.people import Recipe, kidney_function, person_from_text, recipes
from davy.people.filtration import creatinine_of, filtration_of
from davy.people.kidney import ckd_epi_2021
from davy.people.population import FLAGS, HIDDEN, Population
from davy.people.recipe import QuantileRow, ShareRow, recipe_of, term_of

NAMES = tuple(recipe.id for recipe in recipes())
ALWAYS = (
    "age_y female weight_kg height_cm bmi creatinine_umol_per_L egfr_mL_per_min_1p73m2 intake_mg_per_day "
    "alcohol_g_per_day type_2_diabetes hypertension ppi thiazide loop_diuretic sglt2_inhibitor metformin"
).split()


def same(one: Population, other: Population) -> bool:
    return set(one.columns) == set(other.columns) and all(
        one.columns[name].tobytes() == other.columns[name].tobytes() for name in one.columns
    )


def quantiles(**cells: float | str) -> QuantileRow:
    told = {"id": "x", "recipe": "made", "unit": "1", "scale": "linear", "low": -1e9, "high": 1e9}
    told |= {"source": "davy-model", "verified": "assumed", "status": "active"}
    return QuantileRow.model_validate(told | cells)


def share(**cells: float | str) -> ShareRow:
    told = {"id": "x", "recipe": "made", "source": "davy-model", "verified": "assumed", "status": "active"}
    return ShareRow.model_validate(told | cells)


def made(*rows: QuantileRow | ShareRow) -> Recipe:
    """A recipe of these rows on the ground of us-adults."""
    ground = recipe_of("us-adults")
    held, told = dict(ground.quantiles), dict(ground.shares)
    for row in rows:
        mine = held if isinstance(row, QuantileRow) else told
        mine[row.quantity] = tuple(one for one in rows if one.quantity == row.quantity)  # type: ignore[assignment]
    return Recipe("made", "made for a test", held, told)


def test_the_five_recipes_of_the_issue_are_there():
    assert set(NAMES) == {"us-adults", "type-2-diabetes-clinic", "migraine-clinic", "athletes", "ckd-3-to-5"}


@pytest.mark.parametrize("name", NAMES)
def test_every_column_is_there_whole_and_plausible(name: str):
    people = draw_population(name, 2000, 3)
    assert set(ALWAYS) <= set(people.columns)
    assert len(people) == 2000
    for column in people.columns.values():
        assert column.shape == (2000,)
        assert np.isfinite(column).all()
    for name_of in ("female", *FLAGS, *HIDDEN):
        assert people.flag(name_of).dtype == np.bool_
    assert 18 <= people.number("age_y").min()
    assert people.number("age_y").max() <= 95
    assert 25 < people.number("weight_kg").min()
    assert people.number("weight_kg").max() < 330
    assert 1 < people.number("egfr_mL_per_min_1p73m2").min()
    assert 40 <= people.number("intake_mg_per_day").min()


@settings(max_examples=25, deadline=None)
@given(
    name=st.sampled_from(NAMES),
    seed=st.integers(0, 5),
    first=st.integers(0, 10**12),
    before=st.integers(0, 40),
    size=st.integers(1, 30),
    after=st.integers(0, 40),
)
def test_a_person_is_the_same_in_any_draw(name: str, seed: int, first: int, before: int, size: int, after: int):
    large = draw_population(name, before + size + after, seed, first=first)
    small = draw_population(name, size, seed, first=first + before)
    assert same(small, large.part(before, before + size))
    assert small[0] == large[before]
    assert small[0].id == f"{name}-{seed}-{first + before}"


def test_a_person_is_the_same_in_ten_thousand_and_alone():
    crowd = draw_population("us-adults", 10_000)
    for number in (0, 1, 2, 3, 4, 5, 7, 4097, 9_998, 9_999):
        assert same(draw_population("us-adults", 1, first=number), crowd.part(number, number + 1))


def test_other_seeds_and_other_recipes_are_other_people():
    one, other = draw_population("us-adults", 4000), draw_population("us-adults", 4000, 1)
    clinic = draw_population("migraine-clinic", 4000)
    for name in ("age_y", "height_cm", "intake_mg_per_day"):
        for strangers in (other, clinic):
            assert abs(np.corrcoef(one.number(name), strangers.number(name))[0, 1]) < 0.06
    assert abs(np.corrcoef(one.number("height_cm"), one.number("intake_mg_per_day"))[0, 1]) > 0.1  # both go with sex


def test_another_quantity_moves_no_other():
    ground = draw_population("us-adults", 300)
    same_id = Recipe("us-adults", "with sweat", {**recipe_of("us-adults").quantiles}, recipe_of("us-adults").shares)
    same_id.quantiles["sweat_L_per_day"] = recipe_of("athletes").quantiles["sweat_L_per_day"]
    more = draw_population(same_id, 300)
    assert set(more.columns) - set(ground.columns) == {"sweat_L_per_day"}
    assert all(more.columns[name].tobytes() == column.tobytes() for name, column in ground.columns.items())


def test_what_is_drawn_cannot_be_changed():
    people = draw_population("us-adults", 5)
    with pytest.raises(ValueError, match="read-only"):
        people.number("age_y")[0] = 3.0


def test_a_quantity_follows_its_percentiles_and_ends_at_its_limits():
    row = quantiles(quantity="height_cm", p5=150.0, p50=170.0, p75=176.0, p95=185.0, low=140.0, high=190.0)
    drawn = draw_population(made(row), 60_000).number("height_cm")
    assert np.percentile(drawn, [5, 50, 75, 95]) == pytest.approx([150.0, 170.0, 176.0, 185.0], abs=0.5)
    assert drawn.min() >= 140
    assert drawn.max() <= 190
    assert np.mean(drawn <= 140.05) < 0.002, "cut off, not heaped up at the limit"


def test_a_logarithmic_quantity_of_two_percentiles_is_lognormal():
    row = quantiles(quantity="intake_mg_per_day", scale="log", p5=150.0, p95=600.0, low=1.0, high=1e5)
    drawn = np.log(draw_population(made(row), 40_000).number("intake_mg_per_day"))
    assert np.mean(drawn) == pytest.approx(np.log(300.0), abs=0.01)
    assert np.std(drawn) == pytest.approx(np.log(2.0) / 1.6449, rel=0.02)


def test_a_share_holds_in_its_group_and_odds_ratios_multiply_its_odds():
    rows = (
        share(quantity="ppi", share=0.1),
        share(quantity="ppi", share=0.2, age_low_y=50),
        share(quantity="ppi", odds_ratio=3.0, sex="female"),
    )
    people = draw_population(made(*rows), 60_000)
    old, woman, takes = people.number("age_y") >= 50, people.flag("female"), people.flag("ppi")
    for group, expected in ((~old & ~woman, 0.1), (~old & woman, 0.25), (old & ~woman, 0.2), (old & woman, 3 / 7)):
        assert np.mean(takes[group]) == pytest.approx(expected, abs=0.012)


@pytest.mark.parametrize(
    ("word", "holds"),
    [("type_2_diabetes", True), ("!type_2_diabetes", False), ("bmi>=30", True), ("bmi<30", False)],
)
def test_conditions_of_a_group(word: str, holds: bool):
    rows = (share(quantity="type_2_diabetes", share=1.0), share(quantity="thiazide", share=1.0, given=word))
    bmi = quantiles(quantity="bmi", p5=31.0, p95=40.0, low=30.5, high=45.0)
    people = draw_population(made(bmi, *rows), 50)
    assert people.flag("thiazide").all() == holds
    assert people.flag("thiazide").any() == holds


def test_creatinine_and_filtration_are_one_another_s_inverse():
    age, female = np.array([20.0, 50.0, 80.0, 50.0]), np.array([True, False, True, False])
    egfr = np.array([120.0, 60.0, 12.0, 108.0])
    creatinine = creatinine_of(egfr, age, female)
    assert filtration_of(creatinine, age, female) == pytest.approx(egfr, rel=1e-12)
    for at in range(4):
        sex = "female" if female[at] else "male"
        assert ckd_epi_2021(float(creatinine[at]), float(age[at]), sex) == pytest.approx(egfr[at], rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_a_drawn_person_has_the_kidneys_of_their_column(name: str):
    people = draw_population(name, 30)
    for at, person in enumerate(people):
        function = kidney_function(person)
        assert function is not None
        assert function.indexed_mL_per_min_1p73m2 == pytest.approx(
            people.number("egfr_mL_per_min_1p73m2")[at], rel=1e-12
        )


def test_a_drawn_person_is_what_a_file_of_the_same_words_gives():
    people = draw_population("ckd-3-to-5", 40)
    person = max(people, key=lambda one: len(one.medicines))
    assert len(person.medicines) >= 2
    assert person.diet is not None
    told = [f"{key}: {getattr(person, key)!r}" for key in ("age_y", "weight_kg", "height_cm", "alcohol_g_per_day")]
    told += [f"id: {person.id}", f"sex: {person.sex}", "jurisdiction: US"]
    told += [f"diet: {{magnesium_mg_per_day: {person.diet.magnesium_mg_per_day!r}, method: weighed-record}}"]
    told += [f"conditions: [{', '.join(person.conditions)}]"]
    told += [f"medicines: [{', '.join(f'{{name: {one.name}}}' for one in person.medicines)}]"]
    lab = person.labs[0]
    told += [f"labs: [{{date: {lab.date}, test: creatinine, value: {lab.value!r}, unit: umol/L}}]"]
    read = person_from_text("\n".join(told), name="drawn", today=person.today)
    assert read.model_copy(update={"labs": person.labs}) == person
    assert read.labs[0].value == lab.value
    assert person.today == date(2026, 11, 22)


def test_nobody_is_told_what_their_body_hides():
    people = draw_population("type-2-diabetes-clinic", 400)
    ill = int(np.flatnonzero(people.flag("wasting"))[0])
    assert not {"renal-magnesium-wasting", "hypomagnesaemia"} & set(people[ill].conditions)


def test_people_are_counted_from_both_ends_and_no_further():
    people = draw_population("athletes", 5, first=10)
    assert people[-1].id == "athletes-0-14"
    assert [person.id for person in people] == [f"athletes-0-{number}" for number in range(10, 15)]
    assert len(people.part(3, 99)) == 2
    with pytest.raises(IndexError):
        people[5]


@pytest.mark.parametrize(("arguments", "said"), [(("us-adult", 1), "one of: us-adults"), (("athletes", -1), "below 0")])
def test_an_impossible_draw_is_refused(arguments: tuple[str, int], said: str):
    with pytest.raises(InputError, match=said):
        draw_population(*arguments)


def test_a_recipe_that_leaves_people_out_is_refused():
    row = quantiles(quantity="height_cm", sex="female", p5=150.0, p95=180.0, low=100.0, high=200.0)
    with pytest.raises(InputError, match="fit no row"):
        draw_population(made(row), 100)


@pytest.mark.parametrize(
    "cells",
    [
        {"p5": 3.0},
        {"p5": 3.0, "p95": 2.0},
        {"p5": 3.0, "p95": 5.0, "high": 4.0},
        {"p5": 3.0, "p95": 5.0, "low": 0.0, "scale": "log"},
    ],
)
def test_percentiles_that_make_no_sense_are_refused(cells: dict[str, float | str]):
    with pytest.raises(ValueError, match="percentiles"):
        quantiles(quantity="bmi", **cells)


@pytest.mark.parametrize("cells", [{}, {"share": 0.5, "odds_ratio": 2.0}, {"share": 1.1}, {"odds_ratio": 0.0}])
def test_shares_that_make_no_sense_are_refused(cells: dict[str, float]):
    with pytest.raises(ValueError, match=r"share|odds"):
        share(quantity="ppi", **cells)


def test_a_condition_that_cannot_be_read_is_refused():
    with pytest.raises(KnowledgeError, match="bmi=30"):
        term_of("bmi=30")


def test_the_fingerprint_changes_with_a_row():
    row = quantiles(quantity="height_cm", p5=150.0, p95=180.0, low=100.0, high=200.0)
    other = quantiles(quantity="height_cm", p5=150.0, p95=181.0, low=100.0, high=200.0)
    assert made(row).fingerprint == made(row).fingerprint != made(other).fingerprint
