"""An endurance athlete with cramps and an electrolyte powder that nobody counted."""

from __future__ import annotations

from tests.scenarios.stories import binding, story, totals


def test_the_powder_stays_and_counts() -> None:
    plan = story("athlete-cramps")
    (item,) = plan.current
    assert item.action == "keep"
    assert plan.total_nonfood_mg_per_day >= 60
    assert plan.total_nonfood_mg_per_day <= binding(plan)[1]
    assert plan.regimen is not None
    assert all(any(intake.product == item.item for intake in step.intakes) for step in plan.regimen.steps)


def test_what_is_new_starts_at_100_or_less() -> None:
    plan = story("athlete-cramps")
    assert totals(plan)[0][1] - 60 <= 100


def test_no_promise_and_other_people() -> None:
    plan = story("athlete-cramps")
    assert all("population" in one.mismatch for one in plan.benefit)
    assert {"cramps", "athletes need more"} <= {one.topic for one in plan.disagreements}


def test_potassium_calcium_and_thyroid_are_asked_for_first() -> None:
    assert any("cramps; potassium, calcium and TSH" in one.reason for one in story("athlete-cramps").refer)


def test_it_is_a_trial_with_an_end() -> None:
    plan = story("athlete-cramps")
    assert plan.regimen is not None
    assert plan.regimen.steps[-1].to_day == 84
