"""`davy nof1` where a user stands: files in, a document, a page or a refusal out."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from jsonschema import validate

from davy.cli.main import main
from davy.followup.n_of_1.checklist import answerable, items
from davy.followup.n_of_1.design import Ask, design
from davy.followup.n_of_1.design_file import read_design
from davy.people.read import read_person
from davy.report.schemas import schema_of

TODAY = ["--today", "2026-11-22"]
KEYS = "effect unit low high p_benefit p_beyond_mcid randomisation_p rho verdict warnings".split()


def days(cycles: int = 4, block: int = 7, shift: float = 0.0, seed: int = 0) -> list[list[str]]:
    source = np.random.default_rng(seed)
    arms = [arm for _ in range(cycles) for arm in source.permutation(["A", "B"]) for _ in range(block)]
    level = source.normal(5, 1, len(arms)) + [shift if arm == "B" else 0.0 for arm in arms]
    return [[str(k + 1), str(arm), f"{value:.2f}"] for k, (arm, value) in enumerate(zip(arms, level, strict=True))]


def text(rows: list[list[str]], head: str = "day,arm,outcome") -> str:
    return "\n".join([head, *(",".join(row) for row in rows)]) + "\n"


@pytest.fixture
def analysed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    def run(content: str, *options: str, status: int = 0) -> Any:
        path = tmp_path / "diary.csv"
        path.write_text(content, encoding="utf-8")
        assert main(["nof1", "analyse", str(path), "--json", *TODAY, *options]) == status
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return json.loads(said.out) if status == 0 else said.err

    return run


def test_a_clear_effect_a_null_and_the_other_way_round(analysed: Callable[..., Any]) -> None:
    clear = analysed(text(days(6, 7, -2.0)))
    assert set(KEYS) <= set(clear)
    validate(clear, schema_of("nof1"))
    assert clear["schema"] == "davy.nof1/1"
    assert (clear["verdict"], clear["p_beyond_mcid"]) == ("benefit", None)
    assert clear["low"] < -2.0 < clear["high"] < 0
    assert clear["randomisation_p"] == pytest.approx(1 / 64)
    higher = analysed(text(days(6, 7, -2.0)), "--better", "higher")
    assert (higher["verdict"], higher["effect"]) == ("harm", clear["effect"])
    assert higher["p_benefit"] == pytest.approx(1 - clear["p_benefit"], abs=1e-9)
    none = analysed(text(days(6, 7, 0.0, seed=3)))
    assert none["verdict"] == "no_association"
    assert "No association" in none["sentence"]


def test_what_a_diary_may_be(analysed: Callable[..., Any]) -> None:
    rows = days()
    plain = analysed(text(rows))
    assert analysed(text(rows).replace(",", ";")) == plain
    assert analysed("\ufeff" + text(rows)) == plain
    assert analysed(text(list(reversed(rows))))["effect"] == plain["effect"]
    told = analysed(text([[*row, "good"] for row in rows], "day,arm,outcome,mood"))
    assert any("mood" in warning for warning in told["warnings"])
    assert any("once" in warning for warning in analysed(text([*rows, rows[4]]))["warnings"])
    blank = [[day, arm, "" if int(day) % 3 == 0 else value] for day, arm, value in rows]
    assert sum(arm["missing"] for arm in analysed(text(blank))["arms"]) == 18
    early = [[day, "" if int(day) <= 7 else arm, value] for day, arm, value in rows]
    assert any("run-in" in warning for warning in analysed(text(early))["warnings"])
    periods = [[*row, str((int(row[0]) - 1) // 7)] for row in days(seed=9)]
    assert analysed(text(periods, "day,arm,outcome,period"))["blocks"] == 8
    future = [[f"2026-11-{day + 1:02d}", "AB"[day // 4 % 2], f"{day % 3}" if day < 22 else ""] for day in range(28)]
    assert any("left out" in warning for warning in analysed(text(future))["warnings"])


def test_lines_left_out_belong_to_the_block_they_fall_in(analysed: Callable[..., Any]) -> None:
    rows = days(6, 7, -2.0)
    edges = {row[0] for k, row in enumerate(rows) if k and row[1] != rows[k - 1][1]}
    made = analysed(text([row for row in rows if row[0] not in edges]))
    assert made["randomisation_p"] == pytest.approx(1 / 64)
    assert f"{len(edges)} days name no arm; each is taken to belong to its block of 7 days." in made["warnings"]
    uneven = [["1", "A"], ["5", "B"], ["9", "A"], ["10", "B"], ["17", "A"], ["18", "B"]]
    odd = [[str(day), arm, f"{3 + (day * 7) % 5}"] for first, arm in uneven for day in (int(first), int(first) + 2)]
    told = analysed(text([*{row[0]: row for row in odd}.values()]))["warnings"]
    assert any("go on with the arm of the day before" in one for one in told)


def test_a_decimal_comma_between_semicolons_is_read(analysed: Callable[..., Any]) -> None:
    plain = text(days())
    assert analysed(plain.replace(",", ";").replace(".", ","))["effect"] == analysed(plain)["effect"]


def test_a_score_of_0_to_10_is_no_count(analysed: Callable[..., Any]) -> None:
    source, rows = np.random.default_rng(2), days(6, 7)
    error = source.normal(0, 1, len(rows))
    for k in range(1, len(rows)):
        error[k] = 0.5 * error[k - 1] + math.sqrt(0.75) * error[k]
    score = [[*row[:2], f"{min(max(round(4 + 2 * one), 0), 10)}"] for row, one in zip(rows, error, strict=True)]
    made = analysed(text(score))
    assert (made["kind"], made["rho"] > 0.2) == ("scale", True)
    attacks = [[*row[:2], str(source.poisson(1.5))] for row in rows]
    assert analysed(text(attacks))["kind"] == "count"


def test_fewer_than_two_cycles_give_no_verdict(analysed: Callable[..., Any]) -> None:
    made = analysed(text(days(1, 14, -4.0)))
    assert made["verdict"] == "undecided"
    assert "two cycles" in made["sentence"]


def test_days_missing_because_they_were_bad_are_shown(analysed: Callable[..., Any]) -> None:
    rows = days(6, 7, 0.0, seed=5)
    gone = [[day, arm, "" if arm == "B" and float(value) > 5.4 else value] for day, arm, value in rows]
    made = analysed(text(gone))
    assert any("unevenly" in warning for warning in made["warnings"])
    worse, better = made["missing_days"]
    assert worse["what"].endswith("on B worse by one SD")
    assert worse["effect"] > made["effect"] > better["effect"]
    assert worse["p_benefit"] < made["p_benefit"]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda rows: text([[day, "A", value] for day, _, value in rows]), "only one arm"),
        (lambda rows: text([[day, arm, "3"] for day, arm, _ in rows]), "on every day"),
        (lambda rows: text([*rows, ["4", "B", "9"]]), "the same day"),
        (lambda rows: text([[day, arm, "inf" if day == "5" else value] for day, arm, value in rows]), "not a number"),
        (lambda rows: text([[day, arm, "bad" if day == "5" else value] for day, arm, value in rows]), "line 6"),
        (lambda rows: text([["x", *row[1:]] for row in rows]), "not a day"),
        (lambda rows: text([[f"2027-01-{int(row[0]) % 28 + 1:02d}", *row[1:]] for row in rows[:28]]), "still to come"),
        (lambda rows: text([[d, a, f"{float(v) * (60 if int(d) > 20 else 1)}"] for d, a, v in rows]), "the unit"),
        (lambda rows: text([[day, arm, value if arm == "A" else ""] for day, arm, value in rows]), "too few days"),
        (lambda rows: text(rows[4:10]), "too few days"),
        (lambda rows: text(rows, "date,arm,outcome"), "no column day"),
        (lambda rows: "day,arm,outcome\n", "no days"),
        (lambda rows: text([*rows[:20], ["90000", "A", "3"]]), "span"),
    ],
)
def test_bad_diaries_are_refused_by_name(analysed: Callable[..., Any], change: Callable[..., str], word: str) -> None:
    assert word in analysed(change(days()), status=2)


def test_odd_diaries_never_bring_a_traceback(analysed: Callable[..., Any]) -> None:
    source = np.random.default_rng(0)
    for k in range(12):
        n = int(source.integers(9, 40))
        arm = source.choice(["a", "b", "c"][: 2 + k % 2], n)
        value = [source.poisson(0.4), source.normal(0, 1e-8), source.integers(0, 2), source.normal(1e7, 1)]
        rows = [[str(d + 1), str(arm[d]), str(value[k % 4] * (1 + d % 3))] for d in range(n) if source.random() < 0.9]
        try:
            made = analysed(text(rows))
        except AssertionError:
            continue
        assert all(math.isfinite(made[key]) for key in ("effect", "low", "high", "p_benefit", "rho"))
        assert made["low"] <= made["effect"] <= made["high"]


def drawn(path: Path, effect: float, *, start: int = 1, label: bool = False, until: int | None = None) -> str:
    made = read_design(path)
    source = np.random.default_rng(1)
    rows = []
    for block in made.blocks:
        for day in range(block.from_day, block.to_day + 1):
            level = 45 + (0 if block.arm.startswith("0") else effect) + source.normal(0, 15)
            rows.append([str(day + start - 1), block.label if label else block.arm, f"{max(level, 0):.0f}"])
    return text(rows[:until])


@pytest.fixture(scope="module")
def designed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("design") / "design.yaml"
    arms = ["--arms", "placebo", "citrate 100mg @ 08:00,21:00"]
    ask = ["--outcome", "sleep-onset", "--block-days", "14", "--cycles", "4", "--lag-days", "3", "--out", str(path)]
    assert main(["nof1", "design", "example:poor-sleeper", *ask, *arms, *TODAY]) == 0
    return path


def test_a_design_is_shuffled_in_every_cycle_and_read_back(designed: Path) -> None:
    made = read_design(designed)
    validate(yaml.safe_load(designed.read_text(encoding="utf-8")), schema_of("nof1-design"))
    assert made.looks == (84, 112)
    assert made.threshold >= 0.95
    by_cycle = {cycle: {b.arm for b in made.blocks if b.cycle == cycle} for cycle in range(1, 5)}
    assert all(len(arms) == 2 for arms in by_cycle.values())
    assert made.blocks[-1].to_day == 112
    orders = set()
    person = read_person("example:poor-sleeper", today=made_today())
    for seed in range(6):
        other = design(person, Ask("sleep-onset", cycles=2, block_days=14, lag_days=1.0, seed=seed))
        assert other.file is not None
        orders.add(tuple(block.arm for block in other.file.blocks[:2]))
    assert len(orders) == 2


def made_today() -> Any:
    from datetime import date

    return date(2026, 11, 22)


def test_a_diary_is_held_against_its_design(designed: Path, analysed: Callable[..., Any]) -> None:
    with_design = ["--design", str(designed)]
    made = analysed(drawn(designed, -25), *with_design)
    assert (made["unit"], made["verdict"], made["open_label"]) == ("minutes", "benefit", False)
    assert made["p_beyond_mcid"] > 0.5
    assert analysed(drawn(designed, -25, label=True), *with_design)["effect"] == made["effect"]
    assert analysed(drawn(designed, -25, start=29), *with_design)["effect"] == pytest.approx(made["effect"], abs=0.5)
    early = analysed(drawn(designed, -25, until=70), *with_design)
    assert early["verdict"] == "undecided"
    assert "looks were set for day 84 and 112" in early["sentence"]
    none = analysed(drawn(designed, 0), *with_design)
    assert none["verdict"] == "no_association"
    late = [line for k, line in enumerate(drawn(designed, 0).splitlines()) if k == 0 or k > 10]
    assert any("starts 10 days after" in warning for warning in analysed("\n".join(late), *with_design)["warnings"])
    strange = drawn(designed, 0).replace("0-placebo", "sugar")
    assert "arms that the design does not hold: sugar" in analysed(strange, *with_design, status=2)


def test_a_broken_design_is_bad_input(designed: Path, tmp_path: Path, analysed: Callable[..., Any]) -> None:
    tree = yaml.safe_load(designed.read_text(encoding="utf-8"))
    for key, value in (("blocks", []), ("threshold", "high"), ("arms", None)):
        path = tmp_path / "broken.yaml"
        path.write_text(yaml.safe_dump({**tree, key: value}), encoding="utf-8")
        analysed(drawn(designed, 0), "--design", str(path), status=2)
    analysed(drawn(designed, 0), "--design", str(tmp_path / "missing.yaml"), status=2)
    path.write_text("day,arm,outcome\n1,A,3\n", encoding="utf-8")
    assert "this is no design" in analysed(drawn(designed, 0), "--design", str(path), status=2)


def test_a_weak_design_is_refused_with_weeks_and_a_visible_difference(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nof1", "design", "example:migraine", "--outcome", "headache-days", "--json", *TODAY]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["verdict"], made["design"]) == ("refused", None)
    refusal = made["refusal"]
    assert refusal["kind"] == "error-rates"
    assert refusal["weeks_needed"] > 24
    assert refusal["visible"] > made["smallest_difference"]
    assert f"You would need about {refusal['weeks_needed']} weeks" in refusal["sentence"]
    assert f"a fall of {refusal['visible']:.3g}" in refusal["sentence"]
    assert refusal["instead"]["placebo"]["low"] < refusal["instead"]["placebo"]["high"]
    assert {len(row["by_lag"]) for row in made["sensitivity"]} == {6}
    assert made["lag_prior"]["days"][-1] == 60


def test_every_arm_passes_safety_or_there_is_no_trial(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nof1", "design", "example:kidney-4", "--outcome", "cramps", "--json", *TODAY]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["verdict"], made["refusal"]["kind"], made["design"]) == ("refused", "safety", None)
    assert made["refusal"]["instead"] is None
    assert main(["nof1", "design", "example:kidney-4", "--outcome", "cramps", *TODAY]) == 0
    said = capsys.readouterr().out
    assert "no magnesium is added here" in said
    assert "days of what" not in said
    assert said.count("would build up in the blood") == 1
    much = ["--arms", "none", "citrate 200mg @ 08:00,14:00,21:00"]
    assert main(["nof1", "design", "example:poor-sleeper", "--outcome", "sleep-onset", "--json", *TODAY, *much]) == 0
    made = json.loads(capsys.readouterr().out)
    assert [arm["verdict"] for arm in made["arms"]][1] == "refused"
    assert made["refusal"]["kind"] == "safety"


@pytest.mark.parametrize(
    "ask",
    [
        ["--outcome", "mood"],
        ["--outcome", "cramps", "--smallest", "50"],
        ["--outcome", "cramps", "--arms", "none"],
        ["--outcome", "cramps", "--arms", "none", "placebo"],
        ["--outcome", "cramps", "--arms", "none", "chalk 100mg @ 21:00"],
        ["--outcome", "cramps", "--weeks-max", "2", "--block-days", "28"],
    ],
)
def test_asking_for_what_is_not_there_is_bad_input(capsys: pytest.CaptureFixture[str], ask: list[str]) -> None:
    assert main(["nof1", "design", "example:athlete-cramps", *ask, *TODAY]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_baseline_diary_sets_level_spread_and_correlation(tmp_path: Path) -> None:
    from davy.followup.n_of_1.baseline import baseline_of
    from davy.followup.n_of_1.outcomes import outcome_named
    from davy.followup.n_of_1.simulate import ar1

    y = 30 + 8 * ar1(np.random.default_rng(2), 84, np.array([0.7]))[:, 0]
    path = tmp_path / "before.csv"
    path.write_text(
        "day,outcome\n" + "".join(f"{k + 1},{'' if k % 6 == 5 else f'{v:.1f}'}\n" for k, v in enumerate(y)), "utf-8"
    )
    person = read_person("example:poor-sleeper", today=made_today())
    made = baseline_of(person, outcome_named("sleep-onset"), path)
    assert made.level == pytest.approx(np.mean(y), abs=2)
    assert 0.45 < made.rho_mean < 0.9
    assert made.missing_share == pytest.approx(1 / 6, abs=0.02)
    assert made.days == 70


def test_checklists_are_filled_in_and_blanks_are_shown(designed: Path, tmp_path: Path) -> None:
    assert {row.fills for name in ("cent", "spent") for row in items(name) if row.fills} <= answerable()
    assert len(items("cent")) == 39
    page = tmp_path / "design.html"
    ask = ["--outcome", "sleep-onset", "--block-days", "14", "--cycles", "3", "--lag-days", "1", "--report", str(page)]
    assert main(["nof1", "design", "example:poor-sleeper", *ask, *TODAY]) == 0
    html = page.read_text(encoding="utf-8")
    assert "CENT 2015" in html
    assert "to be filled in" in html
    assert "placebo response included" in html


def test_the_page_of_an_analysis_draws_every_day(tmp_path: Path) -> None:
    path, page = tmp_path / "diary.csv", tmp_path / "page.html"
    path.write_text(text(days(4, 7, -1.5)), encoding="utf-8")
    assert main(["nof1", "analyse", str(path), "--report", str(page), *TODAY]) == 0
    html = page.read_text(encoding="utf-8")
    wide = html[html.index('class="wide"') : html.index('class="narrow"')]
    assert wide.count("<circle") == 56
    assert wide.count("<polyline") == 8


def test_several_trials_are_pooled_and_each_is_drawn_towards_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = []
    for seed, shift in enumerate((-1.0, -1.4, -0.4, -2.0)):
        files.append(str(tmp_path / f"person-{seed}.csv"))
        Path(files[-1]).write_text(text(days(6, 7, shift, seed)), encoding="utf-8")
    assert main(["nof1", "pool", *files, "--json", *TODAY]) == 0
    made = json.loads(capsys.readouterr().out)
    alone = [one["effect"] for one in made["persons"]]
    others = [one["with_others"] for one in made["persons"]]
    assert min(alone) < made["estimate"] < max(alone)
    assert max(others) - min(others) < max(alone) - min(alone)
    assert main(["nof1", "pool", files[0], *TODAY]) == 2
    Path(files[1]).write_text(text(days()).replace(",B,", ",C,"), encoding="utf-8")
    assert main(["nof1", "pool", *files, *TODAY]) == 2
