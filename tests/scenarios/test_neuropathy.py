"""Type 2 diabetes with neuropathy and a low serum, on omeprazole and metformin, taking an oxide tablet."""

from __future__ import annotations

import pytest
from tests.scenarios.stories import apart, binding, story, times

from davy.planning.explain import explain


def test_it_restores_a_low_serum_up_to_the_laboratorys_own_limit() -> None:
    plan = story("neuropathy")
    (target,) = plan.targets
    assert target.low == pytest.approx(1.8 * 10 / 24.305)
    assert target.high == 0.95
    assert (target.output, target.by_day) == ("serum_mmol_per_L", 84)
    assert 0 <= target.probability <= 1
    assert plan.status.prediction == "a_posteriori"


def test_the_dose_stays_below_the_european_upper_level() -> None:
    plan = story("neuropathy")
    assert plan.verdict.word in ("allowed", "with_care")
    assert binding(plan) == ("upper-level", 250.0)
    assert plan.regimen is not None
    assert 0 < plan.total_nonfood_mg_per_day <= 250


def test_the_clock_goes_round_her_medicines() -> None:
    for at in times(story("neuropathy")):
        assert apart(at, "07:30") >= 2
        assert min(apart(at, "08:00"), apart(at, "19:00")) >= 2


def test_the_oxide_tablet_is_replaced_and_no_medicine_is_stopped() -> None:
    (item,) = story("neuropathy").current
    assert item.action == "replace"
    assert item.elemental_mg_per_day.low == pytest.approx(241, abs=1)


def test_nothing_is_promised_for_pain() -> None:
    told = [one for one in story("neuropathy").benefit if one.outcome == "neuropathic pain"]
    assert told
    assert "No benefit shown" in told[0].sentence


def test_the_articles_dose_is_refused_by_the_same_gates_and_never_shown_by_the_clock() -> None:
    theirs = story("neuropathy").as_the_articles_say
    assert theirs is not None
    assert (theirs.verdict, theirs.regimen, theirs.expected) == ("refused", None, ())
    assert {"c-002-059", "c-002-106"} <= set(theirs.claim_ids)
    assert "regimen-above-cap" in {one.gate for one in theirs.findings}


def test_the_nerves_are_looked_at_first_and_the_prescriber_is_asked() -> None:
    reasons = " ".join(one.reason for one in story("neuropathy").refer)
    assert "nerve trouble" in reasons
    assert "omeprazole" in reasons


def test_red_cells_are_shown_and_trigger_nothing() -> None:
    plan = story("neuropathy")
    assert "rbc_mmol_per_L" in {one.output for one in plan.expected}
    assert all(target.output != "rbc_mmol_per_L" for target in plan.targets)
    assert all(check.test != "rbc-magnesium" for check in plan.monitoring)


def test_the_form_hardly_matters_at_the_same_dose() -> None:
    compared = {one.form: one for one in story("neuropathy").form_comparison}
    soluble = {one.absorbed_mmol_per_d for one in compared.values() if one.form in ("citrate", "malate", "chloride")}
    assert len(soluble) == 1
    oxide, citrate = compared["oxide"], compared["citrate"]
    assert oxide.absorbed_mmol_per_d is not None
    assert citrate.absorbed_mmol_per_d is not None
    assert 0.3 < oxide.absorbed_mmol_per_d / citrate.absorbed_mmol_per_d < 1


def test_alternatives_are_a_handful_and_each_says_why_not() -> None:
    others = story("neuropathy").alternatives
    assert 3 <= len(others) <= 6
    assert {"none", "oxide"} <= {one.regimen.form for one in others}
    assert all(one.why_not and one.verdict != "refused" for one in others)


def test_every_part_is_explained() -> None:
    parts = {entry.part.partition("/")[0] for entry in explain(story("neuropathy"))}
    assert {"caps", "regimen", "food", "benefit", "monitoring", "stop_rules", "disagreements"} <= parts


def test_the_articles_parameters_drive_through_the_same_caps_and_verdict() -> None:
    ours, theirs = story("neuropathy"), story("neuropathy", "articles")
    assert ours.caps == theirs.caps
    assert ours.verdict.word == theirs.verdict.word
    assert theirs.regimen is not None
    assert theirs.regimen.form == "glycinate"
    assert theirs.total_nonfood_mg_per_day <= 250
    assert "rbc-magnesium" in {check.test for check in theirs.monitoring}
