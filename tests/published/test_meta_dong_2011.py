"""Dong 2011, Diabetes Care 34:2116: magnesium in the diet and type 2 diabetes, highest against lowest intake.

Printed: 0.78 (0.73 to 0.84), random effects. Sixteen relative risks of thirteen cohorts, as the registry holds them.
"""

from __future__ import annotations

import pytest
from tests.published.pooled_studies import group, intervals, study

import davy
from davy.evidence.meta.pooled import PooledEffect


@pytest.fixture(scope="module")
def pooled() -> PooledEffect:
    return davy.pool(intervals(group("t2d-diet-highlow")), measure="RR", method="DL", test="z")


def test_the_printed_answer(pooled: PooledEffect) -> None:
    printed = study("p-dong2011-t2d-hl")
    assert pooled.k == 16
    assert pooled.estimate_exp is not None
    assert pooled.ci_exp is not None
    assert round(pooled.estimate_exp, 2) == printed.estimate == 0.78
    assert round(pooled.ci_exp[0], 2) == printed.low == 0.73
    # 0.830 here, 0.84 in print: the last digit of sixteen rounded intervals.
    assert printed.high == 0.84
    assert abs(pooled.ci_exp[1] - 0.84) < 0.011


def test_the_default_says_the_same_and_adds_what_a_new_cohort_may_say() -> None:
    made = davy.pool(intervals(group("t2d-diet-highlow")), measure="RR")
    assert (made.method, made.test) == ("REML", "knha")
    assert made.estimate_exp is not None
    assert round(made.estimate_exp, 2) == 0.78
    assert made.pi_exp is not None
    assert made.ci_exp is not None
    assert made.pi_exp[0] < made.ci_exp[0] < made.ci_exp[1] < made.pi_exp[1] < 1


def test_no_cohort_carries_it_alone(pooled: PooledEffect) -> None:
    left = [one.estimate_exp for one in pooled.leave_one_out if one.estimate_exp is not None]
    assert len(left) == 16
    assert 0.75 < min(left) < max(left) < 0.80
