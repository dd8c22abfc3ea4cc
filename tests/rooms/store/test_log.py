"""The log on disk: cut at every byte, changed in every line, killed while it writes, written by two at once."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.store.diaries import records

from davy.errors import StoreError
from davy.followup.records import Record
from davy.store import Folder
from davy.store.layout import logs_of
from davy.store.log import Log

WRITER = """
import sys
from tests.rooms.store.diaries import records
from davy.store import Folder
folder = Folder(sys.argv[1])
kept = int(sys.argv[2])
for start in range(0, 4000, kept):
    folder.append(records(start + kept)[start:])
    print(start + kept, flush=True)
"""
HOUSE = Path(__file__).resolve().parents[3]


def folder(tmp_path: Path, count: int = 5) -> Folder:
    made = Folder(tmp_path / "me")
    made.append(records(count))
    return made


def log_file(of: Folder) -> Path:
    return of.path / "records.jsonl"


def ids(of: Folder) -> list[str]:
    return [record.id for record in of.records()]


@pytest.fixture
def unsynced(monkeypatch):
    """Nothing waits for the disk, which only a cut of the power could tell."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


def test_what_was_appended_comes_back_in_order(tmp_path):
    kept = folder(tmp_path)
    assert list(kept.records()) == records(5)
    assert kept.append(records(8)) == kept.append(records(0)).__class__(3, 5)
    assert list(kept.records()) == records(8)


def test_only_the_owner_may_read(tmp_path):
    kept = folder(tmp_path)
    assert kept.path.stat().st_mode & 0o077 == 0
    assert log_file(kept).stat().st_mode & 0o077 == 0
    assert all(one.stat().st_mode & 0o077 == 0 for one in kept.path.glob("*.head"))


def test_a_log_cut_at_any_byte_of_an_unacknowledged_line_keeps_every_whole_entry(tmp_path, unsynced):
    kept = folder(tmp_path, 3)
    head = (kept.path / "records.head").read_bytes()
    before = log_file(kept).read_bytes()
    kept.append(records(5))
    whole = log_file(kept).read_bytes()
    (kept.path / "records.head").write_bytes(head)  # as a killed writer leaves it: the head was not yet written
    line_ends = [k + 1 for k, byte in enumerate(whole) if byte == 10]
    for length in range(len(before), len(whole) + 1):
        log_file(kept).write_bytes(whole[:length])
        finished = sum(end - 1 <= length for end in line_ends) - 1  # a line is whole with or without its line end
        assert len(ids(kept)) == finished, length
        told = kept.append(records(5))
        assert told.added == 5 - finished, length
        assert list(kept.records())[:3] == records(3)
        assert sorted(ids(kept)) == sorted(one.id for one in records(5))
        torn = length not in line_ends and length + 1 not in line_ends
        assert bool(told.healed) == torn, length
        assert all("never finished" in one for one in told.healed)
        (kept.path / "records.head").write_bytes(head)


def test_acknowledged_entries_that_are_gone_are_named_and_come_back_with_the_import(tmp_path):
    kept = folder(tmp_path, 6)
    lines = log_file(kept).read_bytes().splitlines(keepends=True)
    log_file(kept).write_bytes(b"".join(lines[:4]))
    told = kept.append(records(6))
    assert told.added == 3
    assert told.healed == (
        "3 entries are missing at the end of records.jsonl, which somebody or something cut: "
        "import the files again to have the records back",
    )
    assert sorted(ids(kept)) == sorted(one.id for one in records(6))
    types = [json.loads(line)["type"] for line in log_file(kept).read_bytes().splitlines()]
    assert types == ["log", "record", "record", "record", "healed", "record", "record", "record"]
    assert kept.append(records(6)).healed == ()


def test_a_whole_log_that_is_gone_is_named_too(tmp_path):
    kept = folder(tmp_path, 6)
    log_file(kept).unlink()
    assert "7 entries are missing" in kept.append(records(2)).healed[0]


@pytest.mark.parametrize("line", range(6))
def test_a_change_anywhere_is_found_and_its_line_named(tmp_path, line):
    kept = folder(tmp_path, 5)
    lines = log_file(kept).read_bytes().splitlines(keepends=True)
    for place in range(0, len(lines[line]) - 1, 7):
        byte = lines[line][place]
        changed = lines[line][:place] + bytes([byte ^ 1]) + lines[line][place + 1 :]
        log_file(kept).write_bytes(b"".join([*lines[:line], changed, *lines[line + 1 :]]))
        with pytest.raises(StoreError, match=rf"records\.jsonl, line {line + 1}"):
            list(kept.records())
        size = log_file(kept).stat().st_size
        with pytest.raises(StoreError):
            kept.append(records(9))
        assert log_file(kept).stat().st_size == size


