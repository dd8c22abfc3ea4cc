"""The slow pathways of organs, and the two questions to the body model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from tests.rooms.pathways.organ_pathways import says

from davy.engine import Doses, build
from davy.pathways.coupled import coupled
from davy.pathways.experiments import muscle_deficit, stopping
from davy.qualify import pathway_claims
from davy.qualify.body_claims import serum_gain

_DEFICIT = {"tis_g_mu": 0.04, "tis_k_mu": 0.042, "bone_k_bs": 0.1}
_POOLS = {"bone_k_bs": 0.1, "tis_k_mu": 0.042, "rbc_life": 115.0, "tis_k_st": 6.4}


def _lanes(values: dict[str, float], **own: list[float]) -> dict[str, np.ndarray]:
    count = len(next(iter(own.values())))
    return {name: np.full(count, value) for name, value in values.items()} | {k: np.array(v) for k, v in own.items()}


@settings(max_examples=15, deadline=None)
@given(glucose=st.floats(4.0, 20.0), absorbed=st.floats(2.0, 8.0), gfr=st.floats(90.0, 200.0))
def test_after_a_year_the_kidney_passes_what_was_absorbed(glucose: float, absorbed: float, gfr: float):
    at = {"glucose_mM": glucose, "absorbed_mmol_per_d": absorbed, "gfr_L_per_d": gfr}
    assert says("P14c", "urine_mmol_per_d", **at) == pytest.approx(absorbed, rel=2e-3)


def test_sugar_costs_magnesium_at_once_and_serum_for_good():
    surge = [says("P14c", "urine_start_mmol_per_d", glucose_mM=glucose) for glucose in (6.0, 9.0, 12.0, 15.0)]
    serum = [says("P14c", "serum_mM", glucose_mM=glucose) for glucose in (6.0, 9.0, 12.0, 15.0)]
    assert surge == sorted(surge)
    assert serum == sorted(serum, reverse=True)
    assert surge[2] > 2.0 * surge[0]
    assert serum[3] > 0.6


def test_the_stated_loss_empties_the_fluid_of_those_with_high_glucose_alone():
    assert says("P14c", "serum_mM", "articles", day=60.0, glucose_mM=12.0) < 0.1
    assert says("P14c", "serum_mM", "articles", day=60.0, glucose_mM=6.0) == pytest.approx(0.85, abs=0.01)
    assert says("P14c", "serum_mM", day=60.0) == pytest.approx(0.85, abs=0.01)


def test_the_circle_closed_through_the_body_adds_a_few_per_cent():
    woven = coupled(["P14e"])
    engine = build(woven.model)
    serum = {}
    for glucose in (6.0, 12.0):
        for gain in (0.0, 4.0):
            theta = woven.theta(0, body={"avg_abs": 3.9})
            theta[:, woven.model.parameters.index(woven.name("P14e", "glucose_mM"))] = glucose
            theta[:, woven.model.parameters.index(woven.name("P14e", "gain_glu"))] = gain
            serum[glucose, gain] = engine.solve(theta, Doses.none(), [0.0, 365.0]).series("C")[0, -1]
    open_, closed = serum[6.0, 0.0] - serum[12.0, 0.0], serum[6.0, 0.0] - serum[12.0, 4.0]
    assert 1.02 < closed / open_ < 1.12
    assert serum[6.0, 4.0] == pytest.approx(serum[6.0, 0.0], abs=0.002)


def test_two_ends_as_another_solver_has_them():
    def slope(_: float, y: np.ndarray) -> list[float]:
        sugar, insulin, cells = y
        growth = -0.06 + 0.84e-3 * sugar - 2.4e-6 * sugar**2
        secretion = cells * 43.2 * sugar**2 / (20000.0 + sugar**2)
        return [864.0 - (1.44 + 0.72 * 0.5 * insulin) * sugar, secretion - 432.0 * insulin, growth * cells]

    start = [100.0, (864.0 / 100.0 - 1.44) / 0.72, 300.0]
    oracle = solve_ivp(slope, (0.0, 365.0), start, method="LSODA", rtol=1e-9, atol=1e-9, t_eval=[30.0, 365.0]).y
    for k, day in enumerate((30.0, 365.0)):
        for row, name in enumerate(("glucose_mg_per_dL", "insulin_uU_per_mL", "cells_mg")):
            found = says("P14d", name, day=day, sensitivity_fraction=0.5)
            assert found == pytest.approx(oracle[row, k], rel=1e-4)


def test_magnesium_moves_no_one_across_the_watershed():
    low, usual = (
        says("P14d", "glucose_mg_per_dL", mg_serum_mM=level, sensitivity_fraction=0.4) for level in (0.6, 0.9)
    )
    assert low == pytest.approx(usual, abs=1.0)
    assert (
        says("P14d", "glucose_mg_per_dL", glucose_start_mg_per_dL=400.0, cells_start_mg=20.0, mg_serum_mM=0.95) > 590.0
    )


def test_nothing_falls_below_what_it_was_before_the_supplement():
    days = [0.0, 1.0, 7.0, 30.0, 180.0, 365.0]
    found = stopping.run(_lanes(_POOLS, mg_dose_mg=[250.0] * len(days), t_d=days))
    for pool in ("serum", "red_cells", "csf", "muscle"):
        left = found[f"{pool}_left_fraction"]
        assert left[0] == pytest.approx(1.0, abs=1e-6)
        assert np.all(np.diff(left) < 0.0)
        assert left[-1] > -1e-3
    assert found["serum_left_fraction"][1] < 0.35
    assert found["red_cells_left_fraction"][3] > 0.4
    assert np.all(found["lowest_mM"] >= -1e-6)
    assert found["serum_gain_mM"][0] == pytest.approx(serum_gain(250.0, 365.0), rel=1e-3)


def test_a_short_muscle_shows_in_serum_or_urine():
    days = [0.0, 1.0, 7.0, 30.0, 365.0]
    found = muscle_deficit.run(_lanes(_DEFICIT, short_fraction=[0.275] * len(days), t_d=days))
    assert found["muscle_short_fraction"][0] == pytest.approx(0.275)
    assert abs(found["muscle_short_fraction"][-1]) < 0.01
    assert found["lowest_mM"][0] < 0.75
    assert found["urine_mmol_per_d"][2] < 1.5 < found["urine_mmol_per_d"][-1]
    assert found["needed_mM"][0] < 0.1


def test_a_lane_knows_nothing_of_its_neighbours():
    many = _lanes(_DEFICIT, short_fraction=[0.0, 0.3, 0.15, 0.3], t_d=[3.0, 7.3, 50.0, 0.0])
    together = muscle_deficit.run(many)
    for lane in range(4):
        alone = muscle_deficit.run({name: values[lane : lane + 1] for name, values in many.items()})
        assert {name: values[0] for name, values in alone.items()} == {k: v[lane] for k, v in together.items()}


def test_the_audit_asks_the_pathway(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def answered(found, setting, given):
        asked.append(found.id)
        return dict.fromkeys(found.outputs, np.array([0.5]))

    monkeypatch.setattr(pathway_claims, "outputs_at", answered)
    assert pathway_claims.nmda_unblocked(1.0, -70.0) == 50.0
    assert pathway_claims.serum_risk_fall(0.45) == 50.0
    assert pathway_claims.loose_share(10.0) == 50.0
    assert pathway_claims.days_to_regrow(300.0) == 0.5
    assert asked == ["P02_nmda_block", "P16_cvd_circulating", "P18_osmotic_laxative", "P17_nerve_regen"]
