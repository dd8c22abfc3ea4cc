"""Migraine on a triptan six days a month, in the US, with labs and a diary."""

from __future__ import annotations

from tests.scenarios.stories import binding, finding, story, totals


def test_the_trial_runs_at_the_cap_because_trials_used_more() -> None:
    plan = story("migraine")
    assert plan.verdict.word == "allowed"
    assert binding(plan) == ("upper-level", 350.0)
    assert plan.total_nonfood_mg_per_day == 350
    said = finding(plan, "trial_dose")
    assert "Trials used 360-600 mg; your cap is 350 mg; their result cannot be promised here." in said


def test_it_starts_at_100_rises_weekly_and_ends_after_twelve_weeks() -> None:
    plan = story("migraine")
    assert totals(plan) == [(0, 100), (7, 200), (14, 300), (21, 350)]
    assert plan.regimen is not None
    assert plan.regimen.steps[-1].to_day == 84
    assert any("week 12" in rule.when for rule in plan.stop_rules)


def test_a_baseline_spares_the_diary_days() -> None:
    assert not [one for one in story("migraine").verdict.findings if one.gate == "baseline_first"]


def test_there_is_no_lab_target_and_yet_a_value_that_can_prove_davy_wrong() -> None:
    plan = story("migraine")
    assert plan.targets == ()
    foretold = plan.prediction_to_check
    assert foretold is not None
    assert 56 <= foretold.day <= 84
    assert 0.75 < foretold.low < foretold.high < 1.0
    assert "mg/dL" in foretold.sentence


def test_benefit_leads_with_the_mismatch_and_promises_nothing() -> None:
    for one in story("migraine").benefit:
        assert "dose" in one.mismatch
        assert one.sentence.startswith("At another dose")


def test_the_triptan_is_not_swapped() -> None:
    plan = story("migraine")
    assert "magnesium instead of triptans" in {one.topic for one in plan.disagreements}
    assert all("stop" not in item.sentence.lower() for item in plan.current)
    assert plan.refer == () or all("sumatriptan" not in one.reason for one in plan.refer)


def test_every_benefit_is_computed_and_says_how_sure_it_is() -> None:
    told = {one.evidence.id: one for one in story("migraine").benefit if one.evidence is not None}
    assert set(told) == {"migraine-severity", "migraine-responders", "migraine-guidelines"}
    severity = told["migraine-severity"]
    assert (severity.interval, severity.k, severity.certainty) == ("prediction", 3, "low")
    assert severity.low is not None
    assert severity.high is not None
    assert severity.low < -0.36 < 0.02 < severity.high
    assert "It is unknown whether this helps" in severity.sentence
    assert told["migraine-responders"].certainty == "very low"
    assert told["migraine-responders"].per_100 is not None