def test_an_entry_that_was_taken_out_put_in_twice_or_moved_is_named(tmp_path):
    kept = folder(tmp_path, 5)
    lines = log_file(kept).read_bytes().splitlines(keepends=True)
    log_file(kept).write_bytes(b"".join([*lines[:2], *lines[3:]]))
    with pytest.raises(StoreError, match=r"line 3: entry 2 is missing before it"):
        list(kept.records())
    log_file(kept).write_bytes(b"".join([*lines[:2], *lines[4:]]))
    with pytest.raises(StoreError, match=r"line 3: entries 2 to 3 are missing before it"):
        list(kept.records())
    log_file(kept).write_bytes(b"".join([*lines[:3], lines[2], *lines[3:]]))
    with pytest.raises(StoreError, match=r"line 4: entry 2 stands here a second time"):
        list(kept.records())
    log_file(kept).write_bytes(b"".join([lines[0], lines[2], lines[1], *lines[3:]]))
    with pytest.raises(StoreError, match="line 2"):
        list(kept.records())


def test_a_log_made_anew_from_the_first_line_does_not_pass_for_the_acknowledged_one(tmp_path):
    kept, other = folder(tmp_path, 5), Folder(tmp_path / "other")
    other.append(records(5, source="forged"))
    log_file(kept).write_bytes(log_file(other).read_bytes())
    with pytest.raises(StoreError, match="not the one that was acknowledged"):
        list(kept.records())


def test_zeros_that_a_power_cut_leaves_are_an_unfinished_line(tmp_path):
    kept = folder(tmp_path, 3)
    with log_file(kept).open("ab") as handle:
        handle.write(b'{"hash":"ab' + bytes(5000))
    assert len(ids(kept)) == 3
    assert "never finished (5011 bytes)" in kept.append(records(4)).healed[0]
    assert len(ids(kept)) == 4


def test_another_file_a_newer_log_and_a_log_of_another_kind_are_refused(tmp_path):
    kept = Folder(tmp_path / "me")
    kept.path.mkdir()
    log_file(kept).write_text("date,pain\n2026-03-01,4\n")
    with pytest.raises(StoreError, match=r"line 1"):
        list(kept.records())
    log_file(kept).unlink()
    kept.stop(today=records(1)[0].day)
    os.replace(kept.path / "decisions.jsonl", log_file(kept))
    with pytest.raises(StoreError, match=r"line 1"):
        list(kept.records())


def test_a_log_of_a_newer_davy_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr("davy.store.log.VERSION", 2)
    kept = folder(tmp_path, 2)
    monkeypatch.undo()
    with pytest.raises(StoreError, match="written by a newer Davy"):
        list(kept.records())
    with pytest.raises(StoreError, match="written by a newer Davy"):
        kept.append(records(3))


def test_the_first_logs_ever_written_still_read(tmp_path):
    """These bytes may never be changed: people's folders hold them."""
    kept = Folder(tmp_path / "me")
    kept.path.mkdir()
    log_file(kept).write_bytes((Path(__file__).parent / "records-version-1.jsonl").read_bytes())
    first, second, third = kept.records()
    assert (first.kind, first.value, first.end.isoformat()) == ("attack", 7.0, "2026-03-02T02:00:00+01:00")
    assert (second.kind, second.text, second.value, second.nth) == ("acute_medicine", "Sumatriptan 50 mg", 2.0, 1)
    assert (third.kind, third.comparator, third.unit) == ("lab", "<", "mmol/L")
    assert kept.append([first, second, third]).duplicate == 3


def test_kinds_of_a_newer_davy_are_kept_and_passed_over(tmp_path):
    kept = folder(tmp_path, 2)
    log = logs_of(kept.path).records
    log.append([("record", {"id": "ab", "kind": "aura", "start": "2026-03-01", "unit": "", "source": "x"})])
    log.append([("something-new", {"a": 1})])
    assert len(ids(kept)) == 2
    assert kept.append(records(3)).added == 1
    assert b'"aura"' in log_file(kept).read_bytes()


