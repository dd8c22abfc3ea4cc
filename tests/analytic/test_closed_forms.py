"""The engine against answers that can be written down."""

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import Doses, build


def engine_of(tmp_path, text):
    file = tmp_path / "own.ant"
    file.write_text(f"model own()\n{text}\nend\n")
    return build(read_model(file))


@pytest.mark.parametrize("rtol", [1e-3, 1e-4, 1e-6, 1e-9])
def test_first_order_decay_with_doses(tmp_path, rtol):
    engine = engine_of(tmp_path, "  k = 1; S = 0; S' = -k*S;")
    rates = np.array([[0.1], [1.0], [10.0], [40.0]])
    times = np.linspace(0, 2, 21)
    path = engine.solve(rates, Doses([0.0, 1.0], ["S", "S"], [5.0, 3.0]), times, rtol=rtol)
    exact = 5 * np.exp(-rates * times) + np.where(times >= 1, 3 * np.exp(-rates * (times - 1)), 0)
    assert np.max(np.abs(path.values[:, :, 0] - exact)) <= rtol * 5


def test_a_linear_chain(tmp_path):
    engine = engine_of(tmp_path, "  a = 3; b = 0.5; A = 0; B = 0; O = 0; A' = -a*A; B' = a*A - b*B; O' = b*B;")
    times = np.linspace(0.1, 10, 40)
    path = engine.solve([[3.0, 0.5]], Doses([0.0], ["A"], [10.0]), times, rtol=1e-7)
    exact = 10 * 3.0 / (0.5 - 3.0) * (np.exp(-3.0 * times) - np.exp(-0.5 * times))
    assert path.series("B")[0] == pytest.approx(exact, abs=1e-6)
    assert path.values[0, :, :3].sum(axis=1) == pytest.approx(np.full(40, 10.0), abs=1e-12)


def test_a_steady_inflow(tmp_path):
    engine = engine_of(tmp_path, "  k = 2; S = 0; S' = -k*S;")
    path = engine.solve([[2.0]], Doses.none(), [0.5, 20.0], inputs={"S": 3.0}, rtol=1e-6)
    assert path.values[0, :, 0] == pytest.approx([1.5 * (1 - np.exp(-1.0)), 1.5], rel=1e-6)
    assert engine.steady([[2.0]], inputs={"S": 3.0}).values[0, 0] == pytest.approx(1.5, rel=1e-12)


def test_a_stiff_problem_of_robertson(tmp_path):
    engine = engine_of(
        tmp_path,
        "  A = 1; B = 0; C = 0; A' = -0.04*A + 1e4*B*C; B' = 0.04*A - 1e4*B*C - 3e7*B^2; C' = 3e7*B^2;",
    )
    path = engine.solve(np.zeros((1, 0)), Doses.none(), [40.0, 4e5], rtol=1e-7)
    # Hairer and Wanner, Solving ODEs II, IV.10: at 40 s and 4e5 s
    assert path.status[0] == 0
    assert path.values[0, 0] == pytest.approx([0.7158270688, 9.185534765e-6, 0.2841637457], rel=2e-6)
    assert path.values[0, 1] == pytest.approx([4.9382829e-3, 1.9849940e-8, 0.9950617], rel=2e-5)


def test_van_der_pol_stiff(tmp_path):
    engine = engine_of(tmp_path, "  m = 1e6; X = 2; Y = 0; X' = Y; Y' = m*((1 - X^2)*Y - X);")
    path = engine.solve([[1e6]], Doses.none(), [1.0, 2.0], rtol=1e-8)
    assert path.series("X")[0] == pytest.approx([-1.8636466, 1.7061678], rel=1e-5)  # IVP test set, VDPOL (scaled)


@pytest.mark.parametrize("parameter_set", ["literature", "articles"])
def test_the_body_keeps_its_magnesium(parameter_set):
    model = read_model(parameter_set=parameter_set)
    engine = build(model)
    theta = np.array([[model.defaults[name] for name in model.parameters]])
    times = [day + at for day in range(30) for at in (0.3, 0.5, 0.8)]
    doses = Doses(times, ["gut_GS", "ECF", "gut_GC"] * 30, [4.0, 1.0, 2.0] * 30)
    path = engine.solve(theta, doses, [0.0, 7.0, 30.0])
    held = [i for i, name in enumerate(model.states) if name != "gut_Abs" and not name.startswith(("rbc_", "csf_"))]
    amounts = path.values[0][:, held].sum(axis=1)
    given = np.array([0.0, 7 * 7.0, 30 * 7.0])
    assert np.abs(amounts - amounts[0] - given).max() <= 1e-9 * 210


def test_what_is_absorbed_is_counted():
    model = read_model()
    engine = build(model)
    theta = np.array([[model.defaults[name] for name in model.parameters]])
    theta[0, model.parameters.index("gut_CLend")] = 0.0
    path = engine.solve(theta, Doses([0.0], ["gut_GS"], [10.0]), [0.2, 3.0], rtol=1e-6)
    lumen = sum(path.series(f"gut_{name}")[0] for name in ("GU", "GS", "G1", "G2", "GC", "Fae"))
    assert path.series("gut_Abs")[0] == pytest.approx(10.0 - lumen, abs=1e-10)
