"""A regimen as text: reads by the contract's grammar, refuses with advice, and comes back as it went."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from davy.errors import InputError
from davy.people.regimen import NO_SUPPLEMENT, Intake, Regimen, Step
from davy.people.regimen_text import parse_regimen, regimen_text
from davy.people.vocabulary import forms


def test_the_contracts_example():
    found = parse_regimen("glycinate 100mg @ 21:00 from 0 to 7; glycinate 100mg @ 08:00,21:00 from 7 to 180")
    first, second = found.steps
    assert first == Step(0, 7, (Intake("21:00", "glycinate", 100.0),))
    assert [intake.at for intake in second.intakes] == ["08:00", "21:00"]
    assert (second.from_day, second.to_day) == (7, 180)
    assert found.elemental_mg_per_day == 200


@pytest.mark.parametrize("text", ["none", " None "])
def test_none_is_no_supplement(text):
    assert parse_regimen(text) == NO_SUPPLEMENT
    assert regimen_text(NO_SUPPLEMENT) == "none"


def test_spellings():
    assert parse_regimen("Magnesium Bisglycinate 100 mg @ 8:00, 21:00") == parse_regimen(
        "glycinate 100mg @ 08:00,21:00"
    )
    assert parse_regimen("l-threonate 48.5mg @ 12:00").steps[0].intakes[0].elemental_mg == 48.5
    assert parse_regimen("citrate 50mg @ 12:00 from 7").steps[0].to_day is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "does not read"),
        ("glycinate", "does not read"),
        ("glycinate 100 @ 21:00", "does not read"),
        ("sand 100mg @ 21:00", "not a form"),
        ("glycinate 100mg @ 25:00", "clock"),
        ("glycinate 100mg @ 2100", "clock"),
        ("glycinate 0mg @ 21:00", "not possible"),
        ("glycinate 90000mg @ 21:00", "not possible"),
        ("glycinate 100mg @ 21:00 from 7 to 7", "after"),
        ("glycinate 100mg @ 21:00 from 0 to 999999", "lifetime"),
        ("glycinate -100mg @ 21:00", ""),
        ("none; glycinate 100mg @ 21:00", "does not read"),
        ("glycinate 100mg @ 21:00;", "does not read"),
        ("glycinate 100mg @ 21:00,", "clock"),
    ],
)
def test_what_does_not_read_is_refused_with_its_part(text, word):
    with pytest.raises(InputError, match="regimen, part") as caught:
        parse_regimen(text)
    assert word in str(caught.value)


def test_every_fault_at_once():
    with pytest.raises(InputError) as caught:
        parse_regimen("sand 100mg @ 21:00; glycinate 1mg @ 99:00; hello")
    assert [fault.where for fault in caught.value.faults] == [f"regimen, part {number}" for number in (1, 2, 3)]


clocks = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda pair: f"{pair[0]:02d}:{pair[1]:02d}")
intakes = st.builds(
    Intake,
    at=clocks,
    form=st.sampled_from([row.id for row in forms()]),
    elemental_mg=st.floats(1e-3, 5000, exclude_min=True),
)
windows = st.tuples(st.integers(0, 400), st.one_of(st.none(), st.integers(1, 400)))
steps = st.builds(
    lambda window, rows: Step(window[0], None if window[1] is None else window[0] + window[1], tuple(rows)),
    windows,
    st.lists(intakes, min_size=1, max_size=4),
)
regimens = st.lists(steps, max_size=4).map(lambda rows: Regimen(tuple(rows)))


def taken(regimen, day):
    rows = [
        step.intakes for step in regimen.steps if step.from_day <= day and (step.to_day is None or day < step.to_day)
    ]
    return sorted((intake.at, intake.form, intake.elemental_mg) for row in rows for intake in row)


@given(regimens, st.integers(0, 900))
def test_there_and_back_takes_the_same_magnesium_at_the_same_times(regimen, day):
    assert taken(parse_regimen(regimen_text(regimen)), day) == taken(regimen, day)


@given(regimens)
def test_text_settles_after_one_turn(regimen):
    once = parse_regimen(regimen_text(regimen))
    assert parse_regimen(regimen_text(once)) == once


@given(st.text(max_size=60))
def test_any_text_is_a_regimen_or_an_input_error(text):
    with contextlib.suppress(InputError):
        assert isinstance(parse_regimen(text), Regimen)
