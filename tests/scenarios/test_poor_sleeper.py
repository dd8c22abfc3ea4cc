"""Falls asleep late, otherwise well."""

from __future__ import annotations

from tests.scenarios.stories import binding, finding, story


def test_the_lowest_dose_that_trials_support_fits_under_the_cap() -> None:
    plan = story("poor-sleeper")
    assert binding(plan) == ("upper-level", 350.0)
    assert plan.total_nonfood_mg_per_day == 250
    assert "250-729 mg" in finding(plan, "trial_dose")


def test_the_form_is_the_one_that_was_tried() -> None:
    plan = story("poor-sleeper")
    assert plan.regimen is not None
    assert plan.regimen.form == "glycinate"
    tried = next(one for one in plan.benefit if one.trial_forms == ("glycinate",))
    assert tried.mismatch == ()


def test_apnoea_and_restless_legs_are_asked_about() -> None:
    assert any("apnoea" in one.reason and "ferritin" in one.reason for one in story("poor-sleeper").refer)


def test_the_articles_usual_dose_passes_the_same_gates() -> None:
    theirs = story("poor-sleeper").as_the_articles_say
    assert theirs is not None
    assert theirs.verdict == "allowed"
    assert theirs.regimen is not None
    assert {intake.at for step in theirs.regimen.steps for intake in step.intakes} == {"21:00"}
    assert theirs.expected


def test_the_one_trial_of_glycinate_is_told_as_too_small_to_matter() -> None:
    tried = next(one for one in story("poor-sleeper").benefit if one.trial_forms == ("glycinate",))
    assert tried.sentence.startswith("Too small to matter, and with no interval to judge it by")
    assert (tried.low, tried.high) == (None, None)


def test_time_to_fall_asleep_rests_on_two_trials_and_fifty_five_people() -> None:
    latency = next(one for one in story("poor-sleeper").benefit if one.outcome == "time to fall asleep")
    assert (latency.k, latency.n, latency.interval) == (2, 55, "confidence")
    assert latency.mismatch == ("dose", "form")
