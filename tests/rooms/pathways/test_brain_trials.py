"""What trials of head, pain, sleep and cortisol say, beside what mechanisms make of them."""

from __future__ import annotations

import math

import pytest

from davy.evidence.rows import Fact
from davy.pathways.catalogue import pathway
from davy.pathways.run import run
from davy.tables import read_table


def value(name: str, port: str, **inputs: float) -> float:
    """One output at the literature's own values."""
    found = {one.name: one.value for one in run(name, inputs, hypotheses=True).outputs}
    assert found[port] is not None
    return float(found[port] or 0.0)


def fact(name: str) -> Fact:
    """One row of the facts."""
    return next(row for row in read_table("facts.csv", Fact) if row.id == name)


def test_the_pool_of_the_two_migraine_trials_is_their_random_effects_mean() -> None:
    """DerSimonian and Laird by hand on the two effects and errors that the fact names."""
    effects, errors = (-0.366, 0.0), (0.187, 0.20)
    w = [1.0 / e**2 for e in errors]
    mean = sum(a * b for a, b in zip(w, effects, strict=True)) / sum(w)
    q = sum(a * (b - mean) ** 2 for a, b in zip(w, effects, strict=True))
    tau2 = max(0.0, (q - 1.0) / (sum(w) - sum(a * a for a in w) / sum(w)))
    wide = [1.0 / (e**2 + tau2) for e in errors]
    pooled = sum(a * b for a, b in zip(wide, effects, strict=True)) / sum(wide)
    half = 1.96 / math.sqrt(sum(wide))
    found = fact("f-601")
    assert float(found.value or "nan") == pytest.approx(pooled, abs=0.01)
    assert (found.low, found.high) == pytest.approx((pooled - half, pooled + half), abs=0.02)


def test_peikert_is_what_its_percentages_say() -> None:
    """Attacks to 58.4 % and to 84.2 %."""
    assert float(fact("f-600").value or "nan") == pytest.approx(math.log(0.584 / 0.842), abs=5e-4)
    assert float(fact("f-605").value or "nan") == pytest.approx(math.log(0.842), abs=5e-4)


def test_the_mechanism_explains_little_of_the_positive_trial() -> None:
    """A tablet's worth of brain magnesium against 31 % fewer attacks; what would be needed is several times as much."""
    saw = 1.0 - value("P03f", "relative_rate")
    explains = 1.0 - value("P03h", "relative_rate", mg_mM=0.806)
    assert 0.0 < explains < 0.5 * saw
    assert value("P03h", "needed_mM") > 3.0 * 0.006


def test_a_hypothesis_carries_its_watermark() -> None:
    """Escapes over a threshold, glycine at the cord and the trigeminal nucleus are of grade D."""
    for name in ("P03h", "P04e"):
        assert run(name, hypotheses=True).watermark
    assert {pathway(name).grade for name in ("P03h", "P04e", "P04f")} == {"D"}


def test_the_articles_stand_beside_the_literature() -> None:
    """40 % less block, 37 % fewer attacks, about 24 % less morphine: each runs as stated."""
    block = [run("P02", {"mg_mM": mg, "v_mV": -70.0}, parameter_set="articles").outputs for mg in (0.6, 1.0)]
    shares = [next(one.value for one in outputs if one.name == "blocked_fraction") for outputs in block]
    assert shares[0] is not None
    assert shares[1] is not None
    assert shares[0] / shares[1] == pytest.approx(0.6)
    eight_weeks = run("P03f", {"t_d": 56.0, "mg_dose_mg": 400.0}, parameter_set="articles").outputs
    assert next(one.value for one in eight_weeks if one.name == "relative_rate") == pytest.approx(0.63, abs=1e-3)
    assert pathway("P04c").parameters["articles"]["b_percent"].value == -24.0


def test_no_dose_and_no_time_do_nothing() -> None:
    """Every trial's model is at rest before the first tablet and without one."""
    for name, port in (("P04b", "pain_change_0_10"), ("P13b", "urine_change_nmol"), ("P13c", "ln_rmssd_change")):
        assert value(name, port, mg_dose_mg=0.0) == 0.0
        assert value(name, port, t_d=0.0) == 0.0
    assert value("P03f", "relative_rate", mg_dose_mg=0.0) == 1.0
    assert value("P04c", "morphine_change_mg", by_vein=0.0) == 0.0


def test_a_tablets_glycine_moves_next_to_nothing() -> None:
    """Carriers hold it, at either end."""
    assert 0.0 <= value("P04e", "glyr_change_nS") < 0.1
    assert value("P04e", "coagonist_ratio") == pytest.approx(1.0, abs=0.01)
