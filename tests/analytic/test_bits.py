"""A person's bits do not depend on who is simulated beside them, in which order, or on how many threads."""

import hashlib

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import Doses, build
from davy.engine.program import Program
from davy.engine.solve import Engine


@pytest.fixture(scope="module")
def crowd():
    model = read_model()
    rng = np.random.default_rng(11)
    theta = np.array([[model.defaults[name] for name in model.parameters]]) * np.ones((203, 1))
    theta *= np.exp(0.3 * rng.standard_normal(theta.shape))
    times = [0.3, 0.5, 0.9, 1.3, 1.5]
    amounts = rng.uniform(0, 10, (203, 5)) * (rng.uniform(size=(203, 5)) < 0.7)
    engine = build(model)
    together = engine.solve(theta, Doses(times, ["gut_GS"] * 5, amounts), [0.5, 1.0, 2.0])
    assert not together.status.any()
    return engine, theta, times, amounts, together.values


def again(crowd, chosen, threads=1):
    engine, theta, times, amounts, _ = crowd
    doses = Doses(times, ["gut_GS"] * 5, amounts[chosen])
    return engine.solve(theta[chosen], doses, [0.5, 1.0, 2.0], threads=threads).values


def test_alone(crowd):
    for lane in (0, 7, 8, 202):
        assert again(crowd, [lane]).tobytes() == crowd[-1][[lane]].tobytes()


def test_in_any_order(crowd):
    chosen = np.random.default_rng(3).permutation(203)
    assert again(crowd, chosen).tobytes() == crowd[-1][chosen].tobytes()


def test_in_another_batch(crowd):
    chosen = np.arange(203)[::3]
    assert again(crowd, chosen).tobytes() == crowd[-1][chosen].tobytes()


def test_on_more_threads(crowd):
    assert again(crowd, np.arange(203), threads=2).tobytes() == crowd[-1].tobytes()
    assert again(crowd, np.arange(203), threads=5).tobytes() == crowd[-1].tobytes()


def test_again_in_this_process(crowd):
    first = hashlib.sha256(again(crowd, np.arange(203)).tobytes()).hexdigest()
    assert hashlib.sha256(again(crowd, np.arange(203)).tobytes()).hexdigest() == first


def test_on_another_width(crowd):
    """Scalar code and vector code perform the same operations."""
    engine, theta, times, amounts, values = crowd
    scalar = Engine(engine.model, (), Program(engine._program.system, 1))
    got = scalar.solve(theta[:9], Doses(times, ["gut_GS"] * 5, amounts[:9]), [0.5, 1.0, 2.0]).values
    assert got.tobytes() == values[:9].tobytes()
