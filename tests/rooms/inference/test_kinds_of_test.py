"""What each kind of measurement is predicted to show, worked out another way, and what it teaches."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rooms.inference.cases import MODEL, fitted
from tests.rooms.inference.persons import DIET, lab, person, rbc, serum, urine

from davy.engine import Doses
from davy.forecast.lanes import lanes_of
from davy.inference import Posterior
from davy.inference.case import Case, Points, case_of
from davy.inference.expected import LOAD_MMOL

RETENTION, CORRECTED = "magnesium-load-retention", "magnesium-load-retention-corrected"
CITRATE = "supplements: [{form: citrate, label_mg: 200, label_means: elemental, per_day: 1}]"


def told(*labs: str, lines: tuple[str, ...] = (DIET,), egfr: str | None = None) -> tuple[Case, Points, np.ndarray]:
    """What these tests would show of twenty healthy versions."""
    ada = person(*labs, lines=lines) if egfr is None else person(*labs, lines=lines, egfr=egfr)
    case = case_of(MODEL, ada)
    made = case.points(20, 0, "test")
    versions = Points(made.z, np.zeros(20, dtype=np.intp), np.ones(20))
    return case, versions, case.expected(versions)


def informed(found: Posterior, name: str) -> float:
    return next(row.informed for row in found.parameters if row.id == name)


def test_blood_and_urine_are_outputs_of_the_body() -> None:
    free = lab("rbc-magnesium-free", 0.2)
    case, versions, seen = told(serum(0.8), lab("ionised-magnesium", 0.5), rbc(2.0), free, urine(3.0))
    lanes = lanes_of(MODEL, case.draws(versions)).with_parameter("avg_abs", case.absorption(case.draws(versions)))
    steady = lanes.engine.steady(lanes.theta).outputs
    for place, name in enumerate(("C", "kid_Cfree", "rbc_RBC", "rbc_free", "kid_E")):
        assert np.exp(seen[:, place]) == pytest.approx(steady[name], rel=1e-9)


def test_the_balance_of_a_steady_body_is_what_the_skin_loses() -> None:
    balance, stool = lab("magnesium-balance-24h", 0.3, "mmol/24h"), lab("faecal-magnesium-24h", 8, "mmol/24h")
    case, versions, seen = told(urine(3.0), stool, balance, lines=(DIET, CITRATE))
    draws = case.draws(versions)
    eaten = draws.intake_mmol_per_d + 200 / 24.305
    assert eaten - np.exp(seen[:, 0]) - np.exp(seen[:, 1]) == pytest.approx(seen[:, 2])
    lanes = lanes_of(MODEL, draws).with_parameter("avg_abs", case.absorption(draws))
    standing = lanes.engine.steady(lanes.theta)
    skin = lanes.engine.rates(lanes.theta, standing.values)[:, MODEL.states.index("Skin")]
    assert seen[:, 2] == pytest.approx(skin, abs=1e-6)


def test_a_loading_test_is_the_infusion_itself() -> None:
    """Both formulas against a run with the load in eighty small doses."""
    case, versions, seen = told(lab(RETENTION, 10, "'%'"), lab(CORRECTED, 20, "'%'"), urine(3.0))
    draws = case.draws(versions)
    lanes = lanes_of(MODEL, draws).with_parameter("avg_abs", case.absorption(draws))
    standing = lanes.engine.steady(lanes.theta)
    drip = Doses(
        time_d=(np.arange(80) + 0.5) / 240,
        state=("ECF",) * 80,
        amount_mmol=np.full(80, LOAD_MMOL / 80),
    )
    start = standing.values.copy()
    start[:, MODEL.states.index("kid_Uri")] = 0.0
    run = lanes.engine.solve(lanes.theta, drip, [0.0, 1.0], initial=start, rtol=1e-6)
    collected = run.series("kid_Uri")[:, 1]
    raw, corrected = seen[:, list_of(case).index(RETENTION)], seen[:, list_of(case).index(CORRECTED)]
    assert np.exp(raw) == pytest.approx(collected / LOAD_MMOL, rel=2e-3)
    assert np.exp(corrected) == pytest.approx((collected - standing.outputs["kid_E"]) / LOAD_MMOL, rel=2e-3)


def list_of(case: Case) -> list[str]:
    return [one.quantity for one in case.evidence.observations]


def test_a_spot_urine_is_asked_under_its_conditions_alone() -> None:
    sample = lab("urine-magnesium-spot", 3.0), lab("urine-creatinine-spot", 8.0), lab("creatinine", 60, "umol/L")
    case, versions, seen = told(serum(0.60), *sample, egfr="")
    place = list_of(case).index("urine-magnesium-spot")
    steady = case.draws(versions)
    lanes = lanes_of(MODEL, steady).with_parameter("avg_abs", case.absorption(steady))
    outputs = lanes.engine.steady(lanes.theta).outputs
    femg = outputs["kid_FE"] * outputs["kid_Cfree"]
    assert np.exp(seen[:, place]) == pytest.approx(femg, rel=1e-6)
    assert case.evidence.observations[place].log_value == pytest.approx(np.log(3.0 * 0.060 / 8.0))
    for labs, lines in (((serum(0.75), *sample), (DIET,)), ((serum(0.60), *sample), (DIET, CITRATE))):
        assert "urine-magnesium-spot" not in list_of(told(*labs, lines=lines, egfr="")[0])


def test_a_spot_urine_tells_a_losing_kidney() -> None:
    sample = lab("urine-creatinine-spot", 8.0), lab("creatinine", 60, "umol/L")
    losing, sparing = (
        fitted(serum(0.62), lab("urine-magnesium-spot", level), *sample, egfr="").kinds for level in (4.0, 0.3)
    )
    assert losing["wasting/healthy"] > 0.85
    assert sparing["wasting/healthy"] < 0.3


def test_an_incomplete_urine_is_a_lower_bound() -> None:
    """Little of an unknown share of a day says little; much of it says that at least so much was lost."""
    none, little, much = (
        fitted(serum(0.66), *more).fitted["urine_mmol_per_d"]
        for more in ((), (urine(1.2, complete="false"),), (urine(4.0, complete="false"),))
    )
    whole = fitted(serum(0.66), urine(1.2, complete="true")).fitted["urine_mmol_per_d"]
    assert much[1] > 4.0
    assert whole[2] < little[2]
    assert whole[1] < little[1]
    assert none[0] < much[0]
    said = fitted(serum(0.66), urine(1.2, complete="false")).sentences
    assert any("incomplete" in sentence and "30 to 100 %" in sentence for sentence in said)


def test_creatinine_tells_which_share_was_collected() -> None:
    """Two mmol of creatinine in a woman of 70 kg are between an eighth and a third of a day."""
    case, _, _ = told(serum(0.70), urine(0.9), lab("urine-creatinine-24h", 2.0, "mmol/24h"))
    (share,) = case.evidence.measured
    assert share.low == pytest.approx(2 / 70 / 0.25)
    assert share.high == pytest.approx(2 / 70 / 0.08)


def test_ionised_and_free_magnesium_inform() -> None:
    alone, ionised = (informed(fitted(*labs), "kid_fTm") for labs in ((), (lab("ionised-magnesium", 0.50),)))
    assert alone == 0.0
    assert ionised > 0.1


def test_a_stool_tells_what_is_absorbed() -> None:
    stool = lab("faecal-magnesium-24h", 6.0, "mmol/24h")
    weighed = ("diet: {magnesium_mg_per_day: 290, method: weighed-record}",)
    with_stool, without = (fitted(serum(0.8), *more, lines=weighed) for more in ((stool,), ()))
    assert informed(with_stool, "gut_f_act") > informed(without, "gut_f_act") + 0.03


def test_a_bound_on_a_balance_is_named_and_not_read() -> None:
    found = fitted(serum(0.8), lab("magnesium-balance-24h", '"<1"', "mmol/24h"))
    assert any("a bound on a balance is not read" in sentence for sentence in found.sentences)
