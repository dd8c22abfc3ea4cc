"""What `solve` promises: shapes, doses, inputs, refusals, and a status for every lane."""

from time import process_time

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import Doses, build
from davy.errors import ModelError, SolveError


@pytest.fixture(scope="module")
def body():
    model = read_model()
    return build(model, integrals=("C", "ECF")), np.array([[model.defaults[name] for name in model.parameters]])


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    def make(text):
        file = tmp_path_factory.mktemp("model") / "own.ant"
        file.write_text(f"model own()\n{text}\nend\n")
        return build(read_model(file))

    return make


def test_names_shapes_and_start(body):
    engine, theta = body
    model = engine.model
    path = engine.solve(np.repeat(theta, 3, axis=0), Doses.none(), [0.0, 1.0])
    assert path.values.shape == (3, 2, len(model.states) + len(model.outputs))
    assert path.values.dtype == np.float64
    assert path.status.tolist() == [0, 0, 0]
    assert path.sentence(0).startswith("integrated")
    assert path.series("ECF")[:, 0] == pytest.approx(0.85 * 14.3)
    assert path.series("C")[:, 0] == pytest.approx(0.85)


def test_the_start_follows_each_lanes_parameters(body):
    engine, theta = body
    theta = np.repeat(theta, 2, axis=0)
    theta[1, engine.model.parameters.index("Vecf")] = 20.0
    assert engine.initial(theta)[:, 0] == pytest.approx([0.85 * 14.3, 0.85 * 20.0])


def test_a_value_at_a_dose_time_is_after_the_dose(body):
    engine, theta = body
    path = engine.solve(theta, Doses([0.0, 0.0, 1.0], ["gut_GS", "gut_GS", "gut_GU"], [1.0, 2.0, 4.0]), [0.0, 1.0])
    assert path.series("gut_GS")[0, 0] == 3.0
    assert path.series("gut_GU")[0].tolist() == [0.0, 4.0]


def test_doses_after_the_last_time_are_not_given(body):
    engine, theta = body
    path = engine.solve(theta, Doses([5.0], ["gut_GS"], [9.0]), [1.0])
    assert path.series("gut_GS")[0, 0] == 0.0


def test_doses_for_each_lane(body):
    engine, theta = body
    amounts = np.array([[0.0, 2.0], [1.0, 0.0], [3.0, 4.0]])
    theta = np.repeat(theta, 3, axis=0)
    doses = Doses([0.0, 0.5], ["gut_GS", "gut_GS"], amounts)
    together = engine.solve(theta, doses, [0.5, 1.0])
    for lane in range(3):
        alone = engine.solve(theta[:1], Doses([0.0, 0.5], ["gut_GS", "gut_GS"], amounts[lane]), [0.5, 1.0])
        assert alone.values[0].tobytes() == together.values[lane].tobytes()


def test_inputs_are_rates_added_to_states(body):
    engine, theta = body
    theta = np.repeat(theta, 2, axis=0)
    plain = engine.rates(theta, engine.initial(theta))
    fed = engine.rates(theta, engine.initial(theta), inputs={"ECF": [1.0, 2.0], "gut_GS": 3.0})
    where = engine.model.states.index
    assert (fed - plain)[:, where("ECF")] == pytest.approx([1.0, 2.0])
    assert (fed - plain)[:, where("gut_GS")] == pytest.approx([3.0, 3.0])


def test_integrals_give_exact_means(body):
    engine, theta = body
    times = np.linspace(0, 1, 401)
    path = engine.solve(theta, Doses([0.3], ["ECF"], [6.0]), times, rtol=1e-6)
    serum = path.series("C")[0]
    pieces = (serum[1:] + serum[:-1]) / 2 * np.diff(times)
    jump = np.searchsorted(times, 0.3)
    pieces[jump - 1] = np.nan  # the trapezoid does not see the jump inside this piece
    area = np.diff(path.integrals["C"][0])
    assert np.nanmax(np.abs(area - pieces)) < 1e-6


def test_steps_follow_the_tolerance(body):
    engine, theta = body
    doses = Doses([0.0], ["gut_GS"], [8.0])
    steps = [engine.solve(theta, doses, [1.0], rtol=rtol).steps[0] for rtol in (1e-1, 1e-2, 1e-3, 1e-4)]
    assert steps[0] < steps[1]  # ros3
    assert steps[2] < steps[3]  # rodas4


