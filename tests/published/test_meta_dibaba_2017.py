"""Dibaba 2017, Am J Clin Nutr 106:921, Table 1: blood pressure, with and without the Durango group.

Of eleven trials six were read (end values of five, and the change of Guerrero-Romero 2009 from its own abstract), so
that the printed pooled result cannot be re-run; what can be seen is how much of the effect one group carries.
"""

from __future__ import annotations

import pytest
from tests.published.pooled_studies import Rows, group, means

import davy
from davy.evidence.meta.pooled import PooledEffect


def trials(outcome: str, *, durango: bool) -> Rows:
    named = [*group("bp"), *(group("bp-durango") if durango else [])]
    return means([one for one in named if one.outcome.startswith(outcome) and one.mean_control is not None])


def width(made: PooledEffect) -> float:
    assert made.common.ci is not None
    return made.common.ci[1] - made.common.ci[0]


@pytest.mark.parametrize("outcome", ["systolic", "diastolic"])
def test_without_the_durango_group_nothing_systolic_is_left(outcome: str) -> None:
    every = davy.pool(trials(outcome, durango=True), measure="MD")
    others = davy.pool(trials(outcome, durango=False), measure="MD")
    assert (every.k, others.k) == (6, 2)
    assert every.estimate is not None
    assert others.common.estimate is not None
    if outcome == "systolic":
        assert every.estimate < -3
        assert others.common.estimate > 0
    assert others.ci is not None
    assert others.ci[0] < 0 < others.ci[1]


def test_one_trial_of_that_group_makes_the_heterogeneity() -> None:
    made = davy.pool(trials("systolic", durango=True), measure="MD")
    assert made.i2 is not None
    assert made.i2 > 60
    lone = min(made.leave_one_out, key=lambda one: one.q)
    assert lone.study == "Guerrero-Romero 2009"
    assert lone.q_p is not None
    assert lone.q_p > 0.1
