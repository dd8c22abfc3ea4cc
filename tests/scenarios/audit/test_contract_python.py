"""CONTRACT.md, the Python door: models, the engine's shapes and bits, a light import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

OWN = """
model two_cups
  compartment box = 1;
  species A in box, B in box;
  A = 10; B = 0;
  k1 = 0.7; k2 = 0.2;
  J1: A -> B; k1*A;
  J2: B -> ; k2*B;
  share := B/(A + B + 1e-12);
end
"""
RATES = """
model fall
  x = 4; k = 0.5;
  x' = -k*x;
  double := 2*x;
end
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Any:
    import davy

    path = tmp_path_factory.mktemp("models") / "two_cups.ant"
    path.write_text(OWN, encoding="utf-8")
    return davy.read_model(str(path))


@pytest.fixture(scope="module")
def engine(own: Any) -> Any:
    from davy.engine import build

    return build(own)


def thetas(model: Any, lanes: int, spread: float = 0.0) -> np.ndarray:
    values = np.array([[model.defaults[name] for name in model.parameters]] * lanes, dtype=np.float64)
    return values * (1 + spread * np.arange(lanes)[:, None] / lanes)


def no_doses() -> Any:
    from davy.engine import Doses

    return Doses(np.array([]), (), np.array([]))


TIMES = np.array([0.0, 0.5, 1.0, 5.0, 10.0])


def test_bundled_model() -> None:
    import davy

    model = davy.read_model("magnesium")
    for names in (model.states, model.parameters, model.outputs):
        assert isinstance(names, tuple)
        assert len(set(names)) == len(names)
    assert set(model.parameters) == set(model.defaults)
    assert len(model.states) >= 10
    assert all(isinstance(v, float) for v in model.defaults.values())


def test_own_model_needs_neither_units_nor_sources(own: Any) -> None:
    assert set(own.states) == {"A", "B"}
    assert {"k1", "k2"} <= set(own.parameters)
    assert "share" in own.outputs
    assert own.defaults["k1"] == 0.7


def test_rate_rules_are_states_and_assignments_outputs(tmp_path: Path) -> None:
    import davy
    from davy.engine import build

    path = tmp_path / "fall.ant"
    path.write_text(RATES, encoding="utf-8")
    model = davy.read_model(path)
    assert (model.states, model.outputs) == (("x",), ("double",))
    assert model.parameters == ("k",)
    got = build(model).solve(thetas(model, 1), no_doses(), TIMES, rtol=1e-7).values[0]
    assert got[:, 0] == pytest.approx(4 * np.exp(-0.5 * TIMES), rel=1e-5)
    assert got[:, 1] == pytest.approx(8 * np.exp(-0.5 * TIMES), rel=1e-5)


def test_xml_reads_too(tmp_path: Path) -> None:
    antimony = pytest.importorskip("antimony")
    import davy

    antimony.clearPreviousLoads()
    assert antimony.loadAntimonyString(RATES) >= 0
    path = tmp_path / "fall.xml"
    path.write_text(antimony.getSBMLString("fall"), encoding="utf-8")
    assert davy.read_model(path).states == ("x",)


def test_solution_is_the_closed_form(own: Any, engine: Any) -> None:
    got = engine.solve(thetas(own, 1), no_doses(), TIMES, rtol=1e-7).values
    assert got.shape == (1, 5, len(own.states) + len(own.outputs))
    assert got.dtype == np.float64
    a, b = own.states.index("A"), own.states.index("B")
    k1, k2 = 0.7, 0.2
    assert got[0, :, a] == pytest.approx(10 * np.exp(-k1 * TIMES), rel=1e-4, abs=1e-6)
    assert got[0, :, b] == pytest.approx(
        10 * k1 / (k2 - k1) * (np.exp(-k1 * TIMES) - np.exp(-k2 * TIMES)), rel=1e-4, abs=1e-6
    )


def test_a_value_at_a_dose_time_is_after_the_dose(own: Any, engine: Any) -> None:
    from davy.engine import Doses

    doses = Doses(np.array([0.0, 1.0]), ("A", "A"), np.array([5.0, 2.0]))
    a = engine.solve(thetas(own, 1), doses, np.array([0.0, 1.0]), rtol=1e-8).values[0, :, own.states.index("A")]
    assert a == pytest.approx([15.0, 15 * np.exp(-0.7) + 2], rel=1e-5)


