"""Models of more than sixty states, whose steps are written as loops: closed form, the same numbers, the same bits."""

import math
import random
from time import process_time

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import Doses, build, llvm, stepping
from davy.engine.factor import elimination_order, elimination_plan
from davy.engine.program import Program
from davy.engine.solve import Engine
from davy.engine.trace import System


def model_of(tmp_path, lines):
    file = tmp_path / "large.ant"
    file.write_text("\n".join(["model large()", *lines, "end\n"]))
    return read_model(file)


def chain(size):
    """Compartments in a row, each emptied at rate k into the next."""
    lines = ["  k = 2;", "  S0 = 0;", "  S0' = -k*S0;"]
    for i in range(1, size):
        lines += [f"  S{i} = 0;", f"  S{i}' = k*S{i - 1} - k*S{i};"]
    return lines


def network(size, seed=1):
    """A row with saturable flows between neighbours, forth and back."""
    draw = random.Random(seed)  # noqa: S311
    rates = [[] for _ in range(size)]
    lines = [f"  S{i} = {draw.uniform(0.1, 2):.3f};" for i in range(size)]
    for i in range(size - 1):
        flow = f"k{i}*S{i}"
        lines.append(f"  k{i} = {draw.uniform(0.2, 8):.3f};")
        rates[i].append(f"- {flow}")
        rates[i + 1].append(f"+ {flow}")
    for number in range(size):
        i = draw.randrange(size)
        j = min(size - 1, max(0, i + draw.choice((-5, -3, -2, 2, 3, 5))))
        if i != j:
            flow = f"v{number}*S{i}/(h{number} + S{i})"
            lines.append(f"  v{number} = {draw.uniform(0.1, 2):.3f}; h{number} = {draw.uniform(0.3, 2):.3f};")
            rates[i].append(f"- {flow}")
            rates[j].append(f"+ {flow}")
    rates[0].append("+ 1")
    rates[-1].append(f"- 0.5*S{size - 1}")
    return lines + [f"  S{i}' = {' '.join(rate)};" for i, rate in enumerate(rates)] + ["  Sum := S0 + S1;"]


def test_a_row_of_a_hundred_compartments(tmp_path):
    rtol = 1e-6
    engine = build(model_of(tmp_path, chain(100)))
    rates, times = np.array([[2.0], [1.0], [5.0]]), np.array([1.0, 10.0, 25.0])
    path = engine.solve(rates, Doses([0.0], ["S0"], [7.0]), times, rtol=rtol)
    assert not path.status.any()
    x = rates * times
    exact = np.stack([7 * np.exp(-x + i * np.log(x) - math.lgamma(i + 1)) for i in range(100)], axis=2)
    assert np.abs(path.values - exact).max() <= 7 * rtol


def test_loops_and_lines_give_the_same_numbers(tmp_path, monkeypatch):
    model = model_of(tmp_path, network(62))
    theta = np.array([[model.defaults[name] for name in model.parameters]])
    doses, times = Doses([0.0, 1.3], ["S0", "S5"], [3.0, 2.0]), [0.5, 1.3, 4.0]
    loops = build(model).solve(theta, doses, times, rtol=1e-7)
    monkeypatch.setattr(stepping, "LARGE", 1000)
    lines = Engine(model, (), Program(System(model), 1))
    code = lines._program.text("solve-rodas4")
    assert "slopes.0" not in code
    lines._program._functions["solve-rodas4"] = llvm.loaded(llvm.object_code(code), "solve")  # past the disk cache
    expected = lines.solve(theta, doses, times, rtol=1e-9)
    size = np.abs(expected.values).max(axis=1, keepdims=True)
    assert (np.abs(loops.values - expected.values) / size).max() <= 1e-7


def test_every_width_gives_the_same_bits(tmp_path):
    model = model_of(tmp_path, network(61))
    theta = np.array([[model.defaults[name] for name in model.parameters]]) * np.linspace(0.8, 1.2, 5)[:, None]
    doses = Doses([0.0, 0.4], ["S0", "S3"], [1.0, 4.0])
    found = [Engine(model, (), Program(System(model), width)).solve(theta, doses, [0.3, 2.0]) for width in (1, 4)]
    assert found[0].values.tobytes() == found[1].values.tobytes()


def test_a_hundred_and_fifty_states_compile_in_seconds(tmp_path):
    model = model_of(tmp_path, network(150))
    begin = process_time()
    Program(System(model), 1).solve("ros3")
    assert process_time() - begin < 12  # 2 s when written


def test_the_plan_eliminates_what_it_says():
    """A dense matrix filled by the plan's pattern is solved through the plan's own tables."""
    rng = np.random.default_rng(4)
    size = 12
    pattern = {(i, j) for i in range(size) for j in range(size) if rng.uniform() < 0.2} | {(i, i) for i in range(size)}
    matrix = np.zeros((size, size))
    for i, j in pattern:
        matrix[i, j] = rng.uniform(-1, 1) + (5 if i == j else 0)
    right, plan = rng.uniform(size=size), elimination_plan(size, pattern)
    assert list(plan.order) == elimination_order(size, pattern)
    work, x = matrix.copy(), right.copy()
    for pivot, lower, upper in zip(plan.order, plan.lower, plan.upper, strict=True):
        for i in lower:
            work[i, pivot] /= work[pivot, pivot]
            x[i] -= work[i, pivot] * x[pivot]
            for j in upper:
                assert (i, j) in plan.place
                work[i, j] -= work[i, pivot] * work[pivot, j]
    for pivot, upper in zip(reversed(plan.order), reversed(plan.upper), strict=True):
        x[pivot] = (x[pivot] - sum(work[pivot, j] * x[j] for j in upper)) / work[pivot, pivot]
    assert x == pytest.approx(np.linalg.solve(matrix, right), rel=1e-12)
