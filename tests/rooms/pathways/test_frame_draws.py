"""Draws: the value is the median, the interval holds 95 %, and no draw depends on which others there are."""

from __future__ import annotations

import numpy as np
import pytest

from davy.errors import KnowledgeError
from davy.pathways import draws
from davy.pathways.catalogue import Pathway, catalogue
from davy.pathways.draws import parameter_lanes
from davy.pathways.rows import PARAMETER_SETS, PathwayParameterRow, PathwayRow


def parameter(name: str, shape: str, value: float, low: float | None, high: float | None) -> PathwayParameterRow:
    return PathwayParameterRow.model_validate(
        {
            "pathway": "P99_test", "set": "literature", "id": name, "label": name, "value": value, "unit": "1",
            "low": low, "high": high, "shape": shape, "provenance": "measured", "source": "davy-model",
            "verified": "assumed", "status": "active",
        }
    )  # fmt: skip


def pathway_with(*rows: PathwayParameterRow) -> Pathway:
    row = PathwayRow.model_validate(
        {
            "id": "P99_test", "title": "t", "grade": "C", "kind": "fast", "home": "test.ant", "site": "cell",
            "says": "s", "short": "s", "attack": "a", "source": "davy-model", "verified": "assumed",
            "status": "active",
        }
    )  # fmt: skip
    own = {one.id: one for one in rows}
    return Pathway(row, "test.ant", None, {}, {}, {"literature": own, "articles": own}, (), (), {})


@pytest.mark.parametrize(
    ("shape", "value", "low", "high"),
    [("lognormal", 0.1, 0.02, 0.3), ("normal", 2.97, 0.23, 5.7), ("normal", 1.0, 0.9, 1.5)],
)
def test_quantiles_are_those_of_the_row(shape: str, value: float, low: float, high: float) -> None:
    lanes = parameter_lanes(pathway_with(parameter("k", shape, value, low, high)), "literature", 40_000)["k"]
    assert lanes[0] == value
    assert np.quantile(lanes[1:], (0.025, 0.5, 0.975)) == pytest.approx((low, value, high), abs=0.02 * (high - low))


def test_a_uniform_draw_stays_within_its_bounds_and_fills_them() -> None:
    lanes = parameter_lanes(pathway_with(parameter("k", "uniform", 0.5, 0.0, 2.0)), "literature", 2_000)["k"][1:]
    assert lanes.min() >= 0.0
    assert lanes.max() <= 2.0
    assert np.quantile(lanes, (0.25, 0.75)) == pytest.approx((0.5, 1.5), abs=0.1)


def test_a_draw_does_not_depend_on_how_many_there_are_or_which_parameters_stand_beside_it() -> None:
    one, other = parameter("k", "lognormal", 1.0, 0.5, 2.0), parameter("m", "normal", 1.0, 0.0, 2.0)
    alone = parameter_lanes(pathway_with(one), "literature", 7)["k"]
    among = parameter_lanes(pathway_with(other, one), "literature", 300)
    assert among["k"][:8].tolist() == alone.tolist()
    assert abs(np.corrcoef(np.log(among["k"][1:]), among["m"][1:])[0, 1]) < 0.2
    assert parameter_lanes(pathway_with(one), "literature", 7, seed=1)["k"][1:].tolist() != alone[1:].tolist()


def test_a_fixed_value_does_not_vary_and_a_spread_without_bounds_is_refused() -> None:
    assert set(parameter_lanes(pathway_with(parameter("k", "fixed", 3.0, None, None)), "literature", 9)["k"]) == {3.0}
    with pytest.raises(KnowledgeError, match="needs low and high"):
        parameter_lanes(pathway_with(parameter("k", "normal", 3.0, None, 4.0)), "literature", 9)
    with pytest.raises(KnowledgeError, match="needs low and high"):
        parameter_lanes(pathway_with(parameter("k", "lognormal", 3.0, 0.0, 4.0)), "literature", 9)


def test_a_band_stands_on_at_least_200_draws() -> None:
    assert draws.DRAWS >= draws.FEWEST == 200


WITHOUT_A_MIDDLE = {("P04_windup", "member"), ("P04b_pain_oral_negative", "dose_ref")}
"""A set of the ensemble has a number and no size; the trial's dose is one of two readings of its salt."""


def test_the_value_of_an_evenly_drawn_row_lies_among_its_draws() -> None:
    uniform = [
        row
        for one in catalogue()
        for name in PARAMETER_SETS
        for row in one.parameters[name].values()
        if row.shape == "uniform" and (row.pathway, row.id) not in WITHOUT_A_MIDDLE
    ]
    assert len(uniform) > 15
    outside = [
        (row.pathway, row.id)
        for row in uniform
        if row.low is not None
        and row.high is not None
        and not 0.05 < (row.value - row.low) / (row.high - row.low) < 0.95
    ]
    assert outside == []
