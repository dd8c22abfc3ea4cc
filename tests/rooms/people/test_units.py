"""Units: conversions are exact up to one rounding, go there and back, and refuse what cannot be told."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from davy.errors import InputError
from davy.people.vocabulary import lab_tests
from davy.units import (
    convert,
    elemental_mg,
    height_cm,
    height_text,
    known_unit,
    magnesium_in,
    magnesium_mmol_per_L,
    magnesium_text,
    mg_of_mmol,
    mmol_of_mg,
    weight_kg,
    weight_text,
)


@pytest.mark.parametrize(
    ("value", "unit", "to", "analyte", "expected"),
    [
        (1.75, "mg/dL", "mmol/L", "magnesium", 0.72001645752),
        (1.0, "mmol/L", "mg/dL", "magnesium", 2.4305),
        (1.5, "mEq/L", "mmol/L", "magnesium", 0.75),
        (18.0, "mg/L", "mmol/L", "magnesium", 0.7405883563),
        (4.1, "mmol/24h", "mg/24h", "magnesium", 99.6505),
        (1.0, "mg/dL", "umol/L", "creatinine", 88.40169731),
        (10.0, "mg/dL", "mmol/L", "calcium", 2.495134488),
        (100.0, "mg/dL", "mmol/L", "glucose", 5.550744910),
        (4.1, "g/dL", "g/L", "albumin", 41.0),
        (3.5, "mg/dL", "mmol/L", "phosphate", 1.129979983),
        (4.2, "mEq/L", "mmol/L", "potassium", 4.2),
        (30.0, "mg/g", "mg/mmol", "uacr", 3.3936),
        (7.0, "%", "mmol/mol", "hba1c", 52.995190206),
        (48.0, "mmol/mol", "%", "hba1c", 6.54304),
        (300.0, "pg/mL", "pmol/L", "vitamin-b12", 221.3368747),
    ],
)
def test_conversions_have_the_textbook_values(value, unit, to, analyte, expected):
    assert convert(value, unit, to, analyte) == pytest.approx(expected, rel=1e-9)


@given(st.sampled_from(lab_tests()), st.floats(1e-3, 1e4), st.data())
def test_every_unit_of_every_test_goes_there_and_back(test, value, data):
    unit = data.draw(st.sampled_from(test.units))
    back = convert(convert(value, unit, test.unit, test.analyte), test.unit, unit, test.analyte)
    assert math.isclose(back, value, rel_tol=1e-14, abs_tol=1e-12)


@given(st.floats(0, 1e6))
def test_milligrams_and_millimoles_agree_with_the_table_of_units(mg):
    assert mmol_of_mg(mg) == pytest.approx(convert(mg, "mg/24h", "mmol/24h", "magnesium"), rel=1e-15)
    assert mg_of_mmol(mmol_of_mg(mg)) == pytest.approx(mg, rel=1e-15)


def test_one_equivalent_of_magnesium_is_half_a_mole():
    assert convert(1.0, "mmol/L", "mEq/L", "magnesium") == 2.0
    assert convert(1.0, "mmol/L", "mEq/L", "potassium") == 1.0


@pytest.mark.parametrize(
    ("unit", "to", "analyte"),
    [
        ("mg/dL", "mmol/L", "albumin"),
        ("mmol/24h", "mmol/L", "magnesium"),
        ("furlong", "mmol/L", "magnesium"),
        ("mmol/L", "firkin", "magnesium"),
        ("mEq/L", "mmol/L", "glucose"),
    ],
)
def test_what_cannot_be_told_is_refused(unit, to, analyte):
    with pytest.raises(InputError):
        convert(1.0, unit, to, analyte)


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("mg/dl", "mg/dL"),
        ("MMOL/L", "mmol/L"),
        ("µmol/L", "umol/L"),
        ("μmol/l", "umol/L"),
        ("micromol/L", "umol/L"),
        ("meq/l", "mEq/L"),
        ("mL/min/1.73 m²", "mL/min/1.73m2"),
        ("ml/min/1.73m^2", "mL/min/1.73m2"),
        ("mL/min/{1.73_m2}", "mL/min/1.73m2"),
        ("mmol/day", "mmol/24h"),
        ("mmol/24 h", "mmol/24h"),
        ("mmol/d", "mmol/24h"),
        ("mIU/L", "mIU/L"),
        ("%", "%"),
        ("stone", None),
    ],
)
def test_units_are_read_as_people_write_them(said, unit):
    assert known_unit(said) == unit


def test_magnesium_in_the_persons_own_unit():
    assert magnesium_mmol_per_L(1.75, "mg/dL") == pytest.approx(0.72, abs=1e-3)
    assert magnesium_in(0.75, "mEq/L") == 1.5
    assert magnesium_text(magnesium_mmol_per_L(1.75, "mg/dL"), "mg/dL") == "1.75 mg/dL"
    assert magnesium_text(0.82) == "0.82 mmol/L"


def test_salt_to_elemental():
    assert elemental_mg(400, 0.603) == pytest.approx(241.2)


@pytest.mark.parametrize(
    ("said", "kg"),
    [
        ("178 lb", 80.73944186),
        ("178 lbs", 80.73944186),
        ("81 kg", 81.0),
        ("12 st 10 lb", 80.73944186),
        ("12st", 76.20351816),
        ("81", None),
        ("heavy", None),
        ("81 kg 3 lb", None),
        ("", None),
        ("1.2.3 kg", None),
    ],
)
def test_weight(said, kg):
    assert weight_kg(said) == (None if kg is None else pytest.approx(kg, rel=1e-15))


@pytest.mark.parametrize(
    ("said", "cm"),
    [
        ("5 ft 6 in", 167.64),
        ("5ft6in", 167.64),
        ("5'6\"", 167.64),
        ("5'6", 167.64),
        ("66 in", 167.64),
        ("168 cm", 168.0),
        ("1.68 m", 168.0),
        ("6 ft", 182.88),
        ("168", None),
        ("tall", None),
        ("", None),
        ("5 ft 168 cm", None),
    ],
)
def test_height(said, cm):
    assert height_cm(said) == (None if cm is None else pytest.approx(cm, rel=1e-15))


def test_sizes_are_told_in_their_owners_units():
    assert weight_text(80.74, us=True) == "178 lb"
    assert weight_text(81, us=False) == "81 kg"
    assert height_text(167.64, us=True) == "5 ft 6 in"
    assert height_text(168, us=False) == "168 cm"
