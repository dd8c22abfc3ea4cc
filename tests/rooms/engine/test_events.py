"""Doses at each lane's own times, and inputs and covariates that change at given times."""

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import Doses, Steps, build
from davy.errors import SolveError


@pytest.fixture(scope="module")
def body():
    model = read_model()
    return build(model), np.array([[model.defaults[name] for name in model.parameters]])


@pytest.fixture(scope="module")
def decay(tmp_path_factory):
    file = tmp_path_factory.mktemp("model") / "decay.ant"
    file.write_text("model decay()\n  k = 1; w = 2; S = 0; O = 0; S' = -k/w*S; O' = k/w*S; level := S/w;\nend\n")
    return build(read_model(file))


def test_each_lane_has_its_own_dose_times(decay):
    times = np.array([[0.0, 1.0], [0.5, 2.0], [0.25, 0.25]])
    amounts = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    at = np.linspace(0, 3, 13)
    path = decay.solve(np.repeat([[1.0, 1.0]], 3, axis=0), Doses(times, "S", amounts), at, rtol=1e-7)
    exact = np.zeros((3, 13))
    for lane in range(3):
        for time, amount in zip(times[lane], amounts[lane], strict=True):
            exact[lane] += np.where(at >= time, amount * np.exp(-np.maximum(at - time, 0)), 0)
    assert np.abs(path.series("S") - exact).max() < 1e-6
    assert path.series("S")[2, 1] == 11.0


def test_own_times_and_shared_times_give_the_same_bytes(body):
    engine, theta = body
    theta = np.repeat(theta, 9, axis=0)
    times = [0.3, 0.5, 0.9]
    amounts = np.random.default_rng(1).uniform(1, 9, (9, 3))
    shared = engine.solve(theta, Doses(times, "gut_GS", amounts), [0.5, 2.0])
    own = engine.solve(theta, Doses(np.tile(times, (9, 1)), "gut_GS", amounts), [0.5, 2.0])
    assert shared.values.tobytes() == own.values.tobytes()
    same = engine.solve(theta, Doses(np.tile(times, (9, 1)), "gut_GS", [2.0, 3.0, 4.0]), [0.5, 2.0])
    assert (
        same.values.tobytes()
        == engine.solve(theta, Doses(times, "gut_GS", [2.0, 3.0, 4.0]), [0.5, 2.0]).values.tobytes()
    )


def test_unused_slots_leave_no_trace(body):
    """A dose of nothing, and a dose beyond the end, are as if they were not there."""
    engine, theta = body
    plain = engine.solve(theta, Doses([[0.3, 0.9]], "gut_GS", [[4.0, 5.0]]), [0.5, 2.0])
    for times, amounts in (
        ([[0.1, 0.3, 0.6, 0.9]], [[0.0, 4.0, 0.0, 5.0]]),
        ([[0.3, 0.9, 2.5, 9.0]], [[4.0, 5.0, 7.0, 7.0]]),
    ):
        padded = engine.solve(theta, Doses(times, "gut_GS", amounts), [0.5, 2.0])
        assert padded.values.tobytes() == plain.values.tobytes()


@pytest.mark.parametrize(
    ("time", "amount", "message"),
    [
        ([[0.0, 1.0], [2.0, 1.0]], [1.0, 1.0], "not in order of time: dose 1 of lane 1 is before dose 0"),
        ([[0.0, 1.0], [0.0, -1.0]], [1.0, 1.0], "the time of dose 1 of lane 1 is negative or not finite"),
        ([[0.0, np.inf], [0.0, 1.0]], [1.0, 1.0], "the time of dose 1 of lane 0 is negative or not finite"),
        (
            [[0.0, 1.0], [0.0, 1.0]],
            [[1.0, 1.0], [np.nan, 1.0]],
            "the amount of dose 0 of lane 1 is negative or not finite",
        ),
        ([[0.0, 1.0], [0.0, 1.0]], [[1.0, 1.0], [1.0, -2.0]], "the amount of dose 1 of lane 1 is negative"),
        ([[0.0, 1.0], [0.0, 1.0]], np.ones((3, 2)), "times for 2 lanes, amounts for 3"),
        ([0.0, 1.0], [1.0, -1.0], "the amount of dose 1 is negative"),
    ],
)
def test_broken_slots_are_named(time, amount, message):
    with pytest.raises(SolveError, match=message):
        Doses(time, "gut_GS", amount)


def test_slots_for_other_lanes_are_refused(decay):
    with pytest.raises(SolveError, match="doses: rows for 2 lanes, theta has 3"):
        decay.solve(np.ones((3, 2)), Doses([[0.0], [1.0]], "S", [1.0]), [1.0])


