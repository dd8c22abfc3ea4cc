"""Davy's own fit: calibrated, and an error in it would show."""

from __future__ import annotations

import numpy as np
import pytest

from davy.qualify.calibration.contraction import contraction
from davy.qualify.calibration.designs import DESIGNS, KINDS
from davy.qualify.calibration.fitting import LIKELIHOOD, FitStudy, Plant, quantity_names
from davy.qualify.calibration.study import LOT, Lot, ranked
from davy.qualify.calibration.tally import Ranked, coverage, joined, uniformity
from davy.qualify.calibration.truths import WRONG

DESIGN = "serum-urine"


def persons(each: int, *, truth: str = "as-believed", plant: Plant = "none") -> Ranked:
    lots = [
        Lot(DESIGN, kind, truth, plant, first, min(LOT, each - first))
        for kind in KINDS
        for first in range(0, each, LOT)
    ]
    return joined([ranked(lot, 0) for lot in lots])


@pytest.fixture(scope="module")
def three_thousand() -> Ranked:
    return persons(750)


def test_every_rank_of_three_thousand_persons_is_uniform(three_thousand: Ranked) -> None:
    found = uniformity([three_thousand], len(three_thousand.names))
    assert len(found) >= 12
    assert {LIKELIHOOD, "next serum", "absorbed magnesium", "kid_fTm", "gut_f_act", "intake"} <= {
        one.quantity for one in found
    }
    assert max(one.n for one in found) == 3000
    assert [(one.quantity, one.p_value, one.excess) for one in found if not one.inside] == []


def test_intervals_hold_what_they_promise(three_thousand: Ranked) -> None:
    for row in coverage(three_thousand, "as-believed"):
        assert row.actual == pytest.approx(row.nominal, abs=4.5 * np.sqrt(row.nominal * (1 - row.nominal) / row.n))


@pytest.mark.parametrize("plant", ["prior", "narrow"])
def test_an_error_put_into_the_fit_shows(plant: Plant) -> None:
    found = uniformity([persons(25, plant=plant)], 13)
    assert LIKELIHOOD in [one.quantity for one in found if not one.inside]


def test_where_the_world_is_not_as_the_fit_believes_intervals_hold_less() -> None:
    lost = persons(40, truth="incomplete-urine")
    rows = {row.quantity: row.actual for row in coverage(lost, "incomplete-urine") if row.nominal == 0.9}
    assert rows["absorbed magnesium"] < 0.83
    assert len({truth.id for truth in WRONG}) == len(WRONG) == 4


def test_the_fit_contracts_as_a_reference_that_uses_the_prior_alone() -> None:
    rows = {row.quantity: row for row in contraction(DESIGN, next(iter(KINDS)), 20_000, 0)}
    assert rows["kid_fTm"].n >= 5
    for row in rows.values():
        assert row.fit == pytest.approx(row.reference, abs=0.12)
        assert abs(row.furthest_mean) < 0.4
    assert rows["kid_fTm"].fit > 0.8
    assert abs(rows["rbc_g_rbc"].reference) < 0.1


def test_nobody_depends_on_who_else_is_asked_for() -> None:
    study = FitStudy(next(one for one in DESIGNS if one.id == DESIGN), next(iter(KINDS)))
    crowd = list(study.believed(0, 7, 3))
    (alone,) = study.believed(5, 1, 3)
    assert alone.truth.tobytes() == crowd[5].truth.tobytes()
    assert alone.draws.tobytes() == crowd[5].draws.tobytes()
    assert alone.weight.tobytes() == crowd[5].weight.tobytes()


def test_kinds_differ_in_what_is_unknown() -> None:
    design = next(one for one in DESIGNS if one.id == DESIGN)
    names = [quantity_names(design.case(kind)) for kind in KINDS]
    assert any("acid blocker" in name for name in names[1])
    assert all(own[-3:] == names[0][-3:] for own in names)