def test_unsorted_doses_are_refused(own: Any, engine: Any) -> None:
    from davy.engine import Doses
    from davy.errors import DavyError

    with pytest.raises((DavyError, ValueError)):
        engine.solve(thetas(own, 1), Doses(np.array([2.0, 1.0]), ("A", "A"), np.array([1.0, 1.0])), TIMES)


def test_initial_states(own: Any, engine: Any) -> None:
    initial = np.array([[1.0, 2.0], [3.0, 4.0]])
    got = engine.solve(thetas(own, 2), no_doses(), TIMES, initial=initial).values
    assert got[:, 0, :2] == pytest.approx(initial)
    own_start = engine.solve(thetas(own, 1), no_doses(), TIMES).values[0, 0, :2]
    assert own_start == pytest.approx([10.0, 0.0])


@pytest.mark.parametrize("shape", [(1, 7), (3,), (0, 2)], ids=str)
def test_wrong_theta_shapes_are_refused(engine: Any, shape: tuple[int, ...]) -> None:
    from davy.errors import DavyError

    if shape[0] == 0:
        pytest.skip("an empty batch may be an empty answer")
    with pytest.raises((DavyError, ValueError)):
        engine.solve(np.ones(shape), no_doses(), TIMES)


@pytest.mark.parametrize("name", ["own", "magnesium"])
def test_bits_alone_in_a_batch_and_on_threads(name: str, own: Any) -> None:
    import davy
    from davy.engine import Doses, build

    model = own if name == "own" else davy.read_model("magnesium")
    solve = build(model).solve
    theta = thetas(model, 13, 0.05)
    doses = Doses(np.array([0.25, 1.25]), (model.states[0],) * 2, np.array([4.0, 4.0]))
    times = np.array([0.0, 0.5, 1.0, 3.0])
    batch = solve(theta, doses, times)
    threaded = solve(theta, doses, times, threads=2)
    assert batch.values.tobytes() == threaded.values.tobytes()
    assert len(batch.status) == 13
    for lane in (0, 6, 12):
        alone = solve(theta[lane : lane + 1], doses, times)
        assert alone.values.tobytes() == batch.values[lane : lane + 1].tobytes(), lane
        assert alone.status[0] == batch.status[lane]


def test_a_sick_lane_does_not_touch_its_neighbours(own: Any, engine: Any) -> None:
    theta = thetas(own, 5)
    well = engine.solve(theta, no_doses(), TIMES)
    theta[2] = np.nan
    sick = engine.solve(theta, no_doses(), TIMES)
    assert [bool(s) for s in sick.status] == [False, False, True, False, False]
    for lane in (0, 1, 3, 4):
        assert sick.values[lane].tobytes() == well.values[lane].tobytes()


def test_doses_per_lane(own: Any, engine: Any) -> None:
    from davy.engine import Doses

    doses = Doses(np.array([0.0]), ("A",), np.array([[5.0], [0.0]]))
    a = own.states.index("A")
    got = engine.solve(thetas(own, 2), doses, np.array([0.0, 2.0]), rtol=1e-7).values[:, :, a]
    assert got[0, 0] == pytest.approx(15.0)
    assert got[1, 1] == pytest.approx(10 * np.exp(-1.4), rel=1e-4)


def test_import_is_light() -> None:
    code = (
        "import sys, time; t = time.process_time(); import davy; d = time.process_time() - t; "
        "print(d, [m for m in ('numpy', 'llvmlite', 'pydantic', 'antimony', 'libsbml') if m in sys.modules])"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split(
            maxsplit=1
        )
        for _ in range(3)
    ]
    assert min(float(seconds) for seconds, _ in runs) < 0.1, runs
    assert {heavy.strip() for _, heavy in runs} == {"[]"}


def test_nouns_and_verbs() -> None:
    import davy

    nouns, verbs = (
        "Source Model Person Regimen Forecast Posterior Verdict Plan",
        "read_model read_person simulate fit check plan",
    )
    for name in (*nouns.split(), *verbs.split()):
        assert getattr(davy, name) is not None
    with pytest.raises(AttributeError):
        _ = davy.utils  # type: ignore[attr-defined]


def test_safety_reaches_no_engine() -> None:
    rooms = "('davy.engine', 'davy.body', 'davy.inference', 'llvmlite', 'antimony')"
    code = f"import sys, davy.safety.check; print([m for m in sys.modules if m.startswith({rooms})])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
