"""A lane that fails is tried again more tightly, by itself; what fails twice is told, never finite."""

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import Doses, build, integration


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    def make(text):
        file = tmp_path_factory.mktemp("model") / "own.ant"
        file.write_text(f"model own()\n{text}\nend\n")
        return build(read_model(file))

    return make


@pytest.fixture
def swing(own):
    """Many steps of ros3, far fewer of rodas4."""
    return own("  w = 10; X = 1; Y = 0; X' = w*Y; Y' = -w*X;")


def test_a_second_attempt_is_told(swing, monkeypatch):
    theta = np.array([[1.0], [40.0], [2.0]])
    steps = swing.solve(theta, Doses.none(), [3.0], rtol=1e-2).steps
    monkeypatch.setattr(integration, "_MOST_STEPS", float(steps[1] - 1))
    monkeypatch.setattr(integration, "_TIGHTER", 1.0)
    path = swing.solve(theta, Doses.none(), [3.0], rtol=1e-2)
    assert path.status.tolist() == [0, 0, 0]
    assert path.retried.tolist() == [False, True, False]
    assert path.sentence(1).endswith("on a second attempt with the tighter method")
    assert "attempt" not in path.sentence(0)
    assert path.series("X")[:, 0] == pytest.approx(np.cos(3 * theta[:, 0]), abs=0.1)
    for lane in range(3):
        alone = swing.solve(theta[[lane]], Doses.none(), [3.0], rtol=1e-2)
        assert alone.values.tobytes() == path.values[[lane]].tobytes()


def test_what_fails_twice_is_told(swing, monkeypatch):
    monkeypatch.setattr(integration, "_MOST_STEPS", 20.0)
    path = swing.solve([[40.0]], Doses.none(), [3.0])
    assert path.status[0] == 3
    assert path.sentence(0) == (
        "stopped: more steps were needed than are allowed, on a second attempt with the tighter method"
    )
    assert np.isnan(path.values).all()


@pytest.mark.parametrize("rtol", [0.1, 1e-2, 1e-4, 1e-6])
def test_no_lane_steps_over_its_end(own, rtol):
    """S = 1/(1 - kt) ends at 1/k; a step across that time would come out finite and wrong."""
    engine = own("  k = 1; S = 1; S' = k*S^2;")
    k = np.concatenate((np.linspace(0.05, 0.9, 30), np.linspace(1.1, 50, 300)))
    path = engine.solve(k[:, None], Doses.none(), np.linspace(0.25, 1, 4), rtol=rtol)
    assert (path.status[k < 1] == 0).all()
    assert (path.status[k > 1] != 0).all()
    assert np.isnan(path.values[k > 1]).all()
    wrong = np.abs(path.values[k < 1, -1, 0] * (1 - k[k < 1]) - 1)
    assert wrong.max() <= 30 * rtol  # 1 - kt makes what came before ten times larger, and steps add up


def test_own_times_and_a_failure_go_together(own):
    """The second attempt runs on its own rows of the timetable."""
    engine = own("  k = 1; S = 0; S' = k*S^2;")
    theta = np.array([[0.01], [3.0], [0.02]])
    doses = Doses([[0.1], [0.2], [0.3]], "S", [[1.0], [2.0], [3.0]])
    path = engine.solve(theta, doses, [1.0])
    assert path.status.tolist()[::2] == [0, 0]
    assert path.status[1] != 0
    exact = [1 / (1 - 0.01 * 0.9), 3 / (1 - 0.02 * 3 * 0.7)]
    assert path.values[[0, 2], 0, 0] == pytest.approx(exact, rel=1e-4)
