"""Random lanes and regimens through the engine and through libRoadRunner (stored values, with their version).

``python benchmarks/accuracy.py --lanes 8 --store tests/agreement/random_lanes.json`` makes the values anew; without
``--store`` and with more lanes it is the large proof.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks.accuracy import REQUESTS, case

from davy.engine import build

STORED = json.loads(Path(__file__).with_name("random_lanes.json").read_text())


@pytest.mark.parametrize("name", STORED["models"])
def test_what_is_asked_for_is_achieved(name):
    given = case(name, STORED["lanes"], STORED["seed"])
    model = given["model"]
    assert STORED["models"][name]["fingerprint"] == model.fingerprint, "make the stored values anew"
    exact = np.array(STORED["models"][name]["values"])
    engine = build(model)
    fine = engine.solve(given["theta"], given["doses"], np.linspace(0, given["looks"][-1], 200), rtol=1e-5)
    size = np.maximum(np.abs(fine.values[:, :, : len(model.states)]).max(axis=1, keepdims=True), 1e-9)
    for request in REQUESTS:
        path = engine.solve(given["theta"], given["doses"], given["looks"], rtol=request)
        wrong = np.abs(path.values[:, ::3, : len(model.states)] - exact) / size
        assert (path.status == 0).all()
        assert wrong.max() <= request
