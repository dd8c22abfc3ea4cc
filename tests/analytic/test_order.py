"""The methods have the order they claim, and the tolerance asked for is the error achieved."""

from itertools import pairwise

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import Doses, build
from davy.engine.graph import Graph
from davy.engine.rosenbrock import RODAS4, ROS3, traced_step
from davy.engine.trace import System

ARITHMETIC = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "reciprocal": lambda a: 1 / a,
    "inverse": lambda a: 1 / a,
    "fma": lambda a, b, c: a * b + c,
    "fnma": lambda a, b, c: c - a * b,
}


def run_fixed(system, method, start, end, steps):
    """Fixed steps by walking the graph of one step in Python."""
    step = traced_step(system, method)
    graph: Graph = step.graph
    nodes, states, size = graph.needed(step.after), list(start), end / steps
    for _ in range(steps):
        values = {}
        for node in nodes:
            operation, *rest = graph.entries[node]
            if operation in ARITHMETIC:
                values[node] = ARITHMETIC[operation](*(values[argument] for argument in rest))
            else:
                values[node] = {
                    "constant": rest[0],
                    "state": states[int(rest[0])] if operation == "state" else 0.0,
                    "step": size,
                    "parameter": 0.0,
                }[operation]
        states = [values[node] for node in step.after]
    return np.array(states)


@pytest.mark.parametrize(("method", "order"), [(ROS3, 3), (RODAS4, 4)])
def test_order_of_convergence(method, order, tmp_path):
    file = tmp_path / "own.ant"
    file.write_text("model m()\n  A = 1; B = 2; A' = A*(1 - B); B' = B*(A - 1.5); end\n")
    system = System(read_model(file))
    exact = run_fixed(system, RODAS4, (1.0, 2.0), 1.0, 800)
    errors = [np.abs(run_fixed(system, method, (1.0, 2.0), 1.0, steps) - exact).max() for steps in (10, 20, 40)]
    for coarse, fine in pairwise(errors):
        assert np.log2(coarse / fine) == pytest.approx(order, abs=0.35)


def lanes(count, spread, seed):
    model = read_model()
    rng = np.random.default_rng(seed)
    theta = np.array([[model.defaults[name] for name in model.parameters]]) * np.ones((count, 1))
    theta *= np.exp(spread * rng.standard_normal(theta.shape))
    times = np.sort(rng.uniform(0, 5, 20))
    state = rng.choice(["gut_GS", "gut_GU", "ECF"], 20, p=[0.6, 0.3, 0.1])
    amounts = rng.uniform(0, 12, (count, 20)) * (rng.uniform(size=(count, 20)) < 0.8)
    return model, theta, Doses(times, list(state), amounts)


@pytest.mark.parametrize("rtol", [1e-2, 1e-3, 1e-4, 1e-5, 1e-6])
def test_the_error_achieved_is_the_error_asked_for(rtol):
    """Random bodies (log-normal, CV 40 %) and regimens: every state of at least 99.9 % of lanes."""
    model, theta, doses = lanes(1000, 0.4, 7)
    engine = build(model)
    start = engine.steady(theta, inputs={"gut_GS": 10.0})
    theta, begin = theta[start.status == 0], start.values[start.status == 0]
    doses = Doses(doses.time_d, doses.state, doses.amount_mmol[start.status == 0])
    assert np.mean(start.status == 0) >= 0.999
    times = np.unique(np.concatenate((np.linspace(0, 5, 61), doses.time_d)))
    got = engine.solve(theta, doses, times, initial=begin, rtol=rtol)
    exact = engine.solve(theta, doses, times, initial=begin, rtol=1e-9)
    assert not exact.status.any()
    states = len(model.states)
    size = np.abs(exact.values).max(axis=1, keepdims=True)
    wrong = (np.abs(got.values - exact.values) / np.maximum(size, 1e-6))[:, :, :states].max(axis=(1, 2))
    wrong = np.where(got.status == 0, wrong, 0.0)
    assert np.mean(wrong <= rtol) >= 0.999, np.quantile(wrong, [0.5, 0.99, 0.999, 1.0])
    assert np.mean(got.status == 0) >= 0.999
