"""Decisions held against the truth: the advice, the serum alone, a red-cell magnesium."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from davy.qualify.decisions import ARMS, WORLDS, DecisionQuality, LossRow, Made, decisions_for
from davy.tables import read_table

PERSONS = 6


@cache
def small() -> DecisionQuality:
    return decisions_for(PERSONS, seed=0, worlds=WORLDS[:1])


def test_following_the_advice_costs_less_than_deciding_on_the_serum_or_on_red_cells() -> None:
    rows = {row["decided"]: row for row in small().rows()}
    assert tuple(rows) == ARMS
    alone, cells, advised = (rows[arm] for arm in ARMS)
    assert advised["loss"] < min(alone["loss"], cells["loss"])
    assert advised["cause_right"] > alone["cause_right"]
    assert alone["cause_open"] == 1  # without a urine no cause is named
    assert alone["tests"] == 0 < cells["tests"] <= advised["tests"]
    for row in rows.values():
        assert row["persons"] == PERSONS
        assert row["cause_right"] + row["cause_wrong"] + row["cause_open"] == pytest.approx(1, abs=2e-4)


def test_what_is_saved_is_paired_person_by_person() -> None:
    (arms,) = small().made
    first, last = (np.array([one.loss for one in arms[at]]) for at in (0, 2))
    told = small().rows()[2]
    assert told["saved"] == pytest.approx(float((first - last).mean()), abs=1e-4)
    assert told["saved_low"] < told["saved"] < told["saved_high"]


def test_a_wrong_cause_costs_more_than_an_open_one_and_too_little_more_than_too_much() -> None:
    cost = {row.id: row.loss for row in read_table("decision_losses.csv", LossRow)}
    assert cost["wrong-cause"] > cost["open-cause"] > cost["test"] > 0
    assert cost["too-little"] > cost["too-much"]


def test_the_verdict_of_the_study_needs_every_world_and_both_rivals() -> None:
    def quality(*losses: tuple[float, float, float]) -> DecisionQuality:
        made = tuple(
            tuple(tuple(Made(None, 0.0, 0, loss + 0.01 * (at % 3)) for at in range(30)) for loss in world)
            for world in losses
        )
        return DecisionQuality(("a", "b")[: len(losses)], made, ((0,) * 30,) * len(losses))

    assert quality((0.6, 0.7, 0.3), (0.6, 0.7, 0.5)).advice_wins
    assert not quality((0.6, 0.7, 0.3), (0.6, 0.7, 0.6)).advice_wins
    assert not quality((0.6, 0.2, 0.3)).advice_wins
    assert quality((0.6, 0.7, 0.3), (0.6, 0.7, 0.6)).won == ("a",)
    assert "better beyond chance in 1 of 2 worlds" in quality((0.6, 0.7, 0.3), (0.6, 0.7, 0.6)).sentence
