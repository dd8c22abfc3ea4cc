"""Pooling against metafor over metadat's data: stored values with their version, and again where R is installed.

Estimates and standard errors to 1e-6, tau^2 to 1e-4 are promised; what is asserted here is far closer.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from davy.evidence.meta.effect import Effects
from davy.evidence.meta.few_studies import half_normal_posterior
from davy.evidence.meta.gathering import Reading
from davy.evidence.meta.model import Spec
from davy.evidence.meta.pooled import PooledEffect
from davy.evidence.meta.pooling import PoolOptions, pool
from davy.evidence.meta.rare_events import conditional_common, tables_of
from davy.evidence.meta.shown import Scale
from davy.evidence.meta.study_effects import effects_of
from davy.evidence.meta.table_file import read_studies
from davy.evidence.meta.trim_fill import trim_and_fill

HERE = Path(__file__).parent
STORED = json.loads((HERE / "metafor.json").read_text())
CASES = STORED["cases"]
CLOSE, TAU2_CLOSE = 1e-9, 1e-9
"""Relative differences allowed here."""


@cache
def effects(name: str, measure: str, folder: Path = HERE) -> Effects:
    return effects_of(read_studies(folder / "data" / f"{name}.csv"), Reading(measure=measure))


def near(found: Any, wanted: Any, tolerance: float = CLOSE) -> bool:
    a, b = np.asarray(found, float), np.asarray(wanted, float)
    return a.shape == b.shape and bool(np.all(np.abs(a - b) <= tolerance * np.maximum(np.abs(b), 1e-3)))


def pooled(case: dict[str, Any], method: str = "REML", test: str = "knha", **more: Any) -> PooledEffect:
    return pool(effects(case["data"], case["measure"]), method=method, test=test, **more)


def model_faults(case: dict[str, Any], key: str) -> list[str]:
    """What differs between a model of Davy's and metafor's."""
    wanted = case["models"][key]
    method, test = key.split("_")
    made = pooled(case, method, test)
    faults = [
        name
        for name in ("estimate", "se", "ci", "p", "i2", "h2", "q", "q_p")
        if not near(getattr(made, name), wanted[name], 1e-5 if name in ("p", "q_p") else CLOSE)
    ]
    if not near(made.tau2, wanted["tau2"], TAU2_CLOSE):
        faults.append("tau2")
    if method == "FE":
        assert made.pi is None
        return faults
    faults += [] if near(made.tau2_se, wanted["tau2_se"], TAU2_CLOSE) else ["tau2_se"]
    faults += [] if near(made.pi, wanted["pi"], CLOSE) else ["pi"]
    for name in ("tau2_ci", "i2_ci", "h2_ci"):
        if name in wanted and None not in wanted[name]:
            faults += [] if near(getattr(made, name), wanted[name], TAU2_CLOSE) else [name]
    return faults


def test_there_is_enough_to_compare() -> None:
    assert len({case["data"] for case in CASES.values()}) >= 10
    assert {case["measure"] for case in CASES.values()} == {
        "OR", "RR", "RD", "PETO", "IRR", "MD", "SMD", "ROM", "GEN",
    }  # fmt: skip
    assert STORED["made_with"].startswith("metafor ")


@pytest.mark.parametrize("name", CASES)
def test_effect_sizes(name: str) -> None:
    case = CASES[name]
    made = effects(case["data"], case["measure"])
    assert near(made.yi, case["yi"], 1e-10)
    assert near(made.vi, case["vi"], 1e-10)


@pytest.mark.parametrize("name", CASES)
def test_models(name: str) -> None:
    faults = {key: found for key in CASES[name]["models"] if (found := model_faults(CASES[name], key))}
    assert not faults


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "influence" in case])
@pytest.mark.parametrize("test", ["z", "knha"])
def test_influence_and_leaving_out(name: str, test: str) -> None:
    case = CASES[name]
    wanted = case["influence"][test]
    made = pooled(case, "REML", test)
    for quantity in ("rstudent", "dffits", "cook", "cov_r", "hat", "weight", "dfbetas"):
        assert near([getattr(one, quantity) for one in made.studies], wanted[quantity], 2e-5), quantity
    assert [float(one.influential) for one in made.studies] == wanted["influential"]
    left = made.leave_one_out
    assert near([one.estimate for one in left], wanted["without"], 1e-6)
    assert near([one.se for one in left], wanted["without_se"], 1e-6)
    assert near([one.tau2 for one in left], wanted["without_tau2"], 1e-4)
    assert near([one.q for one in left], wanted["without_q"])


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "small" in case])
def test_small_study_tests(name: str) -> None:
    case = CASES[name]
    wanted = case["small"]
    made = pooled(case)
    plain, mixed = made.small_study_tests[:2]
    assert made.egger == plain
    for found, expected in ((plain, wanted["egger"]), (mixed, wanted["egger_mixed"])):
        assert near(found.statistic, expected["statistic"], 1e-6)
        assert near(found.p, expected["p"], 1e-5)
        assert near(found.intercept, expected["limit"], 1e-6)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "small" in case])
@pytest.mark.parametrize("estimator", ["L0", "R0", "Q0"])
def test_trim_and_fill(name: str, estimator: Any) -> None:
    case = CASES[name]
    wanted = case["small"].get(estimator)
    if wanted is None:
        pytest.skip("metafor itself gives no answer here")
    # Once studies are filled in, metafor 3.8 goes on with a z test.
    spec = Spec("DL", "z" if wanted["missing"] else "knha")
    made = trim_and_fill(effects(case["data"], case["measure"]), spec, Scale(False, 0.95), estimator)
    assert made is not None
    assert (made.missing, made.side) == (wanted["missing"], wanted["side"])
    assert near((made.estimate, made.se), (wanted["estimate"], wanted["se"]))
    assert near(made.tau2, wanted["tau2"])
    if wanted["missing_se"] is not None:
        assert near(made.missing_se, wanted["missing_se"], 1e-6)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "counts" in case])
def test_mantel_haenszel_and_peto_without_corrections(name: str) -> None:
    case = CASES[name]
    for measure in ("OR", "RR", "RD", "PETO"):
        method = "PETO" if measure == "PETO" else "MH"
        wanted = case["counts"][measure]
        made = pool(effects(case["data"], "OR" if measure == "PETO" else measure), method=method)
        assert near((made.estimate, made.se), (wanted["estimate"], wanted["se"])), measure
        if measure != "PETO":
            assert near((made.q, made.i2), (wanted["q"], wanted["i2"]), 1e-6), measure


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "counts" in case])
def test_harbord_and_peters_against_plain_weighted_least_squares(name: str) -> None:
    tests = {one.test: one for one in pooled(CASES[name]).small_study_tests}
    if not tests:
        pytest.skip("fewer than ten studies")
    for test in ("harbord", "peters"):
        found, wanted = tests[test.capitalize()], CASES[name]["counts"][test]
        assert near(found.statistic, wanted["statistic"], 1e-7), test
        assert near(found.p, wanted["p"], 1e-5), test


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "mh" in case])
def test_mantel_haenszel_rates(name: str) -> None:
    made = pooled(CASES[name], "MH", "z")
    assert near((made.estimate, made.se), (CASES[name]["mh"]["estimate"], CASES[name]["mh"]["se"]))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "moderated" in case])
def test_meta_regression(name: str) -> None:
    case = CASES[name]
    names = {"bcg": ("ablat", "alloc"), "raudenbush1985": ("weeks",), "hackshaw1998": ("design",)}
    for key, wanted in case["moderated"].items():
        method, test = key.split("_")
        made = pooled(case, method, test, moderators=names.get(case["data"], ("grade",))).meta_regression
        assert made is not None
        assert near([one.estimate for one in made.coefficients], wanted["beta"], 1e-6), key
        assert near([one.se for one in made.coefficients], wanted["se"], 1e-6), key
        assert near((made.tau2, made.i2), (wanted["tau2"], wanted["i2"]), 1e-5), key
        assert near((made.qe, made.qm), (wanted["qe"], wanted["qm"]), 1e-6), key
        assert near(made.qm_p, wanted["qm_p"], 1e-5), key
        if wanted["r2"] is not None and method != "FE":
            assert made.r2 is not None
            assert near(made.r2, wanted["r2"], 1e-5), key


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "few" in case])
def test_few_studies_against_adaptive_quadrature(name: str) -> None:
    case = CASES[name]
    wanted = case["few"]["posterior"]
    whole = effects(case["data"], case["measure"])
    first = np.arange(whole.k) < case["few"]["k"]
    made = half_normal_posterior(whole.chosen(first), Scale(True, 0.95), None)
    assert made is not None
    assert near(made.estimate, wanted["estimate"], 1e-6)
    assert near(made.ci, wanted["ci"], 1e-6)
    assert near(made.pi, wanted["pi"], 1e-6)
    assert near(made.p_below_zero, wanted["p_below_zero"], 1e-6)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "exact" in case])
def test_exact_models_against_base_r(name: str) -> None:
    wanted = CASES[name]["exact"]
    tables = tables_of(effects(CASES[name]["data"], "OR"))
    common = conditional_common(tables)
    assert common is not None
    assert near(common[0], wanted["common"], 1e-4)  # mantelhaen.test solves to 1e-4
    random = pooled(CASES[name], options=PoolOptions(exact=True)).rare_events[1]
    assert near((random.estimate, random.se), (wanted["mu"], wanted["se"]), 1e-3)
    assert random.method == f"hypergeometric-normal, tau2 {wanted['tau2']:.4g}"


def test_stored_values_are_what_r_gives_here(tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed; the stored values serve")
    asked = "quit(status = !all(c('metafor', 'metadat') %in% rownames(installed.packages())))"
    if subprocess.run(["Rscript", "-e", asked], capture_output=True).returncode != 0:
        pytest.skip("metafor is not installed; the stored values serve")
    done = subprocess.run(["Rscript", HERE / "make_metafor.R", tmp_path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    fresh = json.loads((tmp_path / "metafor.json").read_text())
    for path in sorted((HERE / "data").glob("*.csv")):
        assert (tmp_path / "data" / path.name).read_text() == path.read_text(), path.name
    assert set(fresh["cases"]) == set(CASES)
    for name, case in fresh["cases"].items():
        faults = {key: found for key in case["models"] if (found := model_faults(case, key))}
        assert not faults, (name, fresh["made_with"])
