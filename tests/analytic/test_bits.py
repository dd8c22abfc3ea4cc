"""A person's bits do not depend on who is simulated beside them, in which order, or on how many threads."""

import hashlib

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import Doses, Steps, build
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


@pytest.fixture(scope="module")
def eventful():
    """Each lane with its own dose times, an infusion and a covariate that change, wanted times inside steps."""
    model = read_model()
    engine = build(model)
    rng = np.random.default_rng(23)
    count = 61
    theta = np.array([[model.defaults[name] for name in model.parameters]]) * np.ones((count, 1))
    theta *= np.exp(0.3 * rng.standard_normal(theta.shape))
    given = {
        "theta": theta,
        "time": np.sort(rng.uniform(0, 2, (count, 7)), axis=1),
        "amount": rng.uniform(0, 10, (count, 7)) * (rng.uniform(size=(count, 7)) < 0.7),
        "infusion": np.sort(rng.uniform(0, 2, (count, 2)), axis=1),
        "rate": rng.uniform(0, 8, (count, 2)),
        "gfr": theta[:, [model.parameters.index("kid_GFR")]] * rng.uniform(0.3, 1.0, (count, 3)),
    }
    return engine, given, eventful_values(engine, given, np.arange(count))


def eventful_values(engine, given, chosen, threads=1):
    some = {name: rows[chosen] for name, rows in given.items()}
    path = engine.solve(
        some["theta"],
        Doses(some["time"], "gut_GS", some["amount"]),
        np.linspace(0.1, 2, 700),
        inputs={"ECF": Steps(some["infusion"], some["rate"]), "kid_GFR": Steps([0.4, 1.0, 1.5], some["gfr"])},
        threads=threads,
    )
    assert not path.status.any()
    return path.values


def test_events_alone_in_any_order_and_batch(eventful):
    engine, given, together = eventful
    rng = np.random.default_rng(1)
    for chosen in (np.array([0]), np.array([60]), rng.permutation(61), np.arange(61)[::4], np.full(9, 17)):
        assert eventful_values(engine, given, chosen).tobytes() == together[chosen].tobytes()


def test_events_on_more_threads_and_another_width(eventful):
    engine, given, together = eventful
    assert eventful_values(engine, given, np.arange(61), threads=2).tobytes() == together.tobytes()
    scalar = Engine(engine.model, (), Program(engine._program.system, 1))
    assert eventful_values(scalar, given, np.arange(3)).tobytes() == together[:3].tobytes()


def test_a_neighbour_that_fails_changes_nothing(eventful):
    engine, given, together = eventful
    broken = {name: rows.copy() for name, rows in given.items()}
    broken["theta"][3] = np.nan
    broken["theta"][12, engine.model.parameters.index("Vecf")] = 1e-300
    some = {name: rows for name, rows in broken.items()}
    path = engine.solve(
        some["theta"],
        Doses(some["time"], "gut_GS", some["amount"]),
        np.linspace(0.1, 2, 700),
        inputs={"ECF": Steps(some["infusion"], some["rate"]), "kid_GFR": Steps([0.4, 1.0, 1.5], some["gfr"])},
    )
    others = np.setdiff1d(np.arange(61), [3, 12])
    assert path.values[others].tobytes() == together[others].tobytes()
    assert path.status[3] != 0
    assert np.isnan(path.values[3]).all()
    if path.status[12] == 0:
        assert np.isfinite(path.values[12, :, : len(engine.model.states)]).all()
    else:
        assert np.isnan(path.values[12]).all()
