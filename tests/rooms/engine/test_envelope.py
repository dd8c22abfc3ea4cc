"""Years of a repeating regimen by its period map, against every dose followed."""

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import Cycle, Doses, Steps, build
from davy.errors import SolveError

DAY = Cycle(Doses([0.3, 0.5, 0.8, 0.9], "gut_GS", [4.0, 4.0, 4.0, 6.0]))


@pytest.fixture(scope="module")
def body():
    model = read_model()
    engine = build(model, integrals=("C",))
    theta = np.array([[model.defaults[name] for name in model.parameters]])
    theta = theta * np.exp(0.3 * np.random.default_rng(8).standard_normal((9, theta.shape[1])))
    return engine, theta


def errors(engine, got, exact):
    """(lanes, states) relative to the largest size of each state at the times looked at."""
    states = len(engine.model.states)
    size = np.maximum(np.abs(exact.values[:, :, :states]).max(axis=1, keepdims=True), 1e-3)
    return (np.abs(got.values[:, :, :states] - exact.values[:, :, :states]) / size).max(axis=1)


def test_two_years_of_nine_persons(body):
    engine, theta = body
    times = [0.0, 1.0, 2.0, 30.0, 100.0, 365.0, 730.0]
    got = engine.envelope(theta, DAY, times)
    exact = engine.solve(theta, DAY.unrolled(729.95), times, rtol=1e-6)
    assert not got.status.any()
    assert errors(engine, got, exact).max() <= 1e-4
    assert got.integrals["C"][:, 1:] == pytest.approx(exact.integrals["C"][:, 1:], rel=1e-4)
    levels = len(engine.model.states)
    assert got.values[:, :, levels:] == pytest.approx(exact.values[:, :, levels:], rel=1e-3, abs=1e-6)
    held = [
        i for i, name in enumerate(engine.model.states) if name != "gut_Abs" and not name.startswith(("rbc_", "csf_"))
    ]
    total = got.values[:, :, held].sum(axis=2)
    assert total - total[:, :1] == pytest.approx(np.tile(18.0 * np.array(times), (9, 1)), rel=1e-6, abs=1e-6)


def test_ten_years_cost_a_twentieth(body):
    engine, theta = body
    got = engine.envelope(theta[2:8], DAY, [3650.0])
    exact = engine.solve(theta[2:8], DAY.unrolled(3649.95), [3650.0], rtol=1e-5)
    assert errors(engine, got, exact).max() <= 1e-4
    assert np.median(got.steps) <= 3650 / 20
    assert (got.steps <= 3650 / 7).all()


def test_each_lane_has_its_own_cycle_and_a_week_is_a_period(body):
    """A dose on two days a week, at each person's own hours, with an infusion and the odd missed dose."""
    engine, theta = body
    rng = np.random.default_rng(2)
    doses = Doses(np.sort(rng.uniform(0, 7, (9, 12)), axis=1), "gut_GS", rng.uniform(0, 9, (9, 12)))
    cycle = Cycle(doses, 7.0)
    got = engine.envelope(theta, cycle, [700.0], inputs={"ECF": 1.0})
    exact = engine.solve(theta, cycle.unrolled(699.9), [700.0], inputs={"ECF": 1.0}, rtol=1e-6)
    assert errors(engine, got, exact).max() <= 1e-4
    for chosen in (np.array([4]), np.arange(9)[::-1]):
        few = Cycle(Doses(doses.time_d[chosen], doses.state, doses.amount_mmol[chosen]), 7.0)
        for threads in (1, 2):
            again = engine.envelope(theta[chosen], few, [700.0], inputs={"ECF": 1.0}, threads=threads)
            assert again.values.tobytes() == got.values[chosen].tobytes()
            assert again.steps.tolist() == got.steps[chosen].tolist()


def test_a_failed_lane_is_told(tmp_path):
    file = tmp_path / "own.ant"
    file.write_text("model own()\n  k = 1; S = 0; S' = k*S^2 - 0.5*S; end\n")
    engine = build(read_model(file))
    got = engine.envelope([[0.01], [9.0], [np.nan]], Cycle(Doses([0.0], "S", [1.0])), [50.0])
    assert got.status[0] == 0
    assert (got.status[1:] != 0).all()
    assert np.isnan(got.values[1:]).all()
    assert np.isfinite(got.values[0]).all()


def test_a_cycle_is_unrolled():
    cycle = Cycle(Doses([0.25, 0.75], ["A", "B"], [1.0, 2.0]))
    doses = cycle.unrolled(2.5)
    assert doses.time_d.tolist() == [0.25, 0.75, 1.25, 1.75, 2.25, 2.75]
    assert doses.state == ("A", "B") * 3
    assert doses.amount_mmol.tolist() == [1.0, 2.0] * 3


def test_what_does_not_repeat_itself_is_refused(body, tmp_path):
    engine, theta = body
    with pytest.raises(SolveError, match=r"a dose at 1.5 d is not within the period of 1.0 d; what does not repeat"):
        Cycle(Doses([0.5, 1.5], "gut_GS", [1.0, 1.0]))
    with pytest.raises(SolveError, match="a period of 0"):
        Cycle(Doses.none(), 0.0)
    with pytest.raises(SolveError, match=r"10\.5 d is not a whole number of periods"):
        engine.envelope(theta, DAY, [1.0, 10.5])
    with pytest.raises(SolveError, match="changes in time"):
        engine.envelope(theta, DAY, [10.0], inputs={"ECF": Steps([3.0], [1.0])})
    file = tmp_path / "own.ant"
    file.write_text("model own()\n  S = 0; S' = cos(time) - S; end\n")
    with pytest.raises(SolveError, match="reads the time"):
        build(read_model(file)).envelope(np.zeros((1, 0)), Cycle(Doses.none()), [10.0])
