"""72 years, a proton-pump inhibitor and a thiazide, kidneys at a good half, serum 0.72."""

from __future__ import annotations

from tests.scenarios.stories import apart, binding, gates, story, times


def test_the_kidney_caps_at_200_with_care() -> None:
    plan = story("older-ppi-thiazide")
    assert plan.verdict.word == "with_care"
    assert binding(plan) == ("kidney-45-to-59", 200.0)
    assert "kidney-45-to-59" in gates(plan, "care")
    assert 0 < plan.total_nonfood_mg_per_day <= 200


def test_serum_and_kidney_again_by_day_35() -> None:
    early = {check.test for check in story("older-ppi-thiazide").monitoring if 0 < check.day <= 35}
    assert {"serum-magnesium", "egfr"} <= early


def test_no_top_up_for_the_diuretic_and_nobody_is_told_to_stop_a_medicine() -> None:
    plan = story("older-ppi-thiazide")
    assert "a top-up for a diuretic" in {one.topic for one in plan.disagreements}
    asked = [one.reason for one in plan.refer if "prescriber" in one.reason]
    assert any("indapamide" in reason for reason in asked)
    assert any("pantoprazole" in reason for reason in asked)
    assert all("goes on as prescribed" in reason for reason in asked)


def test_the_articles_top_up_is_refused() -> None:
    theirs = story("older-ppi-thiazide").as_the_articles_say
    assert theirs is not None
    assert (theirs.verdict, theirs.regimen) == ("refused", None)
    assert {"c-002-065", "c-002-096"} <= set(theirs.claim_ids)


def test_the_clock_keeps_two_hours_from_the_morning_tablets() -> None:
    assert all(apart(at, taken) >= 2 for at in times(story("older-ppi-thiazide")) for taken in ("07:00", "08:00"))


def test_the_cause_is_open_on_serum_alone() -> None:
    cause = story("older-ppi-thiazide").status.cause
    assert cause is not None
    assert max(cause.values()) <= 0.6
