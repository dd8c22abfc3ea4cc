"""``davy qualify``: where a user stands: files, status, workers, a run that is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from davy.cli.main import main
from davy.qualify import parts
from davy.qualify.calibration import study
from davy.qualify.parts import Part, Qualified, qualify
from davy.report.dossier_page import dossier_page
from davy.report.schemas import schema_of

TINY = study.Size(8, 4, 4, 0, 300)
CALIBRATION = next(part for part in parts.PARTS if part.name == "calibration")
VERSIONS = next(part for part in parts.PARTS if part.name == "versions")
ABSENT = Part("pathways", "davy.nowhere.at_all:nothing", until="There is none.")


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "REDUCED", TINY)
    monkeypatch.setattr(study, "DESIGNS", study.DESIGNS[:2])


@pytest.fixture(scope="module")
def made() -> Qualified:
    patch = pytest.MonkeyPatch()
    patch.setattr(study, "REDUCED", TINY)
    patch.setattr(study, "DESIGNS", study.DESIGNS[:2])
    try:
        return qualify(parts=(CALIBRATION, ABSENT, VERSIONS))
    finally:
        patch.undo()


def test_two_processes_write_the_same_bytes_as_one(made: Qualified) -> None:
    told: list[tuple[int, int]] = []
    two = qualify(parts=(CALIBRATION, ABSENT, VERSIONS), workers=2, progress=lambda done, of: told.append((done, of)))
    assert json.dumps(two.documents) == json.dumps(made.documents)
    assert told[-1][0] == told[-1][1] > 20
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_coverage_rows_are_those_of_the_contract(made: Qualified) -> None:
    document = made.documents["coverage"]
    assert document["schema"] == "davy.coverage/1"
    for row in document["rows"]:
        assert {"design", "quantity", "nominal", "actual", "n"} <= set(row)
        assert 0 <= row["low"] <= row["actual"] <= row["high"] <= 1
    assert {row["nominal"] for row in document["rows"]} == {0.5, 0.8, 0.9, 0.95}
    assert set(document["truths"]) == {row["truth"] for row in document["rows"]}


def test_sbc_says_what_it_does_not_show(made: Qualified) -> None:
    document = made.documents["sbc"]
    assert document["sentence"] == "SBC shows that the arithmetic is right, not that the model is."
    assert document["method"]["family"] == 0.05
    assert {row["design"] for row in document["rows"]} == {"serum", "serum-urine"}
    assert [one["plant"] for one in document["planted"]] == ["prior", "narrow"]
    for row in document["rows"]:
        inside = all(
            low <= at <= high for low, at, high in zip(row["low"], row["difference"], row["high"], strict=True)
        )
        assert inside == row["inside"]


@pytest.mark.parametrize("name", ["sbc", "coverage"])
def test_documents_are_as_their_schema_says(made: Qualified, name: str) -> None:
    document = json.loads(json.dumps(made.documents[name], allow_nan=False))
    Draft202012Validator(schema_of(name)).validate(document)


def test_a_part_that_is_not_there_says_so_and_claims_nothing(made: Qualified) -> None:
    document = made.documents["pathways"]
    assert (document["available"], document["note"], document["rows"]) == (False, "There is none.", [])


def test_every_part_on_the_list_leads_somewhere_or_says_that_it_does_not() -> None:
    for part in parts.PARTS:
        assert part.there or part.name in ("pathways", "decisions", "n_of_1"), part.name


def test_the_command_writes_every_document_and_the_dossier(
    made: Qualified, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("davy.cli.qualify.qualify", lambda **asked: made)
    folder = tmp_path / "new" / "folder"
    assert main(["qualify", "--out", str(folder)]) == (1 if made.unexpected else 0)
    out, err = capsys.readouterr()
    assert err == ""
    assert str(folder) in out
    names = {path.name for path in folder.iterdir()}
    assert names == {"sbc.json", "coverage.json", "pathways.json", "versions.json", "dossier.html"}
    for name in names - {"dossier.html"}:
        assert json.loads((folder / name).read_text("utf-8"))["schema"] == f"davy.{name.removesuffix('.json')}/1"


@pytest.mark.parametrize(("unexpected", "status"), [((), 0), (("calibration: something",), 1)])
def test_a_misfit_that_is_not_on_record_is_status_one(
    made: Qualified,
    unexpected: tuple[str, ...],
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("davy.cli.qualify.qualify", lambda **asked: Qualified(made.documents, unexpected))
    assert main(["qualify"]) == status
    assert ("Not on record" in capsys.readouterr().out) == bool(unexpected)


def test_a_row_whose_status_no_longer_holds_is_not_on_record() -> None:
    class Misfits:
        def rows(self) -> list[dict[str, Any]]:
            return [{"item": "serum at rest", "status_holds": False}, {"item": "urine", "status_holds": True}]

    assert parts.unexpected(Misfits()) == ["serum at rest: no longer as it is on record"]


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    began = time.process_time()
    assert main(["qualify", "--out", str(tmp_path / "file" / "dir")]) == 2
    assert "cannot be written to" in capsys.readouterr().err
    assert time.process_time() - began < 5


def test_every_figure_of_the_dossier_has_its_numbers_behind(made: Qualified) -> None:
    page = dossier_page(made.documents)
    assert page.count("<figure>") == page.count("The numbers behind") >= 3
    for heading in (
        "Questions of interest",
        "Contexts of use",
        "Model influence",
        "Model risk",
        "What is not credible",
    ):
        assert heading in page
    assert "SBC shows that the arithmetic is right, not that the model is." in page
    assert made.documents["versions"]["rows"][1]["value"] in page
    assert "<script" not in page


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_a_run_that_is_stopped_leaves_no_file_and_no_process(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "davy", "qualify", "--out", str(tmp_path / "out")]
    run = subprocess.Popen(  # a suite that runs in the background has SIGINT ignored, and so would the command
        command,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        _wait_for_workers(run.pid)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=60)
    finally:
        run.kill()
    assert run.returncode == 130
    assert b"Traceback" not in err
    assert list((tmp_path / "out").iterdir()) == []
    deadline = time.monotonic() + 20
    while _members(run.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _members(run.pid) == []


def _wait_for_workers(session: int) -> None:
    """Until all processes are there: a process that is being born when its parent is stopped says so itself."""
    deadline, seen, since = time.monotonic() + 60, 0, time.monotonic()
    while seen < 3 or time.monotonic() - since < 1.5:
        assert time.monotonic() < deadline, "the workers never came"
        time.sleep(0.1)
        count = len(_members(session))
        if count != seen:
            seen, since = count, time.monotonic()


def _members(session: int) -> list[int]:
    """Processes of a session that are still running."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(folder.name))
    return found


def test_a_part_without_a_figure_is_shown_as_its_table(made: Qualified) -> None:
    row = {
        "truth": "as the fit believes",
        "decided": "serum alone",
        "persons": 60,
        "loss": 0.5,
        "more": [1, 2],
        "why": None,
    }
    decisions = {**made.documents["pathways"], "available": True, "sentence": "Advice wins.", "rows": [row, row]}
    page = dossier_page({**made.documents, "decisions": decisions})
    assert "Decisions on virtual persons" in page
    assert "<td>serum alone</td>" in page
    assert '<td class="n">0.5</td>' in page
    assert "Advice wins." in page
