"""Why it is low: rules above shares."""

from __future__ import annotations

import pytest
from tests.rooms.inference.cases import fitted
from tests.rooms.inference.persons import DIET, lab, person, serum, urine

from davy.inference import Posterior
from davy.inference.posterior import CAUSES
from davy.inference.spot import femg_percent
from davy.people.labs import latest

CITRATE = "supplements: [{form: citrate, label_mg: 200, label_means: elemental, per_day: 1}]"


def spot(urine_magnesium: float) -> tuple[str, ...]:
    """Samples of one day: FEMg is 100 UMg 80 / (0.7 SMg 8000)."""
    pair = lab("urine-magnesium-spot", urine_magnesium), lab("urine-creatinine-spot", 8.0)
    return (*pair, lab("creatinine", 60, "umol/L"))


def shares(found: Posterior) -> dict[str, float]:
    assert found.cause is not None
    assert found.cause_prior is not None
    for one in (found.cause, found.cause_prior):
        assert tuple(one) == CAUSES
        assert sum(one.values()) == pytest.approx(1)
        assert min(one.values()) >= 0
    return found.cause


@pytest.mark.parametrize(
    "labs",
    [
        (),
        (serum(0.80),),
        (serum(0.75),),
        (serum(0.72, reference_low=0.70, reference_high=1.0),),
        (serum(0.80), urine(6.0)),
    ],
)
def test_no_cause_where_nothing_is_low(labs: tuple[str, ...]) -> None:
    found = fitted(*labs)
    assert found.cause is None
    assert found.cause_prior is None


def test_no_cause_from_a_serum_that_the_fit_leaves_out() -> None:
    assert fitted(serum(0.60, day="2020-11-10")).cause is None
    assert fitted(serum(0.62, day="2026-11-15"), serum(0.95, day="2026-11-10")).cause is None


def test_the_laboratory_has_its_own_limit() -> None:
    shares(fitted(serum(0.78, reference_low=0.80, reference_high=1.05)))


@pytest.mark.parametrize("measured", [0.55, 0.70])
@pytest.mark.parametrize(
    "lines",
    [
        (DIET,),
        (DIET, "conditions: [coeliac]"),
        (DIET, "medicines: [{name: tacrolimus}]"),
        ("diet: {magnesium_mg_per_day: 60, method: weighed-record}",),
    ],
    ids=["plain", "coeliac", "tacrolimus", "hardly eats"],
)
def test_serum_alone_leaves_it_open(measured: float, lines: tuple[str, ...]) -> None:
    found = fitted(serum(measured), lines=lines)
    assert max(shares(found).values()) <= 0.6 + 1e-12
    assert any("24-h urine" in sentence for sentence in found.sentences)


def test_a_full_urine_off_magnesium_means_the_kidney() -> None:
    found = fitted(serum(0.60), urine(4.1))
    assert shares(found)["renal"] >= 0.9
    assert any("nephrologist" in sentence for sentence in found.sentences)


def test_an_empty_urine_does_not() -> None:
    assert shares(fitted(serum(0.60), urine(0.4)))["renal"] < 0.2


def test_a_urine_on_magnesium_decides_nothing() -> None:
    found = fitted(serum(0.60), urine(4.1), lines=(DIET, CITRATE))
    assert max(shares(found).values()) <= 0.6 + 1e-12
    assert any("collected on magnesium" in sentence for sentence in found.sentences)


def test_an_incomplete_urine_decides_nothing() -> None:
    found = fitted(serum(0.60), urine(4.1, complete=False))
    assert max(shares(found).values()) <= 0.6 + 1e-12


@pytest.mark.parametrize(("urine_magnesium", "low", "high"), [(3.0, 0.9, 1.0), (0.5, 0.0, 0.1)])
def test_a_spot_sample_under_its_conditions(urine_magnesium: float, low: float, high: float) -> None:
    found = fitted(serum(0.60), *spot(urine_magnesium), egfr="")
    assert low <= shares(found)["renal"] <= high


@pytest.mark.parametrize(
    ("labs", "lines"),
    [
        ((serum(0.72), *spot(3.0)), (DIET,)),
        ((serum(0.60), *spot(3.0)), (DIET, "conditions: [glycosuria]")),
        ((serum(0.60), *spot(3.0)), (DIET, "medicines: [{name: empagliflozin}]")),
        ((serum(0.60), *spot(3.0)), (DIET, CITRATE)),
        ((serum(0.60), *spot(3.0), lab("egfr", 50, "mL/min/1.73m2")), (DIET,)),
        ((serum(0.60, day="2026-10-01"), *spot(3.0)), (DIET,)),
        ((serum(0.60), *spot(1.5)), (DIET,)),
    ],
    ids=["serum", "glycosuria", "sglt2", "on magnesium", "kidney", "unpaired", "undecided"],
)
def test_a_spot_sample_outside_its_conditions(labs: tuple[str, ...], lines: tuple[str, ...]) -> None:
    assert max(shares(fitted(*labs, lines=lines, egfr="")).values()) <= 0.6 + 1e-12


def test_femg_is_the_formula() -> None:
    ada = person(serum(0.60), *spot(3.0), egfr="")
    low = latest(ada, "serum-magnesium")
    assert low is not None
    assert femg_percent(ada, low) == pytest.approx(100 * 3.0 * 0.060 / (0.7 * 0.60 * 8.0))


def test_bowel_disease_gives_weight_to_gut_loss() -> None:
    plain, ill = (
        shares(fitted(serum(0.62), urine(0.4), lines=(DIET, *more)))
        for more in ((), ("conditions: [chronic-diarrhoea]",))
    )
    assert ill["gut_loss"] > plain["gut_loss"] + 0.1


def test_a_poor_diet_takes_the_blame_where_it_can() -> None:
    labs = serum(0.66), urine(0.4)
    hungry, fed = ((f"diet: {{magnesium_mg_per_day: {mg}, method: weighed-record}}",) for mg in (50, 400))
    assert shares(fitted(*labs, lines=hungry))["diet"] > 0.5 > shares(fitted(*labs, lines=fed))["diet"]


def test_diet_and_absorption_are_told_apart_by_a_weighed_record_alone() -> None:
    said = [
        any("cannot be told apart" in sentence for sentence in fitted(serum(0.55), urine(0.5), lines=lines).sentences)
        for lines in ((), ("diet: {magnesium_mg_per_day: 290, method: weighed-record}",))
    ]
    assert said == [True, False]
