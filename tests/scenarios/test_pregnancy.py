"""Pregnant, with cramps, on a prenatal: food advice, the midwife, and the prenatal goes on."""

from __future__ import annotations

from tests.scenarios.stories import gates, story


def test_refused_with_a_referral_to_the_midwife() -> None:
    plan = story("pregnancy")
    assert plan.verdict.word == "refused"
    assert "pregnancy" in gates(plan, "refuse")
    assert any("idwife" in one.reason for one in plan.refer)


def test_food_advice_is_given() -> None:
    assert story("pregnancy").food


def test_nobody_says_stop_your_prenatal() -> None:
    plan = story("pregnancy")
    (item,) = plan.current
    assert item.action == "keep"
    spoken = (
        [one.sentence for one in plan.verdict.findings] + [rule.do for rule in plan.stop_rules] + list(plan.bottom_line)
    )
    assert not [
        said for said in spoken if "stop" in said.lower() and "prenatal" in said.lower() and "keep" not in said.lower()
    ]
