"""Steady states: where time leads, found without walking there."""

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import Doses, build


@pytest.fixture(scope="module")
def body():
    model = read_model()
    return build(model), np.array([[model.defaults[name] for name in model.parameters]])


def test_nothing_changes_there(body):
    engine, theta = body
    rng = np.random.default_rng(4)
    theta = theta * np.exp(0.2 * rng.standard_normal((200, theta.shape[1])))
    found = engine.steady(theta, inputs={"gut_GS": 12.0})
    assert not found.status.any()
    moving = [i for i, name in enumerate(engine.model.states) if name not in engine.accumulators]
    rates = engine.rates(theta, found.values, inputs={"gut_GS": 12.0})[:, moving]
    assert np.max(np.abs(rates)) < 1e-9
    path = engine.solve(theta, Doses.none(), [1000.0], initial=found.values, inputs={"gut_GS": 12.0})
    drift = np.abs(path.values[:, 0, moving] / np.where(found.values[:, moving] == 0, 1, found.values[:, moving]) - 1)
    assert np.max(drift[found.values[:, moving] != 0]) < 1e-6


def test_accumulators_are_known_by_structure(body):
    engine, _ = body
    assert set(engine.accumulators) == {"Skin", "gut_Fae", "kid_Uri", "gut_Abs"}


def test_held_states_stay(body):
    engine, theta = body
    guess = engine.initial(theta)
    guess[0, 0] *= 1.2
    found = engine.steady(theta, guess=guess, held=("ECF",))
    assert found.values[0, 0] == guess[0, 0]
    q = found.outputs["Crel"][0]
    assert found.values[0, engine.model.states.index("bone_BS")] == pytest.approx(80 * q)
    assert found.values[0, engine.model.states.index("tis_MU")] == pytest.approx(395 * q**0.04)


def test_the_start_of_the_search_does_not_matter(body):
    engine, theta = body
    values = [
        engine.steady(theta, guess=engine.initial(theta) * factor, inputs={"ECF": 4.5}).outputs["C"][0]
        for factor in (0.2, 1.0, 8.0)
    ]
    assert np.ptp(values) < 1e-12


def test_a_lane_without_a_steady_state_says_so(tmp_path):
    file = tmp_path / "own.ant"
    file.write_text("model m()\n  k = 1; S = 1; S' = k + S^2; end\n")
    engine = build(read_model(file))
    found = engine.steady([[1.0], [-1.0]], guess=[[1.0], [-0.5]])
    assert found.status[0] != 0
    assert np.isnan(found.values[0]).all()
    assert found.sentence(0) == "no steady state was found"
    assert found.values[1, 0] == pytest.approx(-1.0)


def test_bits_do_not_depend_on_the_batch(body):
    engine, theta = body
    theta = theta * np.exp(0.1 * np.random.default_rng(1).standard_normal((37, theta.shape[1])))
    together = engine.steady(theta, inputs={"ECF": 4.0}).values
    alone = np.concatenate([engine.steady(theta[i : i + 1], inputs={"ECF": 4.0}).values for i in range(37)])
    assert alone.tobytes() == together.tobytes()


@pytest.mark.parametrize("parameter_set", ["literature", "articles"])
@pytest.mark.parametrize("absorbed", [0.4, 0.001])
def test_a_body_rests_however_little_it_absorbs(parameter_set, absorbed):
    """All losses end with serum, so that any intake has a serum at which it makes up for them."""
    model = read_model(parameter_set=parameter_set)
    engine = build(model)
    rng = np.random.default_rng(5)
    theta = np.array([[model.defaults[name] for name in model.parameters]])
    theta = theta * np.exp(0.3 * rng.standard_normal((2000, theta.shape[1])))
    theta[:, model.parameters.index("avg_abs")] = absorbed
    found = engine.steady(theta)
    assert not found.status.any()
    assert (found.values[:, 0] > 0).all()
    assert np.abs(engine.rates(theta, found.values)[:, 0]).max() < 1e-7


def test_a_body_with_nothing_left_loses_nothing():
    model = read_model()
    engine = build(model)
    theta = np.array([[model.defaults[name] for name in model.parameters]])
    state = engine.initial(theta)
    lost = []
    for serum in (0.85, 0.1, 1e-3, 1e-6):
        state[0, 0] = serum * theta[0, model.parameters.index("Vecf")]
        lost.append(engine.outputs(theta, state)[0, model.outputs.index("kid_E")] / serum)
    assert lost[-1] == pytest.approx(lost[-2], rel=0.01)
    assert 0 < lost[-1] < lost[0]
