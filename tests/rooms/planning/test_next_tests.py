"""Tests by what they would change: one currency, gates beside causes, and an answer where nothing would."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from davy.people.person import Person
from davy.people.read import person_from_text
from davy.planning.decision import PARTS, Decision, distance, weight_row, worth_of
from davy.planning.ground import Ask, survey
from davy.planning.insight import learn
from davy.planning.known import NextTest
from davy.planning.next_tests import NO_FURTHER_TEST
from davy.planning.plan import outcome_of, plan, status
from davy.planning.prospects import electrolyte_prospects, kidney_prospects, magnesium_prospects, pregnancy_prospects
from davy.planning.redecision import Standing

TODAY = date(2026, 11, 22)
BODY = """
davy: 1
id: asked
age_y: {age}
sex: {sex}
weight_kg: 75
height_cm: 172
jurisdiction: EU
goals: [{goal}]
diet: {{magnesium_mg_per_day: 250, method: weighed-record}}
{more}
labs:
{labs}
"""
KIDNEY = "  - {date: 2026-11-10, test: egfr, value: 95, unit: mL/min/1.73m2}"


def serum(value: float) -> str:
    return f"  - {{date: 2026-11-10, test: serum-magnesium, value: {value}, unit: mmol/L}}"


def someone(*labs: str, age: int = 45, sex: str = "male", goal: str = "repletion", more: str = "") -> Person:
    text = BODY.format(age=age, sex=sex, goal=goal, more=more, labs="\n".join(labs))
    return person_from_text(text.replace("labs:\n\n", ""), name="asked", today=TODAY)


def asked(who: Person) -> tuple[NextTest, ...]:
    return plan(who, draws=200).status.next_tests


def names(who: Person) -> list[str]:
    return [test.test for test in asked(who)]


def standing(who: Person) -> Standing:
    ground = survey(who, Ask("literature", 0, 200))
    return outcome_of(ground, learn(who, "literature", draws=200, seed=0)).standing(ground)


def test_an_unknown_kidney_ranks_first() -> None:
    assert names(someone())[0] == "creatinine"
    assert names(someone(serum(0.70)))[0] == "creatinine"
    assert names(someone(serum(0.60), age=50))[0] == "creatinine"
    assert names(someone(goal="sleep", age=30))[0] == "creatinine"


def test_an_unknown_kidney_that_refuses_is_worth_more_than_one_that_caps() -> None:
    risky = someone(serum(0.72), more="conditions: [hypertension]")
    assert plan(risky, draws=200).verdict.word == "refused"
    first = asked(risky)[0]
    assert first.test == "creatinine"
    assert first.changes["verdict"] > 0.9
    assert first.value > asked(someone(serum(0.72)))[0].value


def test_two_tests_that_decide_only_together() -> None:
    old = someone(age=80)
    told = {test.test: test.why for test in asked(old)}
    assert {"creatinine", "serum-magnesium"} <= set(told)
    assert "together with serum magnesium" in told["creatinine"]


def test_a_low_serum_asks_why_and_how_urgent() -> None:
    found = asked(someone(KIDNEY, serum(0.65)))
    told = {test.test: test for test in found}
    assert found[0].test == "urine-magnesium-24h"
    assert told["urine-magnesium-24h"].changes["cause"] > 0.5
    assert told["potassium"].changes["verdict"] == pytest.approx(0.05, abs=0.02)
    assert "calcium" not in told  # one in fifty hypomagnesaemic people: below what is worth a test


def test_a_urine_that_was_collected_off_magnesium_is_not_asked_for_again() -> None:
    urine = "  - {date: 2026-11-10, test: urine-magnesium-24h, value: 3.0, unit: mmol/24h, complete: true}"
    assert "urine-magnesium-24h" not in names(someone(KIDNEY, serum(0.65), urine))


@pytest.mark.parametrize("goal", ["repletion", "migraine-prevention", "general"])
def test_red_cells_are_never_worth_a_test(goal: str) -> None:
    for labs in ((KIDNEY,), (KIDNEY, serum(0.80)), (KIDNEY, serum(0.66))):
        assert "rbc-magnesium" not in names(someone(*labs, goal=goal))


def test_no_further_test_is_an_answer() -> None:
    who = someone(KIDNEY, serum(0.85), goal="sleep")
    made = plan(who, draws=200)
    assert made.status.next_tests == ()
    assert made.status.next_tests_said == NO_FURTHER_TEST
    assert status(who, draws=200).status.next_tests_said == NO_FURTHER_TEST


def test_results_that_contradict_each_other_are_told_in_the_plan_and_asked_for_again() -> None:
    earlier = serum(0.62).replace("2026-11-10", "2026-11-05")
    made = plan(someone(KIDNEY, earlier, serum(0.95)), draws=200)
    assert len(made.status.set_aside) == 2
    assert "think of" in made.status.set_aside[0]
    assert made.status.next_tests or made.status.next_tests_said.startswith(f"{NO_FURTHER_TEST} Repeat")


def test_a_question_that_was_not_asked_competes() -> None:
    woman = someone(KIDNEY, age=27, sex="female", goal="migraine-prevention")
    told = {test.test: test for test in asked(woman)}
    assert told["pregnancy"].changes["verdict"] == pytest.approx(1.0)
    assert told["pregnancy"].value > weight_row("care").weight


def test_every_value_says_what_would_change_and_how_often() -> None:
    for test in asked(someone(serum(0.66))):
        assert 0.05 <= test.value <= 1
        assert set(test.changes) == set(PARTS)
        assert any(f"about {100 * share:.0f}" in test.why for share in test.changes.values() if share >= 0.005)


def test_deciding_again_with_nothing_new_changes_nothing() -> None:
    for who in (someone(KIDNEY, serum(0.66)), someone(), someone(KIDNEY, goal="sleep")):
        stands = standing(who)
        assert stands.insight is not None
        assert stands.decide(who, None, stands.insight.posterior.cause) == stands.today
        assert stands.today.dose_mg == plan(who, draws=200).total_nonfood_mg_per_day


def test_weighing_all_draws_alike_is_the_plain_median() -> None:
    stands = standing(someone(KIDNEY, serum(0.66)))
    plain = [option.serum_mmol_per_L for option in stands.surface.options]
    assert stands.surface.unweighted[:-1] == pytest.approx(plain, abs=1e-12)


def test_a_result_moves_the_decision_to_where_a_new_fit_would_take_it() -> None:
    """The reweighted draws against the plan that is made when the result is really there."""
    before, value = someone(KIDNEY, serum(0.70)), 4.0
    stands = standing(before)
    assert stands.insight is not None
    urine = stands.insight.posterior.fitted["urine_mmol_per_d"]
    assert urine[0] < value < 1.5 * urine[2]
    lab = f"  - {{date: 2026-11-22, test: urine-magnesium-24h, value: {value}, unit: mmol/24h, complete: true}}"
    after = plan(someone(KIDNEY, serum(0.70), lab), draws=200)
    cause = stands.cause_with_urine(value, np.ones(200))
    assert cause is not None
    assert after.status.cause is not None
    assert max(cause, key=lambda name: cause[name]) == max(
        after.status.cause, key=lambda name: (after.status.cause or {})[name]
    )


def test_the_currency_is_a_refusal() -> None:
    permitted = Decision("allowed", 250.0, 200.0)
    assert distance(permitted, permitted) == dict.fromkeys(PARTS, 0.0)
    assert distance(permitted, Decision("refused", 250.0, 200.0))["verdict"] == weight_row("refusal").weight == 1
    assert distance(permitted, Decision("with_care", 250.0, 200.0))["verdict"] == weight_row("care").weight
    half = distance(permitted, Decision("allowed", 250.0 - weight_row("cap").full / 2, 200.0))["cap"]
    assert half == pytest.approx(weight_row("cap").weight / 2)
    named = worth_of(permitted, [(0.25, Decision("allowed", 250.0, 200.0, "renal")), (0.75, permitted)])
    assert named.value == pytest.approx(weight_row("cause").weight / 4)
    assert named.changes["cause"] == pytest.approx(0.25)
    assert worth_of(permitted, [(1.0, Decision("refused", 0.0, None, "renal"))]).value == 1


def test_what_a_test_might_show_sums_to_one_and_follows_age_and_condition() -> None:
    young, old = someone(age=25), someone(age=78, more="conditions: [hypertension, type-2-diabetes]")
    below = []
    for who in (young, old):
        found = kidney_prospects(who, (30.0, 45.0, 60.0))
        assert sum(one.probability for one in found) == pytest.approx(1)
        below.append(sum(one.probability for one in found if one.value < 60))
    assert below[0] < 0.01
    assert below[1] == pytest.approx(0.35, abs=0.06)
    answers = pregnancy_prospects(someone(age=27, sex="female"))
    assert [one.person.pregnant for one in answers] == [True, False]
    assert answers[0].probability == pytest.approx(0.084, abs=0.001)
    assert electrolyte_prospects(someone(serum(0.80)), "potassium", (3.0,)) == ()


def test_a_magnesium_test_is_foretold_with_its_error() -> None:
    draws = np.exp(np.random.default_rng(1).normal(np.log(0.8), 0.05, 4000))
    found = magnesium_prospects(someone(), "serum-magnesium", draws, 0.1, (0.75,))
    spread = np.std(np.log([one.value for one in found]))
    assert spread == pytest.approx((0.05**2 + 0.1**2) ** 0.5, rel=0.12)
    assert len({id(one.person) for one in found}) == 2
