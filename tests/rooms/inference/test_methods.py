"""Bells, importance weights, tempering and an ensemble sampler tell the same of ten persons, within stated bounds."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rooms.inference.cases import MODEL
from tests.rooms.inference.persons import DIET, lab, person, rbc, serum, urine
from tests.rooms.inference.reference import Reference

from davy.forecast.outcome import UNITS
from davy.inference.case import Case, case_of
from davy.inference.importance import Informed, informed, laplace
from davy.inference.tempering import tempered

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
TREATED = "medicines: [{name: omeprazole}, {name: metformin}]"
PERSONS = {
    "normal": person(serum(0.85)),
    "normal with urine": person(serum(0.80), urine(3.5)),
    "three tests": person(serum(0.82), urine(3.5, complete="true"), rbc(1.8)),
    "a leak": person(serum(0.60), urine(4.1)),
    "a poor supply": person(serum(0.66), urine(0.7)),
    "low serum alone": person(serum(0.66)),
    "treated": person(serum(0.76), urine(3.0), lines=(DIET, TREATED)),
    "bowel": person(serum(0.68), lines=(DIET, "conditions: [coeliac]")),
    "kidney unknown": person(serum(0.80), egfr=""),
    "weak kidney": person(serum(0.88), urine(2.5), egfr=lab("egfr", 38, "mL/min/1.73m2")),
}


def columns(case: Case, made: Informed) -> dict[str, np.ndarray]:
    draws = case.draws(made.points)
    standing = case.predicted(draws)
    return {
        "serum": np.log(standing[:, 0]),
        "urine": np.log(standing[:, tuple(UNITS).index("urine_mmol_per_d")]),
        "kid_fTm": np.log(draws.parameter("kid_fTm")),
        "gut_f_act": np.log(draws.parameter("gut_f_act")),
        "intake": np.log(draws.intake_mmol_per_d),
    }


def quantiles(case: Case, made: Informed, name: str) -> np.ndarray:
    values = columns(case, made)[name]
    order = np.argsort(values)
    return np.interp(QUANTILES, np.cumsum(made.weight[order]), values[order])


def off(case: Case, made: Informed, reference: dict[str, np.ndarray], name: str) -> np.ndarray:
    """How far five quantiles lie from those of the reference, in standard deviations of the reference."""
    told = np.quantile(reference[name], QUANTILES)
    return (quantiles(case, made, name) - told) / np.std(reference[name])


@pytest.mark.parametrize("name", PERSONS)
def test_weighted_bells_agree_with_the_ensemble(name: str) -> None:
    """Quantiles within 0.35 standard deviations (0.25 at the median), structures within 0.08.

    The reference is worth some hundred independent draws, so a quarter of that is its own error. The bells alone are
    held to 0.6 at the median where the weights are trusted at once.
    """
    case = case_of(MODEL, PERSONS[name])
    made, plain = informed(case, 4000, 0), laplace(case, 4000, 0)
    reference = Reference(case).sampled(0)
    for one in ("serum", "urine", "kid_fTm", "gut_f_act", "intake"):
        gap = np.abs(off(case, made, reference, one))
        assert gap.max() < 0.35, (one, gap)
        assert gap[2] < 0.25, (one, gap)
        if made.quality.pareto_k is not None and made.quality.pareto_k < 0.5:
            assert abs(off(case, plain, reference, one)[2]) < 0.6, one
    weights = np.zeros(len(reference["structure"]))
    for kind, weight in zip(made.points.kind, made.weight, strict=True):
        weights[
            sorted({one.structure for one in case.coordinates.kinds}).index(case.coordinates.kinds[kind].structure)
        ] += weight
    assert np.abs(weights - reference["structure"]).max() < 0.08


def test_tempering_agrees_with_the_weighted_bells() -> None:
    case = case_of(MODEL, PERSONS["normal with urine"])
    bells = informed(case, 4000, 0)
    steps = tempered(case, bells, 0, "ada")
    assert steps.quality.method == "tempered"
    for one in ("serum", "urine", "kid_fTm", "gut_f_act"):
        told, found = quantiles(case, bells, one), quantiles(case, steps, one)
        assert np.abs(found - told).max() < 0.35 * (told[4] - told[0]) / 3.29, one
