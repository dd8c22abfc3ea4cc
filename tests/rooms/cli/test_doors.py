"""The terminal door: every word a user can type ends in an answer or in a sentence, never in a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from davy import __version__
from davy.cli.main import COMMANDS, main

TODAY = ["--today", "2026-11-22"]
SOUND = "davy: 1\nid: ada\nage_y: 40\nsex: female\n"


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(list(arguments))
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return status, out, err


def test_davy_alone_says_ten_helpful_lines(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = said(capsys)
    assert (status, err) == (0, "")
    assert len(out.splitlines()) == 10
    assert max(map(len, out.splitlines())) <= 100
    for word in ("davy plan example:migraine", "davy new", "davy check"):
        assert word in out


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--version")[:2] == (0, f"davy {__version__}\n")
    status, out, _ = said(capsys, "--help")
    assert status == 0
    assert all(name in out for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_documents_every_option(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, command, "--help")
    assert status == 0
    assert out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["plan"],
        ["plan", "--nonsense"],
        ["plan", "example:neuropathy", "--seed", "x"],
        ["plan", "example:neuropathy", "--seed", "-1"],
        ["plan", "example:neuropathy", "--draws", "0"],
        ["plan", "example:neuropathy", "--today", "tomorrow"],
        ["plan", "example:neuropathy", "--parameter-set", "mine"],
        ["simulate", "example:neuropathy", "--days", "10"],
        ["simulate", "example:neuropathy", "--regimen", "none", "--days", "0"],
        ["simulate", "example:neuropathy", "--regimen", "none", "--days", "10", "--every", "nan"],
        ["simulate", "example:neuropathy", "--regimen", "none", "--days", "10", "--diet-mg", "inf"],
        ["schema", "nonsense"],
        ["evidence"],
        ["evidence", "claims", "--verdict", "nonsense"],
        ["knowledge"],
        ["--nonsense"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_status_2_with_a_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = said(capsys, *arguments)
    assert status == 2
    assert out == ""
    assert err.strip()


@pytest.mark.parametrize("command", ["check", "plan", "fit"])
def test_a_person_that_cannot_be_read_is_status_2_and_says_where(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for place in (str(tmp_path / "nobody.yaml"), str(tmp_path)):
        status, out, err = said(capsys, command, place, *TODAY)
        assert (status, out) == (2, "")
        assert place in err
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(f"{SOUND}weight_kg: heavy\nshoe_size: 44\n", encoding="utf-8")
    status, out, err = said(capsys, command, str(wrong), *TODAY)
    assert (status, out) == (2, "")
    assert "line 5" in err
    assert "weight_kg" in err
    assert "line 6" in err
    assert "shoe_size" in err


def test_an_unknown_example_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = said(capsys, "plan", "example:nobody", *TODAY)
    assert status == 2
    assert "neuropathy" in err
    assert "migraine" in err


@pytest.mark.parametrize("regimen", ["", "glycinate", "glycinate 100", "moon 100mg @ 08:00", "oxide 100mg @ 25:00"])
def test_a_regimen_that_does_not_read_is_status_2(regimen: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = said(capsys, "simulate", "example:neuropathy", "--regimen", regimen, "--days", "7", *TODAY)
    assert (status, out) == (2, "")
    assert "regimen" in err


@pytest.mark.parametrize("place", ["nowhere/plan.html", "."])
def test_a_report_that_cannot_be_written_is_said_before_anything_is_computed(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = said(capsys, "plan", "example:neuropathy", "--report", place, *TODAY)
    assert (status, out) == (2, "")
    assert place in err


def test_a_reader_that_goes_away_is_no_fault() -> None:
    davy = subprocess.Popen(
        [sys.executable, "-m", "davy", "evidence", "claims"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert davy.stdout is not None
    assert davy.stderr is not None
    davy.stdout.readline()
    davy.stdout.close()
    assert davy.stderr.read() == b""
    davy.stderr.close()
    assert davy.wait(timeout=30) == 0


def test_an_interrupt_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("davy.cli.schema.run", interrupted)
    assert main(["schema", "plan"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_fault_of_davys_is_told_as_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("davy.cli.schema.run", broken)
    assert main(["schema", "plan"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "a fault of Davy's, not yours" in err


def test_evidence_lists_searches_and_shows(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = said(capsys, "evidence", "claims", "--verdict", "contradicted", "--article", "nerve", "--json")
    assert status == 0
    rows = json.loads(out)
    assert rows
    assert {row["verdict"] for row in rows} == {"contradicted"}
    assert {"id", "article", "statement", "verdict", "error_class", "sources", "depends"} <= set(rows[0])
    status, out, _ = said(capsys, "evidence", "facts", "--search", "upper level")
    assert status == 0
    assert "f-051" in out
    status, out, _ = said(capsys, "evidence", "show", "f-051", "--json")
    assert json.loads(out)["entry"]["id"] == "f-051"
    status, _, err = said(capsys, "evidence", "show", "f-nothing")
    assert status == 2
    assert "f-nothing" in err


def test_every_json_document_is_one_document_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("person", "plan", "fit", "simulate", "check"):
        status, out, err = said(capsys, "schema", name)
        assert (status, err) == (0, "")
        assert json.loads(out)["$id"].startswith("davy.")
