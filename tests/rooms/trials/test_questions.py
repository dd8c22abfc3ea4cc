"""Questions to a population: the answer, how sure it is, and what was published."""

from __future__ import annotations

import math

import numpy as np
import pytest

from davy import draw_population
from davy.evidence.registry import resolve
from davy.people.need import dietary_reference
from davy.people.regimen_text import parse_regimen
from davy.trials.questions import (
    Answer,
    depleted_stores_at_normal_serum,
    ear_mg_per_d,
    population_questions,
    serum_by_egfr,
    share_above_upper_level,
    share_below_ear,
    share_with_low_serum,
)

FEW = 1500


def test_the_ear_of_a_drawn_person_is_that_of_a_single_one():
    people = draw_population("us-adults", 200)
    assert list(ear_mg_per_d(people)) == [dietary_reference(person).ear_mg for person in people]


def test_about_six_in_ten_adults_eat_less_than_the_ear():
    answer = share_below_ear(people=20_000)
    assert answer.value == pytest.approx(0.60, abs=0.03)
    assert answer.low < answer.value < answer.high
    assert answer.high - answer.low < 0.015
    assert any("48%" in said for said in answer.beside)
    assert "43 % of men" in " ".join(answer.beside)


def test_more_magnesium_leaves_fewer_below_the_ear():
    shares = [share_below_ear(added_mg_per_day=added, people=FEW).value for added in (0, 50, 100, 400)]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0


def test_the_upper_level_counts_what_is_added():
    assert share_above_upper_level(people=FEW).value == 0
    assert share_above_upper_level(regimen=parse_regimen("citrate 200mg @ 08:00,20:00"), people=FEW).value == 1
    half = share_above_upper_level(fortified_share=1.0, people=FEW)
    intake = draw_population("us-adults", FEW).number("intake_mg_per_day")
    assert half.value == np.mean(intake > 350)
    stricter = share_above_upper_level(fortified_share=1.0, jurisdiction="EU", people=FEW)
    assert stricter.value == np.mean(intake > 250)


def test_low_serum_is_common_in_a_diabetes_clinic_and_rarer_outside():
    clinic, adults = share_with_low_serum(people=FEW), share_with_low_serum("us-adults", people=FEW)
    # 27 % of primary care (0.80, SD 0.08; f-481), 54 % of an academic clinic (0.74, SD 0.10; f-113), were they normal
    assert 0.27 < clinic.value < 0.54
    assert 0.04 < adults.value < 0.12
    helped = share_with_low_serum(people=FEW, regimen=parse_regimen("citrate 150mg @ 08:00,20:00"))
    fed = share_with_low_serum(people=FEW, fortified_share=0.5)
    assert helped.value < clinic.value
    assert fed.value < clinic.value


def test_serum_rises_only_when_little_filtration_is_left():
    bands = serum_by_egfr("ckd-3-to-5", people=6000)
    assert [answer.question.split("of ")[1] for answer in bands] == [
        "45 to 60 mL/min/1.73m2",
        "30 to 45 mL/min/1.73m2",
        "15 to 30 mL/min/1.73m2",
        "0 to 15 mL/min/1.73m2",
    ]
    assert bands[0].value == pytest.approx(bands[1].value, abs=0.02)
    assert bands[3].value > bands[2].value > bands[1].value
    assert sum(answer.people for answer in bands) == 6000


def test_a_store_a_quarter_down_at_normal_serum_is_a_matter_of_whose_store():
    answers = depleted_stores_at_normal_serum(people=4000)
    assert len(answers) == 6
    own = [answer for answer in answers if "own" in answer.question]
    usual = next(answer for answer in answers if "red-cells" in answer.question and "average" in answer.question)
    assert all(answer.value < 0.002 for answer in own), "a steady store follows serum"
    assert 0.005 < usual.value < 0.05, "people differ in what their red cells hold"


def test_all_questions_at_once_are_short_sentences_with_sources():
    answers = population_questions(people=300)
    assert len(answers) > 15
    for answer in answers:
        assert answer.low <= answer.value <= answer.high
        assert "-0.0" not in str(answer).splitlines()[0]
        assert str(answer).startswith(answer.question)
        assert answer.published
        assert all(resolve(name) for name in answer.published)
        assert str(answer).count("published:") == len(answer.published)


def test_an_answer_about_nobody_says_so():
    answer = share_with_low_serum(people=0)
    assert isinstance(answer, Answer)
    assert math.isnan(answer.value)
    assert (answer.low, answer.high) == (0.0, 1.0)


def test_the_same_question_has_the_same_answer():
    assert share_below_ear(people=500, seed=4) == share_below_ear(people=500, seed=4)
    assert share_below_ear(people=500, seed=4) != share_below_ear(people=500, seed=5)
