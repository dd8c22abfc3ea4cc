"""Migraine with no lab, no kidney value, no diet record: still an answer, and each unknown has its price."""

from __future__ import annotations

from tests.scenarios.stories import binding, finding, gates, story, totals


def test_without_any_lab_at_most_200() -> None:
    plan = story("migraine-no-labs")
    assert plan.verdict.word == "with_care"
    assert binding(plan) == ("no-lab", 200.0)
    assert plan.total_nonfood_mg_per_day <= 200
    assert {"kidney-unknown", "no-lab"} <= gates(plan, "care")


def test_28_diary_days_come_first() -> None:
    plan = story("migraine-no-labs")
    assert totals(plan) == [(28, 100), (35, 200)]
    assert "28 days of diary" in finding(plan, "baseline_first")
    assert ("diary", 0) in {(check.test, check.day) for check in plan.monitoring}
    assert plan.regimen is not None
    assert plan.regimen.steps[-1].to_day == 28 + 84


def test_each_unknown_is_named_with_its_cost() -> None:
    facts = {one.fact for one in story("migraine-no-labs").unknowns}
    assert {"kidney function (creatinine)", "serum magnesium", "magnesium in your diet"} <= facts


def test_the_baseline_labs_are_asked_for() -> None:
    asked = {check.test for check in story("migraine-no-labs").monitoring if check.day == 0}
    assert {"serum-magnesium", "creatinine", "potassium", "calcium", "albumin"} <= asked


def test_two_portions_where_the_gap_is_unknown() -> None:
    assert len(story("migraine-no-labs").food) == 2


def test_the_prediction_is_from_the_prior_and_says_so() -> None:
    assert story("migraine-no-labs").status.prediction in ("population", "a_priori")