@pytest.mark.parametrize(
    ("time", "amount", "message"),
    [
        ([1.0, 0.5], [1.0, 1.0], "not in order of time: dose 1"),
        ([-1.0, 0.5], [1.0, 1.0], "negative"),
        ([0.0, np.nan], [1.0, 1.0], "not finite"),
        ([0.0, 0.5], [1.0, -1.0], "negative"),
        ([0.0, 0.5], [1.0, np.inf], "not finite"),
        ([0.0, 0.5], [1.0], "amounts of shape"),
        ([0.0], [1.0, 1.0], "1 times for 2 states"),
    ],
)
def test_broken_doses_are_refused(time, amount, message):
    with pytest.raises(SolveError, match=message):
        Doses(time, ["gut_GS", "gut_GS"], amount)


def test_wrong_shapes_and_names_are_refused(body):
    engine, theta = body
    with pytest.raises(SolveError, match="not a state"):
        engine.solve(theta, Doses([0.0], ["stomach"], [1.0]), [1.0])
    with pytest.raises(SolveError, match="not a state"):
        engine.solve(theta, Doses.none(), [1.0], inputs={"C": 1.0})
    with pytest.raises(SolveError, match="in the order of parameters"):
        engine.solve(theta[:, 1:], Doses.none(), [1.0])
    with pytest.raises(SolveError, match="in the order of parameters"):
        engine.solve(theta[:0], Doses.none(), [1.0])
    with pytest.raises(SolveError, match="in the order of states"):
        engine.solve(theta, Doses.none(), [1.0], initial=np.zeros((1, 3)))
    with pytest.raises(SolveError, match="lanes"):
        engine.solve(theta, Doses([0.0], ["ECF"], np.ones((2, 1))), [1.0])
    for times in ([], [1.0, 1.0], [-1.0], [np.nan]):
        with pytest.raises(SolveError, match="times"):
            engine.solve(theta, Doses.none(), times)
    with pytest.raises(SolveError, match="rtol"):
        engine.solve(theta, Doses.none(), [1.0], rtol=0.0)


def test_a_failed_lane_is_told_and_hurts_no_neighbour(own):
    engine = own("  k = 1; S = 1; S' = k*S^2;")  # blows up at 1/k
    theta = np.array([[0.1], [2.0], [np.nan], [0.2]])
    path = engine.solve(theta, Doses.none(), [0.2, 1.0])
    assert path.status[[0, 3]].tolist() == [0, 0]
    assert path.status[1] in (1, 2, 3)
    assert path.status[2] == 4
    assert np.isnan(path.values[[1, 2]]).all()
    assert path.values[[0, 3], 1, 0] == pytest.approx([1 / 0.9, 1 / 0.8], rel=1e-3)
    assert "stopped" in path.sentence(1)
    assert "not a finite number" in path.sentence(2)
    alone = engine.solve(theta[3:], Doses.none(), [0.2, 1.0])
    assert alone.values.tobytes() == path.values[3:].tobytes()


def test_a_rate_outside_its_domain_fails_the_lane(own):
    engine = own("  k = 1; S = 1; S' = -k*sqrt(S - 0.5);")
    path = engine.solve([[1.0]], Doses.none(), [0.1], initial=[[0.2]])
    assert path.status[0] == 2
    assert "undefined" in path.sentence(0)


def test_time_in_a_formula(own):
    engine = own("  S = 0; S' = cos(time);")
    path = engine.solve(np.zeros((1, 0)), Doses.none(), [1.0, 5.0], rtol=1e-6)
    assert path.values[0, :, 0] == pytest.approx(np.sin([1.0, 5.0]), abs=1e-6)
    with pytest.raises(SolveError, match="reads the time"):
        engine.steady(np.zeros((1, 0)))


def test_a_dose_into_a_concentration_is_an_amount(own):
    engine = own("  compartment v = 2; species S in v; S = 3; k = 1; J: S -> ; k*S;")
    path = engine.solve([[0.0]], Doses([0.0], ["S"], [1.0]), [0.0])
    assert path.values[0, 0, 0] == 3.5


def test_an_unknown_integral_is_refused():
    with pytest.raises(ModelError, match="neither a state nor an output"):
        build(read_model(), integrals=("mood",))


def test_a_model_without_states_is_refused(tmp_path):
    file = tmp_path / "own.ant"
    file.write_text("model m()\n  k = 1; end\n")
    with pytest.raises(ModelError, match="nothing to integrate"):
        build(read_model(file))


def test_a_crowd_is_quick(body):
    """A guard against losing the vectors: 2,000 persons for 4 days took 0.15 s of processor time when written."""
    engine, theta = body
    times = [day + at for day in range(4) for at in (0.3, 0.35, 0.5, 0.8, 0.9)]
    doses = Doses(times, ["gut_GS"] * len(times), [4.1] * len(times))
    engine.solve(theta, doses, [1.0])
    begin = process_time()
    engine.solve(np.repeat(theta, 2000, axis=0), doses, [1.0, 2.0, 3.0, 4.0])
    assert process_time() - begin < 1.5
