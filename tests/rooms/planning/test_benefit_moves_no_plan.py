"""Benefit is shown, never used: no dose, form or verdict depends on it; an association is never a regimen's effect."""

from __future__ import annotations

from datetime import date

import pytest
from tests.rooms.planning.test_goals_and_food import somebody

import davy.planning.benefit
from davy.evidence.effects import BenefitRow, benefits, benefits_for
from davy.people.read import read_person
from davy.planning.benefit import benefits as benefits_of
from davy.planning.plan import plan
from davy.planning.result import Plan

TODAY = date(2026, 11, 22)
KINDS = ("as it is", "none", "wonderful", "very low", "harmful")


def turned(row: BenefitRow, kind: str) -> BenefitRow:
    """The same benefit with other numbers or another certainty."""
    numbers: dict[str, object] = {
        "wonderful": {"estimate": -99.0, "low": -100.0, "high": -98.0, "certainty": "high", "forms": ("citrate",)},
        "very low": {"certainty": "very low", "dose_low_mg": 10.0, "dose_high_mg": 20.0, "forms": ("taurate",)},
        "harmful": {"estimate": 99.0, "low": 98.0, "high": 100.0, "certainty": "very low"},
    }.get(kind, {})
    return row.model_copy(update=numbers)


def decided(made: Plan) -> tuple[object, ...]:
    """Everything that a plan decides."""
    others = tuple((one.regimen, one.verdict) for one in made.alternatives)
    return made.verdict, made.regimen, made.caps, made.total_nonfood_mg_per_day, others, made.targets, made.refer


@pytest.mark.parametrize("name", ["migraine", "poor-sleeper", "kidney-4"])
def test_no_dose_form_or_verdict_depends_on_any_benefit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    person = read_person(f"example:{name}", today=TODAY)
    made: dict[str, Plan] = {}
    for kind in KINDS:

        def given(goal: str, kind: str = kind) -> tuple[BenefitRow, ...]:
            return () if kind == "none" else tuple(turned(row, kind) for row in benefits_for(goal))

        monkeypatch.setattr(davy.planning.benefit, "benefits_for", given)
        made[kind] = plan(person, draws=40)
    assert {kind: decided(one) == decided(made["as it is"]) for kind, one in made.items()} == dict.fromkeys(KINDS, True)
    assert made["none"].benefit == ()
    assert made["wonderful"].benefit != made["as it is"].benefit


def test_there_is_a_benefit_of_very_low_certainty_to_prove_it_with() -> None:
    assert any(row.certainty == "very low" and row.estimate is not None for row in benefits_for("migraine-prevention"))


class TestAssociation:
    GOALS = ("longevity", "blood-pressure", "general")

    @pytest.mark.parametrize("goal", GOALS)
    def test_it_is_words_and_never_the_estimate_of_a_regimen(self, goal: str) -> None:
        (told,) = (one for one in benefits_of(somebody(goals=[goal]), 200.0, "citrate") if one.kind == "association")
        numbers = (told.estimate, told.low, told.high, told.k, told.n, told.trial_doses_mg, told.per_100)
        assert numbers == (None,) * 7
        assert told.unit == ""
        assert told.sentence.startswith("An association only, never an effect of a supplement")
        assert "0.70 and 0.95 mmol/L" in told.sentence

    def test_its_number_stands_nowhere_else_in_a_plan(self) -> None:
        (row,) = (row for row in benefits() if row.kind == "association")
        assert row.estimate is not None
        for goal in self.GOALS:
            for one in benefits_of(somebody(goals=[goal]), 200.0, "citrate"):
                assert one.estimate != row.estimate
                assert row.id not in (one.evidence.id if one.evidence and one.estimate is not None else "")

    def test_it_is_not_told_to_people_outside_its_range(self) -> None:
        def kinds(serum: float) -> set[str]:
            lab = {"date": "2026-11-01", "test": "serum-magnesium", "value": serum, "unit": "mmol/L"}
            return {one.kind for one in benefits_of(somebody(goals=["longevity"], labs=[lab]), None, None)}

        assert "association" in kinds(0.80)
        assert "association" not in kinds(0.60)
        assert "association" not in kinds(1.00)

    def test_it_is_shown_for_no_goal_that_trials_speak_to(self) -> None:
        for row in benefits():
            if row.kind == "association":
                assert set(row.goals) == set(self.GOALS)


def test_a_mismatch_is_measured_against_the_doses_that_were_computed() -> None:
    person = somebody(goals=["blood-pressure"], conditions=["uncontrolled-hypertension"])
    inside, outside = (benefits_of(person, dose, "citrate")[0] for dose in (300.0, 200.0))
    assert inside.trial_doses_mg == (240, 607)
    assert inside.mismatch == ()
    assert outside.mismatch == ("dose",)
    assert outside.sentence.startswith("At another dose (trials 240-607 mg, here 200 mg).")


def test_people_in_a_hundred_only_where_one_has_it_or_has_not() -> None:
    for row in benefits():
        assert (row.with_per_100 is None) == (row.unit != "risk ratio")
    (counted,) = (one for one in benefits_of(somebody(goals=["migraine-prevention"]), None, None) if one.per_100)
    assert counted.per_100 is not None
    assert counted.per_100.baseline_from == "the placebo arm of Pfaffenrath 1996: 10 of 34"
    assert counted.per_100.with_ == pytest.approx(counted.per_100.without * (counted.estimate or 0), rel=1e-4)
