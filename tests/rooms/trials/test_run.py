"""A run on disk: the same bytes however it was computed, stopped, broken or gone on with."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.rooms.trials.files import CROSSOVER, N_OF_1, PARALLEL, edited

from davy.errors import InputError, StoreError
from davy.trials import run_trial
from davy.trials.folder import unpacked

HERE = Path(__file__).resolve().parent
SCREENED = edited(
    PARALLEL,
    ("  recipe: us-adults\n", "  recipe: us-adults\n  screening: [{test: serum-magnesium, at_most: 0.83}]\n"),
    ("drop_out_per_year: 1.0", "randomisation: {kind: stratified, strata: [{column: female}]}"),
)
RESULTS = ("result.json", "visits.parquet", "persons.parquet")


def digests(out: Path) -> dict[str, str]:
    return {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in RESULTS}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Each trial as a file."""
    folder = tmp_path_factory.mktemp("trials")
    texts = {"parallel": PARALLEL, "screened": SCREENED, "crossover": CROSSOVER, "n-of-1": N_OF_1}
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def plain(written, tmp_path_factory):
    """Each trial run at once, without interruption."""
    found = {}
    for file in sorted(written.glob("*.yaml")):
        out = tmp_path_factory.mktemp(file.stem)
        run_trial(file, out=out)
        found[file.stem] = out
    return found


def script(written, name, out, chunk, workers=1, *, limit=()):
    command = [sys.executable, str(HERE / "long_run.py"), str(written / f"{name}.yaml"), str(out), str(chunk)]
    return [*command, str(workers), *map(str, limit)]


@pytest.mark.parametrize("name", ["parallel", "screened", "crossover", "n-of-1"])
def test_bytes_do_not_depend_on_the_chunks(name, written, plain, tmp_path):
    run_trial(written / f"{name}.yaml", out=tmp_path / "out", chunk=37)
    assert len(list((tmp_path / "out/chunks").iterdir())) > 1
    assert digests(tmp_path / "out") == digests(plain[name])


