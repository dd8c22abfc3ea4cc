"""Randomisation: balanced as promised, unforeseeable, and a person's treatment depends on nothing but their number."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rooms.trials.files import CROSSOVER, N_OF_1, PARALLEL, edited

from davy.trials.allocation import allocate, block_sizes, group_count
from davy.trials.read import trial_from_text

PEOPLE = 4000


def made(text=PARALLEL, *changes):
    return trial_from_text(edited(text, *changes), name="trial")


def everyone(trial, people=PEOPLE, strata=None):
    numbers = np.arange(people)
    strata = np.zeros(people, dtype=np.int64) if strata is None else strata
    positions = np.zeros(people, dtype=np.int64)
    for one in np.unique(strata):
        positions[strata == one] = np.arange((strata == one).sum())
    return allocate(trial, numbers, strata, positions)


RATIO = ("drop_out_per_year: 1.0", "randomisation: {kind: %s, ratio: {placebo: 1, magnesium: 2}%s}")


def test_simple_randomisation_keeps_the_ratio_on_average_and_is_a_coin():
    trial = made(PARALLEL, (RATIO[0], RATIO[1] % ("simple", "")))
    groups = everyone(trial)
    assert abs(groups.mean() - 2 / 3) < 4 * np.sqrt(2 / 9 / PEOPLE)
    follows = np.corrcoef(groups[1:], groups[:-1])[0, 1]
    assert abs(follows) < 4 / np.sqrt(PEOPLE)


def test_blocks_are_balanced_all_along_and_not_foreseeable():
    trial = made(PARALLEL, (RATIO[0], RATIO[1] % ("blocked", ", block_sizes: [3, 6]")))
    groups = everyone(trial)
    ahead = np.cumsum(groups) - 2 / 3 * np.arange(1, PEOPLE + 1)
    assert np.abs(ahead).max() <= 4 * 2 / 3 + 1e-9
    orders = {tuple(groups[k : k + 12]) for k in range(0, 3600, 12)}
    assert len(orders) > 150


def test_default_blocks_hold_the_ratio():
    trial = made(PARALLEL, (RATIO[0], RATIO[1] % ("blocked", "")))
    assert block_sizes(trial) == (6, 9)


def test_strata_are_balanced_each_by_itself():
    factors = "[{column: female}, {column: age_y, cuts: [40, 60]}]"
    words = f"randomisation: {{kind: stratified, block_sizes: [4], strata: {factors}}}"
    trial = made(PARALLEL, ("drop_out_per_year: 1.0", words))
    strata = np.random.default_rng(0).integers(0, 6, PEOPLE)
    groups = everyone(trial, strata=strata)
    for one in range(6):
        own = groups[strata == one]
        assert abs(own.sum() - len(own) / 2) <= 2
    assert len({tuple(groups[strata == one][:40]) for one in range(6)}) == 6


def test_sequences_of_a_crossover_are_balanced():
    trial = made(CROSSOVER)
    groups = everyone(trial, 1000)
    assert abs(groups.sum() - 500) <= 3


def test_n_of_1_orders_are_all_used_alike():
    trial = made(N_OF_1)
    assert group_count(trial) == 8
    counts = np.bincount(everyone(trial), minlength=8)
    assert counts.min() > PEOPLE / 8 * 0.8
    assert counts.max() < PEOPLE / 8 * 1.2


@pytest.mark.parametrize("kind", ["simple", "blocked"])
def test_a_part_is_the_part_of_the_whole(kind):
    trial = made(PARALLEL, (RATIO[0], RATIO[1] % (kind, "")))
    whole = everyone(trial)
    numbers = np.arange(1237, 2900)
    none = np.zeros(len(numbers), dtype=np.int64)
    assert (allocate(trial, numbers, none, numbers) == whole[numbers]).all()


def test_another_seed_is_another_allocation():
    trial = made(PARALLEL)
    other = made(PARALLEL, ("people: 300", "people: 300\nseed: 1"))
    assert (everyone(trial) != everyone(other)).any()
    assert (everyone(trial) == everyone(made(PARALLEL))).all()
