"""Kidney function: the published equations, and the less favourable reading of everything unknown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from davy.people.kidney import (
    body_surface_m2,
    ckd_epi_2021,
    ckd_epi_2021_cystatin,
    cockcroft_gault,
    deindexed,
    kidney_estimates,
    kidney_function,
)
from davy.people.person import Lab, Person

TODAY = date(2026, 11, 22)
UNITS = {"egfr": "mL/min/1.73m2", "creatinine": "umol/L", "cystatin-c": "mg/L"}


def lab(test, value, day=date(2026, 10, 1), **more):
    return Lab(date=day, test=test, value=value, unit=UNITS[test], **more)


def person(*labs, **facts):
    return Person(id="x", today=TODAY, labs=labs, **facts)


@pytest.mark.parametrize(
    ("mg_dl", "age", "sex", "expected"),
    [
        (0.9, 55, "female", 76),
        (1.0, 50, "male", 92),
        (0.7, 30, "female", 119.3),
        (0.9, 30, "male", 117.8),
        (2.3, 70, "female", 22.3),
    ],
)
def test_ckd_epi_2021(mg_dl, age, sex, expected):
    assert ckd_epi_2021(mg_dl * 88.40169731, age, sex) == pytest.approx(expected, abs=0.6)


def test_the_two_slopes_of_ckd_epi_meet():
    for sex, knot in (("female", 0.7), ("male", 0.9)):
        umol = knot * 88.40169731
        assert ckd_epi_2021(umol * 0.999999, 50, sex) == pytest.approx(ckd_epi_2021(umol * 1.000001, 50, sex), rel=1e-5)


def test_creatinine_with_cystatin():
    assert ckd_epi_2021_cystatin(0.7 * 88.40169731, 0.8, 50, "female") == pytest.approx(
        135 * 0.9961**50 * 0.963, rel=1e-6
    )
    assert ckd_epi_2021_cystatin(88.4, 1.6, 60, "male") < ckd_epi_2021_cystatin(88.4, 1.0, 60, "male")


def test_cockcroft_gault():
    assert cockcroft_gault(1.2 * 88.40169731, 60, "male", 80) == pytest.approx(74.07, abs=0.01)
    assert cockcroft_gault(0.9 * 88.40169731, 45, "female", 60) == pytest.approx(74.77, abs=0.01)


def test_du_bois():
    assert body_surface_m2(70, 170) == pytest.approx(1.81, abs=0.005)
    assert deindexed(60, 70, 170) == pytest.approx(62.8, abs=0.2)


def test_no_lab_is_no_kidney():
    assert kidney_function(person(age_y=40.0, sex="male")) is None
    assert kidney_function(person(lab("creatinine", 80))) is None, "creatinine without an age says nothing"


def test_the_lowest_estimate_counts():
    small = person(lab("creatinine", 100), age_y=80.0, sex="female", weight_kg=45.0, height_cm=150.0)
    found = kidney_function(small)
    assert found.cockcroft_gault_mL_per_min < found.deindexed_mL_per_min < found.indexed_mL_per_min_1p73m2
    assert found.lowest == found.cockcroft_gault_mL_per_min


def test_an_unknown_sex_is_read_at_its_less_favourable():
    labs = lab("creatinine", 100)
    unknown = kidney_function(person(labs, age_y=60.0, weight_kg=70.0)).lowest
    assert unknown == min(
        kidney_function(person(labs, age_y=60.0, weight_kg=70.0, sex=sex)).lowest for sex in ("female", "male")
    )


def test_the_worse_of_two_within_three_months_counts():
    two = person(lab("egfr", 70), lab("egfr", 40, date(2026, 8, 1)))
    assert kidney_function(two).lowest == 40
    assert kidney_function(person(lab("egfr", 70), lab("egfr", 40, date(2026, 5, 1)))).lowest == 70
    assert [entry.lowest for entry in kidney_estimates(two)] == [70, 40]


def test_a_plain_millilitre_per_minute_counts_at_its_worse_meaning():
    big = {"weight_kg": 120.0, "height_cm": 190.0}
    absolute = kidney_function(person(lab("egfr", 60, reported_unit="mL/min", reported_value=60.0), **big))
    assert absolute.lowest == pytest.approx(60 * 1.73 / body_surface_m2(120, 190))
    assert kidney_function(person(lab("egfr", 60), **big)).lowest == 60


@pytest.mark.parametrize(
    ("test", "value", "comparator", "lowest"),
    [
        ("egfr", 90, ">", 90),
        ("egfr", 60, "<", 5),
        ("creatinine", 500, ">", 5),
    ],
)
def test_bounds_are_read_at_their_worst(test, value, comparator, lowest):
    found = kidney_function(person(lab(test, value, comparator=comparator), age_y=50.0, sex="male"))
    assert found.lowest == lowest


def test_cystatin_of_the_same_week_takes_part():
    both = person(lab("creatinine", 90), lab("cystatin-c", 1.4, date(2026, 10, 4)), age_y=70.0, sex="female")
    assert kidney_function(both).cystatin
    assert (
        kidney_function(both).lowest < kidney_function(person(lab("creatinine", 90), age_y=70.0, sex="female")).lowest
    )
    apart = person(lab("creatinine", 90), lab("cystatin-c", 1.4, date(2026, 9, 4)), age_y=70.0, sex="female")
    assert not kidney_function(apart).cystatin


@given(st.floats(20, 2000), st.floats(20, 2000), st.floats(18, 100), st.sampled_from(["female", "male"]))
def test_more_creatinine_is_never_a_better_kidney(first, second, age, sex):
    least, most = sorted((first, second))
    assert ckd_epi_2021(most, age, sex) <= ckd_epi_2021(least, age, sex)
    assert ckd_epi_2021(least, age + 1, sex) < ckd_epi_2021(least, age, sex)