@pytest.mark.parametrize("name", ["parallel", "screened"])
def test_bytes_do_not_depend_on_the_workers(name, written, plain, tmp_path):
    done = subprocess.run(script(written, name, tmp_path / "out", 64, 2), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert digests(tmp_path / "out") == digests(plain[name])


def test_without_a_folder_the_result_is_the_same(written, plain):
    found = run_trial(written / "crossover.yaml", chunk=23)
    text = (plain["crossover"] / "result.json").read_text(encoding="utf-8")
    assert json.loads(json.dumps(found.as_json())) == json.loads(text)


@pytest.mark.parametrize(("name", "workers"), [("parallel", 1), ("screened", 2)])
def test_a_run_killed_in_the_middle_goes_on_and_ends_in_the_same_bytes(name, workers, written, plain, tmp_path):
    """Killed with -9 again and again, each time after another chunk; nobody is done twice, nobody lost."""
    out = tmp_path / "out"
    kills, kept = 0, 0
    for _ in range(3):
        process = subprocess.Popen(script(written, name, out, 24, workers), start_new_session=True)
        deadline = time.monotonic() + 120
        while process.poll() is None and len(chunks(out)) <= kept and time.monotonic() < deadline:
            time.sleep(0.005)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            kills += 1
        process.wait()
        kept = len(chunks(out))
    assert kills >= 2
    assert not (out / "result.json").exists()
    before = {path.name: path.stat().st_mtime_ns for path in chunks(out)}
    done = subprocess.run(script(written, name, out, 24, workers), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert digests(out) == digests(plain[name])
    after = {path.name: path.stat().st_mtime_ns for path in chunks(out)}
    assert {name: after[name] for name in before} == before
    numbers = [number for path in chunks(out) for number in unpacked(path.read_bytes())[1].number.tolist()]
    assert numbers == list(range(300))


def chunks(out: Path) -> list[Path]:
    return sorted((out / "chunks").glob("*.bin"))


@pytest.mark.parametrize("how", ["cut", "bit", "empty", "foreign", "gone"])
def test_a_broken_chunk_is_done_again(how, written, plain, tmp_path):
    out = tmp_path / "out"
    run_trial(written / "parallel.yaml", out=out, chunk=100)
    victim = chunks(out)[1]
    content = victim.read_bytes()
    broken = {"cut": content[:-9], "empty": b"", "foreign": b"something else", "gone": None}
    broken["bit"] = content[:-100] + bytes([content[-100] ^ 1]) + content[-99:]
    if broken[how] is None:
        victim.unlink()
    else:
        victim.write_bytes(broken[how])
    run_trial(written / "parallel.yaml", out=out, chunk=100)
    assert digests(out) == digests(plain["parallel"])
    assert victim.read_bytes() == content


def test_another_size_of_chunk_goes_on_with_that_of_the_folder(written, plain, tmp_path):
    out = tmp_path / "out"
    run_trial(written / "parallel.yaml", out=out, chunk=100)
    names = [path.name for path in chunks(out)]
    chunks(out)[0].unlink()
    run_trial(written / "parallel.yaml", out=out, chunk=31)
    assert [path.name for path in chunks(out)] == names
    assert digests(out) == digests(plain["parallel"])


def test_the_folder_of_another_design_is_refused_and_left_alone(written, plain):
    before = digests(plain["parallel"])
    with pytest.raises(InputError, match="another design"):
        run_trial(written / "crossover.yaml", out=plain["parallel"])
    with pytest.raises(InputError, match="another design"):
        run_trial(written / "parallel.yaml", out=plain["parallel"], seed=5)
    assert digests(plain["parallel"]) == before


def test_the_folder_of_another_version_is_refused(written, tmp_path):
    out = tmp_path / "out"
    run_trial(written / "crossover.yaml", out=out)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (out / "manifest.json").write_text(json.dumps({**manifest, "davy": "0.0.9"}), encoding="utf-8")
    with pytest.raises(InputError, match=r"another davy: 0\.0\.9"):
        run_trial(written / "crossover.yaml", out=out)
    (out / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="not the manifest"):
        run_trial(written / "crossover.yaml", out=out)


def test_a_folder_with_something_else_in_it_is_refused(written, tmp_path):
    (tmp_path / "letter.txt").write_text("dear all", encoding="utf-8")
    with pytest.raises(InputError, match=r"letter\.txt"):
        run_trial(written / "crossover.yaml", out=tmp_path)


def test_two_runs_in_one_folder_do_not_mix(written, tmp_path):
    out = tmp_path / "out"
    first = subprocess.Popen(script(written, "parallel", out, 24))
    try:
        while not chunks(out):
            assert first.poll() is None
            time.sleep(0.01)
        with pytest.raises(InputError, match="another run is writing here"):
            run_trial(written / "parallel.yaml", out=out)
    finally:
        assert first.wait() == 0


def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(written, plain, tmp_path):
    out = tmp_path / "out"
    small = subprocess.run(script(written, "parallel", out, 64, limit=(6000,)), capture_output=True, text=True)
    assert small.returncode == 1
    assert "cannot be written" in small.stderr
    assert "run the same command again" in small.stderr
    assert "Traceback" not in small.stderr
    assert not list(out.rglob("*.part"))
    run_trial(written / "parallel.yaml", out=out, chunk=64)
    assert digests(out) == digests(plain["parallel"])


def test_what_was_finished_before_the_disk_was_full_is_kept(written, tmp_path, monkeypatch):
    out = tmp_path / "out"
    real, calls = os.fsync, []

    def full(handle):
        calls.append(handle)
        if len(calls) > 6:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left on device"):
        run_trial(written / "parallel.yaml", out=out, chunk=64)
    kept = chunks(out)
    assert kept
    assert all(unpacked(path.read_bytes()) is not None for path in kept)


def test_a_worker_process_that_is_killed_is_replaced(written, plain, tmp_path):
    out = tmp_path / "out"
    process = subprocess.Popen(script(written, "parallel", out, 24, 2))
    while not chunks(out):
        assert process.poll() is None
        time.sleep(0.01)
    victims = [child for child in children(process.pid) if b"spawn_main" in command_line(child)]
    assert victims
    os.kill(victims[0], signal.SIGKILL)
    assert process.wait() == 0
    assert digests(out) == digests(plain["parallel"])


def test_workers_do_not_outlive_a_run_that_was_killed(written, tmp_path):
    out = tmp_path / "out"
    process = subprocess.Popen(script(written, "parallel", out, 24, 2))
    while not chunks(out):
        assert process.poll() is None
        time.sleep(0.01)
    workers = [child for child in children(process.pid) if b"spawn_main" in command_line(child)]
    assert len(workers) == 2
    process.kill()
    process.wait()
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{one}/cmdline").exists() and command_line(one) for one in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def children(parent: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="utf-8").split()]


def command_line(process: int) -> bytes:
    return Path(f"/proc/{process}/cmdline").read_bytes()
