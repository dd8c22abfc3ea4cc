"""Reductions on the fly against the same things taken from dense trajectories."""

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import (
    Area,
    Doses,
    Final,
    Maximum,
    Mean,
    Minimum,
    Quantile,
    Steps,
    TimeInRange,
    Window,
    build,
)
from davy.errors import SolveError

ASKED = (
    Mean("C"),
    Area("kid_E"),
    Maximum("C"),
    Minimum("C"),
    Maximum("gut_G1"),
    Final("C"),
    Final("rbc_RBC"),
    TimeInRange("C", 0.82, 0.9),
    TimeInRange("gut_G1", 1.0, np.inf),
    Quantile("C", 0.0),
    Quantile("C", 0.05),
    Quantile("C", 0.5),
    Quantile("C", 0.95),
    Quantile("C", 1.0),
    Quantile("gut_G1", 0.9),
)


@pytest.fixture(scope="module")
def crowd():
    """Persons, their doses, what was asked of days 3 to 6, and the same from 20,001 values of each lane."""
    model = read_model()
    engine = build(model)
    rng = np.random.default_rng(17)
    theta = np.array([[model.defaults[name] for name in model.parameters]])
    theta = theta * np.exp(0.3 * rng.standard_normal((40, theta.shape[1])))
    start = engine.steady(theta, inputs={"gut_GS": 10.0})
    assert not start.status.any()
    doses = Doses(np.sort(rng.uniform(0, 6, (40, 24)), axis=1), "gut_GS", rng.uniform(1, 9, (40, 24)))
    window = Window(3.0, 6.0, ASKED)
    got = engine.summarise(theta, doses, window, initial=start.values, rtol=1e-5)
    path = engine.solve(theta, doses, np.linspace(3, 6, 20001), initial=start.values, rtol=1e-7)
    assert not got.status.any()
    return engine, theta, start.values, doses, window, got, path


def test_means_and_areas(crowd):
    *_, got, path = crowd
    for one, length in ((Mean("C"), 3.0), (Area("kid_E"), 1.0)):
        series = path.series(one.of)
        exact = ((series[:, 1:] + series[:, :-1]) / 2).sum(axis=1) * (3.0 / 20000) / length
        assert got[one] == pytest.approx(exact, rel=2e-5)


def test_extremes_and_when(crowd):
    *_, got, path = crowd
    for one, how in ((Maximum("C"), "max"), (Minimum("C"), "min"), (Maximum("gut_G1"), "max")):
        series = path.series(one.of)
        exact = getattr(series, how)(axis=1)
        assert got[one] == pytest.approx(exact, rel=5e-5)
        when = path.times_d[getattr(series, f"arg{how}")(axis=1)]
        at = np.array([np.interp(time, path.times_d, row) for time, row in zip(got.times_d[one], series, strict=True)])
        assert at == pytest.approx(exact, rel=1e-3)  # another top as high as the first is as good
        assert np.mean(np.abs(got.times_d[one] - when) < 0.01) > 0.9


def test_final_values(crowd):
    *_, got, path = crowd
    for name in ("C", "rbc_RBC"):
        assert got[Final(name)] == pytest.approx(path.series(name)[:, -1], rel=1e-5)


def test_time_in_range(crowd):
    *_, got, path = crowd
    for one in (TimeInRange("C", 0.82, 0.9), TimeInRange("gut_G1", 1.0, np.inf)):
        series = path.series(one.of)
        exact = ((series >= one.low) & (series <= one.high)).mean(axis=1)
        assert np.abs(got[one] - exact).max() < 1e-3
        assert 0.05 < exact.mean() < 0.95


def test_quantiles(crowd):
    *_, got, path = crowd
    for one in (one for one in ASKED if isinstance(one, Quantile)):
        series = path.series(one.of)
        exact = np.quantile(series, one.share, axis=1)
        assert got[one] == pytest.approx(exact, rel=1 / 256)
        if 0 < one.share < 1:
            assert np.quantile(np.abs(got[one] / exact - 1), 0.9) < 1e-3


def test_no_lane_knows_its_neighbours(crowd):
    engine, theta, start, doses, window, got, _ = crowd
    for chosen in (np.array([0]), np.array([31, 7, 12]), np.arange(40)[::-1]):
        few = Doses(doses.time_d[chosen], doses.state, doses.amount_mmol[chosen])
        for threads in (1, 2):
            again = engine.summarise(theta[chosen], few, window, initial=start[chosen], rtol=1e-5, threads=threads)
            for one in ASKED:
                assert again[one].tobytes() == got[one][chosen].tobytes()
            assert again.times_d[Maximum("C")].tobytes() == got.times_d[Maximum("C")][chosen].tobytes()


def test_a_window_is_only_its_own_time(tmp_path):
    """An infusion ends where the window begins; the closed form knows nothing of what came before."""
    file = tmp_path / "own.ant"
    file.write_text("model own()\n  k = 1; S = 0; S' = -k*S; double := 2*S; end\n")
    engine = build(read_model(file))
    window = Window(1.0, 3.0, [Mean("S"), Maximum("double"), Quantile("S", 0.5), TimeInRange("S", 0.5, 1.0)])
    got = engine.summarise([[1.0]], Doses.none(), window, inputs={"S": Steps([0.0, 1.0], [3.0, 0.0])}, rtol=1e-6)
    top = 3 * (1 - np.exp(-1))
    assert got[Mean("S")][0] == pytest.approx(top * (1 - np.exp(-2)) / 2, rel=3e-6)
    assert got[Maximum("double")][0] == pytest.approx(2 * top, rel=1e-6)
    assert got.times_d[Maximum("double")][0] == 1.0
    assert got[Quantile("S", 0.5)][0] == pytest.approx(top * np.exp(-1), rel=1e-3)
    assert got[TimeInRange("S", 0.5, 1.0)][0] == pytest.approx(np.log(2) / 2, abs=1e-4)


def test_a_failed_lane_has_no_numbers(tmp_path):
    file = tmp_path / "own.ant"
    file.write_text("model own()\n  k = 1; S = 1; S' = k*S^2; end\n")
    engine = build(read_model(file))
    window = Window(0.0, 1.0, [Mean("S"), Maximum("S"), Quantile("S", 0.5), Final("S"), TimeInRange("S", 0.0, 9.0)])
    got = engine.summarise([[0.1], [3.0], [np.nan]], Doses.none(), window)
    assert got.status[0] == 0
    assert (got.status[1:] != 0).all()
    for one in window.of:
        assert np.isfinite(got[one][0])
        assert np.isnan(got[one][1:]).all()
    assert "stopped" in got.sentence(1)
    assert got[Mean("S")][0] == pytest.approx(-np.log(0.9) / 0.1, rel=1e-4)


def test_what_makes_no_sense_is_refused(crowd):
    engine, theta, *_ = crowd
    with pytest.raises(SolveError, match="'mood' is neither a state nor an output"):
        engine.summarise(theta, Doses.none(), Window(0, 1, [Mean("mood")]))
    for start, end in ((1.0, 1.0), (-1.0, 2.0), (0.0, np.inf)):
        with pytest.raises(SolveError, match="window"):
            Window(start, end, [Mean("C")])
    with pytest.raises(SolveError, match="nothing is asked"):
        Window(0, 1, [])
    with pytest.raises(SolveError, match="outside 0 to 1"):
        Quantile("C", 1.5)
    with pytest.raises(SolveError, match="not below"):
        TimeInRange("C", 1.0, 0.5)
