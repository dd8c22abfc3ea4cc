"""What a goal becomes for one person, what they may eat for it, and what is unknown."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from davy.people.person import Person
from davy.people.read import person_from_text
from davy.planning.clock import slots
from davy.planning.food import advise
from davy.planning.goals import aim_of
from davy.planning.monitoring import checks, prediction_day, stop_rules, timeline
from davy.planning.present import current_items, present
from davy.planning.unknowns import unknown_costs
from davy.safety.verdict import LabDue

TODAY = date(2026, 11, 22)
WELL: dict[str, Any] = {
    "davy": 1, "id": "p", "age_y": 40, "sex": "female", "weight_kg": 65, "height_cm": 168, "pregnant": False,
    "jurisdiction": "EU", "goals": ["general"], "diet": {"magnesium_mg_per_day": 200, "method": "food-frequency"},
}  # fmt: skip


def somebody(**changes: Any) -> Person:
    return person_from_text(json.dumps({**WELL, **changes}), name="p", today=TODAY)


def lab(test: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    return {"date": "2026-11-01", "test": test, "value": value, "unit": unit, **more}


def serum(value: float, **more: Any) -> dict[str, Any]:
    return lab("serum-magnesium", value, "mmol/L", **more)


class TestGoals:
    def test_restore_aims_at_the_laboratorys_own_lower_limit(self) -> None:
        aim = aim_of(somebody(goals=["repletion"], labs=[serum(0.68, reference_low=0.7, reference_high=1.0)]))
        assert (aim.kind, aim.low, aim.high) == ("restore", 0.7, 0.95)

    def test_restore_aims_at_0_75_where_the_laboratory_says_nothing_and_never_at_0_85(self) -> None:
        assert aim_of(somebody(goals=["repletion"], labs=[serum(0.68)])).low == 0.75

    def test_a_proven_leak_aims_at_0_60_first(self) -> None:
        assert aim_of(somebody(goals=["repletion"], labs=[serum(0.58)]), renal_leak=True).low == 0.60

    @pytest.mark.parametrize(("labs", "kind"), [([serum(0.74)], "restore"), ([serum(0.76)], "keep"), ([], "keep")])
    def test_neuropathy_restores_only_a_low_serum(self, labs: list[dict[str, Any]], kind: str) -> None:
        aim = aim_of(somebody(goals=["neuropathy"], labs=labs))
        assert aim.kind == kind
        assert (aim.note == "") == (kind == "restore")

    def test_a_low_red_cell_value_triggers_nothing(self) -> None:
        person = somebody(goals=["neuropathy"], labs=[serum(0.80), lab("rbc-magnesium", 1.5, "mmol/L")])
        assert aim_of(person).kind == "keep"

    def test_a_trial_waits_for_28_diary_days_unless_there_is_a_baseline(self) -> None:
        assert aim_of(somebody(goals=["sleep"])).lead_d == 28
        assert aim_of(somebody(goals=["sleep"], baseline={"sleep_onset_min": 40})).lead_d == 0
        assert aim_of(somebody(goals=["sleep"], baseline={"pain_0_10": 4})).lead_d == 28

    def test_the_first_goal_decides(self) -> None:
        assert aim_of(somebody(goals=["sleep", "repletion"])).kind == "try"


class TestFood:
    def test_portions_close_the_gap_and_leave_nothing_short(self) -> None:
        advice = advise(somebody())
        assert advice.portions
        assert advice.gap_mg == 100
        assert sum(portion.mg for portion in advice.portions) >= 100
        assert advice.short_mg == 0

    def test_no_portion_where_food_is_enough(self) -> None:
        assert advise(somebody(diet={"magnesium_mg_per_day": 400, "method": "weighed-record"})).portions == ()

    def test_no_gap_is_invented_where_the_diet_is_unknown(self) -> None:
        advice = advise(person_without("diet"))
        assert (advice.gap_mg, advice.short_mg) == (None, 0.0)
        assert len(advice.portions) == 2

    @pytest.mark.parametrize(
        ("changes", "tag"),
        [
            ({"labs": [lab("potassium", 5.1, "mmol/L")]}, "potassium-rich"),
            ({"medicines": [{"name": "patiromer"}]}, "potassium-rich"),
            ({"medicines": [{"name": "warfarin"}]}, "greens"),
            ({"conditions": ["nut-allergy"]}, "nuts"),
            ({"conditions": ["nut allergie"]}, "nuts"),
            ({"conditions": ["oxalate-stones"]}, "oxalate"),
            ({"conditions": ["kidney-stones"]}, "oxalate"),
            ({"conditions": ["bowel-stricture"]}, "fibre"),
        ],
    )
    def test_gates_of_its_own(self, changes: dict[str, Any], tag: str) -> None:
        from davy.evidence.composition import foods

        tags = {food.food: food.tags for food in foods()}
        advice = advise(somebody(**changes))
        assert advice.rules
        assert all(tag not in tags[portion.food] for portion in advice.portions)

    def test_potassium_at_5_0_drops_nothing(self) -> None:
        assert advise(somebody(labs=[lab("potassium", 5.0, "mmol/L")])).rules == ()

    @pytest.mark.parametrize(("egfr", "asked"), [(44, False), (47, True)])
    def test_below_an_egfr_of_45_food_is_for_the_dietitian(self, egfr: float, asked: bool) -> None:
        advice = advise(somebody(height_cm=180, weight_kg=80, labs=[lab("egfr", egfr, "mL/min/1.73m2")]))
        assert bool(advice.portions) == asked

    def test_a_refusal_for_kidney_disease_never_says_eat_more(self) -> None:
        ill = somebody(conditions=["chronic-kidney-disease"])
        assert advise(ill).portions
        assert advise(ill, kidney_refused=True).portions == ()

    def test_a_high_serum_never_says_eat_more(self) -> None:
        assert advise(somebody(labs=[serum(1.0)])).portions == ()


def person_without(key: str) -> Person:
    return person_from_text(json.dumps({k: v for k, v in WELL.items() if k != key}), name="p", today=TODAY)


class TestPresent:
    def test_prescribed_magnesium_is_never_stopped(self) -> None:
        person = somebody(
            supplements=[
                {"form": "aspartate", "label_mg": 120, "label_means": "elemental", "per_day": 1, "prescribed": True}
            ]
        )
        for refused in (True, False):
            (item,) = current_items(person, None, refused=refused, met=False)
            assert item.action == "ask_prescriber"

    def test_a_prenatal_is_kept_also_where_the_plan_is_refused(self) -> None:
        person = somebody(
            pregnant=True,
            supplements=[{"product": "prenatal vitamin", "label_mg": 50, "label_means": "elemental", "per_day": 1}],
        )
        (item,) = current_items(person, None, refused=True, met=False)
        assert item.action == "keep"

    def test_an_antacid_is_a_question_for_whoever_advised_it(self) -> None:
        person = somebody(medicines=[{"name": "milk of magnesia"}])
        assert [one.prescribed for one in present(person)] == [True]
        (item,) = current_items(person, None, refused=True, met=False)
        assert (item.action, item.elemental_mg_per_day.high) == ("ask_prescriber", None)

    def test_an_unneeded_product_can_be_left_out(self) -> None:
        person = somebody(supplements=[{"form": "oxide", "label_mg": 100, "label_means": "elemental", "per_day": 1}])
        (item,) = current_items(person, None, refused=False, met=True)
        assert item.action == "reduce"


class TestClock:
    def test_magnesium_goes_with_the_evening_meal_where_nothing_is_in_the_way(self) -> None:
        assert slots(somebody())[1] == ("19:00",)
        assert slots(somebody())[2] == ("08:00", "19:00")

    def test_four_hours_after_levothyroxine(self) -> None:
        found = slots(somebody(medicines=[{"name": "levothyroxine", "at": ["07:00"]}]))
        hours = [int(at[:2]) for times in found.values() for at in times]
        assert all(hour >= 11 or hour <= 3 for hour in hours)

    def test_two_hours_from_any_other_medicine_and_three_where_there_is_room(self) -> None:
        assert slots(somebody(medicines=[{"name": "metformin", "at": ["19:00"]}]))[1] == ("13:00",)

    def test_no_room_means_no_slot(self) -> None:
        times = [f"{hour:02d}:00" for hour in range(0, 24, 3)]
        assert slots(somebody(medicines=[{"name": "levothyroxine", "at": times}])) == {}


class TestMonitoring:
    def test_a_fresh_baseline_is_not_asked_for_again(self) -> None:
        fresh = somebody(labs=[serum(0.8), lab("egfr", 90, "mL/min/1.73m2")])
        asked = {check.test for check in checks(fresh, {"supplement"}, (), start_d=0)}
        assert asked == {"potassium", "calcium", "albumin"}

    def test_what_safety_asks_for_joins_the_check_of_that_time(self) -> None:
        due = LabDue("serum-magnesium", 0, 35, "kidney function 45 to 59", ("f-120",))
        found = checks(somebody(), {"supplement", "early"}, (due,), start_d=0)
        early = [check for check in found if check.test == "serum-magnesium" and check.day > 0]
        assert [check.day for check in early] == [28]
        assert "kidney function 45 to 59" in early[0].why

    def test_what_has_no_row_becomes_a_check_of_its_own(self) -> None:
        due = LabDue("potassium", 0, 7, "a reason", ("davy-rule",))
        found = checks(somebody(), {"supplement"}, (due,), start_d=28)
        assert [check.day for check in found if check.why == "a reason"] == [35]

    def test_days_count_from_the_first_tablet(self) -> None:
        found = checks(somebody(), {"supplement", "try", "diary"}, (), start_d=28)
        assert {(check.test, check.day) for check in found if check.test == "diary"} == {("diary", 0), ("diary", 112)}
        assert prediction_day({"lab-goal"}, start_d=0) == 84
        assert prediction_day({"try"}, start_d=28) == 84

    def test_stop_rules_of_a_trial_and_of_a_woman(self) -> None:
        told = {rule.when for rule in stop_rules({"supplement", "try", "may-conceive"})}
        assert "pregnancy" in told
        assert "week 12, when it is less than 30 % better" in told
        assert not {rule.when for rule in stop_rules({"keep"})}

    def test_the_timeline_of_the_report(self) -> None:
        found = timeline({"supplement", "try"}, start_d=0, full_dose_d=14)
        assert [event.what for event in found] == ["stools", "serum", "red cells", "symptoms"]
        assert timeline({"keep"}, start_d=0, full_dose_d=0) == ()


class TestUnknowns:
    def test_each_missing_fact_has_a_price(self) -> None:
        bare = person_from_text("davy: 1\nid: bare\ngoals: [sleep]\n", name="bare", today=TODAY)
        facts = " ".join(unknown.fact for unknown in unknown_costs(bare))
        for word in ("kidney", "serum magnesium", "age", "sex", "weight", "country", "diet", "how it is now"):
            assert word in facts
        assert all(unknown.cost for unknown in unknown_costs(bare))

    def test_a_known_person_has_no_unknown_left(self) -> None:
        known = somebody(labs=[serum(0.85), lab("egfr", 90, "mL/min/1.73m2")])
        assert unknown_costs(known) == ()