@pytest.mark.parametrize("batch", [1, 37])
def test_a_writer_killed_at_any_moment_loses_nothing_that_it_acknowledged(tmp_path, batch):
    for attempt in range(7):
        place = tmp_path / f"{batch}-{attempt}"
        environment = {**os.environ, "PYTHONPATH": f"{HOUSE}{os.pathsep}{HOUSE / 'src'}"}
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(place), str(batch)], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert process.stdout is not None
        acknowledged = int(process.stdout.readline())
        time.sleep(0.013 * attempt)
        os.kill(process.pid, signal.SIGKILL)
        acknowledged = max([acknowledged, *(int(line) for line in process.stdout.read().split())])
        process.wait()
        process.stdout.close()
        kept = Folder(place)
        found = list(kept.records())
        assert found == records(len(found))
        assert len(found) >= acknowledged
        total = len(found) + 10
        assert kept.append(records(total)).added == 10
        assert list(kept.records()) == records(total)


def test_a_writer_that_stops_between_any_two_system_calls_leaves_a_whole_log(tmp_path, monkeypatch):
    """Every write may be cut short and every call may be the last one: nothing acknowledged before is lost."""

    class Gone(Exception):
        pass

    write = os.write
    for steps in range(14):
        kept = Folder(tmp_path / str(steps))
        kept.append(records(3))
        left = [steps]

        def counted(real, left=left):
            def call(*arguments):
                if left[0] == 0:
                    raise Gone
                left[0] -= 1
                if real is write and len(arguments[1]) > 40:
                    return write(arguments[0], arguments[1][:40])
                return real(*arguments)

            return call

        with monkeypatch.context() as patch:
            for name in ("write", "ftruncate", "fsync"):
                patch.setattr(os, name, counted(getattr(os, name)))
            try:
                kept.append(records(6))
            except Gone:
                pass
        assert list(kept.records())[:3] == records(3)
        assert kept.append(records(6)).added <= 3
        assert list(kept.records()) == records(6)


def test_two_processes_write_one_log(tmp_path):
    code = """
import sys
from tests.rooms.store.diaries import records
from davy.store import Folder
for k in range(0, 40, 4):
    Folder(sys.argv[1]).append(records(k + 4, source=sys.argv[2])[k:] + records(k + 4)[k:])
"""
    environment = {**os.environ, "PYTHONPATH": f"{HOUSE}{os.pathsep}{HOUSE / 'src'}"}
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "me"), name], env=environment) for name in "ab"
    ]
    assert [process.wait() for process in running] == [0, 0]
    kept = list(Folder(tmp_path / "me").records())
    assert len(kept) == 120
    assert {record.id for record in kept} == {
        record.id for source in ("a", "b", "diary") for record in records(40, source=source)
    }


