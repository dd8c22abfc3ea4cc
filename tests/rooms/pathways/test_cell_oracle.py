"""The slow models of cells and nerves away from health, against libRoadRunner (CVODE)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from davy.body.sbml import sbml_from_antimony, with_values
from davy.pathways.catalogue import pathway
from davy.pathways.draws import parameter_lanes
from davy.pathways.lanes import Setting, input_lanes, outputs_at
from davy.tables import knowledge_file

CASES: dict[str, dict[str, float]] = {
    "P00c": {"muscle_store_fraction": 0.8, "atp_mM": 6.0},
    "P05c": {"diabetes_fraction": 1.0, "start_fraction": 0.2},
    "P07": {"drive_fold": 1.7, "mg_cell_free_mM": 0.3},
    "P09": {"mg_cell_free_mM": 0.2, "oxidant_fold": 2.0},
    "P09b": {"burst_dsb": 40.0, "background_dsb": 4.0},
}


@pytest.mark.parametrize("name", CASES)
def test_a_slow_model_ends_where_another_solver_takes_it(name: str) -> None:
    roadrunner: Any = pytest.importorskip("roadrunner")
    found, setting = pathway(name), Setting(draws=0, hypotheses=True)
    given = CASES[name]
    lanes = {**parameter_lanes(found, "literature", 0), **input_lanes(found, setting, given)}
    text = knowledge_file(f"models/pathways/{found.home}").read_text(encoding="utf-8")
    sbml = sbml_from_antimony(text, name=name)
    known = set(re.findall(r'<parameter id="(\w+)"', sbml))
    runner = roadrunner.RoadRunner(with_values(sbml, {key: float(v[0]) for key, v in lanes.items() if key in known}))
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-10, 1e-14
    runner.simulate(0, found.row.horizon_d, 20)
    here = outputs_at(found, setting, given)
    for port in found.outputs:
        assert float(here[port][0]) == pytest.approx(float(runner[port]), rel=2e-6, abs=1e-12), port
