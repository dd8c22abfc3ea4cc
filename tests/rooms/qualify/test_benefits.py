"""Benefits are computed: one study row changed is told as stale, and building carries it into the plan."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.rooms.qualify.test_planted_faults import with_cell

import davy
from davy.evidence.appraisal.build import COMPUTED, build_benefits
from davy.evidence.ledger import lines_of, table_texts
from davy.qualify.benefits import RULES, computed_is_fresh, what_rules_may_promise
from davy.qualify.library import Knowledge


def changed_file(path, row, cells):
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        fields, rows = list(reader.fieldnames), list(reader)
    (one,) = (record for record in rows if record["id"] == row)
    one.update(cells)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def run(copy, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "davy", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(copy)},
        check=False,
    )


def told(copy):
    """What the plan for migraine says of the responders, and the row that it reads."""
    made = run(copy, "plan", "example:migraine", "--json", "--today", "2026-11-22")
    assert made.returncode == 0, made.stderr
    plan = json.loads(made.stdout)
    (one,) = (benefit for benefit in plan["benefit"] if benefit["outcome"] == "at least half less migraine")
    text = (copy / "davy" / "knowledge" / COMPUTED).read_text(encoding="utf-8")
    row = next(line.cells for line in lines_of(COMPUTED, text) if line.name == "migraine-responders")
    return plan, one, row


def test_one_study_changed_is_stale_then_built_and_the_plan_changes_with_it(tmp_path):
    shutil.copytree(Path(davy.__file__).parent, tmp_path / "davy", ignore=shutil.ignore_patterns("__pycache__"))
    plan_before, before, row_before = told(tmp_path)
    assert before["estimate"] == pytest.approx((10 / 35) / (10 / 34), rel=1e-4)

    studies = tmp_path / "davy" / "knowledge" / "studies.csv"
    changed_file(studies, "t-pfaffenrath-1996-responders", {"events_arm": "29", "estimate": "2.82"})
    stale = run(tmp_path, "knowledge", "check")
    assert stale.returncode == 1
    assert "knowledge/computed/benefits.csv, line 3, column stamp: migraine-responders is stale" in stale.stdout
    assert "studies.csv:t-pfaffenrath-1996-responders" in stale.stdout
    assert "davy knowledge build" in stale.stdout

    built = run(tmp_path, "knowledge", "build")
    assert built.returncode == 0, built.stderr
    assert "migraine-responders" in built.stdout
    assert "to review: migraine-responders (risk of bias;" in built.stdout

    plan_after, after, row_after = told(tmp_path)
    assert after["estimate"] == pytest.approx((29 / 35) / (10 / 34), rel=1e-4)
    assert after["low"] > 1 > before["low"]
    assert after["high"] != before["high"]
    assert after["per_100"]["with"] == pytest.approx(100 * 29 / 35, rel=1e-4)
    assert after["sentence"].startswith(before["sentence"].split(" It is unknown")[0])
    assert "It is unknown whether this helps" not in after["sentence"]
    assert row_before["suggested"].startswith("imprecision -2")
    assert row_after["suggested"].startswith("imprecision -1")
    assert "imprecision: the numbers suggest -1" in row_after["differs"]
    assert row_before["to_review"] == ""
    assert "imprecision" in row_after["to_review"]
    assert after["evidence"]["to_review"]
    assert after["evidence"]["stamp"] != before["evidence"]["stamp"]
    assert plan_after["regimen"] == plan_before["regimen"]
    assert run(tmp_path, "knowledge", "check").returncode == 0


def test_the_spread_that_a_pool_prints_moves_its_prediction_and_the_suggestion():
    def row(texts):
        made = lines_of(COMPUTED, build_benefits(texts))
        return next(line.cells for line in made if line.name == "migraine-severity")

    before = row(table_texts())
    knowledge, _ = with_cell("studies.csv", "p-okoli-2019-severity", "i2", "80")
    after = row(knowledge.texts)
    assert after["interval"] == before["interval"] == "prediction"
    assert float(after["low"]) < float(before["low"])
    assert "inconsistency +0" in before["suggested"]
    assert "inconsistency -1" in after["suggested"]
    assert "inconsistency: the numbers suggest -1" in after["differs"]


def test_only_the_benefits_that_rest_on_a_row_become_stale():
    knowledge, _ = with_cell("studies.csv", "t-simental-mendia-2014-sbp", "sd_arm", "9")
    assert {problem.what.split(" is stale")[0] for problem in computed_is_fresh(knowledge)} == {"systolic-pressure"}


@pytest.mark.parametrize(
    ("file", "row", "column", "value"),
    [
        ("benefits.csv", "cramps", "text", "It helps."),
        ("analyses.csv", "garrison-cramps", "smallest", "-0.1"),
        ("grade.csv", "garrison-cramps.imprecision", "levels", "-2"),
        ("populations.csv", "idiopathic-cramps-mostly-older-adults", "people", "adults"),
        ("studies.csv", "t-barna-2021", "dose_high", "300"),
    ],
)
def test_every_table_behind_a_benefit_makes_it_stale(file, row, column, value):
    knowledge, _ = with_cell(file, row, column, value)
    assert any("cramps is stale" in problem.what for problem in computed_is_fresh(knowledge))


def test_a_note_changes_nothing_that_is_computed():
    knowledge, _ = with_cell("studies.csv", "p-garrison-2020-cramps", "note", "read twice")
    assert list(computed_is_fresh(knowledge)) == []


def test_one_group_alone_promises_nothing():
    texts = dict(table_texts())
    pool = "t-mooren-2011-sbp;t-barbagallo-2010-sbp;t-rodriguez-moran-2014-sbp"
    texts["analyses.csv"] = texts["analyses.csv"].replace(pool, "t-rodriguez-moran-2014-sbp")
    texts["benefits.csv"] = texts["benefits.csv"].replace(",zhang-sbp,", ",sbp-arms-with-durango,")
    found = [problem.what for problem in what_rules_may_promise(Knowledge(texts))]
    assert found == ["sbp-arms-with-durango holds the trials of one group alone, which promise nothing"]


def test_nothing_that_may_not_promise_rules():
    texts = dict(table_texts())
    texts["analyses.csv"] = texts["analyses.csv"].replace("p-song-2006-hba1c", "p-xu-2023-hba1c")
    assert any("p-xu-2023-hba1c is marked as never" in one.what for one in what_rules_may_promise(Knowledge(texts)))


def test_the_rules_hold_for_the_folder_as_it_is():
    standing = Knowledge(table_texts())
    assert [problem for rule in RULES for problem in rule(standing)] == []


def test_the_table_is_what_building_gives():
    assert build_benefits(table_texts()) == table_texts()[COMPUTED]
    assert io.StringIO(table_texts()[COMPUTED]).readline().startswith("id,kind,goals")
