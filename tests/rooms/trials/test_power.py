"""Power where the answer is known in closed form: the t test of two normal samples, and no effect at all."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from tests.rooms.trials.files import PARALLEL, edited

from davy.trials.power import power_at, smallest_size
from davy.trials.read import trial_from_text
from davy.trials.resample import Urn, virtual_trials
from davy.trials.result import PowerPoint
from davy.trials.run import run_trial

SD = 0.06


def urn(effect, *, persons=20_000, seed=1):
    rng = np.random.default_rng(seed)
    treated, control = (rng.normal(mean, SD, (persons, 1)) for mean in (0.85 + effect, 0.85))
    return Urn("difference", (treated, control), (0.5, 0.5), paired=False)


def exact(effect, people, alpha=0.05):
    n = people / 2
    df, away = 2 * n - 2, effect / SD * np.sqrt(n / 2)
    edge = stats.t.ppf(1 - alpha / 2, df)
    return float(stats.nct.sf(edge, df, away) + stats.nct.cdf(-edge, df, away))


@pytest.mark.parametrize("people", [20, 40, 80, 160])
def test_power_of_a_t_test_is_that_of_the_noncentral_t(people):
    found = power_at(urn(0.03), people, alpha=0.05, repeats=2000, stream="test")
    assert found.mc_error < 0.03
    assert abs(found.power - exact(0.03, people)) < 3 * found.mc_error + 0.002


def test_no_effect_is_found_in_one_of_twenty():
    found = power_at(urn(0.0, persons=60_000), 60, alpha=0.05, repeats=4000, stream="test")
    assert abs(found.power - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 4000) + 0.01


def test_two_arms_of_the_same_differ_in_one_of_twenty_whole_trials():
    """The whole way from people to p values, with nothing to find."""
    changes = (
        ('"citrate 180mg @ 08:00,21:00"', "none"),
        ("drop_out_per_year: 1.0", "power: {sizes: [80], repeats: 4000}"),
    )
    found = run_trial(trial_from_text(edited(PARALLEL, *changes, ("people: 300", "people: 6000")), name="trial"))
    (point,) = found.power.points
    assert abs(point.power - 0.05) < 3 * point.mc_error + 0.005
    assert point.mc_error < 0.02


def test_the_error_holds_what_few_simulated_persons_leave_open():
    """With 200 persons behind a trial of 100, repeating does not help; the error must say so."""
    few = [power_at(urn(0.02, persons=200, seed=k), 100, alpha=0.05, repeats=1000, stream="test") for k in range(12)]
    truth = exact(0.02, 100)
    off = [abs(one.power - truth) / one.mc_error for one in few]
    assert np.mean(off) < 2.5
    assert min(one.mc_error for one in few) > 0.02


def test_smallest_trial_is_the_closed_form_one():
    drawn = urn(0.03)

    def power(size):
        return power_at(drawn, size, alpha=0.05, repeats=2000, stream="test")

    found = smallest_size(power, 0.8, unit=2, least=4)
    right = next(size for size in range(4, 1000, 2) if exact(0.03, size) >= 0.8)
    assert found.people is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.people <= found.high
    assert abs(found.people - right) <= max(0.15 * right, found.high - found.low)
    assert power(found.people).power >= 0.8
    assert power(found.people - 2).power < 0.8


def test_search_gives_up_where_there_is_nothing_to_find():
    found = smallest_size(lambda size: PowerPoint(size, 0.05, 0.01), 0.8, unit=2, least=4)
    assert found.people is None
    assert found.low is None


def test_a_smaller_trial_is_the_beginning_of_a_larger_one():
    """Common random numbers: person k of a virtual trial is the same at every size."""
    drawn = urn(0.0, persons=500)
    row = Urn("before-after", (np.arange(500.0)[:, None],), (1.0,), paired=False)
    small = virtual_trials(row, 10, range(3), "test").estimate
    large = virtual_trials(row, 11, range(3), "test").estimate
    last = large * 11 - small * 10
    assert np.allclose(last, np.round(last), atol=1e-9)
    assert (
        virtual_trials(drawn, 10, range(2, 3), "test").estimate[0]
        == virtual_trials(drawn, 10, range(3), "test").estimate[2]
    )
