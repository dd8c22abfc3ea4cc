"""A change before and after: what placebo arms and regression to the mean explain of it."""

from __future__ import annotations

import math

import pytest

from davy.errors import InputError
from davy.followup.before_after import before_after


def test_most_of_a_small_fall_needs_no_treatment() -> None:
    made = before_after("headache-days", 10, 8.5, before_days=28, after_days=84)
    assert made.improvement == pytest.approx(1.5)
    assert made.placebo is not None
    assert made.regression is not None
    assert made.placebo.low == pytest.approx(1.0 * 28 / 30.44, rel=1e-6)
    assert made.regression.middle == pytest.approx((10 - 6.9 * 28 / 30.44) * 0.45, rel=1e-6)
    assert made.explained_high == 1.0
    assert "by chance alone" in made.sentence
    assert made.sources


def test_a_large_fall_is_explained_in_part_and_a_longer_baseline_regresses_less() -> None:
    short = before_after("headache-days", 16, 6, before_days=28, after_days=84)
    long = before_after("headache-days", 16, 6, before_days=84, after_days=84)
    assert short.explained_low is not None
    assert short.explained_high is not None
    assert 0 < short.explained_low < short.explained_high < 0.7
    assert short.regression is not None
    assert long.regression is not None
    assert long.regression.middle < short.regression.middle
    assert long.high - long.low < short.high - short.low


def test_no_improvement_has_nothing_to_explain() -> None:
    made = before_after("cramps", 4, 5, before_days=28, after_days=28)
    assert (made.explained_low, made.explained_high) == (None, None)
    assert "did not get better" in made.sentence


@pytest.mark.parametrize("outcome", ["pain", "sleep-onset", "cramps", "acute-medicine-days", "headache-days"])
def test_every_outcome_has_trial_data_beside_it(outcome: str) -> None:
    made = before_after(outcome, 8, 4, before_days=28, after_days=56)
    assert made.placebo is not None
    assert 0 < made.placebo.low <= made.placebo.middle <= made.placebo.high
    assert made.as_json()["schema"] == "davy.before-after/1"


def test_bad_levels_are_refused() -> None:
    for before, days in ((math.nan, 28), (5.0, 0)):
        with pytest.raises(InputError):
            before_after("pain", before, 4, before_days=days, after_days=28)
    with pytest.raises(InputError, match="one of"):
        before_after("mood", 5, 4, before_days=28, after_days=28)
