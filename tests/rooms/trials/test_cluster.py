"""A real Dask scheduler and two worker processes; one is killed in the middle of a run, and the bytes are the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.rooms.trials.files import PARALLEL
from tests.rooms.trials.test_run import chunks, digests

from davy.trials import run_trial

HERE = Path(__file__).resolve().parent
PEOPLE = 1200


def started(*words: str, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as handle:
        return subprocess.Popen([sys.executable, "-m", *words, "--no-dashboard"], stdout=handle, stderr=handle)


@pytest.fixture
def scheduler(tmp_path):
    """The address of a scheduler without workers, and its process."""
    pytest.importorskip("distributed")
    file = tmp_path / "scheduler.json"
    port = ("--host", "127.0.0.1", "--port", "0")
    made = started("distributed.cli.dask_scheduler", *port, "--scheduler-file", str(file), log=tmp_path / "s.log")
    try:
        deadline = time.monotonic() + 60
        while not file.exists() or not file.read_text(encoding="utf-8").strip():
            assert time.monotonic() < deadline, (tmp_path / "s.log").read_text(encoding="utf-8")
            time.sleep(0.05)
        yield json.loads(file.read_text(encoding="utf-8"))["address"], made
    finally:
        made.kill()
        made.wait()


@pytest.fixture
def cluster(scheduler, tmp_path):
    """The address of a scheduler, its two workers, and its own process."""
    address, process = scheduler
    one = ("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny")
    made = [started(*one, "--local-directory", str(tmp_path / name), log=tmp_path / f"{name}.log") for name in "ab"]
    try:
        yield address, made, process
    finally:
        for worker in made:
            worker.kill()
            worker.wait()


def running(trial: Path, out: Path, address: str) -> subprocess.Popen[bytes]:
    """A run on the cluster that has finished a few chunks."""
    command = [sys.executable, str(HERE / "long_run.py"), str(trial), str(out), "24", address]
    run = subprocess.Popen(command, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 120
    while len(chunks(out)) < 4:
        assert run.poll() is None, run.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return run


@pytest.fixture
def trial(tmp_path):
    """A trial of fifty chunks."""
    file = tmp_path / "trial.yaml"
    file.write_text(PARALLEL.replace("people: 300", f"people: {PEOPLE}"), encoding="utf-8")
    return file


def test_a_worker_killed_in_mid_run_changes_nothing(cluster, trial, tmp_path):
    address, workers, _ = cluster
    out = tmp_path / "out"
    run = running(trial, out, address)
    os.kill(workers[0].pid, signal.SIGKILL)
    done_then = len(chunks(out))
    _, errors = run.communicate(timeout=300)
    assert run.returncode == 0, errors
    assert done_then < len(chunks(out))
    assert workers[1].poll() is None
    run_trial(trial, out=tmp_path / "alone", chunk=500)
    assert digests(out) == digests(tmp_path / "alone")


def test_a_scheduler_that_dies_is_told_and_the_run_goes_on_without_it(cluster, trial, tmp_path):
    address, _, scheduler = cluster
    out = tmp_path / "out"
    run = running(trial, out, address)
    os.kill(scheduler.pid, signal.SIGKILL)
    _, errors = run.communicate(timeout=300)
    assert run.returncode == 1
    assert b"run the same command again" in errors
    assert b"Traceback" not in errors
    kept = {path.name: path.stat().st_mtime_ns for path in chunks(out)}
    assert len(kept) >= 4
    run_trial(trial, out=out)
    assert {path.name: path.stat().st_mtime_ns for path in chunks(out) if path.name in kept} == kept
    run_trial(trial, out=tmp_path / "alone", chunk=500)
    assert digests(out) == digests(tmp_path / "alone")


def test_a_scheduler_without_workers_is_told(scheduler):
    code = f"import davy.trials.executor as e; e._PATIENCE_S = 1; e.Cluster({scheduler[0]!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "this scheduler has no worker" in done.stderr


def test_a_scheduler_that_does_not_answer_is_told(tmp_path):
    trial = tmp_path / "trial.yaml"
    trial.write_text(PARALLEL, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "davy", "trial", str(trial), "--scheduler", "tcp://127.0.0.1:9", "--json"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "tcp://127.0.0.1:9" in done.stderr
    assert "cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
