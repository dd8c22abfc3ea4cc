"""The rule that chooses: only medians decide, and a wider band never raises a dose."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from davy.planning.choice import Choice, Option, at_least, at_most, eligible, larger, restore

LOW, HIGH = 0.75, 0.95


def option(key: int, dose: float, serum: float = 0.7, *, permitted: bool = True, too_high: bool = False) -> Option:
    return Option(key, dose, permitted and not too_high, serum, (), too_high)


def test_restore_takes_the_least_dose_whose_median_reaches_the_target() -> None:
    found = restore([option(0, 0, 0.70), option(1, 100, 0.75), option(2, 200, 0.80)], LOW, HIGH)
    assert found == Choice(option(1, 100, 0.75), reached=True)


def test_restore_needs_no_supplement_where_serum_is_in_the_window_without_one() -> None:
    found = restore([option(0, 0, 0.76), option(1, 100, 0.80)], LOW, HIGH)
    assert found is not None
    assert (found.option.dose_mg, found.reached) == (0, True)


def test_restore_out_of_reach_takes_the_least_dose_within_a_hundredth_of_the_best() -> None:
    doses = [option(0, 0, 0.700), option(1, 100, 0.709), option(2, 200, 0.716), option(3, 300, 0.719)]
    found = restore(doses, LOW, HIGH)
    assert found is not None
    assert (found.option.dose_mg, found.reached) == (100, False)


def test_restore_out_of_reach_plans_nobody_down_from_what_they_take_now() -> None:
    doses = [option(0, 0, 0.700), option(1, 100, 0.709), option(2, 200, 0.716), option(3, 300, 0.719)]
    found, cut = restore(doses, LOW, HIGH, 0.714), restore(doses, LOW, HIGH, 0.74)
    assert found is not None
    assert cut is not None
    assert (found.option.dose_mg, cut.option.dose_mg) == (200, 300)


def test_restore_never_takes_what_lies_above_the_window() -> None:
    found = restore([option(0, 0, 0.70), option(1, 100, 0.96)], LOW, HIGH)
    assert found is not None
    assert (found.option.dose_mg, found.reached) == (0, False)


def test_a_dose_refused_for_where_serum_might_go_takes_all_larger_ones_with_it() -> None:
    doses = [option(0, 0), option(1, 100, too_high=True), option(2, 150, 0.80), option(3, 50)]
    assert [one.dose_mg for one in eligible(doses)] == [0, 50]


def test_another_refusal_takes_only_its_own_candidate() -> None:
    doses = [option(0, 0), option(1, 100, permitted=False), option(2, 150)]
    assert [one.dose_mg for one in eligible(doses)] == [0, 150]


def test_a_trial_takes_the_lowest_supported_dose_else_the_largest_allowed() -> None:
    doses = [option(0, 0), option(1, 200), option(2, 250), option(3, 350)]
    reached, capped = at_least(doses, 240), at_least(doses, 360)
    assert reached == Choice(option(2, 250), reached=True)
    assert capped == Choice(option(3, 350), reached=False)


def test_at_most_comes_as_near_as_it_may_from_below() -> None:
    doses = [option(0, 0), option(1, 100), option(2, 150)]
    assert at_most(doses, 120) == Choice(option(1, 100), reached=False)
    assert at_most(doses, 150) == Choice(option(2, 150), reached=True)


def test_nothing_permitted_chooses_nothing() -> None:
    none = [option(0, 100, permitted=False)]
    assert restore(none, LOW, HIGH) is None
    assert at_least(none, 50) is None
    assert larger(None, None) is None


def test_among_equal_doses_taste_decides() -> None:
    found = at_least([Option(0, 100, True, 0.8, (2.0,)), Option(1, 100, True, 0.8, (1.0,))], 100)
    assert found is not None
    assert found.option.key == 1


medians = st.floats(0.5, 1.0, allow_nan=False)
doses = st.sampled_from([0.0, 50.0, 100.0, 150.0, 200.0, 250.0, 300.0, 350.0])
people = st.lists(st.tuples(doses, medians, st.booleans()), min_size=1, max_size=14)


@given(people, st.lists(st.booleans(), min_size=14, max_size=14), st.floats(0.6, 0.9), st.floats(0, 400))
def test_a_wider_band_round_the_same_medians_never_raises_the_dose(
    drawn: list[tuple[float, float, bool]], wider: list[bool], low: float, wanted: float
) -> None:
    """Widening can only push further candidates over the safety limit; medians stay where they are."""
    before = [option(key, dose, serum, permitted=ok) for key, (dose, serum, ok) in enumerate(drawn)]
    after = [
        option(one.key, one.dose_mg, one.serum_mmol_per_L, permitted=one.permitted, too_high=wider[one.key])
        for one in before
    ]
    for rule in (
        lambda them: restore(them, low, 0.95),
        lambda them: restore(them, low, 0.95, low - 0.02),
        lambda them: at_least(them, wanted),
        lambda them: at_most(them, wanted),
    ):
        first, second = rule(before), rule(after)
        if second is not None:
            assert first is not None
            assert second.option.dose_mg <= first.option.dose_mg


@given(people, st.floats(0.6, 0.9), st.integers(0, 13))
def test_what_is_chosen_is_eligible_and_says_truly_whether_it_reaches(
    drawn: list[tuple[float, float, bool]], low: float, gone: int
) -> None:
    """What is chosen is permitted, below every refusal for serum, and never above the window."""
    options = [
        option(key, dose, serum, permitted=ok, too_high=key == gone) for key, (dose, serum, ok) in enumerate(drawn)
    ]
    found = restore(options, low, 0.95)
    if found is not None:
        assert found.option in eligible(options)
        assert found.option.serum_mmol_per_L < 0.95
        assert found.reached == (low <= found.option.serum_mmol_per_L)
