"""The table of absorption against the gut itself."""

from __future__ import annotations

import numpy as np
import pytest

from davy.body import read_model
from davy.forecast import Draws
from davy.forecast.lanes import lanes_of
from davy.forecast.orbit import absorbed_daily
from davy.forecast.schedule import Pattern, day_pattern
from davy.inference.absorption import absorption_of
from davy.people.regimen import Intake

MODEL = read_model("magnesium")


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern(),
        day_pattern([Intake("21:00", "oxide", 240)]),
        day_pattern([Intake("08:00", "citrate", 150), Intake("21:00", "citrate", 150)]),
    ],
    ids=["food", "oxide at night", "citrate twice"],
)
def test_the_table_is_the_gut_to_a_thousandth(pattern: Pattern) -> None:
    rng = np.random.default_rng(0)
    capacity = np.exp(rng.uniform(np.log(0.12), np.log(3.0), 300))
    intake = np.exp(rng.uniform(np.log(0.6), np.log(70.0), 300))
    draws = Draws(("gut_f_act",), capacity[:, None], intake, rng.uniform(0.6, 1.15, 300))
    told, (true, _, failed) = absorption_of(MODEL, pattern)(draws), absorbed_daily(lanes_of(MODEL, draws), pattern)
    assert not failed.any()
    assert np.abs(told / true - 1).max() < 1.5e-3


def test_outside_its_range_the_edge_holds() -> None:
    table = absorption_of(MODEL, Pattern())
    edge, beyond = (table(Draws(("gut_f_act",), np.array([[0.1]]), np.array([mmol]))) for mmol in (80.0, 500.0))
    assert edge == pytest.approx(beyond)


def test_the_articles_gut_is_followed_directly() -> None:
    articles = read_model("magnesium", parameter_set="articles")
    draws = Draws(("gut_f_act",), np.array([[1.0], [0.5]]), np.array([10.0, 10.0]))
    assert absorption_of(articles, Pattern())(draws) == pytest.approx([5.0, 2.5], rel=1e-3)
