"""Kidney disease stage 4 with a magnesium laxative that nobody counted."""

from __future__ import annotations

from tests.scenarios.stories import binding, gates, story


def test_refused_in_every_profile() -> None:
    plan = story("kidney-4")
    assert plan.verdict.word == "refused"
    assert "kidney-below-30" in gates(plan, "refuse")
    assert binding(plan)[1] == 0
    assert plan.food == ()


def test_the_laxative_has_no_known_amount_and_goes_to_whoever_advised_it() -> None:
    (item,) = story("kidney-4").current
    assert item.action == "ask_prescriber"
    assert item.elemental_mg_per_day.high is None


def test_the_articles_agree_below_30() -> None:
    theirs = story("kidney-4").as_the_articles_say
    assert theirs is not None
    assert "c-002-097" in theirs.claim_ids
    assert theirs.regimen is None


def test_the_kidney_team_is_named() -> None:
    assert any("idney" in one.reason for one in story("kidney-4").refer)


def test_the_articles_parameters_change_nothing() -> None:
    ours, theirs = story("kidney-4"), story("kidney-4", "articles")
    assert (ours.verdict, ours.caps) == (theirs.verdict, theirs.caps)
