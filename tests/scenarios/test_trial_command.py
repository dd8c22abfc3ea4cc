"""Somebody plans a trial at the terminal: reads, runs, stops, goes on, reads the report."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.rooms.report.html_outline import outline
from tests.rooms.trials.files import CROSSOVER, PARALLEL, edited

import davy
from davy.cli.main import main
from davy.report.schemas import schema_of

DAVY = [sys.executable, "-m", "davy"]


@pytest.fixture
def trial(tmp_path) -> Path:
    file = tmp_path / "mine.yaml"
    file.write_text(edited(PARALLEL, ("people: 300", "people: 200")), encoding="utf-8")
    return file


def test_a_newcomer_reads_the_result_without_a_manual(capsys):
    assert main(["trial", "example:zhang-2016", "--people", "200"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert all(len(line) <= 100 for line in out.splitlines())
    assert "200 randomised" in out
    assert re.search(r"magnesium less placebo: \+0\.0\d\d \(\+0\.0\d\d to \+0\.0\d\d\) mmol/L, p < 0\.001", out)
    assert "reported 1.52 (1.20 to 1.83), predicted 1." in out
    assert "K091" in out


def test_json_is_one_document_that_conforms(capsys, trial):
    assert main(["trial", str(trial), "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    made = json.loads(out)
    assert not [error.message for error in Draft202012Validator(schema_of("trial")).iter_errors(made)]
    assert made["schema"] == "davy.trial/1"
    assert made["people"] == 200
    assert sum(group["randomised"] for group in made["flow"]["groups"]) == 200
    excluded = sum(one["persons"] for one in made["flow"]["excluded"])
    assert made["flow"]["screened"] == 200 + excluded
    assert made["fingerprints"].keys() == {"model", "knowledge", "engine", "input"}


@pytest.mark.parametrize("text", [PARALLEL.replace("people: 300", "people: 300\npower: {sizes: [20, 40]}"), CROSSOVER])
def test_the_schema_holds_for_other_designs(text, tmp_path, capsys):
    file = tmp_path / "other.yaml"
    file.write_text(text, encoding="utf-8")
    assert main(["trial", str(file), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert not [error.message for error in Draft202012Validator(schema_of("trial")).iter_errors(made)]


def test_a_seed_is_another_trial_and_the_same_seed_the_same(capsys, trial):
    found = []
    for seed in ("0", "1", "1"):
        assert main(["trial", str(trial), "--json", "--seed", seed]) == 0
        found.append(json.loads(capsys.readouterr().out))
    assert found[1] == found[2]
    assert found[0]["endpoints"] != found[1]["endpoints"]


def test_the_report_is_a_page_with_the_flow_the_figure_and_its_numbers(trial, tmp_path):
    page = tmp_path / "trial.html"
    assert main(["trial", str(trial), "--report", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert outline(text)
    for words in ("Who took part", "At the start", "95 % interval", "<svg", "The numbers behind"):
        assert words in text
    assert "<script" not in text
    assert not re.search(r'(src|href)="(?!#)', text)


def test_out_holds_everything_and_is_gone_on_with(trial, tmp_path, capsys):
    out = tmp_path / "run"
    assert main(["trial", str(trial), "--out", str(out), "--json"]) == 0
    said = capsys.readouterr().out
    assert (out / "result.json").read_text(encoding="utf-8") == said
    import pyarrow.parquet as pq

    visits, persons = pq.read_table(out / "visits.parquet"), pq.read_table(out / "persons.parquet")
    assert persons.num_rows == 200
    assert visits.num_rows == 200 * 4
    assert set(visits.column_names) == {"number", "person", "period", "arm", "day", "test", "value", "true_value"}
    assert visits.column("value").null_count == sum(
        2 for left in persons.column("left_day").to_pylist() if left is not None and left < 28
    )
    before = (out / "result.json").stat().st_size
    assert main(["trial", str(trial), "--out", str(out)]) == 0
    assert (out / "result.json").stat().st_size == before
    assert main(["trial", str(trial), "--out", str(out), "--seed", "3"]) == 2
    assert "another design" in capsys.readouterr().err


BAD = {
    "no file": (["nowhere.yaml"], "cannot be read"),
    "no example": (["example:nothing"], "citrate-12-weeks"),
    "workers": (["example:zhang-2016", "--workers", "0"], "not between 1 and"),
    "both ways": (["example:zhang-2016", "--workers", "2", "--scheduler", "tcp://a:1"], "not allowed with"),
    "people": (["example:zhang-2016", "--people", "2"], "not between 4 and"),
    "report folder": (["example:zhang-2016", "--report", "no/such/place.html"], "no directory"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_use_is_told_in_a_sentence(name, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    arguments, words = BAD[name]
    assert main(["trial", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err


def test_an_out_that_is_a_file_is_told(trial, tmp_path, capsys):
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    assert main(["trial", str(trial), "--out", str(tmp_path / "taken")]) == 1
    assert "cannot be used" in capsys.readouterr().err


def test_an_impossible_design_names_line_and_field(tmp_path, capsys):
    file = tmp_path / "bad.yaml"
    file.write_text(edited(PARALLEL, ("us-adults", "martians")), encoding="utf-8")
    assert main(["trial", str(file)]) == 2
    assert "bad.yaml, line 4, field population.recipe" in capsys.readouterr().err


def test_progress_is_shown_on_a_terminal_and_only_there(trial):
    quiet = subprocess.run([*DAVY, "trial", str(trial)], capture_output=True, text=True)
    assert quiet.returncode == 0
    assert quiet.stderr == ""
    leader, follower = pty.openpty()
    process = subprocess.Popen([*DAVY, "trial", str(trial)], stdout=subprocess.DEVNULL, stderr=follower)
    os.close(follower)
    seen = b""
    while True:
        try:
            part = os.read(leader, 4096)
        except OSError:
            break
        if not part:
            break
        seen += part
    assert process.wait() == 0
    os.close(leader)
    assert re.search(rb"200 of 200 persons, [\d,]+ a second", seen)


def test_the_verb_of_python_is_the_command(trial):
    found = davy.run_trial(trial)
    assert found.people == 200
    assert found.endpoints[0].estimates[0].estimate is not None
