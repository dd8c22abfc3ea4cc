"""The articles' protocol through the same gates, and what benefit may say."""

from __future__ import annotations

import pytest
from tests.rooms.planning.test_goals_and_food import somebody

from davy.planning.articles import as_candidate, protocol_for
from davy.planning.benefit import benefits
from davy.planning.candidates import Frame
from davy.planning.disagreements import disagreements

FRAME = Frame(250.0, {1: ("19:00",), 2: ("08:00", "19:00"), 3: ("08:00", "13:00", "19:00")}, 0, 180)


@pytest.mark.parametrize(
    ("words", "form", "mg"),
    [
        ({"always"}, "glycinate", 200),
        ({"always", "nerve-low"}, "glycinate", 400),
        ({"always", "nerve-low", "pain-leads"}, "glycinate", 540),
        ({"always", "goal-fatigue"}, "malate", 200),
        ({"always", "loop-or-thiazide"}, "glycinate", 300),
        ({"always", "egfr-30-60", "nerve-low"}, "glycinate", 200),
        ({"always", "egfr-below-30", "loop-or-thiazide"}, "glycinate", 0),
    ],
)
def test_section_12_line_by_line(words: set[str], form: str, mg: float) -> None:
    protocol = protocol_for(words)
    assert (protocol.form, protocol.total_mg) == (form, mg)
    assert protocol.claim_ids


def test_the_usual_dose_is_taken_at_night_and_starts_low() -> None:
    (one,) = as_candidate(protocol_for({"always"}), FRAME)
    assert [(step.from_day, step.elemental_mg_per_day) for step in one.own.steps] == [(0, 100), (7, 200)]
    assert {intake.at for step in one.own.steps for intake in step.intakes} == {"21:00"}


def test_the_nerve_dose_is_split_and_goes_past_the_cap_so_that_the_gates_can_speak() -> None:
    (one,) = as_candidate(protocol_for({"always", "nerve-low"}), FRAME)
    assert len(one.own.steps[-1].intakes) == 2
    assert one.added_mg == 400 > FRAME.cap_mg


def test_stacked_products_come_a_week_apart() -> None:
    (one,) = as_candidate(protocol_for({"always", "nerve-low", "pain-leads"}), FRAME)
    assert one.own.steps[-1].intakes[0].form == "l-threonate"
    assert one.own.steps[-1].from_day == one.own.steps[-2].from_day + 7


def test_below_an_egfr_of_30_the_articles_give_nothing_either() -> None:
    assert as_candidate(protocol_for({"always", "egfr-below-30"}), FRAME) == []


class TestBenefit:
    def test_a_mismatch_leads_the_sentence(self) -> None:
        found = benefits(somebody(goals=["migraine-prevention"], conditions=["migraine"]), 250.0, "glycinate")
        assert found
        for one in found:
            assert {"dose", "form"} & set(one.mismatch)
            assert one.sentence.startswith(("At another dose", "In another form"))

    def test_nothing_is_compared_where_nothing_is_taken(self) -> None:
        found = benefits(somebody(goals=["migraine-prevention"], conditions=["migraine"]), None, None)
        assert all(one.mismatch == () for one in found)

    def test_other_people_are_named(self) -> None:
        young = benefits(somebody(goals=["muscle-cramps"]), 240.0, "oxide")
        old = benefits(somebody(goals=["muscle-cramps"], age_y=70), 240.0, "oxide")
        assert young[0].mismatch == ("population",)
        assert old[0].mismatch == ()

    def test_every_goal_has_something_to_say_and_neuropathic_pain_promises_nothing(self) -> None:
        from davy.planning.goals import goals

        for goal in goals():
            assert benefits(somebody(goals=[goal.id]), None, None), goal.id
        pain = benefits(somebody(goals=["neuropathy"]), None, None)
        assert any("No benefit shown" in one.sentence for one in pain)


def test_a_disagreement_says_what_it_changes_here() -> None:
    told = disagreements({"neuropathy"}, dose_mg=None, cap_mg=250.0)
    dose = next(one for one in told if one.topic == "the dose for neuropathy")
    assert dose.effect_on_this_plan == "Davy gives no supplement; your cap is 250 mg"
    assert all(claim.startswith(("c-", "m-")) for claim in dose.claim_ids)
    assert dose.sources
