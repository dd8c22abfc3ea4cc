"""The body through Davy's engine and through libRoadRunner (stored values, with the version that made them)."""

import json
from pathlib import Path

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import Doses, build

STORED = json.loads(Path(__file__).with_name("roadrunner.json").read_text())


@pytest.mark.parametrize("case", STORED["cases"])
@pytest.mark.parametrize("rtol", [1e-4, 1e-6, 1e-9])
def test_the_same_numbers(case, rtol):
    model = read_model()
    values = {**model.defaults, **STORED["cases"][case]["changes"]}
    times, states, amounts = zip(*STORED["doses"], strict=True)
    theta = np.array([[values[name] for name in model.parameters]])
    path = build(model).solve(theta, Doses(times, states, amounts), STORED["times"], rtol=rtol)
    assert list(path.names) == STORED["names"]
    wanted = np.array(STORED["cases"][case]["values"])
    number = len(model.states)
    scale = np.maximum(np.abs(wanted).max(axis=0), [12.0 if name.startswith("gut_") else 0.0 for name in path.names])
    wrong = np.abs(path.values[0] - wanted)[:, :number] / scale[:number]
    assert np.max(wrong) <= rtol
    serum = path.names.index("C")
    assert np.abs(path.values[0, :, serum] / wanted[:, serum] - 1).max() <= rtol


def test_the_stored_values_are_of_this_model():
    assert STORED["model"] == read_model().fingerprint, "run tests/agreement/make_roadrunner.py"
