"""Greenland and Longnecker's method on published tables, against dosresmeta 2.2.0 and metafor 3.8-1 (stored values).

The tables: a case-control, an incidence-rate and a cumulative-incidence study as distributed with dosresmeta, and six
studies of alcohol and cardiovascular disease.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from davy.errors import InputError
from davy.evidence.meta.dose_covariance import Cells, covariance, greenland_longnecker, hamling
from davy.evidence.meta.dose_document import DoseResponse
from davy.evidence.meta.dose_file import DoseStudy, dose_studies
from davy.evidence.meta.dose_response import DoseOptions, fit_dose_response
from davy.evidence.meta.multivariate import pool_vectors
from davy.evidence.meta.spline import basis
from davy.evidence.meta.table_file import read_studies

DATA = Path(__file__).parent / "data"
STORED = json.loads((DATA / "dose_response.json").read_text())


def fitted(name: str, options: DoseOptions | None = None) -> DoseResponse:
    return fit_dose_response(DATA / f"dose_{name}.csv", options)


def one_study(name: str) -> DoseStudy:
    return dose_studies(read_studies(DATA / f"dose_{name}.csv"))[0][0]


@pytest.mark.parametrize("name", ["cc", "ir", "ci"])
def test_one_study(name: str) -> None:
    made, wanted = fitted(name), STORED[f"{name}_ex"]
    assert made.per_unit.slope == pytest.approx(wanted["b"], abs=1e-8)
    assert made.per_unit.se == pytest.approx(wanted["se"], abs=1e-9)
    assert made.gof.q == pytest.approx(wanted["gof_Q"], abs=1e-6)
    assert made.gof.df == wanted["gof_df"]
    assert np.ravel(made.studies[0].covariance) == pytest.approx(wanted["cov"], abs=1e-8)
    assert made.tau2 is None


def test_six_studies_of_alcohol() -> None:
    made, wanted = fitted("alcohol"), STORED["alcohol_cvd_linear"]
    assert [one.slope for one in made.studies] == pytest.approx(wanted["b_i"], abs=1e-7)
    assert [one.se for one in made.studies] == pytest.approx(wanted["se_i"], abs=1e-8)
    reml = wanted["REML"]
    assert made.per_unit.slope == pytest.approx(reml["b"], abs=1e-9)
    assert made.per_unit.se == pytest.approx(reml["se"], abs=1e-8)
    assert made.per_unit.ci == pytest.approx((reml["ci_lb"], reml["ci_ub"]), abs=1e-8)
    assert made.tau2 == pytest.approx(reml["tau2"], abs=1e-9)
    assert made.q == pytest.approx(reml["Q"], abs=1e-5)
    assert made.i2 == pytest.approx(reml["I2"], abs=1e-5)
    assert made.common.se == pytest.approx(wanted["EE"]["se"], abs=1e-9)
    assert made.per_unit_knha is not None
    assert made.per_unit_knha.se == pytest.approx(wanted["REML_knha"]["se"], abs=1e-8)


def same_ratios(study: DoseStudy, cells: Cells) -> None:
    odds = cells.cases / (cells.others if study.kind != "ir" else study.n)
    assert np.log(odds[1:] / odds[0]) == pytest.approx(study.logrr, abs=1e-9)


@pytest.mark.parametrize("name", ["cc", "ir", "ci"])
def test_greenland_longnecker_keeps_the_margins(name: str) -> None:
    study = one_study(name)
    cells = greenland_longnecker(study)
    same_ratios(study, cells)
    assert cells.cases.sum() == pytest.approx(study.cases.sum())
    if name == "cc":
        assert cells.cases + cells.others == pytest.approx(study.n)


@pytest.mark.parametrize("name", ["cc", "ci"])
def test_hamling_keeps_the_standard_errors_and_both_ratios(name: str) -> None:
    study = one_study(name)
    cells = hamling(study)
    assert cells is not None
    same_ratios(study, cells)
    sign = 1 if name == "cc" else -1
    own = 1 / cells.cases + sign / cells.others
    assert np.sqrt(own[0] + own[1:]) == pytest.approx(study.se, abs=1e-8)
    others = study.n - study.cases if name == "cc" else study.n
    assert cells.others[0] / cells.others.sum() == pytest.approx(others[0] / others.sum(), abs=1e-5)
    assert cells.others.sum() / cells.cases.sum() == pytest.approx(others.sum() / study.cases.sum(), rel=1e-5)


@pytest.mark.parametrize("name", ["cc", "ir", "ci"])
def test_hamling_stands_beside(name: str) -> None:
    made = fitted(name)
    assert made.hamling is not None
    assert made.hamling.slope == pytest.approx(made.per_unit.slope, abs=0.1 * made.per_unit.se)
    study = one_study(name)
    for method in ("gl", "hamling", "independent"):
        own = covariance(study, method)
        assert own is not None
        assert np.all(np.linalg.eigvalsh(own) > 0)
        assert np.sqrt(np.diag(own)) == pytest.approx(study.se)


def test_a_slope_per_step_is_that_many_times_the_slope() -> None:
    one, ten = fitted("ir"), fitted("ir", DoseOptions(unit=10))
    assert ten.per_unit.slope == pytest.approx(10 * one.per_unit.slope)
    assert ten.per_unit.rr == pytest.approx(np.exp(10 * one.per_unit.slope))


def test_curves_are_against_the_reference_dose() -> None:
    made = fitted("alcohol", DoseOptions(reference=10, doses=(0, 10, 40)))
    assert made.nonlinear is not None
    for curve in (made.linear_curve, made.nonlinear.curve):
        assert [one.dose for one in curve] == [0, 10, 40]
        assert curve[1].rr == 1
        assert curve[1].rr_ci == (1, 1)
    assert made.linear_curve[2].logrr == pytest.approx(30 * made.per_unit.slope)


def test_a_spline_is_straight_outside_its_knots() -> None:
    knots = (10.0, 20.0, 40.0)
    below, above = basis(np.array([0.0, 5.0, 10.0]), knots), basis(np.array([40.0, 50.0, 60.0]), knots)
    assert below[:, 1] == pytest.approx(0)
    assert np.diff(above[:, 1], 2) == pytest.approx(0, abs=1e-12)


def test_a_bend_is_found_where_there_is_one() -> None:
    doses = (0.0, 5.0, 10.0, 20.0, 30.0)
    rows = [
        {"study": k, "dose": d, "logrr": -0.1 * d + 0.004 * d * d, "se": 0.05 if d else None, "cases": 200, "n": 5000}
        for k in range(3)
        for d in doses
    ]
    made = fit_dose_response([{**row, "type": "ir"} for row in rows])
    assert made.nonlinear is not None
    assert made.nonlinear.p < 1e-6
    straight = fit_dose_response([{**row, "type": "ir", "logrr": -0.02 * float(str(row["dose"]))} for row in rows])
    assert straight.nonlinear is not None
    assert straight.nonlinear.p > 0.9


def test_vectors_pool_as_metafor_pools_them() -> None:
    """dat.berkey1998 through rma.mv(struct = "UN", method = "REML") of metafor 3.8-1."""
    y = [(0.47, -0.32), (0.20, -0.60), (0.40, -0.12), (0.26, -0.31), (0.56, -0.39)]
    s = [
        (0.0075, 0.0030, 0.0077),
        (0.0057, 0.0009, 0.0008),
        (0.0021, 0.0007, 0.0014),
        (0.0029, 0.0009, 0.0015),
        (0.0148, 0.0072, 0.0304),
    ]
    made = pool_vectors([np.array(one) for one in y], [np.array([[a, b], [b, c]]) for a, b, c in s])
    wanted = STORED["berkey1998"]
    assert made.settled
    assert made.beta == pytest.approx(wanted["beta"], abs=2e-5)
    assert np.sqrt(np.diag(made.cov)) == pytest.approx(wanted["se"], abs=2e-5)
    assert np.diag(made.between) == pytest.approx(wanted["tau2"], abs=2e-5)


def test_without_numbers_only_independence_is_left_and_that_is_told() -> None:
    """Van Dam 2006, Diabetes Care 29:2238, Table 2: quintiles of the Black Women's Health Study, no person-years read.

    Its slope per 100 mg, 0.72, is steeper than Dong's pooled 0.86 (0.82 to 0.89).
    """
    rows = [
        {"study": "BWHS", "dose": dose, "rr": rr, "ci_low": low, "ci_high": high, "type": "ir"}
        for dose, rr, low, high in (
            (115, 1, None, None),
            (144, 0.87, 0.76, 1.01),
            (168, 0.80, 0.69, 0.92),
            (195, 0.75, 0.64, 0.86),
            (244, 0.69, 0.59, 0.81),
        )
    ]
    with pytest.raises(InputError, match="no gl covariance can be had"):
        fit_dose_response(rows)
    made = fit_dose_response(rows, DoseOptions(unit=100, covariance="independent"))
    assert any("not independent" in one for one in made.warnings)
    assert made.per_unit.rr == pytest.approx(0.72, abs=0.005)
    assert made.nonlinear is not None
    assert made.nonlinear.p > 0.05
