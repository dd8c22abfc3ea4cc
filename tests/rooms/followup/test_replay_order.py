"""Safer, the same, riskier: a preorder in every part, so that no series of releases creeps towards the riskier."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from davy.followup.replay.stance import ACTIONS, LEVELS, PARTS, Stance, change, dose_on, riskier_parts

DAY = date(2026, 11, 22)
ASKS = ("refer: f-001", "test: egfr", "gate: kidney")
FEW = settings(max_examples=60, deadline=None)

doses = st.one_of(
    st.none(),
    st.dictionaries(st.sampled_from([0, 7, 14, 60]), st.sampled_from([0.0, 100.0, 200.0, 250.0]), max_size=3).map(
        lambda steps: tuple(sorted(steps.items()))
    ),
)
stances = st.builds(
    Stance,
    action=st.sampled_from(ACTIONS),
    doses=doses,
    intake_mg=st.sampled_from([0.0, 100.0, 200.0]),
    until=st.one_of(st.none(), st.sampled_from([DAY, DAY + timedelta(days=84)])),
    asks=st.dictionaries(
        st.sampled_from(ASKS), st.lists(st.integers(-28, 3), min_size=1, max_size=2).map(tuple), max_size=2
    ),
    autonomy=st.sampled_from(LEVELS),
)


def as_safe(one: Stance, other: Stance) -> bool:
    return not riskier_parts(other, one)


@given(stances, stances, stances)
@FEW
def test_at_least_as_safe_is_a_preorder_in_every_part_and_as_a_whole(a: Stance, b: Stance, c: Stance) -> None:
    for part in PARTS.values():
        assert part(a, a)
        assert not (part(a, b) and part(b, c)) or part(a, c)
    assert as_safe(a, a)
    assert not (as_safe(a, b) and as_safe(b, c)) or as_safe(a, c)


@given(stances, stances)
@FEW
def test_the_word_follows_from_the_order_alone(a: Stance, b: Stance) -> None:
    word = change(a, b)
    assert (word == "same") == (as_safe(a, b) and as_safe(b, a))
    assert (word == "riskier") == (not as_safe(b, a))
    assert word != "safer" or change(b, a) == "riskier"
    assert word != "same" or change(b, a) == "same"


@given(st.lists(stances, min_size=2, max_size=6))
@FEW
def test_no_series_of_releases_that_are_not_riskier_ends_riskier_than_it_began(offered: list[Stance]) -> None:
    released = [offered[0]]
    for one in offered[1:]:
        if change(released[-1], one) != "riskier":
            released.append(one)
    assert change(released[0], released[-1]) != "riskier"


@given(stances, st.integers(0, 90), st.floats(1, 300))
@FEW
def test_more_magnesium_on_any_day_is_riskier_whatever_is_asked_beside(one: Stance, day: int, more: float) -> None:
    if one.doses is None:
        return
    days = sorted({0, day, day + 1, *(first for first, _ in one.doses)})
    raised = tuple((at, dose_on(one.doses, at) + (more if at == day else 0)) for at in days)
    careful = {**one.asks, "refer: f-009": (4,)}
    now = replace(one, doses=raised, asks=careful, action="not_begun", autonomy="L0", until=DAY - timedelta(days=9))
    assert change(one, now) == "riskier"
    assert "dose" in riskier_parts(one, now)


@given(stances)
@FEW
def test_each_part_alone_moves_the_word(one: Stance) -> None:
    for rank, action in enumerate(ACTIONS):
        moved = change(one, replace(one, action=action))
        was = ACTIONS.index(one.action)
        assert moved == ("same" if rank == was else "riskier" if rank > was else "safer")
    for rank, level in enumerate(LEVELS):
        was = LEVELS.index(one.autonomy)
        moved = change(one, replace(one, autonomy=level))
        assert moved == ("same" if rank == was else "riskier" if rank > was else "safer")
    assert change(one, replace(one, intake_mg=one.intake_mg + 1)) == "riskier"
    for what in one.asks:
        less = {name: levels for name, levels in one.asks.items() if name != what}
        assert change(one, replace(one, asks=less)) == "riskier"
        weaker = {**one.asks, what: (one.asks[what][0] - 1, *one.asks[what][1:])}
        assert change(one, replace(one, asks={**weaker, what: tuple(sorted(weaker[what]))})) in ("riskier", "same")
    assert change(one, replace(one, asks={**one.asks, "refer: f-010": (1,)})) == "safer"


@pytest.mark.parametrize(
    ("then", "now", "word"),
    [
        (Stance("keep", ((0, 200.0),)), Stance("keep", None), "riskier"),
        (Stance("keep", None), Stance("keep", ((0, 200.0),)), "riskier"),
        (Stance("keep", None), Stance("stop", ()), "safer"),
        (Stance("keep", ((0, 200.0),), until=DAY), Stance("keep", ((0, 200.0),)), "riskier"),
        (Stance("stop", ((0, 0.0),), until=DAY), Stance("stop", ()), "same"),
        (Stance("step_down", ((0, 100.0),)), Stance("refer", ((0, 200.0),)), "riskier"),
        (Stance("keep", asks={"test: egfr": (-28,)}), Stance("keep", asks={"test: egfr": (-14,)}), "safer"),
        (Stance("keep", asks={"refer: f-1": (2, 2)}), Stance("keep", asks={"refer: f-1": (4,)}), "riskier"),
    ],
)
def test_cases_that_a_reader_would_settle_alike(then: Stance, now: Stance, word: str) -> None:
    assert change(then, now) == word


@pytest.mark.parametrize("wrong", [{"action": "raise"}, {"action": "keep", "autonomy": "L4"}])
def test_a_word_that_is_none_is_no_stance(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="no such decision"):
        Stance(**wrong)  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="below zero"):
        Stance("keep", ((0, -1.0),))
