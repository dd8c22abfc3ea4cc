"""The kinetic block against an integrator of another make, and the rhythm of sleep."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from davy.errors import SolveError
from davy.pathways.catalogue import pathway
from davy.pathways.experiments import nmda_kinetics, sleep_two_process
from davy.pathways.experiments.nmda_kinetics import Floats


def given(name: str, lanes: int = 1, **other: float) -> dict[str, Floats]:
    """Inputs and parameters of the literature."""
    found = pathway(name)
    values = {key: row.value for key, row in found.parameters["literature"].items()}
    values |= {key: float(port.value or 0.0) for key, port in found.inputs.items()} | other
    return {key: np.full(lanes, value) for key, value in values.items()}


def _rates(p: dict[str, float], volts: float, glutamate: float) -> dict[tuple[str, str], float]:
    turn = 2.0 * (volts - p["V_0"]) / p["V_T"]
    enters, leaves = p["mg_mM"] * np.exp(-p["delta"] * turn), np.exp((1.0 - p["delta"]) * turn)
    found: dict[tuple[str, str], float] = {}
    for m, tail in (("", ""), ("M", "_mg")):
        found[f"U{m}", f"C{m}"], found[f"C{m}", f"U{m}"] = p[f"bind{tail}"] * glutamate, p[f"unbind{tail}"]
        found[f"C{m}", f"O{m}"], found[f"O{m}", f"C{m}"] = p[f"open{tail}"], p[f"close{tail}"]
        found[f"C{m}", f"D1{m}"], found[f"D1{m}", f"C{m}"] = p[f"desensitise_1{tail}"], p[f"resensitise_1{tail}"]
        found[f"D1{m}", f"D2{m}"], found[f"D2{m}", f"D1{m}"] = p[f"desensitise_2{tail}"], p[f"resensitise_2{tail}"]
    for state in ("U", "C", "O", "D1", "D2"):
        found[state, f"{state}M"] = p["block_open" if state == "O" else "block_shut"] * enters
        found[f"{state}M", state] = p[f"unblock_{state}"] * leaves
    return found


def _after(p: dict[str, float], start: dict[str, float], volts: float, glutamate: float, ms: float) -> dict[str, float]:
    names = list(start)
    rates = _rates(p, volts, glutamate)

    def slope(_: float, x: Floats) -> Floats:
        out = np.zeros(len(names))
        for (source, target), rate in rates.items():
            flow = rate * x[names.index(source)]
            out[names.index(source)] -= flow
            out[names.index(target)] += flow
        return out

    solved = solve_ivp(slope, (0.0, ms), [start[name] for name in names], method="LSODA", rtol=1e-9, atol=1e-12)
    return dict(zip(names, solved.y[:, -1], strict=True))


def test_the_scheme_agrees_with_a_stiff_integrator() -> None:
    """Open probability and block by the same rates, written out flow by flow."""
    lanes = given("P02b")
    p = {key: float(values[0]) for key, values in lanes.items()}
    names = [f"{state}{m}" for m in ("", "M") for state in ("U", "C", "O", "D1", "D2")]
    rest = _after(p, dict.fromkeys(names, 0.0) | {"U": 1.0}, p["v_mV"], 0.0, 1e6)
    bound = _after(p, rest, p["v_mV"], p["glutamate_mM"], p["delay_ms"])
    peak = max(_after(p, bound, p["step_mV"], p["glutamate_mM"], ms)["O"] for ms in (5.0, 10.0, 15.0, 20.0, 30.0))
    found = nmda_kinetics.run(lanes)
    assert found["unblocked_fraction"][0] == pytest.approx(bound["O"] / (bound["O"] + bound["OM"]), rel=1e-5)
    assert found["open_probability"][0] == pytest.approx(peak, rel=0.02)


def test_unblock_has_the_three_published_parts() -> None:
    """A tenth of a millisecond, 4 and about 300 ms."""
    found = nmda_kinetics.run(given("P02b"))
    assert found["fast_unblock_ms"][0] == pytest.approx(0.1, rel=0.4)
    assert found["medium_unblock_ms"][0] == pytest.approx(4.0, rel=0.25)
    assert found["slow_unblock_ms"][0] == pytest.approx(300.0, rel=0.25)


def test_rates_without_a_solution_are_an_error() -> None:
    """A channel whose rates are no numbers is named."""
    with pytest.raises((SolveError, np.linalg.LinAlgError)):
        nmda_kinetics.run(given("P02b", open=float("nan")))


def test_no_magnesium_changes_no_sleep() -> None:
    """And a lane alone is the lane in company."""
    none, company = sleep_two_process.run(given("P13a", mg_dose_mg=0.0)), given("P13a", 2)
    company["mg_dose_mg"][0] = 0.0
    both = sleep_two_process.run(company)
    assert none["latency_change_min"][0] == none["total_sleep_change_min"][0] == 0.0
    for port, values in none.items():
        assert values[0] == both[port][0], port


def test_minutes_gained_in_bed_are_not_all_slept() -> None:
    """Pressure falls sooner, so waking comes sooner: about half of the shorter latency becomes sleep."""
    found = sleep_two_process.run(given("P13a"))
    assert found["latency_change_min"][0] < -10.0
    assert 0.25 < -found["total_sleep_change_min"][0] / found["latency_change_min"][0] < 0.75


def test_a_person_who_cannot_fall_asleep_is_an_error() -> None:
    """No latency is made up."""
    with pytest.raises(SolveError, match="does not fall asleep"):
        sleep_two_process.run(given("P13a", H_up=1.2))
