"""A COMBINE archive: other programs open it, run it again, and come to the same numbers."""

from pathlib import Path
from zipfile import ZipFile

import libcombine
import libsedml
import numpy as np
import pytest
from tests.rooms.exchange.peers import by_copasi, by_roadrunner, results
from tests.rooms.exchange.test_sbml import remarks_on

from davy.cli.main import main

STEPS = "glycinate 100mg @ 21:00 from 0 to 7; oxide 120mg @ 08:00,21:00 from 7 to 28"


def made(folder: Path, *arguments: str) -> Path:
    path = folder / "course.omex"
    assert main(["export", "omex", "--out", str(path), *arguments]) == 0
    return path


def agree(path: Path, found: dict[str, np.ndarray]) -> None:
    own = results(path)
    assert len(own) == 10
    assert len(own["time_d"]) > 100
    for name, values in own.items():
        assert found[name] == pytest.approx(values, rel=1e-6, abs=1e-9), name


@pytest.mark.parametrize("name", ["literature", "articles"])
def test_peers_run_it_again_to_a_millionth(tmp_path: Path, name: str) -> None:
    path = made(tmp_path, "--parameter-set", name, "--regimen", STEPS)
    agree(path, by_roadrunner(path))
    agree(path, by_copasi(path))


@pytest.mark.parametrize("peer", [by_roadrunner, by_copasi])
def test_a_dose_at_midnight_and_one_with_lunch_count_in_a_persons_body(tmp_path: Path, peer) -> None:
    path = made(tmp_path, "example:neuropathy", "--today", "2026-11-22", "--regimen", "citrate 150mg @ 00:00,12:30")
    agree(path, peer(path))


def test_the_regimen_is_felt(tmp_path: Path) -> None:
    taken, none = results(made(tmp_path)), results(made(tmp_path, "--regimen", "none"))
    assert taken["gut_Abs"][-1] > none["gut_Abs"][-1] + 10
    assert none["C"][-1] == pytest.approx(none["C"][0], abs=5e-4)  # it starts where such a diet leads


def test_the_archive_is_what_its_manifest_says(tmp_path: Path) -> None:
    path = made(tmp_path)
    held = libcombine.CombineArchive()
    assert held.initializeFromArchive(str(path))
    assert held.getMasterFile().getLocation() == "./course.sedml"
    asked = libsedml.readSedMLFromString(ZipFile(path).read("course.sedml").decode())
    assert asked.getNumErrors() == 0
    assert asked.getNumTasks() == 1
    for name in ("course.xml", "magnesium.xml"):
        assert remarks_on(ZipFile(path).read(name).decode()) == []
    assert set(ZipFile(path).namelist()) == {
        "manifest.xml", "course.xml", "course.sedml", "results/course.csv", "magnesium.xml", "about.txt",
        "metadata.rdf",
    }  # fmt: skip


def test_the_same_question_gives_the_same_bytes(tmp_path: Path) -> None:
    assert made(tmp_path).read_bytes() == made(tmp_path).read_bytes()


def test_beyond_two_months_it_reports_quarters_of_a_day(tmp_path: Path) -> None:
    own = results(made(tmp_path, "--days", "90", "--regimen", "none"))
    assert len(own["time_d"]) == 361
    assert own["time_d"][1] == 0.25


def test_bad_input_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "omex", "--regimen", "glycinate lots", "--out", str(tmp_path / "x.omex")]) == 2
    assert "does not read" in capsys.readouterr().err
    assert main(["export", "omex", "--out", str(tmp_path / "no" / "x.omex")]) == 2
    assert "there is no directory" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
