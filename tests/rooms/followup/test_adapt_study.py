"""The study of virtual persons: the same persons for any size, sound counts, and no dose above a cap."""

from __future__ import annotations

from dataclasses import replace

import pytest

from davy.followup.adapt.policies import at_a_fixed_dose, by_davy, by_the_articles
from davy.followup.adapt.study import Study, decisions_of, virtual_persons
from davy.followup.adapt.virtual_life import Life
from davy.followup.adapt.virtual_person import AFTER_D, PLAN_D, virtual_person

PEOPLE = 9


@pytest.fixture(scope="module")
def study() -> Study:
    return virtual_persons(0, people=PEOPLE)


def test_the_table_counts_every_person_once_and_finds_no_dose_above_a_cap(study: Study) -> None:
    rows = study.rows()
    assert rows[-1]["group"] == "all"
    assert rows[-1]["persons"] == PEOPLE == sum(row["persons"] for row in rows[:-1])
    assert rows[-1]["decisions"] == sum(row["decisions"] for row in rows[:-1])
    assert rows[-1]["above_cap"] == 0
    assert study.crept < 0.02
    assert study.unexpected() == []
    assert rows[-1]["lowered_in_time"] == 1.0
    assert [one["dose_costs"] for one in study.about()["regret_by_burden"]] == [0.1, 0.5, 1.0]


def test_what_nobody_expects_is_said(study: Study) -> None:
    above = replace(study.table[-1], above_cap=3)
    broken = replace(study, table=(*study.table[:-1], above), crept=0.05)
    assert broken.unexpected() == ["3 decisions above a cap", "dose crept in 0.050"]


def test_a_person_is_the_same_in_any_study_and_under_any_policy() -> None:
    assert virtual_person(7, 3) == virtual_person(7, 3)
    assert virtual_person(7, 3) != virtual_person(7, 4)
    person = virtual_person(4, 0)
    one, other = Life(person, 0), Life(person, 0)
    for _ in range(60):
        one.live(0.0)
        other.live(0.0)
    assert one.days == other.days
    first = [(number, made.decision) for number, made in decisions_of(0, people=3) if number == 2]
    again = [(number, made.decision) for number, made in decisions_of(0, people=4) if number == 2]
    assert first == again
    assert first


def test_policies_differ_by_what_they_ask_for_alone() -> None:
    person = virtual_person(1, 0)
    lived, made = by_davy(person, 0)
    assert len(lived.asked_mg) == PLAN_D + AFTER_D == len(at_a_fixed_dose(person, 0).asked_mg)
    assert made
    nothing = at_a_fixed_dose(person, 0, 0.0)
    assert (nothing.dosed, max(nothing.asked_mg)) == (0.0, 0.0)
    articles = by_the_articles(person, 0)
    assert {200.0, 300.0, 400.0} >= set(articles.asked_mg)
    assert len(set(articles.asked_mg)) > 1
    assert nothing.loss(1.0) == nothing.loss(0.0)
    assert lived.loss(1.0) > lived.loss(0.0)
