"""Only the states and outputs asked for are handed over; what they say does not depend on it."""

import numpy as np
import pytest

from davy.body import read_model
from davy.engine import Doses, build
from davy.errors import SolveError

DOSES = Doses([0.3, 0.9, 1.4], "gut_GS", [4.1, 8.2, 4.1])
TIMES = [0.5, 1.0, 2.0]


@pytest.mark.parametrize("lanes", [1, 3, 17])
def test_chosen_columns_are_the_same_bytes(lanes: int) -> None:
    model = read_model()
    theta = np.repeat([[model.defaults[name] for name in model.parameters]], lanes, axis=0)
    every = build(model, integrals=("C",)).solve(theta, DOSES, TIMES)
    chosen = build(model, integrals=("C",), names=("rbc_RBC", "ECF", "C")).solve(theta, DOSES, TIMES)
    assert chosen.names == ("rbc_RBC", "ECF", "C")
    assert chosen.values.shape == (lanes, 3, 3)
    for name in chosen.names:
        assert chosen.series(name).tobytes() == every.series(name).tobytes()
    assert chosen.integrals["C"].tobytes() == every.integrals["C"].tobytes()


def test_a_name_that_is_none_is_told() -> None:
    model = read_model()
    theta = [[model.defaults[name] for name in model.parameters]]
    with pytest.raises(SolveError, match="'serum' is neither a state nor an output"):
        build(model, names=("serum",)).solve(theta, DOSES, TIMES)
