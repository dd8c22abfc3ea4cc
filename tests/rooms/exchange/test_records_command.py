"""``davy records``: what a person sees who brings a diary in, looks at it, takes it out again and erases it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from davy.cli.main import main
from davy.people.read import read_person
from davy.report.schemas import schema_of
from davy.store import Folder
from davy.store.doubts import still_doubted
from davy.store.layout import record_in

TODAY = ["--today", "2026-11-22"]
EXAMPLE = "example:migraine-diary"
HOUSE = Path(__file__).resolve().parents[3]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]):
    def said(*arguments: object, status: int = 0) -> str:
        given = [str(one) for one in arguments]
        dated = TODAY if given[1] != "erase" else []
        assert main([*given, *dated]) == status, capsys.readouterr().err
        out, err = capsys.readouterr()
        return out if status == 0 else out + err

    return said


@pytest.fixture
def tell(say):
    def told(*arguments: object) -> dict[str, Any]:
        made = json.loads(say(*arguments, "--json"))
        faults = [error.message for error in Draft202012Validator(schema_of("records")).iter_errors(made)]
        assert not faults
        return made

    return told


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def many(rows: int) -> str:
    """A diary of a year with so many lines."""
    lines = (
        f"2025-{1 + k // 28 % 12:02d}-{1 + k % 28:02d},{k // 60 % 24:02d}:{k % 60:02d},{k % 7},x{k}"
        for k in range(rows)
    )
    return "date,time,pain,note\n" + "\n".join(lines)


def test_an_import_says_what_the_contract_says(tmp_path, tell):
    diary = written(tmp_path / "d.csv", "date,headache,pain,mood\n2026-03-01,yes,55,good\n2026-03-02,no,,\n")
    made = tell("records", "import", diary, "--into", tmp_path / "me")
    assert (made["schema"], made["added"], made["duplicate"], made["dry_run"]) == ("davy.records/1", 2, 0, False)
    (doubt,) = made["quarantined"]
    assert (doubt["file"], doubt["line"], doubt["value"]) == ("d.csv", 2, "55")
    assert made["ignored"][0]["what"] == "column 'mood'"
    assert made["days"]["2026-03-01"] == {"headache": True}
    assert made["days"]["2026-03-02"] == {"headache": False, "headache_attacks": 0}


def test_the_same_facts_again_change_not_a_byte(tmp_path, tell):
    me = tmp_path / "me"
    first = tell("records", "import", EXAMPLE, "--into", me)
    before = {path.name: path.read_bytes() for path in me.iterdir()}
    again = tell("records", "import", EXAMPLE, "--into", me)
    assert (again["added"], again["duplicate"]) == (0, first["added"])
    assert again["days"] == first["days"]
    assert {path.name: path.read_bytes() for path in me.iterdir()} == before


def test_another_name_another_order_and_an_overlap_are_the_same_facts(tmp_path, tell):
    lines = (HOUSE / "src/davy/knowledge/examples/diaries/migraine-diary.csv").read_text("utf-8").splitlines()
    head, rows = lines[0], lines[1:]
    whole = tell("records", "import", EXAMPLE, "--into", tmp_path / "a")
    early = written(tmp_path / "early.csv", "\n".join([head, *rows[:50]]))
    late = written(tmp_path / "late.csv", "\n".join([head, *reversed(rows[30:])]))
    parts = tell("records", "import", early, late, "--into", tmp_path / "b")
    assert parts["added"] == whole["added"]
    assert parts["duplicate"] > 50
    assert parts["days"] == whole["days"]
    columns = [row.split(",") for row in [head, *rows]]
    turned = written(tmp_path / "turned.csv", "\n".join(";".join(reversed(row)) for row in columns))
    if not any('"' in row for row in rows):
        assert tell("records", "import", turned, "--into", tmp_path / "a")["added"] == 0


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path, tell):
    dry = tell("records", "import", EXAMPLE, "--into", tmp_path / "me", "--dry-run")
    assert not (tmp_path / "me").exists()
    wet = tell("records", "import", EXAMPLE, "--into", tmp_path / "me")
    assert {**dry, "dry_run": False} == wet
    before = sorted((path.name, path.stat().st_mtime_ns) for path in (tmp_path / "me").iterdir())
    again = tell("records", "import", EXAMPLE, "--into", tmp_path / "me", "--dry-run")
    assert (again["added"], again["days"]) == (0, wet["days"])
    assert sorted((path.name, path.stat().st_mtime_ns) for path in (tmp_path / "me").iterdir()) == before


def test_one_file_that_does_not_read_keeps_all_out_and_every_fault_is_told(tmp_path, say):
    good = written(tmp_path / "good.csv", "date,pain\n2026-03-01,3\n")
    bad = written(tmp_path / "bad.csv", "date,pain\n01/02/2026,3\n")
    told = say("records", "import", good, bad, tmp_path / "none.csv", "--into", tmp_path / "me", status=2)
    assert "none.csv: there is no such file" in told
    told = say("records", "import", good, bad, "--into", tmp_path / "me", status=2)
    assert "bad.csv, line 2: '01/02/2026' could be two different days" in told
    assert "Traceback" not in told
    assert not (tmp_path / "me").exists()


def test_quarantined_rows_leave_status_0_and_lie_in_the_folder_once(tmp_path, say):
    diary = written(tmp_path / "d.csv", "date,cramps\n2026-03-01,=1+1\n2026-13-01,2\n2026-03-03,1\n")
    for _ in range(2):
        text = say("records", "import", diary, "--into", tmp_path / "me")
        assert "Not believed, set aside and counted nowhere: 2" in text
        assert "d.csv, line 2: '=1+1'" in text
    assert [one.line for one in Folder(tmp_path / "me").quarantined()] == [2, 3]


def test_the_text_reads_in_a_hundred_columns_and_its_baseline_in_a_person_file(tmp_path, say, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = say("records", "import", EXAMPLE, "--into", "me")
    told = text[text.index("  baseline:") :]
    (tmp_path / "me.yaml").write_text(f"davy: 1\nid: me\n{textwrap.dedent(told)}")
    person = read_person("me.yaml", today=date(2026, 11, 22))
    assert person.baseline is not None
    assert person.baseline.headache_days_per_28 == pytest.approx(28 * 10 / 39, abs=0.01)
    assert "days known at all" in text
    assert "Before 2026-10-12, the first day with magnesium" in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_a_mapping_is_kept_and_used_again(tmp_path, tell, say):
    diary = written(tmp_path / "d.csv", "Wann;Weh\n01.03.2026;ja\n")
    assert "no column says which day" in say("records", "import", diary, "--into", tmp_path / "me", status=2)
    mapping = written(tmp_path / "m.yaml", "source: weh\ndates: day-first\ncolumns: {Wann: date, Weh: headache}\n")
    assert tell("records", "import", diary, "--into", tmp_path / "me", "--mapping", mapping)["added"] == 1
    again = tell("records", "import", diary, "--into", tmp_path / "me")
    assert (again["duplicate"], again["warnings"]) == (1, ["d.csv: its columns read as the kept mapping 'weh' says."])
    narrow = written(tmp_path / "n.yaml", "source: n\ncolumns: {date: date}\nheaches: 1\n")
    assert "'heaches' is not a key" in say("records", "import", diary, "--into", "x", "--mapping", narrow, status=2)
    assert tell("records", "import", EXAMPLE, "--into", tmp_path / "me")["added"] > 100


def test_a_mapping_to_begin_with(tmp_path, say):
    diary = written(tmp_path / "d.csv", "Date;Severity;Weather\n2026-03-01;3;x\n")
    out = tmp_path / "m.yaml"
    say("records", "mapping", diary, "--out", out)
    assert out.read_text() == "davy: 1\nsource: diary\ncolumns:\n  Date: date\n  Severity: pain\n  Weather: ignore\n"
    say("records", "import", diary, "--into", tmp_path / "me", "--mapping", out)
    assert "is there already" in say("records", "mapping", diary, "--out", out, status=2)


def test_an_export_checks_out_and_makes_the_same_days_again(tmp_path, tell, say):
    me, out = tmp_path / "me", tmp_path / "out"
    nasty = 'date,pain,medicine,note\n2026-03-01,3,"+N02CC01","=1+1"\n2026-03-02,4,"\'quoted","@cmd\nsecond, line"\n'
    diary = written(tmp_path / "d.csv", nasty + "2026-03-03,77,\tx,-\n")
    me.mkdir()
    (me / "person.yaml").write_text("davy: 1\nid: x\n")
    first = tell("records", "import", diary, EXAMPLE, "--into", me)
    say("records", "stop", me)
    say("records", "export", me, "--out", out)
    for line in (out / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    assert {"records.csv", "folder.json", "person.yaml", "records.jsonl", "decisions.jsonl", "quarantine.jsonl"} < {
        path.name for path in out.iterdir()
    }
    cells = (out / "records.csv").read_text().replace("\n", ",").split(",")
    assert not [cell for cell in cells if re.match(r'"?[=+@\t-]', cell)]
    document = json.loads((out / "folder.json").read_text())
    assert len(document["records"]) == first["added"]
    assert document["person"] == "davy: 1\nid: x\n"
    assert [one["type"] for one in document["decisions"]] == ["stop"]
    again = tell("records", "import", out / "records.csv", "--into", tmp_path / "other")
    assert (again["added"], again["days"], again["quarantined"]) == (first["added"], first["days"], [])
    assert list(Folder(tmp_path / "other").records()) == list(Folder(me).records())
    assert tell("records", "import", out, "--into", me)["added"] == 0
    assert Folder(out).stopped == "2026-11-22"
    assert "is there already" in say("records", "export", me, "--out", out, status=2)


def test_a_line_of_an_export_that_was_changed_is_set_aside(tmp_path, tell, say):
    me, out = tmp_path / "me", tmp_path / "out"
    diary = written(tmp_path / "d.csv", "date,pain\n2026-03-01,3\n2026-03-02,4\n2026-03-03,5\n")
    say("records", "import", diary, "--into", me)
    say("records", "export", me, "--out", out)
    table = out / "records.csv"
    lines = table.read_text().splitlines()
    lines[1] = lines[1].replace(",3.0,", ",1.0,")
    lines[2] = lines[2].rpartition(",")[0]
    table.write_text("\n".join(lines))
    made = tell("records", "import", table, "--into", tmp_path / "other")
    assert made["added"] == 1
    assert "changed after it was exported" in made["quarantined"][0]["why"]
    assert "not as it was exported" in made["quarantined"][1]["why"]


def test_a_broken_log_is_named_and_salvaged(tmp_path, say, tell):
    me = tmp_path / "me"
    say("records", "import", EXAMPLE, "--into", me)
    log = me / "records.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    whole = [record_in(entry, me) for entry in _entries(me)]
    lines[9] = lines[9].replace(b'"value":', b'"value":1')
    log.write_bytes(b"".join(lines))
    told = say("records", "import", EXAMPLE, "--into", me, status=1)
    assert re.search(r"records\.jsonl, line 10: this entry is not what was written", told)
    assert "line 10" in say("records", "export", me, "--out", tmp_path / "out", status=1)
    text = say("records", "export", me, "--out", tmp_path / "out", "--salvage")
    assert "Look: " in text
    assert "line 10" in text
    made = tell("records", "import", tmp_path / "out/records.csv", "--into", tmp_path / "new")
    assert made["added"] == len(whole) - 1
    assert tell("records", "import", EXAMPLE, "--into", tmp_path / "new")["added"] == 1


def _entries(me: Path) -> list[Any]:
    from davy.store.layout import logs_of

    return [entry for entry in logs_of(me).records.entries() if entry.type == "record"]


def test_erase_asks_and_leaves_nothing_of_its_own(tmp_path, say, monkeypatch):
    me = tmp_path / "me"
    me.mkdir()
    (me / "person.yaml").write_text("davy: 1\nid: x\n")
    mapping = written(tmp_path / "m.yaml", "source: w\ncolumns: {date: date, pain: pain}\n")
    diary = written(tmp_path / "d.csv", "date,pain\n2026-03-01,3\n2026-03-02,99\n")
    say("records", "import", diary, "--into", me, "--mapping", mapping)
    say("records", "stop", me)
    written(me / "records.head.part", "left by a killed writer")
    written(me / "nof1.csv", "day,arm,outcome\n")
    written(me / "holiday.jpg", "not Davy's")
    elsewhere = written(tmp_path / "precious", "x")
    (me / "mappings" / "link.yaml").symlink_to(elsewhere)
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    assert "Nothing was erased" in say("records", "erase", me, status=2)
    assert len(list(Folder(me).records())) == 1
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert "Left, since Davy did not write it: holiday.jpg" in say("records", "erase", me)
    assert [path.name for path in me.iterdir()] == ["holiday.jpg"]
    assert elsewhere.read_text() == "x"
    assert "no person's folder" in say("records", "erase", me, "--yes", status=2)


def test_erase_removes_the_folder_itself_where_nothing_else_is_in_it(tmp_path, say):
    say("records", "import", EXAMPLE, "--into", tmp_path / "me")
    say("records", "erase", tmp_path / "me", "--yes")
    assert not (tmp_path / "me").exists()


def test_a_link_to_a_folder_is_not_erased_through(tmp_path, say):
    say("records", "import", EXAMPLE, "--into", tmp_path / "me")
    (tmp_path / "link").symlink_to(tmp_path / "me")
    assert "this is a link" in say("records", "erase", tmp_path / "link", "--yes", status=2)
    assert (tmp_path / "me/records.jsonl").exists()


def test_a_folder_can_be_looked_at(tmp_path, tell, say):
    diary = written(tmp_path / "d.csv", "date,pain\n2026-03-01,3\n2026-03-02,99\n")
    made = tell("records", "import", diary, EXAMPLE, "--into", tmp_path / "me")
    seen = tell("records", "show", tmp_path / "me")
    assert (seen["days"], seen["baseline"], seen["quarantined"]) == (
        made["days"],
        made["baseline"],
        made["quarantined"],
    )
    assert say("records", "show", tmp_path / "me").startswith(f"What {tmp_path}")


def test_stop_ends_suggestions_and_resume_allows_them(tmp_path, say):
    me = tmp_path / "me"
    say("records", "import", EXAMPLE, "--into", me)
    assert "and that is recorded" in say("records", "stop", me)
    assert "already" in say("records", "stop", me)
    assert Folder(me).stopped == "2026-11-22"
    with pytest.raises(Exception, match="all suggestions were stopped here on 2026-11-22"):
        Folder(me).decide({"action": "keep"})
    assert "stopped here on 2026-11-22" in say("records", "import", EXAMPLE, "--into", me)
    assert "allowed again" in say("records", "resume", me)
    Folder(me).decide({"action": "keep"})
    assert [entry.type for entry in Folder(me).decisions()] == ["stop", "resume", "decision"]


def test_a_diary_that_begins_after_the_plan_is_told(tmp_path, tell):
    me = tmp_path / "me"
    Folder(me).decide({"day": "2026-02-01", "action": "keep"})  # a look before anything was begun
    Folder(me).decide({"day": "2026-03-01", "action": "begin"})
    diary = written(tmp_path / "d.csv", "date,headache\n2026-03-02,yes\n2026-03-03,no\n")
    made = tell("records", "import", diary, "--into", me)
    assert "The diary begins on 2026-03-02, and magnesium began on 2026-03-01" in made["warnings"][0]
    assert made["baseline"]["days"] == 0


@pytest.mark.parametrize("action", ["export", "erase", "stop", "resume", "show"])
def test_what_is_no_persons_folder_is_refused(tmp_path, say, action):
    assert "no person's folder" in say("records", action, tmp_path, *(["--yes"] if action == "erase" else []), status=2)
    a_file = written(tmp_path / "file", "x")
    assert "this is a file" in say("records", action, a_file, status=2)


def test_a_folder_that_cannot_be_made_is_told(tmp_path, say):
    written(tmp_path / "file", "x")
    told = say("records", "import", EXAMPLE, "--into", tmp_path / "file" / "me", status=1)
    assert "cannot be written: Not a directory" in told


def test_an_import_killed_halfway_is_finished_by_the_same_command(tmp_path, tell):
    diary = written(tmp_path / "d.csv", many(3000))
    code = f"""
