"""Every estimate against the textbook: least squares on the rows themselves, and scipy's own t tests."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from davy.trials.estimate import effects
from davy.trials.sums import BLOCK, Histogram, blocks, sums_of

RNG = np.random.default_rng(7)


def least_squares(columns, y):
    x = np.column_stack(columns)
    solved, *_ = np.linalg.lstsq(x, y, rcond=None)
    df = len(y) - x.shape[1]
    residual = y - x @ solved
    cov = residual @ residual / df * np.linalg.inv(x.T @ x)
    return solved, np.sqrt(np.diag(cov)), df


def test_ancova_is_least_squares():
    n = np.array([37, 52])
    arm = np.repeat([1.0, 0.0], n)
    start = RNG.normal(0.85, 0.06, n.sum())
    y = 0.3 + 0.7 * start + 0.03 * arm + RNG.normal(0, 0.03, n.sum())
    solved, se, df = least_squares((np.ones_like(y), arm, start), y)
    rows = np.column_stack((start, y))
    found = effects("ancova", [sums_of(rows[arm == 1]), sums_of(rows[arm == 0])])
    assert float(found.estimate) == pytest.approx(solved[1], rel=1e-9)
    assert float(found.se) == pytest.approx(se[1], rel=1e-9)
    assert float(found.df) == df
    assert float(found.p_value()) == pytest.approx(2 * stats.t.sf(abs(solved[1] / se[1]), df), rel=1e-8)


def test_difference_is_welch():
    one, two = RNG.normal(1.0, 0.2, 31), RNG.normal(0.9, 0.5, 44)
    right = stats.ttest_ind(one, two, equal_var=False)
    interval = right.confidence_interval()
    found = effects("difference", [sums_of(one[:, None]), sums_of(two[:, None])])
    half = float(found.half_width())
    assert float(found.p_value()) == pytest.approx(right.pvalue, rel=1e-9)
    assert float(found.estimate) - half == pytest.approx(interval.low, rel=1e-9)
    assert float(found.estimate) + half == pytest.approx(interval.high, rel=1e-9)


@pytest.mark.parametrize("method", ["before-after", "paired-naive"])
def test_one_sample_is_the_t_test(method):
    rows = RNG.normal(0.1, 0.4, 25)
    right = stats.ttest_1samp(rows, 0)
    found = effects(method, [sums_of(rows[:, None])])
    assert float(found.p_value()) == pytest.approx(right.pvalue, rel=1e-9)


def test_period_effect_is_taken_out_of_an_unbalanced_crossover():
    """Ten persons take the treatment second and thirty first; the period alone adds 5."""
    sign = np.repeat([1.0, -1.0], [30, 10])
    difference = 2.0 + 5.0 * -sign + RNG.normal(0, 0.5, 40)
    solved, se, df = least_squares((np.ones(40), sign), difference)
    rows = np.column_stack((difference, np.ones(40), sign))
    found = effects("paired", [sums_of(rows)])
    assert float(found.estimate) == pytest.approx(solved[0], rel=1e-9)
    assert float(found.se) == pytest.approx(se[0], rel=1e-9)
    assert float(found.df) == df
    assert abs(float(found.estimate) - 2.0) < 0.5
    naive = effects("paired-naive", [sums_of(difference[:, None])])
    assert abs(float(naive.estimate) - 2.0) > 1.5


def test_too_few_persons_estimate_nothing():
    found = effects("difference", [sums_of(np.array([[1.0]])), sums_of(np.array([[0.9], [1.1]]))])
    assert np.isnan(found.estimate)
    assert np.isnan(found.p_value())


def test_a_row_with_a_gap_does_not_count():
    rows = np.array([[1.0, 2.0], [np.nan, 3.0], [3.0, 5.0]])
    sums = sums_of(rows)
    assert float(sums.count) == 2
    assert sums.first.tolist() == [4.0, 7.0]
    assert sums.second[0, 1] == 17.0


def test_many_trials_at_once_are_each_alone():
    rows = RNG.normal(1, 0.3, (5, 20, 2))
    together = effects("difference", [sums_of(rows[..., :1]), sums_of(rows[..., 1:])])
    for number in range(5):
        alone = effects("difference", [sums_of(rows[number, :, :1]), sums_of(rows[number, :, 1:])])
        assert float(alone.estimate) == float(together.estimate[number])


def test_quantiles_of_counts_are_those_of_the_values():
    values = RNG.lognormal(0, 0.3, 20_000)
    counts = Histogram()
    for part in np.array_split(values, 7):
        counts.add(part)
    for share in (0.05, 0.5, 0.95):
        assert counts.quantile(share) == pytest.approx(np.quantile(values, share), abs=2e-3)
    assert Histogram().quantile(0.5) is None


def test_blocks_do_not_depend_on_the_chunks():
    from davy.trials.chunk import Chunk

    def chunk(start, stop):
        own = np.arange(start, stop)
        wide = own[:, None, None] * np.ones((1, 2, 1))
        return Chunk(own, own, own % 2, own * 1.0, own * 0, wide, wide, own[:, None] * 1.0)

    total = 2 * BLOCK + 100
    for edges in ([0, total], [0, 10, BLOCK + 1, total], [*range(0, total, 700), total]):
        found = list(blocks(chunk(a, b) for a, b in pairwise(edges)))
        assert [len(one.number) for one in found] == [BLOCK, BLOCK, 100]
        assert np.concatenate([one.number for one in found]).tolist() == list(range(total))
