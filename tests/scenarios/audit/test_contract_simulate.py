"""CONTRACT.md: `davy simulate` and `davy fit`."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.scenarios.audit.people import TODAY, adult, lab, low
from tests.scenarios.audit.runner import Outcome, davy, simulate, written

WELL = adult()
FEW = ("--draws", "20")
TWICE = "glycinate 100mg @ 08:00,21:00"


def series(o: Outcome, output: str = "serum_mmol_per_L") -> dict[str, Any]:
    return next(row for row in o.doc["outputs"] if row["output"] == output)


def test_shapes() -> None:
    o = simulate(WELL, TWICE, 14, *FEW)
    assert o.code == 0, o.summary
    assert {"outputs", "verdict", "findings", "steady_state", "mass_balance_mmol", "fingerprints"} <= set(o.doc)
    assert o.doc["schema"] == "davy.simulate/1"
    names = {row["output"] for row in o.doc["outputs"]}
    assert {"serum_mmol_per_L", "rbc_mmol_per_L", "urine_mmol_per_d", "absorbed_mmol_per_d", "csf_mmol_per_L"} <= names
    for row in o.doc["outputs"]:
        assert row["day"][0] == 0
        assert row["day"] == [float(d) for d in range(15)]
        assert len(row["p05"]) == len(row["p50"]) == len(row["p95"]) == 15
        assert all(a <= b <= c for a, b, c in zip(row["p05"], row["p50"], row["p95"], strict=True))


def test_mass_balance_closes() -> None:
    for regimen in ("none", TWICE):
        assert abs(simulate(WELL, regimen, 14, *FEW).doc["mass_balance_mmol"]) < 1e-3


def test_none_at_the_present_diet_stays_put() -> None:
    p50 = series(simulate(WELL, "none", 14, *FEW))["p50"]
    assert max(p50) - min(p50) < 0.002, p50


def test_a_supplement_raises_serum_urine_and_absorption() -> None:
    none, some = simulate(WELL, "none", 28, *FEW), simulate(WELL, TWICE, 28, *FEW)
    for output in ("serum_mmol_per_L", "urine_mmol_per_d", "absorbed_mmol_per_d"):
        a, b = series(none, output)["p50"], series(some, output)["p50"]
        assert b[-1] > a[-1] + 1e-4, output
        if output == "serum_mmol_per_L":
            assert abs(a[0] - b[0]) < 1e-6, "the start is the same: same draws, same present state"


def test_diet_of_the_simulated_days() -> None:
    less, more = (simulate(WELL, "none", 28, "--diet-mg", mg, *FEW) for mg in ("120", "600"))
    assert series(less)["p50"][-1] < series(more)["p50"][-1]
    assert abs(series(less)["p50"][0] - series(more)["p50"][0]) < 1e-6


def test_the_regimen_replaces_current_supplements() -> None:
    person = adult(supplements=[{"form": "citrate", "label_mg": 200, "label_means": "elemental", "per_day": 1}])
    p50 = series(simulate(person, "none", 60, *FEW))["p50"]
    assert p50[-1] < p50[0] - 1e-4


def test_one_draw_is_the_median_person() -> None:
    row = series(simulate(WELL, TWICE, 7, "--draws", "1"))
    assert row["p05"] == row["p50"] == row["p95"]


def test_every_six_hours() -> None:
    row = series(simulate(WELL, TWICE, 3, "--every", "6", "--draws", "5"))
    assert row["day"] == pytest.approx([k / 4 for k in range(13)])
    swing = row["p50"][1:5]
    assert max(swing) - min(swing) > 1e-4, "events show within the day"


def test_days_agree_between_events_and_averages() -> None:
    fine = series(simulate(WELL, TWICE, 12, "--every", "6", "--draws", "1"))["p50"][1:]
    days = series(simulate(WELL, TWICE, 12, "--draws", "1"))["p50"][1:]
    means = [sum(fine[4 * k : 4 * k + 4]) / 4 for k in range(12)]
    assert max(abs(a - b) for a, b in zip(means, days, strict=True)) < 0.001


def test_steps_in_time() -> None:
    text = "glycinate 100mg @ 21:00 from 0 to 7; glycinate 100mg @ 08:00,21:00 from 7 to 30"
    row = series(simulate(WELL, text, 30, *FEW), "absorbed_mmol_per_d")["p50"]
    none = series(simulate(WELL, "none", 30, *FEW), "absorbed_mmol_per_d")["p50"]
    once, both = row[5] - none[5], row[20] - none[20]
    assert 1.3 < both / once <= 2.05
    assert all(b >= a - 1e-6 for a, b in pairwise(series(simulate(WELL, text, 30, *FEW))["p50"]))


@pytest.mark.parametrize(
    "text",
    [
        "bisglycinate 100mg @ 21:00",
        "oxide 200mg @ 8:00",
        "l-threonate 48 mg @ 21:00",
        "citrate 50.5mg @ 07:30,21:30 from 2 to 5",
    ],
)
def test_grammar_accepts(text: str) -> None:
    assert simulate(WELL, text, 3, "--draws", "2").code == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "glycinate",
        "glycinate 100 @ noon",
        "unobtanium 100mg @ 21:00",
        "glycinate -5mg @ 21:00",
        "glycinate 100mg @ 25:00",
        "glycinate 100mg @ 21:00 from 7 to 3",
        "glycinate 100mg @ 21:00 from x to y",
        "none; glycinate 100mg @ 21:00",
        "glycinate nanmg @ 21:00",
    ],
)
def test_grammar_refuses(text: str) -> None:
    o = simulate(WELL, text, 3, "--draws", "2")
    assert (o.code, o.out) == (2, ""), o.summary
    assert "Traceback" not in o.err


@pytest.mark.parametrize(
    "more",
    [
        ("--days", "0"),
        ("--days", "-1"),
        ("--days", "5", "--draws", "0"),
        ("--days", "5", "--every", "0"),
        ("--days", "5", "--diet-mg", "-1"),
    ],
    ids=" ".join,
)
def test_numbers_out_of_range_are_usage(more: tuple[str, ...]) -> None:
    o = davy("simulate", written(WELL), "--regimen", "none", "--today", TODAY, "--json", *more)
    assert (o.code, o.out) == (2, ""), o.summary


@pytest.mark.parametrize(
    ("person", "text", "verdict"),
    [
        (adult(age_y=9, weight_kg=28, height_cm=130), TWICE, "refused"),
        (adult({"egfr": 20}), TWICE, "refused"),
        (WELL, "citrate 500mg @ 08:00,12:00,18:00,22:00", "refused"),
    ],
    ids=["child", "kidney", "2000-mg"],
)
def test_simulate_never_exits_3(person: dict[str, Any], text: str, verdict: str) -> None:
    o = simulate(person, text, 5, "--draws", "3")
    assert o.code == 0, o.summary
    assert o.doc["verdict"] == verdict
    assert any(f["severity"] == "refuse" for f in o.doc["findings"])


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    o = davy.__wrapped__(
        "simulate",
        written(WELL),
        "--regimen",
        TWICE,
        "--days",
        "5",
        "--draws",
        "3",
        "--today",
        TODAY,
        "--csv",
        str(path),
    )
    assert o.code == 0, o.summary
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {"output", "unit", "day", "p05", "p50", "p95"} <= set(rows[0]), rows[0]
    assert len([r for r in rows if r["output"] == "serum_mmol_per_L"]) == 6


def test_seed_and_bytes() -> None:
    argv = ("simulate", written(WELL), "--regimen", TWICE, "--days", "5", "--today", TODAY, "--json", *FEW)
    first, again, other = davy.__wrapped__(*argv), davy.__wrapped__(*argv), davy(*argv, "--seed", "1")
    assert first.out == again.out
    assert series(first)["p95"] != series(other)["p95"]


def fitted(o: Outcome) -> float:
    doc = o.doc.get("status", o.doc)
    return doc["fitted"]["serum_mmol_per_L"]["p50"]


@pytest.mark.parametrize("serum", [0.60, 0.66, 0.70])
@pytest.mark.parametrize("urine", [0.6, 4.1])
def test_fit_stays_with_the_measurement(serum: float, urine: float) -> None:
    o = davy("fit", written(low(serum, extra=(lab("urine-magnesium-24h", urine),))), "--today", TODAY, "--json")
    assert o.code == 0, o.summary
    assert o.doc["schema"] == "davy.fit/1"
    assert abs(fitted(o) - serum) <= 0.02


def test_fit_without_labs_says_so() -> None:
    o = davy("fit", written({"davy": 1, "id": "stranger", "age_y": 40, "sex": "male"}), "--today", TODAY, "--json")
    assert o.code == 0, o.summary
    assert '"population"' in o.out or '"a_priori"' in o.out
