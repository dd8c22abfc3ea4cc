"""Eats well and asks whether to take magnesium anyway: the best plan holds no tablet."""

from __future__ import annotations

from tests.scenarios.stories import finding, story


def test_food_first_and_no_supplement() -> None:
    plan = story("well-fed")
    assert plan.verdict.word == "allowed"
    assert plan.regimen is None
    assert plan.total_nonfood_mg_per_day == 0
    assert finding(plan, "food_first").startswith("Food first")


def test_nothing_has_to_be_eaten_on_top() -> None:
    assert story("well-fed").food == ()


def test_what_a_supplement_would_do_is_shown_beside_it() -> None:
    (other, *_) = story("well-fed").alternatives
    assert other.regimen.elemental_mg_per_day <= 100
    assert other.why_not


def test_the_forecast_without_a_supplement_stays_level() -> None:
    serum = next(one for one in story("well-fed").expected if one.output == "serum_mmol_per_L")
    assert max(serum.p50) - min(serum.p50) < 0.005


def test_the_articles_would_give_everyone_something() -> None:
    theirs = story("well-fed").as_the_articles_say
    assert theirs is not None
    assert theirs.regimen is not None
    assert "whether almost everyone benefits" in {one.topic for one in story("well-fed").disagreements}
