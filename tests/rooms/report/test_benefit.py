"""How a benefit is told: the interval by its name, the certainty with its reasons, an association apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.rooms.planning.test_goals_and_food import somebody

from davy.people.read import read_person
from davy.planning.benefit import benefits
from davy.planning.plan import plan
from davy.report.page import plan_page

TODAY = date(2026, 11, 22)


def told(goal: str, name: str = "poor-sleeper") -> str:
    """The section of a page for this goal."""
    person = read_person(f"example:{name}", today=TODAY)
    made = plan(person, draws=20)
    shown = benefits(somebody(goals=[goal], conditions=["migraine"]), 250.0, "glycinate")
    html = plan_page(replace(made, benefit=shown), person)
    return html[html.index('id="benefit"') :].partition("</section>")[0]


def test_a_prediction_interval_is_called_one_and_the_average_is_not() -> None:
    said = told("migraine-prevention")
    assert "95 % prediction interval, for the next people like these" in said
    assert "95 % confidence interval, for the average" in said


def test_the_certainty_comes_with_its_reasons_and_the_way_back_to_the_studies() -> None:
    said = told("blood-pressure")
    assert "Why the certainty is low:" in said
    assert "only uncontrolled hypertension fell when trials were sorted by category" in said
    assert "with the three trials of the Durango group" in said
    assert "Why the others do not rule: 34 double-blind trials" in said
    assert "davy evidence show systolic-pressure" in said


def test_a_distance_is_told_twice_in_the_sentence_and_in_the_facts() -> None:
    said = told("migraine-prevention")
    assert "At another dose (trials 360-600 mg, here 250 mg)." in said
    assert "not yours: dose and form" in said


def test_an_association_stands_apart() -> None:
    said = told("longevity")
    assert "Cardiovascular disease: an association, not an effect" in said
    assert "People followed, none given magnesium by lot" in said
    assert "against a lower serum" not in said


def test_where_the_numbers_suggest_otherwise_it_is_told() -> None:
    said = told("glycaemia")
    assert "Where the numbers suggest otherwise:" in said
    assert "imprecision: the numbers suggest -2" in said
