"""Who gets what: a group for each person by the order of their enrolment, whatever the chunks they come in."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from davy.people.chance import shares
from davy.trials.design import Trial
from davy.trials.timetable import sequences_of, shares_of

Ints = NDArray[np.int64]
_LONG = 256
"""Permuted blocks are drawn in runs of at least so many persons."""


def block_sizes(trial: Trial) -> tuple[int, ...]:
    """The sizes of the permuted blocks: those of the file, else twice and three times the smallest."""
    unit = sum(shares_of(trial))
    return trial.randomisation.block_sizes or (2 * unit, 3 * unit)


def allocate(trial: Trial, numbers: Ints, strata: Ints, positions: Ints) -> Ints:
    """(persons,) the group of each.

    Parameters
    ----------
    numbers : (persons,) order of enrolment in the whole trial, consecutive.
    strata, positions : (persons,) the stratum of each, and the order of enrolment within it.
    """
    kind = trial.randomisation.kind
    if not len(numbers):
        return np.zeros(0, dtype=np.int64)
    if kind == "simple":
        edges = np.cumsum(shares_of(trial)) / sum(shares_of(trial))
        drawn = shares(f"trial:{trial.seed}:simple", int(numbers[0]), len(numbers))
        return np.searchsorted(edges, drawn, side="right").clip(max=len(edges) - 1).astype(np.int64)
    if kind == "n-of-1":
        return _orders(trial, numbers)
    return _blocked(trial, strata, positions)


def _orders(trial: Trial, numbers: Ints) -> Ints:
    """Each cycle of each person in one of two orders, at random; the sequence with all of these orders."""
    found = np.zeros(len(numbers), dtype=np.int64)
    for cycle in range(trial.randomisation.cycles or 1):
        coin = shares(f"trial:{trial.seed}:cycle:{cycle}", int(numbers[0]), len(numbers)) < 0.5
        found = 2 * found + coin
    return found


def _blocked(trial: Trial, strata: Ints, positions: Ints) -> Ints:
    sizes, weights = block_sizes(trial), shares_of(trial)
    found = np.empty(len(positions), dtype=np.int64)
    length = len(_run(trial.seed, sizes, weights, 0, 0))
    runs = positions // length
    pairs: Ints = np.unique(np.column_stack((strata, runs)), axis=0)
    for stratum, run in pairs:
        mine = (strata == stratum) & (runs == run)
        found[mine] = _run(trial.seed, sizes, weights, int(stratum), int(run))[positions[mine] - run * length]
    return found


@lru_cache(maxsize=256)
def _run(seed: int, sizes: tuple[int, ...], weights: tuple[int, ...], stratum: int, number: int) -> Ints:
    """A run of permuted blocks in which each size comes equally often, in random order; each block is in the ratio."""
    digest = hashlib.sha256(f"trial:{seed}:blocks:{stratum}:{number}".encode()).digest()
    stream = np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "big")))
    repeats = -(-_LONG // sum(sizes))
    unit = np.repeat(np.arange(len(weights)), weights)
    order = stream.permutation(np.tile(np.array(sizes), repeats))
    return np.concatenate([stream.permutation(np.tile(unit, size // len(unit))) for size in order])


def group_count(trial: Trial) -> int:
    """How many groups there are."""
    return len(sequences_of(trial))