import os
import davy.store.session as session
from davy.store.log import Writer
session.BATCH = 500
real, left = Writer.write, [3]
def write(self, bodies):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), 9)
    return real(self, bodies)
Writer.write = write
from davy.cli.main import main
main(["records", "import", {str(diary)!r}, "--into", {str(tmp_path / "me")!r}])
"""
    environment = {**os.environ, "PYTHONPATH": str(HOUSE / "src")}
    assert subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True).returncode == -9
    kept = len(list(Folder(tmp_path / "me").records()))
    assert kept == 1000
    made = tell("records", "import", diary, "--into", tmp_path / "me")
    whole = tell("records", "import", diary, "--into", tmp_path / "whole")
    assert (made["duplicate"] - whole["duplicate"], made["days"]) == (kept, whole["days"])


def test_the_memory_of_an_import_does_not_grow_with_the_file(tmp_path):
    """Five times the rows take the same memory: nothing is held but days, and ids in a file without a name."""
    code = """
import resource, sys
from davy.cli.main import main
main(["records", "import", sys.argv[1], "--into", sys.argv[2], "--dry-run", "--json", "--today", "2026-11-22"])
sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
"""
    environment = {**os.environ, "PYTHONPATH": str(HOUSE / "src")}
    peaks: list[int] = []
    for rows in (3_000, 12_000):
        diary = written(tmp_path / f"{rows}.csv", many(rows))
        command = [sys.executable, "-c", code, str(diary), str(tmp_path / "me")]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        peaks.append(int(done.stderr))
    assert peaks[1] < peaks[0] + 6_000


def test_a_corrected_diary_replaces_what_it_said_of_a_day_and_nothing_else(tmp_path, tell, say):
    me = tmp_path / "me"
    head = "date,headache,pain,cramps\n"
    wrong = written(tmp_path / "wrong.csv", head + "2026-03-01,yes,5,1\n2026-03-02,no,0,0\n")
    right = written(tmp_path / "right.csv", head + "2026-03-01,no,,1\n")
    other = written(tmp_path / "other.yaml", "source: other\ncolumns: {date: date, cramps: cramps}\n")
    tell("records", "import", wrong, "--into", me)
    tell("records", "import", wrong, "--into", me, "--mapping", other)
    without = tell("records", "import", right, "--into", me, "--dry-run")
    assert without["days"]["2026-03-01"]["disagreements"] == ["headache: yes or no"]
    assert "--replace" in without["warnings"][0]
    dry = tell("records", "import", right, "--into", me, "--dry-run", "--replace")
    made = tell("records", "import", right, "--into", me, "--replace")
    assert {**dry, "dry_run": False} == made
    assert (made["added"], made["duplicate"], made["withdrawn"]) == (1, 1, 2)
    assert made["days"]["2026-03-01"] == {"headache": False, "headache_attacks": 0, "cramps": 1}
    assert made["days"]["2026-03-02"]["headache"] is False
    again = tell("records", "import", right, "--into", me, "--replace")
    assert (again["added"], again["withdrawn"], again["days"]) == (0, 0, made["days"])
    say("records", "export", me, "--out", tmp_path / "out")
    assert tell("records", "import", tmp_path / "out/records.csv", "--into", tmp_path / "n")["days"] == made["days"]
    back = tell("records", "import", wrong, "--into", me, "--replace")
    assert back["days"]["2026-03-01"]["headache"] is True
    assert back["days"]["2026-03-01"]["pain_0_10"] == 5
    assert b'"value":5.0' in (me / "records.jsonl").read_bytes()


def test_a_food_that_was_changed_and_exported_again_is_told_until_the_file_replaces_it(tmp_path, tell):
    head = "Day,Group,Food Name,Amount,Energy (kcal),Magnesium (mg),Category\n"
    tea, oats = "2026-11-01,Breakfast,Tea,1 cup,2,7,Beverages\n", "2026-11-01,Breakfast,Oats,80 g,311,138,Cereals\n"
    for name, rows in (
        ("one", tea),
        ("more", tea + oats),
        ("edited", tea + oats.replace("80 g,311,138", "40 g,155,69")),
    ):
        (tmp_path / f"{name}.csv").write_text(head + rows)

    def brought(name: str, *more: str) -> tuple[bool, float]:
        said = tell("records", "import", tmp_path / f"{name}.csv", "--into", tmp_path / "me", *more)
        told = any("2026-11-01 told other food before" in one for one in said["warnings"])
        return told, said["days"]["2026-11-01"]["dietary_mg"]["low"]

    assert brought("one") == (False, 7)
    assert brought("more") == (False, 145)
    assert brought("edited", "--dry-run") == (True, 214)
    assert brought("edited", "--replace") == (False, 76)
    assert brought("edited") == (False, 76)


def test_a_line_that_was_ahead_of_its_time_and_was_read_later_is_doubted_no_more(tmp_path, say):
    diary = tmp_path / "diary.csv"
    diary.write_text("date,headache\n2026-11-20,1\n2026-12-10,0\n2027-03-01,1\n")
    me = tmp_path / "me"
    say("records", "import", diary, "--into", me)
    for day, left in (("2026-11-22", 2), ("2026-12-20", 1)):
        assert main(["records", "import", str(diary), "--into", str(me), "--today", day]) == 0
        assert len(list(still_doubted(Folder(me)))) == left
