"""What a plan may say of benefit, held to the clinical rules."""

import pytest

from davy.evidence.effects import benefits, benefits_for
from davy.evidence.registry import resolve
from davy.evidence.rows import Fact, Study

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


def test_a_number_that_is_carried_over_is_the_one_that_a_fact_holds():
    carried = [row for row in benefits() if row.estimate is not None and "as p" in (row.method or "")[:4]]
    assert len(carried) >= 7
    for row in carried:
        entries = [resolve(name) for name in row.source]
        held = " ".join(f"{one.statement} {one.value}".replace("(", " ") for one in entries if isinstance(one, Fact))
        named = [one.removeprefix("studies.csv:").partition("@")[0] for one in row.inputs if one.startswith("studies")]
        printed = {one.estimate for one in map(resolve, named) if isinstance(one, Study)}
        assert row.estimate in printed, row.id
        shown = f"{abs(row.estimate):g}" in held or f"{abs(row.estimate):.2f}" in held
        assert shown or row.kind == "association", row.id


def test_each_number_goes_back_to_a_paper():
    for row in benefits():
        told = {name for name in row.source if isinstance(resolve(name), Fact | Study)}
        assert told or row.certainty == "none", row.id


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


def test_no_benefit_is_typed():
    assert {row.status for row in benefits()} == {"active"}
    assert {row.verified for row in benefits()} == {"computed"}
    assert all(row.stamp and row.inputs for row in benefits())


def test_an_interval_over_no_effect_is_never_called_a_benefit():
    for row in benefits():
        if row.kind != "effect" or row.ci_low is None:
            continue
        nothing = 1 if row.unit == "risk ratio" else 0
        if row.ci_low <= nothing <= row.ci_high:
            assert row.sentence.startswith(("It is unknown whether this helps", "No benefit")), row.id


def test_the_prediction_interval_is_the_one_of_individuals_from_three_trials_on():
    severity = next(row for row in benefits() if row.id == "migraine-severity")
    assert severity.interval == "prediction"
    assert severity.low < severity.ci_low < severity.ci_high < severity.high
    for row in benefits():
        if row.interval == "prediction":
            assert row.k >= 3
            assert (row.low, row.high) == (row.pi_low, row.pi_high)
        elif row.estimate is not None and row.kind == "effect":
            assert "prediction" in row.method or row.k == 1
