"""The front of spreading depression against another solver, which was run once on the same equations."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from davy.pathways.catalogue import pathway
from davy.pathways.experiments.spreading_depression import run

FOUND = json.loads((Path(__file__).parent / "py_pde.json").read_text(encoding="utf-8"))


def test_the_front_runs_as_fast_in_another_solver() -> None:
    """Within 0.5 % of that solver's speed on ever finer grids (its second order taken off)."""
    coarse, fine = FOUND["speed_mm_per_min"]["0.01"], FOUND["speed_mm_per_min"]["0.005"]
    limit = fine + (fine - coarse) / 3.0
    p03 = pathway("P03")
    values = {name: row.value for name, row in p03.parameters["literature"].items()}
    values |= {name: float(port.value or 0.0) for name, port in p03.inputs.items()} | {"mg_mM": FOUND["mg_mM"]}
    speed = run({name: np.full(1, value) for name, value in values.items()})["speed_mm_per_min"][0]
    assert speed == pytest.approx(limit, rel=5e-3)
