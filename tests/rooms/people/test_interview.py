"""The questions of a new person file: any answer is checked with a sentence, and the file reads back."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from davy.errors import InputError
from davy.people.food_groups import food_groups, screened_mg_per_day
from davy.people.interview import ALARM_SIGNS, GOAL_WORDS, answers_from_text, applies, chosen, questions, topics
from davy.people.interview_file import check_answer, person_file
from davy.people.person import Goal
from davy.people.read import person_from_text
from davy.people.vocabulary import symptoms

TODAY = date(2026, 11, 22)
FOOD = {f"food-{group.id}": "1" for group in food_groups()}


def made(answers, units="us"):
    text = person_file(answers, units=units, today=TODAY, person_id="me")
    return text, person_from_text(text, name="me.yaml", today=TODAY)


def test_about_twelve_questions_with_eight_food_groups():
    assert topics() == 12
    assert len(FOOD) == 8
    keys = [question.key for question in questions("us")]
    assert len(keys) == len(set(keys))
    assert [question.topic for question in questions("us")] == sorted(question.topic for question in questions("us"))


def test_choices_are_words_that_davy_knows():
    assert set(GOAL_WORDS) == set(Goal.__args__)
    assert set(ALARM_SIGNS) <= {row.id for row in symptoms()}


def test_all_unknown_is_a_person_of_whom_nothing_is_known():
    text, person = made({})
    assert person == person_from_text("id: me", name="x", today=TODAY)
    assert "# age_y:" in text
    assert "unknown" in text


def test_a_full_set_of_answers():
    answers = {
        "age": "29",
        "sex": "1",
        "pregnant": "n",
        "weight": "150",
        "height": "5'6",
        "country": "us",
        "goal": "2",
        **FOOD,
        "supplement": "magnesium glycinate",
        "supplement-mg": "500",
        "supplement-means": "2",
        "supplement-per-day": "1",
        "kidney": "0.8 mg/dL",
        "kidney-date": "2026-10-01",
        "serum": "2.0 mg/dL",
        "serum-date": "2026-10-01",
        "medicines": "acetaminophen 4 days a month, omeprazole 20 mg",
        "conditions": "migraine, wibble",
        "signs": "none",
    }
    text, person = made(answers)
    assert person.age_y == 29
    assert person.sex == "female"
    assert person.pregnant is False
    assert person.weight_kg == pytest.approx(68.04, abs=0.01)
    assert person.height_cm == pytest.approx(167.64)
    assert person.jurisdiction == "US"
    assert person.goals == ("migraine-prevention",)
    assert person.diet.method == "screener"
    assert person.diet.magnesium_mg_per_day == round(screened_mg_per_day({group.id: 1.0 for group in food_groups()}))
    assert person.supplements[0].label_means == "salt"
    assert person.medicines[0].days_per_month == 4
    assert person.medicines[1].classes == ("ppi",)
    assert person.not_understood == ("condition: wibble",)
    assert "does not know this word" in text
    assert {lab.test: lab.shown for lab in person.labs} == {
        "creatinine": (0.8, "mg/dL"),
        "serum-magnesium": (2.0, "mg/dL"),
    }


def test_metric_units_and_an_egfr():
    _, person = made(
        {"weight": "81", "height": "168", "kidney": "68", "kidney-date": "2026-10-01", "country": "2"}, "metric"
    )
    assert (person.weight_kg, person.height_cm, person.jurisdiction) == (81.0, 168.0, "EU")
    assert person.labs[0].test == "egfr"


def test_a_food_group_left_open_leaves_the_diet_unknown():
    text, person = made({**FOOD, "food-pulses": ""})
    assert person.diet is None
    assert "not answered: pulses" in text


def test_a_value_without_a_day_is_noted_and_not_used():
    text, person = made({"serum": "1.9 mg/dL"})
    assert person.labs == ()
    assert "its day is unknown" in text


def test_alarm_signs_by_number():
    _, person = made({"signs": "1, 7"})
    assert person.symptoms == ("thunderclap-headache", "fainting")


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"sex": "female", "age": "30"}, True),
        ({"sex": "1"}, True),
        ({"sex": "female", "age": "56"}, False),
        ({"sex": "female", "age": "11"}, False),
        ({"sex": "male"}, False),
        ({}, False),
    ],
)
def test_pregnancy_is_asked_of_women_from_12_to_55(answers, asked):
    question = next(row for row in questions("us") if row.key == "pregnant")
    assert applies(question, answers) is asked


def test_follow_up_questions_wait_for_their_answer():
    by_key = {row.key: row for row in questions("us")}
    assert not applies(by_key["supplement-mg"], {"supplement": "none"})
    assert applies(by_key["supplement-mg"], {"supplement": "citrate"})
    assert not applies(by_key["kidney-date"], {})
    assert applies(by_key["kidney-date"], {"kidney": "68"})


@pytest.mark.parametrize(
    ("key", "text", "word"),
    [
        ("age", "abc", "number"),
        ("age", "150", "not possible"),
        ("sex", "w", "choices"),
        ("weight", "5 kg 3", "read"),
        ("weight", "9999", "weight"),
        ("height", "1.5", "height"),
        ("goal", "99", "choices"),
        ("food-pulses", "x", "number"),
        ("food-pulses", "99", "not possible"),
        ("kidney", "0.9", "unit"),
        ("kidney", "some", "read"),
        ("serum", "1.9", "unit"),
        ("serum", "18 mmol/L", "mg/dL"),
        ("serum", "1.9 parsecs", "mg/dL"),
        ("signs", "33", "choices"),
        ("pregnant", "perhaps", "choices"),
        ("supplement-mg", "-3", "not possible"),
    ],
)
def test_an_answer_that_does_not_read_gets_a_plain_sentence(key, text, word):
    before = {"sex": "female", "supplement": "citrate"}
    sentence = check_answer(key, text, before, units="us", today=TODAY)
    assert sentence is not None
    assert word in sentence
    assert "\n" not in sentence


def test_a_future_day_is_refused():
    assert "future" in check_answer("serum-date", "2027-01-01", {"serum": "1.9 mg/dL"}, units="us", today=TODAY)


def test_enter_is_always_an_answer():
    for question in questions("us"):
        assert check_answer(question.key, "  ", {}, units="us", today=TODAY) is None


def test_choices_by_number_word_or_first_letter():
    question = next(row for row in questions("us") if row.key == "sex")
    assert {chosen(question, text) for text in ("1", "female", "F", "woman")} == {"female"}
    with pytest.raises(InputError):
        chosen(question, "0")


def test_an_answers_file():
    assert answers_from_text("age: 58\nmedicines: [a, b]\nsex:\n", name="a.yaml") == {"age": "58", "medicines": "a, b"}
    with pytest.raises(InputError) as caught:
        answers_from_text("age: 58\nage: 59\nshoe: 44\nsex: {a: 1}\n", name="a.yaml")
    assert len(caught.value.faults) == 3


answer_texts = st.one_of(
    st.text(max_size=15),
    st.sampled_from(
        ["1", "2", "none", "0.9 mg/dL", "68", "2026-10-01", "5 ft 6", "81", "glycinate", "migraine", "y", "1,2"]
    ),
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from([row.key for row in questions("us")]), answer_texts),
    st.sampled_from(["us", "metric"]),
)
def test_any_answers_make_a_file_that_reads_or_a_fault(answers, units):
    try:
        text, person = made(answers, units)
    except InputError:
        return
    assert person.id == "me"
    assert text.endswith("\n")
