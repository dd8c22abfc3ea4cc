"""What is known without labs, and whether its size is the one that was reported."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from davy.body import read_model
from davy.forecast import Draws, covariates_of, steady_serum
from davy.forecast.covariates import covariate_rows, filtration_L_per_d, glucose_mmol_per_L
from davy.people import person_from_text
from davy.people.person import Person
from davy.people.regimen import NO_SUPPLEMENT

TODAY = date(2026, 11, 22)
REFERENCE_INTAKE_MMOL_PER_D = 12.3
DERIVED = [row for row in covariate_rows() if row.serum_shift is not None]


def person(*lines: str) -> Person:
    return person_from_text("\n".join(("davy: 1", "id: a", *lines)), name="a.yaml", today=TODAY)


def serum(parameter: str, multiplier: float) -> float:
    """Steady serum of the reference adult with one parameter multiplied."""
    draws = Draws((parameter,), np.array([[multiplier]]), np.array([REFERENCE_INTAKE_MMOL_PER_D]))
    return float(steady_serum(read_model("magnesium"), draws, [NO_SUPPLEMENT])[0].values[0, 1, 0])


@pytest.mark.parametrize("row", DERIVED, ids=lambda row: row.id)
def test_each_multiplier_gives_the_shift_of_its_row(row) -> None:
    shift = serum(row.parameter, row.multiplier) - serum(row.parameter, 1.0)
    assert shift == pytest.approx(row.serum_shift * row.shrink, abs=0.0008)
    assert row.lowers_serum == (shift < 0)
    assert row.low <= row.multiplier <= row.high


def test_a_medicine_acts_while_it_is_taken() -> None:
    now = person("medicines: [{name: omeprazole}]")
    assert covariates_of(now).multiplier("gut_f_act") == pytest.approx(0.807)
    past = person("medicines: [{name: omeprazole, until: 2026-01-01}]")
    assert covariates_of(past).multiplier("gut_f_act") == 1.0


def test_effects_on_one_parameter_multiply() -> None:
    both = person("medicines: [{name: omeprazole}, {name: metformin}]")
    assert covariates_of(both).multiplier("gut_f_act") == pytest.approx(0.807 * 0.683)


def test_neutral_drops_what_lowers_serum_and_keeps_what_raises_it() -> None:
    ill = person("conditions: [type-2-diabetes]", "medicines: [{name: omeprazole}, {name: empagliflozin}]")
    kept = {effect.id for effect in covariates_of(ill, neutral=True).effects}
    assert kept == {"sglt2"}
    assert {"ppi", "type-2-diabetes", "sglt2"} <= {effect.id for effect in covariates_of(ill).effects}


def test_the_kidney_is_that_of_this_body() -> None:
    labs = "labs: [{date: 2026-11-01, test: egfr, value: 50, unit: mL/min/1.73m2}]"
    plain, large = person(labs), person(labs, "weight_kg: 120", "height_cm: 195")
    assert filtration_L_per_d(plain) == pytest.approx(72.0)
    assert filtration_L_per_d(large) > 90
    assert covariates_of(plain).multiplier("gut_f_act") == pytest.approx((50 / 60) ** 0.4)
    assert covariates_of(large).multiplier("Vecf") == pytest.approx((120 / 70) ** 0.75)


def test_an_unknown_kidney_stays_unknown() -> None:
    assert "kid_GFR" not in covariates_of(person()).values
    assert not covariates_of(person()).personal


def test_a_genotype_is_worth_almost_nothing() -> None:
    two = covariates_of(person("genotype: {rs2274924: CC}")).multiplier("kid_fTm")
    assert 0.995 < two < 1.0
    assert covariates_of(person("genotype: {rs2274924: TT}")).multiplier("kid_fTm") == 1.0


def test_glucose_is_that_of_the_hba1c_or_else_that_of_diabetes() -> None:
    """28.7 mg/dL of mean glucose for each percent of HbA1c (K152): 8.1 mmol/L at 50 mmol/mol, 10.8 at 8.4 %."""
    unmeasured = covariates_of(person("conditions: [type-2-diabetes]"))
    assert 6.0 * unmeasured.multiplier("kid_glu") == pytest.approx(8.13, abs=0.01)
    assert "kid_glu" not in unmeasured.values
    high = "labs: [{date: 2026-11-01, test: hba1c, value: 8.4, unit: '%'}]"
    for found in (covariates_of(person(high)), covariates_of(person("conditions: [type-2-diabetes]", high))):
        assert found.values["kid_glu"] == pytest.approx((28.7 * 8.4 - 46.7) / 18.016, abs=0.03)
        assert "kid_glu" not in found.parameters
    assert glucose_mmol_per_L(30.0) == 6.0


def test_glucose_lowers_serum_and_a_neutral_body_forgets_it() -> None:
    assert serum("kid_glu", 8.13) - serum("kid_glu", 6.0) == pytest.approx(-0.028, abs=0.004)
    ill = person("conditions: [type-2-diabetes]", "labs: [{date: 2026-11-01, test: hba1c, value: 80, unit: mmol/mol}]")
    assert "kid_glu" not in covariates_of(ill, neutral=True).values
    assert covariates_of(ill, neutral=True).multiplier("kid_glu") == 1.0
