"""Each bound of `davy follow` alone, where the properties could pass by another one's help."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.rooms.followup.test_adapt_proofs import (
    OPEN,
    after_a_pause,
    by_trial,
    decided,
    known,
    lab,
    total,
    with_day,
    with_lab,
    with_person,
)
from tests.rooms.followup.test_adapt_raising import asking, rules_of

from davy.followup.adapt import Inputs, Past, decide
from davy.followup.adapt.confounders import confounder_rows
from davy.followup.adapt.facts import facts_of
from davy.followup.adapt.inputs import TrialHeld, trimmed
from davy.followup.adapt.next_step import next_step
from davy.followup.records import Record
from davy.followup.visit_plan import daily_mg
from davy.people.person import Medicine, Person, Supplement
from davy.safety.check import check


def steps_of(base: Inputs) -> list[Any]:
    plan = facts_of(base).plan
    assert plan is not None
    return sorted(plan.steps_until(base.today), key=daily_mg)


def past(base: Inputs, ago: int, action: Any, left: Any, *rules: str, pause: bool = False) -> Past:
    return Past(base.today - timedelta(days=ago), action, left, pause, rules)


def test_what_was_lowered_stays_so_through_a_pause_a_referral_and_many_weeks() -> None:
    base = known("migraine", 60)
    first, *_ = [step for step in steps_of(base) if step]
    ill = past(base, 6, "stop", (), "sick-day", pause=True)
    again = past(base, 20, "step_up", first, "resume")
    for earlier in (past(base, 30, "step_down", first, "cap"), past(base, 30, "refer", first, "cap", "referral")):
        assert total(decided(replace(base, past=(earlier,)))) == daily_mg(first)
        assert total(decided(replace(base, past=(earlier, past(base, 22, "keep", first))))) == daily_mg(first)
        made = decided(replace(base, past=(earlier, ill)))
        assert (made.action, total(made)) == ("step_up", daily_mg(first))
        sick = past(base, 27, "stop", (), "sick-day", pause=True)
        assert decided(replace(base, past=(earlier, sick, again))).action == "keep"
    for harm in (past(base, 8, "stop", (), "too-much"), past(base, 1, "stop", (), "new-drug")):
        made = decided(replace(base, past=tuple(sorted((harm, ill), key=lambda one: one.day))))
        assert (made.action, total(made)) == ("keep", 0)


def test_loose_stools_before_a_pause_bound_what_comes_back() -> None:
    base = known("migraine", 60)
    first, *_ = [step for step in steps_of(base) if step]
    paused = (past(base, 30, "stop", (), "sick-day", pause=True), past(base, 20, "step_up", first, "resume"))
    loose = with_day(replace(base, past=paused), 52, loose_stools=1.0)
    assert decided(replace(base, past=paused)).action == "step_up"
    assert (decided(loose).action, total(decided(loose))) == ("keep", daily_mg(first))


def test_a_resumed_step_that_a_gate_refuses_waits() -> None:
    base = after_a_pause()
    busy = tuple(f"{hour:02d}:00" for hour in range(0, 24, 2))
    bound = Medicine(name="doxycycline", classes=("tetracycline",), at=busy)
    assert decided(base).action == "step_up"
    made = decided(with_person(base, medicines=(bound,)))
    assert (made.action, total(made)) != ("step_up", 100)
    assert total(made) == 0


def test_the_cap_of_the_plan_holds_where_the_person_file_has_grown() -> None:
    """A person file changed by hand, here the country of the higher upper level, raises no cap of a plan."""
    base = by_trial()
    assert base.begun is not None
    plan = {
        **base.begun["plan"],
        "caps": [{**cap, "elemental_mg_per_day": 210.0} for cap in base.begun["plan"]["caps"]],
    }
    made = decided(replace(base, begun={**base.begun, "plan": plan}))
    assert total(made) <= 210
    low = {**plan, "caps": [{**cap, "elemental_mg_per_day": 120.0} for cap in plan["caps"]]}
    made = decided(replace(known("migraine", 60), begun={**known("migraine", 60).begun, "plan": low}))  # type: ignore[dict-item]
    assert (made.action, total(made)) == ("step_down", 100)


def test_harm_that_nobody_looked_at_for_weeks_still_acts() -> None:
    base = known("migraine", 60)
    assert rules_of(with_day(base, 30, symptoms=("fainting",)))[0] == "too-much"
    assert "too-much" not in rules_of(with_day(base, 70, symptoms=("fainting",)))
    many = with_day(with_day(base, 40, loose_stools=4.0), 30, loose_stools=4.0)
    assert (decided(many).action, rules_of(many)[0]) == ("stop", "loose")
    apart = with_day(with_day(base, 50, loose_stools=4.0), 30, loose_stools=4.0)
    assert "loose" not in rules_of(apart)
    assert "beside" in rules_of(with_day(base, 6, supplement_mg=600.0))
    assert "beside" not in rules_of(with_day(base, 6, supplement_mg=350.0))
    once = with_day(base, 30, loose_stools=1.0)
    assert decided(once).action in ("step_down", "stop")
    assert total(decided(once)) < total(decided(base))


def kidney(base: Inputs, before: float, after: float, *, first: int = 20) -> Inputs:
    """The eGFR before, or on the first day, and under the plan."""
    labs = tuple(one for one in base.person.labs if one.test != "creatinine")
    drawn = (base.today - timedelta(days=60 + first), before), (base.today - timedelta(days=9), after)
    held = with_person(base, labs=labs)
    return with_lab(held, *(lab(day, "egfr", value, "mL/min/1.73m2", 0) for day, value in drawn))


@pytest.mark.parametrize(
    ("before", "after", "first", "stops"),
    [(120, 89, 20, True), (120, 92, 20, False), (62, 58, 20, True), (120, 89, 0, True), (120, 92, 0, False)],
)
def test_a_fall_of_filtration_by_a_quarter_or_below_a_band_stops(
    before: float, after: float, first: int, stops: bool
) -> None:
    made = rules_of(kidney(known("migraine", 60), before, after, first=first))
    assert ("kidney" in made) is stops


@pytest.mark.parametrize(("serum", "action"), [(0.94, "keep"), (0.955, "stop"), (1.06, "stop")])
def test_a_serum_that_rose_over_its_target_lowers(serum: float, action: str) -> None:
    assert decided(asking(serum, urine=None)).action == action


def test_a_high_serum_from_before_the_plan_is_the_gates_matter_and_one_under_it_stops() -> None:
    assert "serum" in rules_of(
        with_lab(known("migraine", 60), lab(known("migraine", 60).today, "serum-magnesium", 1.06, "mmol/L"))
    )
    held = known("migraine", 60)
    assert "serum" not in rules_of(with_lab(held, lab(held.today, "serum-magnesium", 1.06, "mmol/L", 70)))


def record(base: Inputs, value: float, unit: str, ago: int) -> Inputs:
    day = base.today - timedelta(days=ago)
    return replace(base, records=(*base.records, Record("lab", day, value=value, unit=unit, text="serum-magnesium")))


def test_a_second_value_of_one_day_is_seen_and_the_same_one_in_another_unit_is_not_a_second() -> None:
    base = with_lab(known("migraine", 60), lab(known("migraine", 60).today, "serum-magnesium", 0.80, "mmol/L", 5))
    assert decided(record(base, 1.2, "mmol/L", 5)).action == "stop"
    assert len(facts_of(record(base, 1.94, "mg/dL", 5)).person.labs) == len(base.person.labs)
    ahead = with_lab(known("migraine", 60), lab(known("migraine", 60).today, "serum-magnesium", 0.80, "mmol/L", -3))
    assert decided(ahead).action == "stop"


def test_pregnancy_stops_and_a_medicine_or_product_added_beside_the_plan_does() -> None:
    base = known("migraine", 60, female=True)
    assert rules_of(with_person(base, pregnant=True))[0] == "pregnancy"
    pill = Medicine(name="levothyroxine", classes=("levothyroxine",), at=("06:00",))
    undated = with_person(known("migraine", 60), medicines=(pill,))
    assert "new-drug" not in rules_of(undated)
    for held, stops in (([], True), (["levothyroxine"], False)):
        begun = {**(undated.begun or {}), "medicines": held}
        assert ("new-drug" in rules_of(replace(undated, begun=begun))) is stops
    dated = pill.model_copy(update={"since": base.today - timedelta(days=50)})
    assert "new-drug" in rules_of(with_person(known("migraine", 60), medicines=(dated,)))
    more = Supplement(
        form="oxide", label_mg=400, label_means="elemental", per_day=1, since=base.today - timedelta(days=4)
    )
    assert decided(with_person(known("migraine", 60), supplements=(more,))).action == "stop"


@pytest.mark.parametrize(("told", "told_too"), [("positive pregnancy test", True), ("pregnancy test negative", False)])
def test_a_pregnancy_that_only_the_records_tell_stops(told: str, told_too: bool) -> None:
    base = known("migraine", 60, female=True)
    for ago in (0, 50):
        assert ("pregnancy" in rules_of(with_day(base, ago, symptoms=(told,)))) is told_too


def test_more_of_the_plans_own_form_or_an_unknown_amount_begun_after_it_counts_beside_it() -> None:
    base = known("migraine", 60)
    form = steps_of(base)[-1][0].form
    for mg, action in ((100.0, "keep"), (600.0, "stop"), (None, "stop")):
        row = Supplement(form=form, label_mg=mg, label_means="elemental", per_day=1, since=base.today)
        assert decided(with_person(base, supplements=(row,))).action == action


def test_a_product_without_a_day_that_the_file_did_not_name_when_the_plan_was_begun_counts_beside_it() -> None:
    base, day = known("migraine", 60), known("migraine", 60).today
    for since in (None, day - timedelta(days=400)):
        row = Supplement(form="oxide", label_mg=400, label_means="elemental", per_day=1, since=since)
        more = with_person(base, supplements=(row,))
        for held, action in (([], "stop"), ([["oxide", 400.0]], "keep"), ([["oxide", 200.0]], "stop")):
            begun = {**(more.begun or {}), "products": held}
            assert decided(replace(more, begun=begun)).action == action
        assert decided(more).action == "keep"  # of a log that kept none


def test_a_medicine_with_a_rule_of_its_own_that_only_the_diary_names_stops() -> None:
    base = known("migraine", 60)
    for name, stops in (("ciprofloxacin 500 mg", True), ("Lanoxin", True), ("ibuprofen 400 mg", False)):
        assert ("new-drug" in rules_of(with_day(base, 3, acute_medicines=(name,)))) is stops
    before = with_day(base, 70, acute_medicines=("doxycycline",))
    assert "new-drug" not in rules_of(with_day(before, 3, acute_medicines=("Doxycycline 100 mg",)))


def test_a_new_medicine_that_davy_does_not_know_is_looked_up_first_and_holds_a_step_up() -> None:
    base = by_trial()
    assert decided(base).action == "step_up"
    begun = {**(base.begun or {}), "medicines": []}
    for since in (base.today - timedelta(days=3), None):
        odd = Medicine(name="zorbexin", since=since)
        made = decided(replace(with_person(base, medicines=(odd,)), begun=begun))
        assert (made.action, made.reasons[0].rule, total(made)) == ("refer", "unknown-drug", total(base_keep(base)))
        pill = Medicine(name="vitamin b2", classes=("not-oral",), since=since)
        assert decided(replace(with_person(base, medicines=(pill,)), begun=begun)).action == "keep"
    known_then = {**begun, "medicines": ["zorbexin"]}
    assert decided(replace(with_person(base, medicines=(odd,)), begun=known_then)).action == "step_up"


def base_keep(base: Inputs) -> Any:
    """The same without what carried a step up."""
    return decided(replace(base, trial=None))


def test_loose_stools_in_words_count_where_their_number_says_none() -> None:
    base = with_day(known("migraine", 60), 3, loose_stools=0.0, symptoms=("loose stools",))
    assert (decided(base).action, rules_of(base)[0]) == ("step_down", "first-loose")


def test_a_stop_where_no_smaller_step_is_left_says_that_a_step_back_was_asked_for_before() -> None:
    base = known("migraine", 60)
    days = [with_day(with_day(base, 40, loose_stools=1.0), ago, loose_stools=1.0) for ago in (30, 3)]
    again = with_day(days[0], 3, loose_stools=1.0)
    sentences = [one.sentence for one in decided(again).reasons if one.rule == "first-loose"]
    assert any("asked for a step back already" in one for one in sentences), sentences


def test_what_medicines_were_known_is_kept_with_the_plan() -> None:
    base = known("migraine", 60)
    pill = Medicine(name="levothyroxine", classes=("levothyroxine",))
    row = Supplement(form="oxide", label_mg=400, label_means="elemental", per_day=1)
    person: Person = base.person.model_copy(update={"medicines": (pill,), "supplements": (row,)})
    body = {**(base.begun or {}), "inputs": {"person": person.model_dump(mode="json", exclude_none=True)}}
    kept = trimmed(replace(base, begun=body))
    assert kept.begun is not None
    assert kept.begun["medicines"] == ["levothyroxine"]
    assert kept.begun["products"] == [["oxide", 400.0]]
    assert trimmed(kept) == kept


def test_what_is_prescribed_goes_on_and_its_prescriber_is_asked() -> None:
    base = known("migraine", 60)
    (one, *_) = steps_of(base)[-1]
    own = Supplement(
        form=one.form,
        product=one.product,
        label_mg=one.elemental_mg,
        label_means="elemental",
        per_day=1,
        prescribed=True,
    )
    made = decided(with_day(with_person(base, supplements=(own,)), 1, symptoms=("fainting",)))
    assert made.action == "stop"
    assert "prescribed" in [reason.rule for reason in made.reasons]


@pytest.mark.parametrize(
    ("day", "chance", "verdict", "up"),
    [
        (56, 0.99, "benefit", True),
        (62, 0.99, "benefit", True),
        (63, 0.999, "benefit", False),
        (55, 0.999, "benefit", False),
        (57, 0.98, "benefit", False),
        (57, 0.999, "no_association", False),
    ],
)
def test_a_trial_carries_a_step_on_its_look_alone_and_only_where_it_is_sure(
    day: int, chance: float, verdict: str, up: bool
) -> None:
    made = decided(replace(known("sleep", day), trial=TrialHeld(verdict, chance)))
    assert (made.action == "step_up") is up


def test_a_step_up_waits_for_four_weeks_on_one_dose() -> None:
    base = by_trial()
    left = steps_of(base)[-1]
    for ago, action in ((10, "keep"), (27, "keep")):
        assert decided(replace(base, past=(past(base, ago, "step_up", left, "other"),))).action == action
    assert decided(replace(base, past=(past(base, 28, "step_up", left, "other"),))).action == "step_up"


@pytest.mark.parametrize(("day", "action"), [(84, "keep"), (98, "keep"), (99, "stop")])
def test_a_plan_that_helped_lapses_two_weeks_after_its_end(day: int, action: str) -> None:
    assert decided(known("migraine", day + first_taken(), fall=0.8)).action == action


def first_taken() -> int:
    plan = facts_of(known("migraine", 60)).plan
    assert plan is not None
    return (plan.first_taken - plan.start).days


def test_a_cap_that_fell_below_what_is_taken_steps_down_to_it() -> None:
    base = known("migraine", 60)
    assert total(decided(base)) > 250
    made = decided(with_person(base, jurisdiction="EU"))
    assert ("cap", "step_down", 250) in [(one.rule, one.action, one.most_mg) for one in made.reasons]
    assert total(made) == 200
    after = replace(base, past=(past(base, 1, made.action, made.regimen, "cap", "referral"),))
    assert total(decided(after)) == 200


def test_the_next_step_itself_stays_within_a_hundred_and_the_cap() -> None:
    facts = facts_of(by_trial())
    assert facts.plan is not None
    low = replace(facts, in_force=steps_of(by_trial())[0] or steps_of(by_trial())[1])
    now = daily_mg(low.in_force)
    made = next_step(low, by_lab=False)
    assert made is not None
    assert now < daily_mg(made) <= now + 100
    tight = replace(low, plan=replace(facts.plan, cap_mg=now + 30))
    assert daily_mg(next_step(tight, by_lab=False) or ()) <= now + 30


def test_a_step_up_is_judged_twice_by_its_size_and_by_the_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    base = by_trial()
    now = facts_of(base).in_force
    larger = (replace(now[0], elemental_mg=now[0].elemental_mg + 101), *now[1:])
    with monkeypatch.context() as patch:
        patch.setattr("davy.followup.adapt.raising.next_step", lambda *_, **__: larger)
        assert decide(base).action == "keep"
    monkeypatch.setattr("davy.followup.adapt.next_step._refused", lambda *_: True)
    assert decide(base).action == "keep"


def test_who_went_back_a_step_is_not_raised_by_a_trial() -> None:
    base = by_trial()
    less = next(step for step in steps_of(base) if step)
    back = past(base, 40, "step_down", less, "cap")
    made = decided(replace(base, past=(back,)))
    assert (made.action, total(made)) == ("keep", daily_mg(less))


def test_nothing_is_resumed_after_the_end_of_a_plan_or_above_its_cap() -> None:
    ended = known("migraine", 88, fall=0.8)
    ill = past(ended, 6, "stop", (), "sick-day", pause=True)
    assert decided(replace(ended, past=(ill,))).action == "keep"
    base = after_a_pause()
    assert base.begun is not None
    caps = [{**cap, "elemental_mg_per_day": 80.0} for cap in base.begun["plan"]["caps"]]
    capped = replace(base, begun={**base.begun, "plan": {**base.begun["plan"], "caps": caps}})
    assert total(decided(capped)) == 0


def test_what_is_resumed_is_judged_by_the_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    base = after_a_pause()
    refused = check(base.person.model_copy(update={"conditions": ("dialysis",)}), None)
    monkeypatch.setattr("davy.followup.adapt.raising.check", lambda *_: refused)
    made = decide(base)
    assert (made.action, total(made)) == ("refer", 0)


@pytest.mark.parametrize("name", [row.id for row in confounder_rows().values() if row.restores])
def test_what_is_resumed_waits_for_what_would_hide_its_harm(name: str) -> None:
    base = after_a_pause()
    made = decided(with_day(base, 9, supplement_mg=600.0) if name == "beside" else OPEN[name](base))
    assert made.action != "step_up"
    assert total(made) == 0


def test_a_sick_day_alone_is_a_pause_and_with_a_sign_of_too_much_it_is_none() -> None:
    base = known("migraine", 60)
    ill = decided(with_day(base, 1, symptoms=("vomiting",)))
    assert ("sick-day", "stop") in [(one.rule, one.action) for one in ill.reasons]
    assert (ill.action, ill.pause) == ("stop", True)
    both = decided(with_day(base, 1, symptoms=("vomiting", "fainting")))
    assert ("too-much", "stop") in [(one.rule, one.action) for one in both.reasons]
    assert (both.action, both.pause) == ("stop", False)
    pill = Medicine(name="levothyroxine", classes=("levothyroxine",), since=base.today - timedelta(days=3))
    new = decided(with_person(with_day(base, 1, symptoms=("vomiting",)), medicines=(pill,)))
    assert (new.action, new.pause) == ("stop", False)


@pytest.mark.parametrize(
    ("late", "action", "rules", "holds"), [(13, "keep", set(), 1), (14, "test_first", {"late-test"}, 28)]
)
def test_a_test_that_is_late_comes_first(late: int, action: str, rules: set[str], holds: int) -> None:
    """And what is said holds only until the word changes for it: two weeks after its day, six weeks after it."""
    made = decided(overdue(late))
    assert made.action == action
    assert made.expires == overdue(late).today + timedelta(days=holds)
    assert {"late-test", "lapsed"} & {one.rule for one in made.reasons} == rules


def test_a_test_that_is_six_weeks_late_ends_the_plan() -> None:
    made = decided(overdue(42))
    assert (made.action, total(made)) == ("stop", 0)
    assert "lapsed" in [one.rule for one in made.reasons]


def overdue(late: int) -> Inputs:
    """Somebody with one test due on day 30 of the plan, so many days later."""
    base = known("migraine", 30 + late)
    due = [{"test": "serum-magnesium", "day": 30, "why": "to see"}]
    assert base.begun is not None
    return replace(base, begun={**base.begun, "plan": {**base.begun["plan"], "monitoring": due}})


def test_a_urine_on_magnesium_or_not_complete_tells_no_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("davy.followup.adapt.rule.foreseen", lambda *_: None)  # the fit is not what this is about
    base = asking()
    tablets = Supplement(form="oxide", label_mg=100, label_means="elemental", per_day=1)
    assert rules_of(with_person(base, supplements=(tablets,)))[0] == "cause-first"
    old = {"date": base.today - timedelta(days=366)}
    for update in ({"complete": False}, {"date": base.today - timedelta(days=10)}, {"comparator": "<"}, old):
        labs = [one.model_copy(update=update) if one.test == "urine-magnesium-24h" else one for one in base.person.labs]
        assert rules_of(with_person(base, labs=tuple(labs)))[0] == "cause-first"
    since = Medicine(name="pantoprazole", classes=("ppi",), since=base.today - timedelta(days=50))
    assert rules_of(with_person(base, medicines=(since,)))[0] == "cause-first"


def test_the_gates_judge_what_is_in_force_and_refer() -> None:
    base = known("migraine", 60)
    at = facts_of(base).in_force[0].at
    clash = Medicine(name="levothyroxine", classes=("levothyroxine",), at=(at,))
    made = decided(with_person(base, medicines=(clash,)))
    assert (made.action, made.reasons[0].rule, total(made)) == ("stop", "gates", 0)
    assert "referral" in rules_of(asking(0.955, urine=None))


def test_a_trial_that_helped_too_little_or_was_not_noted_ends() -> None:
    day = 84 + first_taken()
    for fall, action in ((0.2, "stop"), (0.4, "keep")):
        assert decided(known("sleep", day, fall=fall)).action == action
    good = known("sleep", day, fall=0.4)
    few = tuple(one for one in good.days if (good.today - one.date).days > 22)
    assert rules_of(replace(good, days=few))[0] == "trial-end"
    assert decided(replace(good, days=few)).action == "stop"


def test_a_decision_of_today_or_later_is_not_one_of_the_past() -> None:
    base = known("migraine", 60)
    for ago in (0, -3):
        assert decided(replace(base, past=(past(base, ago, "stop", (), "kidney"),))) == decided(base)
