"""Rank curves: what lies in its own band is drawn in the band, whatever its number of persons."""

from __future__ import annotations

from typing import Any

import pytest

from davy.report.figure_ranks import most_counted, to_band


def row(n: int, edge: float, furthest: float) -> dict[str, Any]:
    return {"n": n, "low": [-edge] * 3, "high": [edge] * 3, "difference": [0.0, furthest, -furthest / 2]}


@pytest.mark.parametrize(("furthest", "inside"), [(0.14, True), (0.16, False), (-0.14, True), (-0.16, False)])
def test_a_curve_of_few_persons_leaves_the_band_shown_where_it_leaves_its_own(furthest: float, inside: bool) -> None:
    many, few = row(1000, 0.05, 0.01), row(110, 0.15, furthest)
    shown = most_counted([few, many])
    assert shown is many
    drawn = to_band(few, shown)
    assert all(abs(value) <= 0.05 for value in drawn) == inside
    assert to_band(many, shown) == pytest.approx(many["difference"])
