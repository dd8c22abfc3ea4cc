"""Wanted times inside a step: they cost no step of their own and are as good as those at its end."""

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import Doses, build


@pytest.fixture(scope="module")
def body():
    model = read_model()
    return build(model), np.array([[model.defaults[name] for name in model.parameters]])


def test_many_times_cost_few_steps(body):
    engine, theta = body
    doses = Doses([0.3, 0.8], "gut_GS", [4.0, 5.0])
    few = engine.solve(theta, doses, [2.0]).steps[0]
    many = engine.solve(theta, doses, np.linspace(0, 2, 5761))
    assert many.steps[0] < 3 * few
    assert many.series("gut_GS")[0, np.searchsorted(many.times_d, 0.3)] >= 4.0


@pytest.mark.parametrize("rtol", [1e-2, 1e-3, 1e-4, 1e-5, 1e-6])
def test_the_error_inside_is_the_error_asked_for(body, rtol):
    """At 4,000 times, between which up to a hundred lie in one step; every state, and the balance."""
    engine, theta = body
    rng = np.random.default_rng(5)
    theta = theta * np.exp(0.4 * rng.standard_normal((64, theta.shape[1])))
    start = engine.steady(theta, inputs={"gut_GS": 10.0})
    assert not start.status.any()
    times = np.linspace(0, 3, 4001)
    doses = Doses(np.sort(rng.uniform(0, 3, (64, 8)), axis=1), "gut_GS", rng.uniform(0, 12, (64, 8)))
    got = engine.solve(theta, doses, times, initial=start.values, rtol=rtol)
    exact = engine.solve(theta, doses, times, initial=start.values, rtol=1e-9)
    assert got.steps.mean() < 2000
    size = np.abs(exact.values).max(axis=1, keepdims=True)
    wrong = np.abs(got.values - exact.values) / np.where(size == 0, 1, size)
    assert wrong[:, :, : len(engine.model.states)].max() <= rtol
    held = [
        i for i, name in enumerate(engine.model.states) if name != "gut_Abs" and not name.startswith(("rbc_", "csf_"))
    ]
    total = got.values[:, :, held].sum(axis=2)
    given = ((doses.time_d[:, :, None] <= times) * doses.amount_mmol[:, :, None]).sum(axis=1)
    assert np.abs(total - total[:, :1] - given + given[:, :1]).max() < 1e-8


def test_a_value_just_before_a_dose_knows_nothing_of_it(body):
    engine, theta = body
    times = np.sort(np.concatenate((np.linspace(0.49, 0.51, 2001), [0.5 - 1e-9])))
    path = engine.solve(theta, Doses([0.5], "gut_GS", [7.0]), times)
    content = path.series("gut_GS")[0]
    assert content[times < 0.5].max() < 1e-6
    assert content[times >= 0.5][0] == pytest.approx(7.0)
