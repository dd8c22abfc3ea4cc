"""The document of `davy evidence pool`: its keys, its edges (one study, two studies), its designs."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pytest
from tests.rooms.evidence.meta_files import answered, written

import davy
from davy.cli.main import main
from davy.evidence.meta.effect import Effects
from davy.evidence.meta.pooling import PoolOptions
from davy.evidence.meta.rare_events import conditional_common, tables_of
from davy.evidence.meta.spread import Summary, mean_of, sd_of, se_from_p
from davy.evidence.meta.study_effects import effects_of
from davy.evidence.meta.table_file import read_studies

KEYS = """k measure method test estimate se ci pi tau2 tau2_ci i2 i2_ci h2 q q_df q_p common egger trim_fill
leave_one_out studies warnings estimate_exp ci_exp pi_exp""".split()
LI2007 = Path(__file__).parents[2] / "agreement/data/li2007.csv"


def near(a: float, b: float, tolerance: float = 1e-9) -> bool:
    return math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)


def test_every_key_of_the_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = answered(capsys, "pool", written(tmp_path, "study,yi,vi\nA,0.1,0.04\nB,0.5,0.09\nC,0.2,0.05\n"))
    assert made["schema"] == "davy.pool/1"
    assert set(KEYS) <= set(made)
    assert (made["k"], made["measure"], made["method"], made["test"]) == (3, "GEN", "REML", "knha")
    assert made["estimate_exp"] is None
    assert made["egger"] is None
    assert len(made["leave_one_out"]) == 3


def test_one_study_is_its_own_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = answered(capsys, "pool", written(tmp_path, "study,ai,n1i,ci,n2i\nA,3,10,2,10\n"))
    assert near(made["estimate"], math.log(3 * 8 / (2 * 7)))
    assert made["pi"] is None
    assert made["tau2"] is None
    assert made["i2"] is None
    assert made["q"] is None
    assert made["test"] == "z"
    assert any("one study" in one for one in made["warnings"])


def test_two_studies_have_one_degree_of_freedom(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = answered(capsys, "pool", written(tmp_path, "study,yi,sei\nA,0.1,0.2\nB,0.9,0.3\n"))
    assert (made["df"], made["pi_df"]) == (1, 1)
    assert made["pi_k2"] is None
    assert made["bayesian"] is None
    assert any("two studies" in one for one in made["warnings"])


def test_sizes_and_non_events_say_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sizes = answered(capsys, "pool", written(tmp_path, "study,ai,n1i,ci,n2i\nA,3,10,2,12\nB,5,20,9,21\n"))
    cells = answered(capsys, "pool", written(tmp_path, "study,ai,bi,ci,di\nA,3,7,2,10\nB,5,15,9,12\n"))
    assert sizes["estimate"] == cells["estimate"]
    assert sizes["se"] == cells["se"]


def test_printed_intervals_and_p_values_give_standard_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    factor = math.exp(1.959963984540054 * 0.3)
    text = f"study,estimate,ci_low,ci_high,p\nA,2,{2 / factor},{2 * factor},\n"
    made = answered(capsys, "pool", written(tmp_path, text), "--measure", "RR")
    assert near(made["studies"][0]["se"], 0.3, 1e-9)
    made = answered(capsys, "pool", written(tmp_path, "study,estimate,p\nA,-3,0.05\n"), "--measure", "MD")
    assert near(made["studies"][0]["se"], 3 / 1.959963984540054, 1e-9)


def test_a_crossover_trial_and_what_hangs_on_its_correlation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "study,m1i,m2i,sd1i,sd2i,ni\nA,1,2,1,1.5,10\nB,1,3,1,1,12\n"
    made = answered(capsys, "pool", written(tmp_path, text), "--assume-r", "0.5")
    assert near(made["studies"][0]["vi"], (1 + 2.25 - 2 * 0.5 * 1.5) / 10)
    assert [one["assumption"] for one in made["sensitivity"]] == ["correlation 0.25", "correlation 0.75"]
    assert made["sensitivity"][0]["se"] != made["sensitivity"][1]["se"]
    told = answered(capsys, "pool", written(tmp_path, "study,m1i,m2i,sd_diff,ni\nA,1,2,1.2,10\n"))
    assert near(told["studies"][0]["vi"], 1.44 / 10)
    assert told["sensitivity"] == []


def test_change_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = ",".join(f"pre{k}i,sd_pre{k}i,post{k}i,sd_post{k}i,n{k}i" for k in (1, 2))
    made = answered(capsys, "pool", written(tmp_path, f"study,{head},ri\nA,10,2,7,3,20,10,2,9,2,25,0.6\n"))
    assert near(made["estimate"], -2)
    variance = (4 + 9 - 2 * 0.6 * 6) / 20 + (4 + 4 - 2 * 0.6 * 4) / 25
    assert near(made["se"] ** 2, variance)


def test_a_cluster_trial_counts_for_less(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "study,design,icc,cluster_size,ai,n1i,ci,n2i\nA,{},0.02,51,30,100,20,100\nB,,,,4,30,6,30\n"
    cluster = answered(capsys, "pool", written(tmp_path, rows.format("cluster")))["studies"][0]
    plain = answered(capsys, "pool", written(tmp_path, rows.format("")))["studies"][0]
    assert near(cluster["vi"], 2 * plain["vi"])
    assert cluster["weight_common"] < plain["weight_common"]


def test_a_shared_control_can_be_split(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "study,trial,ai,n1i,ci,n2i\nlow,T,1,10,2,10\nhigh,T,3,10,2,10\nB,U,1,20,4,20\n"
    made = answered(capsys, "pool", written(tmp_path, text), "--split-controls")
    assert near(made["studies"][0]["vi"], 1 / 1 + 1 / 9 + 1 / 1 + 1 / 4)
    assert any("control group split 2 ways" in one for one in made["warnings"])


def test_medians_and_quartiles() -> None:
    normal = Summary(n=1000, median=0.0, quartiles=(-0.6744898, 0.6744898), extremes=(-3.24, 3.24))
    sd, how = sd_of(normal) or (0.0, "")
    assert abs(sd - 1) < 0.01
    assert "Wan 2014" in how
    # The example of metaBLUE's page on Wan.std: 1, 4 and 10 among 30 give 2.205578.
    assert near((sd_of(Summary(n=30, median=4.0, extremes=(1.0, 10.0))) or (0.0, ""))[0], 2.205578, 1e-6)
    skewed = Summary(n=40, median=4.0, quartiles=(2.0, 9.0))
    mean, how = mean_of(skewed) or (0.0, "")
    assert near(mean, (0.7 + 0.39 / 40) * 5.5 + (0.3 - 0.39 / 40) * 4)
    assert "Luo 2018" in how
    assert near(se_from_p(3.0, 0.05, None), 3 / 1.959963984540054)


def test_knapp_hartung_narrower_than_wald_is_flagged() -> None:
    made = davy.pool([{"study": k, "yi": 0.1 + 0.001 * k, "vi": 0.04} for k in range(6)])
    assert made.adhoc is not None
    assert made.adhoc.hksj_narrower
    assert made.se is not None
    assert made.adhoc.se > made.se
    assert any("narrower than Wald" in one for one in made.warnings)


def test_moderators_give_a_regression_and_subgroups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "\n".join(f"S{k},{0.1 * k},0.05,{'a' if k % 2 else 'b'},{k}" for k in range(8))
    made = answered(capsys, "pool", written(tmp_path, f"study,yi,vi,arm,year\n{rows}\n"), "--moderators", "arm,year")
    terms = [one["term"] for one in made["meta_regression"]["coefficients"]]
    assert terms == ["intercept", "arm: b", "year"]
    assert near(made["meta_regression"]["coefficients"][2]["estimate"], 0.1)
    assert [(one["level"], one["k"]) for one in made["subgroups"]] == [("a", 4), ("b", 4)]


def test_exact_models_need_no_correction() -> None:
    effects: Effects = effects_of(read_studies(LI2007))
    common = conditional_common(tables_of(effects))
    assert common is not None
    made = davy.pool(effects, options=PoolOptions(exact=True))
    assert made.peto is not None
    assert made.peto.estimate is not None
    assert abs(common[0] - made.peto.estimate) < 1e-3
    random = made.rare_events[1]
    assert random.method.startswith("hypergeometric-normal")
    assert random.estimate is not None
    assert random.estimate < -0.4


def test_one_table_has_fishers_conditional_odds_ratio() -> None:
    tea = davy.pool([{"study": "tea", "ai": 3, "bi": 1, "ci": 1, "di": 3}], options=PoolOptions(exact=True))
    exact = tea.rare_events[0]
    assert exact.estimate_exp is not None
    assert near(exact.estimate_exp, 6.408309, 1e-5)  # R: fisher.test(matrix(c(3, 1, 1, 3), 2))$estimate


def test_a_report_is_one_page_with_figures(tmp_path: Path) -> None:
    page = tmp_path / "pooled.html"
    assert main(["evidence", "pool", str(LI2007), "--report", str(page)]) == 0
    text = page.read_text()
    for words in ("Forest of the studies", "Contour funnel", "ISIS-4 1995", "Prediction interval", "Common effect"):
        assert words in text
    assert "<script" not in text
    assert "http" not in text.replace("http://www.w3.org", "")


def test_the_terminal_shows_a_forest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "pool", str(LI2007)]) == 0
    text = capsys.readouterr().out
    assert max(len(line) for line in text.splitlines()) <= 100
    for words in ("Morton 1984", "new study (prediction)", "common effect", "small studies pull the result"):
        assert words in text


def test_a_pool_of_22_studies_takes_less_than_50_ms() -> None:
    effects = effects_of(read_studies(LI2007))
    davy.pool(effects)
    best = math.inf
    for _ in range(5):
        start = time.process_time()
        davy.pool(effects)
        best = min(best, time.process_time() - start)
    assert best < 0.05
