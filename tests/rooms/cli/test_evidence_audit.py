"""``davy evidence audit`` where a reader stands: text, JSON, a page, and a process that fails on a changed table."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from tests.rooms.report.html_outline import outline

import davy
from davy.cli.main import main
from davy.evidence.registry import claims
from davy.report.schemas import schema_of


def said(capsys, *words):
    status = main(["evidence", "audit", *words])
    out, err = capsys.readouterr()
    return status, out, err


def test_the_text_tells_counts_then_what_is_wrong_then_the_articles(capsys):
    status, out, err = said(capsys)
    assert (status, err) == (0, "")
    places = [
        out.index(words)
        for words in (
            "370 claims that can be checked",
            "contradicted by what was read",
            "Every check agrees with the verdict on record.",
            "headache ",
            "reference interval of serum magnesium: 0.75-0.95 / 0.75-1.2 mmol/L",
            "p-delgobbo2013-circ-ihd: 0.75 to 1.05 is centred on 0.887, not on 0.83",
        )
    ]
    assert places == sorted(places)
    assert max(map(len, out.splitlines())) <= 110
    assert "m-002-051.1" not in out
    assert "m-002-051.1" in said(capsys, "--all")[1]


def test_the_json_fits_its_schema_and_counts_right(capsys):
    status, out, _ = said(capsys, "--json")
    made = json.loads(out)
    jsonschema.validate(made, schema_of("audit"))
    assert (status, made["schema"]) == (0, "davy.audit/1")
    assert {"claim_id", "value", "unit", "expected", "agreement"} <= set(made["checks"][0])
    counts = made["counts"]
    assert counts["checks"] == len(made["checks"]) >= 160
    assert counts["claims_checked"] == len({one["claim_id"] for one in made["checks"]}) >= 150
    assert counts["mismatches"] == 0
    assert sum(counts["by_verdict"].values()) == counts["claims"] == len(claims())
    for verdict, number in counts["by_verdict"].items():
        assert sum(of.get(verdict, 0) for of in counts["by_article"].values()) == number
    assert {one["id"] for one in made["consistency"]} >= {"low-serum-in-diabetes", "diuretic-loss", "serum-interval"}
    assert all(one["note"] for one in made["sanity"])


def test_a_folder_that_is_not_there_is_bad_input(capsys, tmp_path):
    status, out, err = said(capsys, "--report", str(tmp_path / "no" / "audit.html"))
    assert (status, out) == (2, "")
    assert "there is no directory" in err


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "audit.html"
    assert main(["evidence", "audit", "--report", str(path)]) == 0
    return path.read_text(encoding="utf-8")


def test_the_page_holds_every_claim_and_needs_no_network(page):
    tree = outline(page)
    rows = [row.attributes["id"] for row in tree.all("tr") if "id" in row.attributes]
    assert rows == [claim.id for claim in claims()]
    ids = [one.attributes["id"] for one in tree.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    links = {one.attributes["href"][1:] for one in tree.all("a") if one.attributes["href"].startswith("#")}
    assert links <= set(ids)
    assert not re.findall(r"<(?:link|img|iframe|script)[^>]+(?:src|href)=", page)
    assert page.count("<script>") == 1
    assert "fetch(" not in page


def test_the_fifteen_gravest_errors_come_first_each_worked_out(page):
    tree = outline(page)
    headings = [one.text for one in tree.all("h3")]
    assert [text.partition(".")[0] for text in headings] == [str(number) for number in range(1, 16)]
    assert page.index('id="errors"') < page.index('id="odds"') < page.index('id="claims"')
    assert "{" not in page[page.index('id="errors"') : page.index('id="odds"')]
    assert "740 mg a day, 3.0 times the cap of 250 mg" in page


def test_the_filters_wait_for_the_script(page):
    (form,) = outline(page).all("form")
    assert "hidden" in form.attributes


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(Path(davy.__file__).parent, folder / "davy", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def audited(copy):
    return subprocess.run(
        [sys.executable, "-m", "davy", "evidence", "audit"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(copy)},
    )


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "words"),
    [
        ("claims.csv", "m-002-051", "verdict", "supported", ("m-002-051:", "'supported' is not the verdict")),
        ("claims.csv", "m-002-050", "value", "0.75-1.30", ("m-002-051:", "62.5", "55.2 within 0.1 was expected")),
        ("facts.csv", "f-206", "value", "2.4", ("c-002-025:", "2.4 HOMA-IR came out, 3.8 within 0")),
        ("claims.csv", "c-002-066", "value", "40-60", ("diuretic-loss: on record as differ, found agree",)),
        ("studies.csv", "p-fang2016-diet-chd", "low", "0.70", ("p-fang2016-diet-chd:", "not on record")),
    ],
)
def test_a_changed_table_fails_and_names_claim_value_and_expectation(copy, table, row, column, value, words):
    path = copy / "davy" / "knowledge" / table
    before = path.read_text(encoding="utf-8")
    rows = list(csv.DictReader(before.splitlines()))
    (one,) = (record for record in rows if record["id"] == row)
    one[column] = value
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    try:
        done = audited(copy)
    finally:
        path.write_text(before, encoding="utf-8")
    assert (done.returncode, done.stderr) == (1, "")
    told = " ".join(done.stdout.split())
    assert all(word in told for word in words), told
