"""What a plan may say of benefit, held to the clinical rules."""

import pytest

from davy.evidence.effects import benefits, benefits_for
from davy.evidence.registry import resolve
from davy.evidence.rows import Fact

GOALS = (
    "repletion migraine-prevention tension-type-headache neuropathy muscle-cramps muscle-recovery sleep fatigue "
    "general longevity blood-pressure glycaemia"
).split()


@pytest.mark.parametrize("goal", GOALS)
def test_every_goal_has_something_to_say(goal):
    assert benefits_for(goal)


def test_every_row_rests_on_what_was_read():
    for row in benefits():
        entries = [resolve(name) for name in row.source]
        assert not any(isinstance(entry, Fact) and entry.verified == "memory" for entry in entries), row.id


def test_a_number_rests_on_a_fact_that_holds_it():
    for row in benefits():
        if row.estimate is None:
            continue
        held = " ".join(
            f"{entry.statement} {entry.value}".replace("(", " ") for name in row.source if (entry := resolve(name)).id
        )
        assert f"{abs(row.estimate):g}" in held or f"{abs(row.estimate):.2f}" in held or row.id == "migraine-responders"


def test_migraine_says_what_the_guidelines_say_and_at_which_dose():
    words = " ".join(row.sentence for row in benefits_for("migraine-prevention"))
    for said in ("level B", "weakly", "unknown", "360-600 mg", "glycinate"):
        assert said in words
    assert all(row.dose_low_mg >= 360 for row in benefits_for("migraine-prevention"))


def test_no_benefit_is_said_where_none_was_shown():
    assert "No benefit shown" in " ".join(row.sentence for row in benefits_for("neuropathy"))
    cramps = benefits_for("muscle-cramps")[0]
    assert cramps.low < 0 < cramps.high
    assert "No benefit" in cramps.sentence


def test_blood_pressure_is_about_two_and_only_when_uncontrolled():
    systolic = benefits_for("blood-pressure")[0]
    assert systolic.estimate == pytest.approx(-2.0)
    assert systolic.population == ("uncontrolled-hypertension",)


def test_where_nothing_was_found_the_sentence_says_so():
    for row in benefits():
        if row.certainty == "none":
            assert row.estimate is None
            assert row.sentence.startswith("No "), row.id
            assert "found" in row.sentence


def test_only_an_outcome_that_one_has_or_has_not_is_counted_in_a_hundred():
    for row in benefits():
        if row.with_per_100 is not None:
            assert "ratio" in row.unit
            assert row.baseline_from


def test_each_row_is_typed_until_it_is_pooled():
    assert {row.status for row in benefits()} == {"typed"}
