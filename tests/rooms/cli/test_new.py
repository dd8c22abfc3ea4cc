"""``davy new``: questions at a terminal or from a pipe, a file that reads back."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from davy.cli.main import main
from davy.people.read import read_person

TODAY = date(2026, 11, 22)


def answer(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_enter_all_the_way_gives_a_file_of_unknowns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, *[""] * 60)
    file = tmp_path / "me.yaml"
    assert main(["new", str(file), "--units", "metric", "--today", "2026-11-22"]) == 0
    person = read_person(file, today=TODAY)
    assert (person.age_y, person.sex, person.diet, person.labs) == (None, None, None, ())
    assert "unknown" in file.read_text(encoding="utf-8")


def test_a_pipe_that_ends_early_leaves_the_rest_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "44", "woman")
    file = tmp_path / "me.yaml"
    assert main(["new", str(file), "--units", "us"]) == 0
    person = read_person(file, today=TODAY)
    assert (person.age_y, person.sex, person.weight_kg) == (44, "female", None)


def test_us_units_are_read_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "us", "44", "man", "178", "5 ft 6 in")
    file = tmp_path / "me.yaml"
    assert main(["new", str(file)]) == 0
    person = read_person(file, today=TODAY)
    assert person.weight_kg == pytest.approx(80.7, abs=0.1)
    assert person.height_cm == pytest.approx(167.6, abs=0.1)


def test_an_answer_that_does_not_read_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch, "old", "44")
    file = tmp_path / "me.yaml"
    assert main(["new", str(file), "--units", "metric"]) == 0
    assert "Again, or Enter for unknown" in capsys.readouterr().out
    assert read_person(file, today=TODAY).age_y == 44


def test_nonsense_without_end_does_not_go_on_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, *["y"] * 500)
    file = tmp_path / "me.yaml"
    assert main(["new", str(file), "--units", "metric"]) == 0
    read_person(file, today=TODAY)


@pytest.mark.parametrize(("said", "status"), [("", 2), ("n", 2), ("y", 0)])
def test_a_file_is_replaced_only_when_that_is_wanted(
    said: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "me.yaml"
    file.write_text("precious", encoding="utf-8")
    answer(monkeypatch, said)
    assert main(["new", str(file), "--units", "metric"]) == status
    assert (file.read_text(encoding="utf-8") == "precious") is (status == 2)


def test_answers_from_a_file_ask_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch)
    answers, file = tmp_path / "answers.yaml", tmp_path / "me.yaml"
    answers.write_text("age: 44\nsex: female\ngoal: sleep\n", encoding="utf-8")
    assert main(["new", str(file), "--answers", str(answers)]) == 0
    assert read_person(file, today=TODAY).goals == ("sleep",)


@pytest.mark.parametrize("text", ["age: old\n", "shoe: 44\n", "- 1\n"])
def test_a_wrong_answers_file_is_bad_input(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers, file = tmp_path / "answers.yaml", tmp_path / "me.yaml"
    answers.write_text(text, encoding="utf-8")
    assert main(["new", str(file), "--answers", str(answers)]) == 2
    assert capsys.readouterr().err
    assert not file.exists()
