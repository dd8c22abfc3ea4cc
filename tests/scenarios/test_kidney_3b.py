"""Kidney disease stage 3b, tired and asking for magnesium: refused on their own."""

from __future__ import annotations

from tests.scenarios.stories import gates, story


def test_refused_with_the_fact_the_limit_and_what_would_change_it() -> None:
    plan = story("kidney-3b")
    assert plan.verdict.word == "refused"
    assert "kidney-30-to-44" in gates(plan, "refuse")
    assert plan.regimen is None
    assert "would change this" in plan.bottom_line[0]


def test_nothing_is_simulated_and_nobody_says_eat_more() -> None:
    plan = story("kidney-3b")
    assert plan.expected == ()
    assert plan.food == ()
    assert plan.prediction_to_check is None
    assert "eat" not in " ".join(plan.bottom_line).lower().split()


def test_what_still_helps_is_there() -> None:
    plan = story("kidney-3b")
    assert plan.refer
    assert plan.caps
    assert "how far the kidney limits" in {one.topic for one in plan.disagreements}


def test_the_articles_dose_is_told_and_not_shown() -> None:
    theirs = story("kidney-3b").as_the_articles_say
    assert theirs is not None
    assert (theirs.verdict, theirs.regimen) == ("refused", None)
    assert "c-002-096" in theirs.claim_ids
    assert "200-300 mg" in theirs.sentence
