"""What labs teach, and what they do not."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from tests.rooms.inference.cases import MODEL, fitted
from tests.rooms.inference.persons import DIET, lab, person, rbc, serum, urine

from davy.body import read_model
from davy.forecast import steady_serum
from davy.inference import Posterior, fit
from davy.people.regimen import NO_SUPPLEMENT

WITHIN_MMOL_PER_L = 0.02


def median(posterior: Posterior, output: str = "serum_mmol_per_L") -> float:
    return posterior.fitted[output][1]


def informed(posterior: Posterior) -> dict[str, float]:
    return {row.id: row.informed for row in posterior.parameters}


@pytest.mark.parametrize("measured", [0.60, 0.66, 0.70])
@pytest.mark.parametrize("per_day", [0.5, 2.0, 4.1])
def test_a_low_serum_with_a_urine_is_believed(measured: float, per_day: float) -> None:
    found = fitted(serum(measured), urine(per_day))
    assert abs(median(found) - measured) <= WITHIN_MMOL_PER_L
    assert found.prediction == "a_posteriori"
    assert found.fitted["urine_mmol_per_d"][0] < 1.3 * per_day


@pytest.mark.parametrize(
    "lines",
    [
        ("diet: {magnesium_mg_per_day: 400, method: weighed-record}",),
        ("diet: {magnesium_mg_per_day: 150, method: guess}",),
        (),
        (DIET, "conditions: [type-2-diabetes]", "medicines: [{name: omeprazole}, {name: metformin}]"),
        (DIET, "conditions: [coeliac]"),
    ],
    ids=["well fed", "a guess", "diet unknown", "diabetes", "coeliac"],
)
@pytest.mark.parametrize("measured", [0.60, 0.70])
def test_whatever_else_is_known(measured: float, lines: tuple[str, ...]) -> None:
    found = fitted(serum(measured), urine(4.1), lines=lines)
    assert abs(median(found) - measured) <= WITHIN_MMOL_PER_L


def test_a_normal_serum_stays_with_a_healthy_kidney() -> None:
    found = fitted(serum(0.85))
    assert found.kinds["healthy/healthy"] > 0.9
    assert median(found) == pytest.approx(0.85, abs=0.01)


def test_a_wasting_kidney_is_told_from_a_poor_supply() -> None:
    leak, poor = (fitted(serum(0.62), urine(per_day)).kinds for per_day in (4.5, 0.4))
    assert leak["wasting/healthy"] > 0.9
    assert poor["wasting/healthy"] < 0.05


def test_each_lab_informs_what_it_can() -> None:
    alone, with_urine, with_cells = (
        informed(fitted(serum(0.82), *more)) for more in ((), (urine(3.5),), (urine(3.5), rbc(1.8)))
    )
    assert alone["kid_fTm"] > 0.3
    assert with_urine["gut_f_act"] > alone["gut_f_act"]
    assert with_cells["rbc_R0"] > 0.3 > with_urine["rbc_R0"]
    assert max(found["bone_M_bs"] for found in (alone, with_urine, with_cells)) < 0.15


def test_what_was_not_moved_is_said() -> None:
    found = fitted(serum(0.82))
    assert any("did not move" in sentence and "bone surface" in sentence for sentence in found.sentences)
    assert any("mostly prior" in sentence for sentence in found.sentences)


def test_a_parameter_whose_middle_moved_is_not_called_unmoved() -> None:
    found = fitted(serum(0.60))
    threshold = next(row for row in found.parameters if row.id == "kid_fTm")
    assert threshold.p50 < 0.8 * threshold.prior_p50
    for sentence in found.sentences:
        assert not ("did not move" in sentence and threshold.name in sentence)
    assert any("moved this without" in sentence and threshold.name in sentence for sentence in found.sentences)


def test_the_same_seed_gives_the_same_bytes() -> None:
    ada = person(serum(0.71), urine(2.0))
    first, again, other = fit(MODEL, ada), fit(MODEL, ada), fit(MODEL, ada, seed=1)
    assert first.draws.values.tobytes() == again.draws.values.tobytes()
    assert first.neutral_draws.values.tobytes() == again.neutral_draws.values.tobytes()
    assert first.draws.values.tobytes() != other.draws.values.tobytes()
    named = fit(MODEL, person(serum(0.71), urine(2.0), name="bea"))
    assert first.draws.values.tobytes() != named.draws.values.tobytes()


def test_how_many_draws() -> None:
    ada = person(serum(0.78))
    assert fit(MODEL, ada).draws.values.shape[0] == 500
    assert fit(MODEL, ada, draws=20).draws.values.shape[0] == 20
    one = fit(MODEL, ada, draws=1)
    assert one.draws.values.shape[0] == 1
    standing = steady_serum(MODEL, one.draws, [NO_SUPPLEMENT])[0].values[0, 1, 0]
    assert standing == pytest.approx(median(fit(MODEL, ada)), abs=0.005)


def test_where_a_prediction_comes_from() -> None:
    assert fit(MODEL, person(lines=())).prediction == "a_priori"
    nobody = replace_person(person(egfr="", lines=()))
    assert fit(MODEL, nobody).prediction == "population"
    assert fit(MODEL, person(serum(0.8))).prediction == "a_posteriori"


def replace_person(one):
    return one.model_copy(update={"sex": None, "age_y": None, "weight_kg": None, "height_cm": None})


def test_neutral_draws_never_lie_below() -> None:
    ill = person(
        serum(0.68),
        urine(3.0),
        lines=(DIET, "conditions: [coeliac, type-2-diabetes]", "medicines: [{name: omeprazole}]"),
    )
    found = fit(MODEL, ill)
    shown, neutral = (
        steady_serum(MODEL, draws, [NO_SUPPLEMENT])[0].values[:, 1, 0] for draws in (found.draws, found.neutral_draws)
    )
    assert (neutral >= shown - 1e-9).all()
    assert np.median(neutral) > 0.83
    assert found.neutral_draws.taken is not None
    assert (found.neutral_draws.taken >= 1).all()


def test_a_medicine_that_lowers_serum_opens_no_room_under_the_gate() -> None:
    plain, treated = (
        steady_serum(MODEL, fitted(lines=(DIET, *more)).neutral_draws, [NO_SUPPLEMENT])[0]
        for more in ((), ("medicines: [{name: omeprazole}, {name: metformin}, {name: hydrochlorothiazide}]",))
    )
    high = [forecast.quantiles("serum_mmol_per_L", (0.975,))[0, 1] for forecast in (plain, treated)]
    assert high[1] >= high[0] - 0.002


def test_labs_that_say_nothing_about_today_are_left_out_and_named() -> None:
    old = fitted(serum(0.60, day="2024-01-01"))
    assert old.prediction == "a_priori"
    assert any("more than two years old" in sentence for sentence in old.sentences)


def test_an_older_lab_says_less() -> None:
    new, old = (fitted(serum(0.78, day=day)) for day in ("2026-11-10", "2025-01-10"))
    assert 0.1 < informed(old)["kid_fTm"] < informed(new)["kid_fTm"]
    widths = [found.fitted["serum_mmol_per_L"][2] - found.fitted["serum_mmol_per_L"][0] for found in (new, old)]
    assert widths[1] > 1.15 * widths[0]


def test_creatinine_that_does_not_fit_spoils_a_urine() -> None:
    short = fitted(serum(0.7), urine(0.3), lab("urine-creatinine-24h", 2.0, "mmol/24h"))
    assert any("creatinine does not fit" in sentence for sentence in short.sentences)


def test_what_cannot_be_explained_is_named() -> None:
    odd = fitted(serum(0.85), serum(0.60, day="2026-11-09"))
    assert any("does not fit with the serum magnesium of 2026-11-09" in sentence for sentence in odd.sentences)


def test_both_sets_of_parameters_fit() -> None:
    found = fit(read_model("magnesium", parameter_set="articles"), person(serum(0.66), urine(4.1)))
    assert abs(median(found) - 0.66) <= WITHIN_MMOL_PER_L


def test_a_bound_counts_on_its_wrong_side_only() -> None:
    free, bound = (fitted(serum(0.80), *more) for more in ((), (urine('">0.2"'),)))
    assert median(bound) == pytest.approx(median(free), abs=0.01)


def test_shares_are_plain_numbers() -> None:
    found = fitted(serum(0.66))
    assert json.dumps(found.cause)
    assert all(type(value) is float for value in (found.cause or {}).values())
    assert replace(found).kinds == found.kinds


def test_how_widely_a_diet_is_known_does_not_move_what_chooses_a_dose() -> None:
    labs = serum(0.72), urine(2.0)
    known, guessed = (
        fitted(*labs, lines=(f"diet: {{magnesium_mg_per_day: 290, method: {method}}}",))
        for method in ("weighed-record", "guess")
    )
    assert known.choice_draws.values.tobytes() == guessed.choice_draws.values.tobytes()
    assert known.draws.intake_mmol_per_d.std() < guessed.draws.intake_mmol_per_d.std()
    complete = fitted(serum(0.72), urine(2.0, complete=True))
    assert complete.choice_draws is complete.draws
    assert complete.choice_draws.values.tobytes() == known.choice_draws.values.tobytes()
