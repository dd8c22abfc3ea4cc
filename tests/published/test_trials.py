"""Published trials run as virtual ones: what is hit, and every miss with its size; nothing is tuned to them."""

from __future__ import annotations

import pytest

from davy.trials.read import example_trials, read_trial
from davy.trials.run import run_trial

PUBLISHED = tuple(name for name in example_trials() if read_trial(f"example:{name}").reported)

MISSES = {
    ("zhang-2016", "serum, magnesium less placebo", "f-167"): 0.023,
    ("rodriguez-2003", "serum, chloride less placebo", "f-206"): 0.055,
    ("rodriguez-2003", "serum, chloride", "f-206"): 0.055,
    ("guerrero-2015", "serum, chloride", "f-248"): 0.072,
    ("guerrero-2015", "serum, placebo", "f-248"): -0.038,
    ("lima-2014", "serum, magnesium after less before", "f-210"): -0.027,
    ("walker-2003", "urine, citrate less oxide", "K049"): None,
}
"""Reported less predicted median [mmol/L]; None where only significance was reported.

The trials in diabetes and prediabetes with a low serum report rises two to three times what the model gives on such a
dose, and no rise in the placebo arm though persons chosen by a low value regress to their mean; the trial in the
metabolic syndrome reports none at all. The model tells citrate and oxide apart by a third of a millimole a day, which
a trial of 46 persons in four arms seldom sees.
"""
CLOSE = 0.006
"""How far a miss may move with another version of the population before it has to be listed anew [mmol/L]."""


@pytest.fixture(scope="module")
def compared():
    """(trial, what, first source) to the comparison, of every published trial."""
    found = {}
    for name in PUBLISHED:
        for one in run_trial(f"example:{name}").reported:
            found[name, one.what, one.sources[0]] = one
    return found


def test_misses_are_the_listed_ones(compared):
    missed = {key for key, one in compared.items() if not one.hit}
    assert missed == set(MISSES)


@pytest.mark.parametrize("key", MISSES, ids=" ".join)
def test_a_miss_is_as_large_as_is_said(key, compared):
    miss = compared[key].miss
    if MISSES[key] is None:
        assert miss is None
        assert compared[key].probability < 0.5
    else:
        assert miss == pytest.approx(MISSES[key], abs=CLOSE)


def test_nothing_is_dropped_to_make_the_table_green(compared):
    assert len(PUBLISHED) == 8
    assert len(compared) == 16
    assert sum(one.hit for one in compared.values()) == 9
    assert {source for one in compared.values() for source in one.sources} == {
        "K049", "K054", "K090", "K091", "K098", "f-088", "f-091", "f-117", "f-167", "f-206", "f-210", "f-248",
    }  # fmt: skip


def test_predicted_intervals_are_those_of_trials_of_that_size(compared):
    """Smaller trials have wider intervals, in the proportion of the square roots."""
    few, many = (
        compared["siener-2011", "urine, capsules", "K054"],
        compared["zhang-2016", "urine, magnesium less placebo", "K091"],
    )
    assert few.n == 13
    assert few.high - few.low > 20
    assert many.high - many.low < 0.3
