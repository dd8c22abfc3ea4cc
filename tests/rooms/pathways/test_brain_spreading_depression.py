"""Spreading depression: the solver against a closed solution and against itself, and what the model has to do."""

from __future__ import annotations

import numpy as np
import pytest

from davy.errors import SolveError
from davy.pathways.catalogue import pathway
from davy.pathways.curves import stored_curve
from davy.pathways.experiments import spreading_depression
from davy.pathways.experiments.fronts import Mesh, front_speeds
from davy.pathways.experiments.spreading_depression import Floats, McKean, mckean_error, near, run, tissue
from davy.pathways.experiments.waves import wave_speeds
from davy.pathways.lanes import Setting, outputs_at


def given(mg_mM: tuple[float, ...], **other: float) -> dict[str, Floats]:
    """Inputs and parameters of the literature at some magnesium."""
    found = pathway("P03")
    values = {name: row.value for name, row in found.parameters["literature"].items()}
    values |= {name: float(port.value or 0.0) for name, port in found.inputs.items()} | other
    return {name: np.full(len(mg_mM), value) for name, value in values.items()} | {"mg_mM": np.array(mg_mM)}


def test_a_front_runs_at_the_speed_of_its_closed_solution() -> None:
    """McKean's front, and second order or better as the grid is cut."""
    coarse, fine = abs(mckean_error(Mesh(dx_mm=0.02))), abs(mckean_error())
    assert fine < 0.004
    assert fine < 0.4 * coarse


def test_a_wave_in_its_own_frame_has_the_speed_of_the_closed_solution() -> None:
    """McKean's wave, to two ten-thousandths, and up to its excited level."""
    one = np.ones((3, 1))
    front = McKean(7.66e-4 * one, 20.0 * one, 0.5 * one, np.array([[8.0], [10.0], [16.0]]))
    speed, peak = wave_speeds(front)
    assert speed == pytest.approx(front.exact(), rel=2e-4)
    assert peak == pytest.approx(front.excited[:, 0], rel=0.03)


def test_the_line_run_in_time_has_the_speed_and_plateau_of_the_wave() -> None:
    """Two methods that share the rates alone: the wave's own frame, and the line at 0.01 mm."""
    cortex = tissue(given((0.8, 2.0)))
    line, top = front_speeds(cortex, Mesh())
    speed, peak = wave_speeds(cortex)
    assert speed == pytest.approx(line, rel=3e-3)
    assert peak == pytest.approx(top, abs=0.4)


def test_a_wave_that_its_own_recovery_stops_does_not_run() -> None:
    """At 3 mM release fails faster than the front goes on; with a slower failure it would run."""
    assert np.isnan(wave_speeds(tissue(given((3.0,))))[0][0])
    assert np.isfinite(wave_speeds(tissue(given((3.0,), t_fail=200.0)))[0][0])


def test_ignition_has_converged() -> None:
    """Half the grid and a third of the step change it by less than 0.05 mM, a longer line by less than 0.02 mM."""
    found = run(given((0.8,)))["ignition_mM"]
    assert found == pytest.approx(run(given((0.8,)), Mesh(dx_mm=0.005, dt_s=0.01))["ignition_mM"], abs=0.05)
    assert found == pytest.approx(run(given((0.8,)), Mesh(beyond_mm=0.6))["ignition_mM"], abs=0.02)


@pytest.mark.parametrize("other", [{"ca_mM": 0.7}, {"nmda_fraction": 0.6}, {"presynaptic": 0.0}])
def test_ignition_read_at_the_speed_of_the_wave_is_that_of_the_line(other: dict[str, float]) -> None:
    """What sets the speed does not matter: calcium, a drug or magnesium."""
    curve = stored_curve(pathway("P03"), "literature")
    assert curve is not None
    asked = given((0.9,), **other)
    read, line = near(asked, curve.outputs), run(asked)
    assert read["speed_mm_per_min"][0] == line["speed_mm_per_min"][0]
    assert read["ignition_mM"] == pytest.approx(line["ignition_mM"], abs=0.1)


def test_a_lane_is_computed_as_if_alone() -> None:
    """Neighbours that leave sooner or later change no bit."""
    batch = run(given((3.0, 0.8)))
    alone = run(given((0.8,)))
    for port, values in alone.items():
        assert values[0] == batch[port][1], port


def test_magnesium_holds_the_wave() -> None:
    """Spontaneous at none, at rest from 0.6 mM on, slower and harder to start with more, gone at 3 mM."""
    found = run(given((0.0, 0.6, 1.0, 3.0)))
    assert found["spontaneous"].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert found["wave"].tolist() == [1.0, 1.0, 1.0, 0.0]
    assert np.all(np.diff(found["speed_mm_per_min"][:3]) < 0.0)
    assert np.all(np.diff(found["ignition_mM"][:3]) > 0.0)
    assert np.isnan(found["speed_mm_per_min"][3])


def test_the_terminal_is_needed_to_stop_it() -> None:
    """The block of the pore alone lets a wave through at 3 mM; without NMDA channels there is none at all."""
    pore, drug = run(given((3.0,), presynaptic=0.0)), run(given((0.0,), nmda_fraction=0.0))
    assert pore["wave"][0] == 1.0
    assert drug["wave"][0] == drug["spontaneous"][0] == 0.0


@pytest.mark.parametrize(("mg_mM", "ignites"), [(0.0, True), (0.6, False)])
def test_a_whisper_of_potassium_ignites_tissue_without_magnesium(mg_mM: float, ignites: bool) -> None:
    """A tenth of a millimole over rest, everywhere, over 600 s."""
    cortex = tissue(given((mg_mM,)))
    u, h = cortex.rest + 0.1, np.zeros((1, 1))
    highest = 0.0
    for _ in range(12_000):
        du, dh = cortex.rates(u, h)
        u, h = u + 0.05 * du, h + 0.05 * dh
        highest = max(highest, float(u[0, 0]))
    assert (highest > 20.0) is ignites


def test_a_front_without_an_answer_is_an_error() -> None:
    """No number is given, and the lane is named."""
    with pytest.raises(SolveError, match=r"lane 0: .* within 1 s"):
        run(given((0.8,)), Mesh(longest_s=1.0))


def test_the_slope_that_others_use_is_that_of_the_curve() -> None:
    """The igniting potassium between 0.7 and 0.9 mM."""
    low, high = run(given((0.7, 0.9)))["ignition_mM"]
    for check in ("P03h", "P03d"):
        row = pathway(check).parameters["literature"]["climb"]
        assert row.value == pytest.approx((high - low) / 0.2, rel=0.1)


def test_the_grid_meets_the_resolution_asked_for() -> None:
    """At most 0.01 mm, and at least 600 s before a lane is given up."""
    assert Mesh().dx_mm <= 0.01
    assert Mesh().longest_s >= 600.0
    assert {0.0, 0.6, 0.8, 1.0, 3.0} <= set(spreading_depression.GRID["mg_mM"])


def test_between_a_wave_and_none_the_curve_says_neither_and_a_run_says_which() -> None:
    straight = outputs_at(pathway("P03"), Setting(straight=True), {"mg_mM": 2.7})["wave"]
    assert np.isnan(straight).any()
    assert set(straight[np.isfinite(straight)]) <= {0.0, 1.0}
    found = outputs_at(pathway("P03"), Setting(), {"mg_mM": 2.7})["wave"]
    assert set(found) == {0.0, 1.0}
    known = np.isfinite(straight)
    assert np.array_equal(found[known], straight[known])
