"""A decision log that was changed, cut, or put together anew: each fault is found, and its line named."""

from __future__ import annotations

import gzip
import json
import lzma
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rooms.followup.chains import SCHEMA, rechained

from davy.cli.main import main
from davy.store.chain import Chain, ChainFault
from davy.store.folder import Folder
from davy.store.layout import logs_of

MANY = 8
"""Decisions of the log; with the line that says what it is, and a stop, lines 1 to 10."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Folder(tmp_path_factory.mktemp("log") / "me")
    for day in range(MANY):
        folder.decide({"day": f"2026-11-{day + 1:02}", "action": "keep"})
    folder.stop(today=date(2026, 11, 22))
    return folder.path / "decisions.jsonl"


def faults_of(path: Path) -> list[ChainFault]:
    chain = Chain(path, SCHEMA)
    list(chain.entries())
    return chain.faults


def with_lines(whole: Path, to: Path, change: Callable[[list[bytes]], list[bytes]], *, head: bool = True) -> Path:
    path = to / "decisions.jsonl"
    path.write_bytes(b"".join(change(whole.read_bytes().splitlines(keepends=True))))
    if head:
        path.with_suffix(".head").write_bytes(whole.with_suffix(".head").read_bytes())
    return path


def test_a_whole_log_has_no_fault_and_every_entry_is_proved(whole: Path) -> None:
    chain = Chain(whole, SCHEMA)
    found = list(chain.entries())
    assert [one.line for one in found] == list(range(2, MANY + 3))
    assert all(one.proved for one in found)
    assert (chain.faults, chain.notes) == ([], [])
    assert chain.hash == json.loads(whole.with_suffix(".head").read_bytes())["hash"]


@pytest.mark.parametrize("line", range(1, MANY + 3))
def test_an_entry_that_was_edited_is_named_and_the_others_are_still_proved(
    whole: Path, tmp_path: Path, line: int
) -> None:
    def edited(lines: list[bytes]) -> list[bytes]:
        before = lines[line - 1]
        lines[line - 1] = before.replace(b'"keep"', b'"stop"').replace(b"2026-11-22", b"2026-11-23")
        lines[line - 1] = lines[line - 1].replace(b'"version":1', b'"version":0')
        assert lines[line - 1] != before
        return lines

    path = with_lines(whole, tmp_path, edited)
    (fault,) = faults_of(path)
    assert (fault.line, fault.entry, fault.kind) == (line, line - 1, "changed")
    assert sum(not one.proved for one in Chain(path, SCHEMA).entries()) == (0 if line == 1 else 1)
    assert main(["replay", str(path)]) == 1


@given(st.data())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_byte_that_was_changed_is_found_at_its_line(whole: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(whole.read_bytes())
    at = data.draw(st.integers(0, len(content) - 2))
    other = data.draw(st.integers(1, 255).filter(lambda byte: byte != content[at] and byte != 10 and content[at] != 10))
    content[at] = other
    path = with_lines(whole, tmp_path, lambda lines: [bytes(content)])
    lines = {fault.line for fault in faults_of(path)}
    assert lines & {1 + bytes(content[:at]).count(b"\n"), 2 + bytes(content[:at]).count(b"\n")}


@pytest.mark.parametrize(
    ("change", "kind", "line", "entry", "words"),
    [
        (lambda lines: [*lines[:3], *lines[4:]], "missing", 4, 3, "entry 3 is missing before this line"),
        (lambda lines: [*lines[:3], *lines[6:]], "missing", 4, 3, "entries 3 to 5 are missing before this line"),
        (lambda lines: lines[1:], "missing", 1, 0, "entry 0 is missing"),
        (lambda lines: lines[:-1], "missing", 10, 9, "1 entry is missing at the end: the log was cut"),
        (lambda lines: lines[:4], "missing", 5, 4, "6 entries are missing at the end"),
        (lambda lines: [*lines[:5], lines[4], *lines[5:]], "doubled", 6, 4, "entry 4 stands here a second time"),
        (lambda lines: [*lines[:-1], lines[-1][:-9]], "unfinished", 10, None, "was never finished"),
        (lambda lines: [*lines[:4], b"keep\n", *lines[5:]], "unreadable", 5, None, "this line is no entry"),
        (lambda lines: rechained([*lines[:4], *lines[5:]]), "missing", 10, 9, "1 entry is missing at the end"),
        (lambda lines: rechained([*lines[:4], *lines[5:], lines[4]]), "replaced", 10, 9, "written anew"),
    ],
)
def test_what_was_done_to_a_log_is_named(
    whole: Path, tmp_path: Path, change: Any, kind: str, line: int, entry: int | None, words: str
) -> None:
    found = faults_of(with_lines(whole, tmp_path, change))
    assert [(fault.line, fault.entry) for fault in found if fault.kind == kind and words in fault.sentence] == [
        (line, entry)
    ], found


def test_an_entry_that_was_moved_is_named(whole: Path, tmp_path: Path) -> None:
    path = with_lines(whole, tmp_path, lambda lines: [*lines[:3], *lines[4:7], lines[3], *lines[7:]])
    found = faults_of(path)
    assert [(fault.line, fault.entry) for fault in found if fault.kind == "moved"] == [(7, 3)]
    assert not [fault for fault in found if fault.kind == "missing"]


def test_every_fault_of_several_is_told_with_its_line(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def several(lines: list[bytes]) -> list[bytes]:
        return [lines[0], lines[1].replace(b"keep", b"stop"), *lines[2:4], *lines[5:7]]

    path = with_lines(whole, tmp_path, several)
    assert main(["replay", str(path)]) == 1
    told = " ".join(capsys.readouterr().out.split())
    for words in ("broken in 3 places", "line 2: entry 1 is not what", "line 5: entry 4 is missing", "line 7: 3 entr"):
        assert words in told, told
    assert main(["replay", str(path), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["verdict"] == "broken"
    assert [fault["line"] for fault in said["faults"]] == [2, 5, 7]


def test_a_copy_without_its_head_says_what_nobody_can_tell(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = with_lines(whole, tmp_path, lambda lines: lines[:-2], head=False)
    assert main(["replay", str(path)]) == 0
    assert "no head lies beside decisions.jsonl" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".xz", lzma.compress)])
def test_a_compressed_log_reads_and_a_damaged_one_is_named(whole: Path, tmp_path: Path, ending: str, pack: Any) -> None:
    path = tmp_path / f"log.jsonl{ending}"
    path.write_bytes(pack(whole.read_bytes()))
    assert faults_of(path) == []
    path.write_bytes(pack(whole.read_bytes())[:-30])
    assert [fault.kind for fault in faults_of(path)] == ["unfinished"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none", None, "there is no such file or folder"),
        ("person.yaml", b"davy: 1\nid: somebody\n", "no line of it is an entry"),
        ("photo.jsonl", bytes(range(256)) * 40, "no line of it is an entry"),
        ("long.jsonl", b"x" * (2**20 + 50), "no line of it is an entry"),
    ],
)
def test_what_is_no_log_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert main(["replay", str(tmp_path / name)]) == 2
    assert words in capsys.readouterr().err


def test_a_folder_without_decisions_and_a_log_of_another_kind_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", str(tmp_path)]) == 2
    assert "no decision is logged here" in capsys.readouterr().err
    log = logs_of(tmp_path).records
    log.append([("record", {"id": "00"})])
    assert main(["replay", str(log.path)]) == 2
    assert "a log of the kind 'davy.records-log/1'" in capsys.readouterr().err


def test_an_empty_log_whose_head_remembers_entries_was_cut(whole: Path, tmp_path: Path) -> None:
    path = with_lines(whole, tmp_path, lambda lines: [])
    assert [(one.kind, one.entry) for one in faults_of(path)] == [("missing", 0)]
    path.unlink()
    assert main(["replay", str(tmp_path)]) == 1