def test_an_infusion_runs_from_step_to_step(decay):
    """Against the closed form of an infusion of 3 a day from 0.5 to 1.5 d, of 1 a day from 2 d on."""
    at = np.linspace(0, 4, 17)
    infusion = Steps([0.5, 1.5, 2.0], [3.0, 0.0, 1.0])
    path = decay.solve([[1.0, 1.0]], Doses.none(), at, inputs={"S": infusion}, rtol=1e-7)

    def since(time):
        return 1 - np.exp(-np.maximum(at - time, 0))

    exact = 3 * since(0.5) - 3 * since(1.5) + since(2.0)
    assert np.abs(path.series("S")[0] - exact).max() < 3e-7
    mass = path.series("S")[0, -1] + path.series("O")[0, -1]
    assert mass == pytest.approx(3.0 + 2.0, rel=1e-12)


def test_a_covariate_takes_new_values(decay):
    """The rate k/w is computed ahead of the steps; it must follow w, and so must an output that reads w."""
    at = np.array([0.5, 1.0, 1.5, 2.0, 3.0])
    theta = np.array([[1.0, 2.0], [1.0, 4.0]])
    weights = Steps([1.0, 2.0], [[0.5, 1.0], [8.0, 8.0]])
    path = decay.solve(theta, Doses([0.0], "S", [1.0]), at, inputs={"w": weights}, rtol=1e-7)
    for lane, (first, second, third) in enumerate([(2.0, 0.5, 1.0), (4.0, 8.0, 8.0)]):
        spent = np.minimum(at, 1) / first + np.clip(at - 1, 0, 1) / second + np.maximum(at - 2, 0) / third
        assert path.series("S")[lane] == pytest.approx(np.exp(-spent), rel=1e-6)
        width = np.where(at < 1, first, np.where(at < 2, second, third))
        assert path.series("level")[lane] == pytest.approx(np.exp(-spent) / width, rel=1e-6)


def test_steps_of_each_lane_at_its_own_times(decay):
    times = np.array([[0.5, 1.0], [0.75, 2.5]])
    together = decay.solve(
        np.ones((2, 2)), Doses([0.1], "S", [1.0]), [1.0, 3.0], inputs={"S": Steps(times, [2.0, 0.0])}
    )
    for lane in range(2):
        alone = decay.solve(
            np.ones((1, 2)), Doses([0.1], "S", [1.0]), [1.0, 3.0], inputs={"S": Steps(times[lane], [2.0, 0.0])}
        )
        assert alone.values.tobytes() == together.values[[lane]].tobytes()


def test_a_kidney_that_fails_is_a_covariate(body):
    """Serum climbs after the filtration has been halved, and a run in two parts gives the same."""
    engine, theta = body
    model = engine.model
    at = model.parameters.index("kid_GFR")
    start = engine.steady(theta, inputs={"ECF": 4.0}).values
    halved = Steps([2.0], [theta[0, at] / 2])
    path = engine.solve(
        theta, Doses.none(), [2.0, 5.0], initial=start, inputs={"ECF": 4.0, "kid_GFR": halved}, rtol=1e-6
    )
    later = theta.copy()
    later[0, at] /= 2
    second = engine.solve(
        later, Doses.none(), [3.0], initial=path.values[:, 0, : len(model.states)], inputs={"ECF": 4.0}, rtol=1e-6
    )
    assert path.series("C")[0, 1] == pytest.approx(second.series("C")[0, 0], rel=1e-6)
    assert path.series("C")[0, 1] > 1.005 * path.series("C")[0, 0]


def test_what_makes_no_sense_is_refused(decay):
    theta = np.ones((2, 2))
    for inputs, message in (
        ({"w": 3.0}, "'w' is a parameter: its value stands in theta"),
        ({"mood": Steps([0.0], [1.0])}, "'mood' is neither a state nor a parameter"),
        ({"level": Steps([0.0], [1.0])}, "'level' is neither a state nor a parameter"),
        ({"S": [1.0, 2.0, 3.0]}, r"'S' has shape \(3,\)"),
        ({"S": Steps([0.0], [[1.0], [2.0], [3.0]])}, "inputs: 'S': rows for 3 lanes, theta has 2"),
    ):
        with pytest.raises(SolveError, match=message):
            decay.solve(theta, Doses.none(), [1.0], inputs=inputs)
    with pytest.raises(SolveError, match="changes in time; a steady state takes constant inputs"):
        decay.steady(theta, inputs={"S": Steps([0.0], [1.0])})
    with pytest.raises(SolveError, match="steps: not in order of time: step 1 of lane 0"):
        Steps([[1.0, 0.0]], [1.0, 1.0])
    with pytest.raises(SolveError, match="steps: the value of step 0 is not finite"):
        Steps([0.0], [np.nan])
    with pytest.raises(SolveError, match="steps: times of shape"):
        Steps([0.0, 1.0], [1.0])


def test_a_negative_input_takes_away(decay):
    path = decay.solve([[0.0, 1.0]], Doses([0.0], "S", [5.0]), [2.0], inputs={"S": Steps([1.0], [-2.0])})
    assert path.series("S")[0, 0] == pytest.approx(3.0)