def test_a_full_disk_is_told_and_what_was_there_is_kept(tmp_path, monkeypatch):
    kept = folder(tmp_path, 3)
    before = log_file(kept).read_bytes()
    real = os.write

    def full(handle: int, content: bytes) -> int:
        if len(content) < 60:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle, content[: len(content) // 2])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match=r"cannot be written: No space left on device.*make room"):
        kept.append(records(6))
    monkeypatch.undo()
    assert log_file(kept).read_bytes() == before
    assert kept.append(records(6)).added == 3


def test_a_limit_of_the_system_is_met_as_a_full_disk_is(tmp_path):
    kept = folder(tmp_path, 3)
    limit = log_file(kept).stat().st_size + 100
    code = f"""
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))
from tests.rooms.store.diaries import records
from davy.store import Folder
Folder({str(kept.path)!r}).append(records(6))
"""
    environment = {**os.environ, "PYTHONPATH": f"{HOUSE}{os.pathsep}{HOUSE / 'src'}"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert "StoreError" in done.stderr
    assert "File too large" in done.stderr
    assert list(kept.records()) == records(3)
    assert resource.RLIM_INFINITY


@pytest.mark.parametrize("name", ["open", "mkdir"])
def test_a_place_that_cannot_be_written_is_told(tmp_path, monkeypatch, name):
    kept = Folder(tmp_path / "me") if name == "mkdir" else folder(tmp_path, 2)

    def no(*arguments, **more):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(arguments[0]))

    monkeypatch.setattr(os, name, no)
    with pytest.raises(StoreError, match="Read-only file system"):
        kept.append(records(3))


def test_a_link_in_place_of_the_log_is_not_followed(tmp_path):
    kept = Folder(tmp_path / "me")
    kept.path.mkdir()
    elsewhere = tmp_path / "elsewhere"
    log_file(kept).symlink_to(elsewhere)
    with pytest.raises(StoreError):
        kept.append(records(1))
    assert not elsewhere.exists()


def test_an_entry_longer_than_a_line_may_be_is_refused_and_the_rest_is_kept(tmp_path):
    kept = folder(tmp_path, 2)
    with pytest.raises(StoreError, match="longer than"):
        kept.append([Record("note", records(1)[0].day, text="x" * 2**21)])
    assert len(ids(kept)) == 2


def test_a_damaged_head_is_named(tmp_path):
    kept = folder(tmp_path, 2)
    (kept.path / "records.head").write_text("{")
    with pytest.raises(StoreError, match=r"records\.head"):
        kept.append(records(3))


def test_a_log_can_hold_more_than_one_batch(tmp_path, monkeypatch):
    monkeypatch.setattr("davy.store.log._BATCH", 200)
    log = Log(tmp_path / "x.jsonl", "x")
    assert log.append(("t", {"k": k}) for k in range(50)) == 50
    assert [entry.body["k"] for entry in log.entries()] == list(range(50))


def test_what_was_healed_is_noted_once_and_a_failed_write_acknowledges_nothing_more_than_is_there(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("davy.store.session.BATCH", 2)
    kept = folder(tmp_path, 5)
    lines = log_file(kept).read_bytes().splitlines(keepends=True)
    log_file(kept).write_bytes(b"".join(lines[:3]) + b'{"hash"')
    kept.append(records(9))
    assert log_file(kept).read_bytes().count(b'"type":"healed"') == 1
    real = os.write

    def full(handle: int, content: bytes) -> int:
        if b"2026-03-15" in bytes(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle, content)

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match="No space left"):
        kept.append(records(20))
    monkeypatch.undo()
    head = json.loads((kept.path / "records.head").read_text())
    assert head["entries"] == len(log_file(kept).read_bytes().splitlines())
    assert kept.append(records(20)).healed == ()
    assert sorted(ids(kept)) == sorted(one.id for one in records(20))


def test_a_lost_end_is_told_again_until_something_is_written(tmp_path):
    kept = folder(tmp_path, 5)
    lines = log_file(kept).read_bytes().splitlines(keepends=True)
    log_file(kept).write_bytes(b"".join(lines[:3]))
    for _ in range(2):
        assert "3 entries are missing" in kept.append(records(2)).healed[0]


def test_a_log_cut_at_any_byte_after_it_was_acknowledged_comes_back_with_the_same_import(tmp_path, unsynced):
    kept = folder(tmp_path, 2)
    files = {name: (kept.path / name).read_bytes() for name in ("records.jsonl", "records.head")}
    for length in range(len(files["records.jsonl"])):
        (kept.path / "records.head").write_bytes(files["records.head"])
        log_file(kept).write_bytes(files["records.jsonl"][:length])
        told = kept.append(records(2))
        assert list(kept.records()) == records(2), length
        lost = length < len(files["records.jsonl"]) - 1
        assert bool(told.healed) == lost, length
        assert ("missing at the end" in told.healed[0]) if lost else True


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_change_of_a_log_is_taken_for_what_was_written(data):
    """Whatever is done to the bytes: what still reads are the first entries that were written, or an error says so."""
    with TemporaryDirectory() as place:
        kept = folder(Path(place), 4)
        content = bytearray(log_file(kept).read_bytes())
        for _ in range(data.draw(st.integers(1, 3))):
            start = data.draw(st.integers(0, len(content)))
            end = data.draw(st.integers(start, min(len(content), start + 400)))
            content[start:end] = data.draw(st.one_of(st.binary(max_size=20), st.just(bytes(content[:80]))))
        if data.draw(st.booleans()):
            (kept.path / "records.head").unlink()
        log_file(kept).write_bytes(bytes(content))
        try:
            found = list(kept.records())
        except StoreError as error:
            told = str(error)
        else:
            told = ""
            assert found == records(4)[: len(found)]
        try:
            kept.append(records(4))
        except StoreError:
            assert told
        else:
            assert list(kept.records()) == records(4)
