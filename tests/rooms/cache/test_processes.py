"""Whole processes that share a cache: what the second saves, and what damage, crowds and bad folders cannot do."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import davy

SOURCES = Path(davy.__file__).parents[1]
ANT = """model own()
  A' = -k*A + exp(-A);
  B' = k*A - B^1.5;
  A = 1; B = 0.5; k = 2;
end
"""
SOLVE = """
import sys
import numpy as np
import davy
from davy.engine import Doses, build
from davy.engine.graph import Graph

traced = []
begin = Graph.__init__
Graph.__init__ = lambda graph: (traced.append(graph), begin(graph))[1]

model = davy.read_model(sys.argv[1])
theta = [[model.defaults[name] for name in model.parameters]]
path = build(model).solve(theta, Doses([1.0], ["A"], [3.0]), np.arange(0, 30, 0.5))
print(path.values.tobytes().hex(), path.status.tolist())
used = ["traced"] * bool(traced)
used += sorted({"antimony", "libsbml", "davy.engine.codegen", "davy.body.conversion"} & set(sys.modules))
print(used, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    file = tmp_path_factory.mktemp("model") / "own.ant"
    file.write_text(ANT)
    return file


def process(model, folder, *, sources=SOURCES, **options):
    environment = {**os.environ, "DAVY_CACHE": str(folder), "PYTHONPATH": str(sources)}
    command = [sys.executable, "-c", SOLVE, str(model)]
    return subprocess.Popen(command, env=environment, stdout=-1, stderr=-1, text=True, **options)


def answer(running):
    out, err = running.communicate(timeout=60)
    assert running.returncode == 0, err
    return out, err


@pytest.fixture(scope="module")
def alone(model):
    return answer(process(model, ""))[0]


@pytest.fixture(scope="module")
def filled(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("filled")
    answer(process(model, folder))
    return folder


def test_a_second_process_neither_reads_nor_writes_nor_compiles(model, alone, tmp_path):
    first, imported = answer(process(model, tmp_path))
    assert first == alone
    assert imported.strip() == "['traced', 'antimony', 'davy.body.conversion', 'davy.engine.codegen', 'libsbml']"
    kept = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    assert {file.name.partition("-")[0] for file in kept} == {"object", "model"}
    second, imported = answer(process(model, tmp_path))
    assert second == alone
    assert imported.strip() == "[]"
    assert {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == kept


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:-1],
        lambda whole: whole.replace(b"\x7fELF", b"\x7fELV").replace(b'"nodes"', b'"modes"'),
        lambda whole: os.urandom(len(whole)),
    ],
    ids=["empty", "half", "short", "one byte", "noise"],
)
def test_damaged_files_are_made_again(model, alone, filled, tmp_path, damage):
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    for file, whole in before.items():
        file.write_bytes(damage(whole))
    out, imported = answer(process(model, tmp_path))
    assert out == alone
    assert "antimony" in imported
    assert "davy.engine.codegen" in imported
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_builders_at_once_do_no_harm(model, alone, tmp_path):
    crowd = [process(model, tmp_path) for _ in range(3)]
    assert {answer(one)[0] for one in crowd} == {alone}
    assert not list(tmp_path.glob("*.part"))
    assert answer(process(model, tmp_path)) == (alone, "[]\n")


KEEP = """
import os
from davy import cache
number = 0
print("begins", flush=True)
while True:
    number += 1
    cache.keep("object", cache.key_of(str(number % 3)), os.urandom(50_000) * 40)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_a_writer_killed_at_any_moment_leaves_only_whole_files(tmp_path, monkeypatch):
    environment = {**os.environ, "DAVY_CACHE": str(tmp_path), "PYTHONPATH": str(SOURCES)}
    for number in range(8):
        running = subprocess.Popen([sys.executable, "-c", KEEP], env=environment, stdout=-1, text=True)
        running.stdout.readline()
        time.sleep(0.02 + 0.013 * number)
        running.send_signal(signal.SIGKILL)
        running.communicate()
    files = list(tmp_path.glob("*.davy"))
    assert files
    monkeypatch.setattr(davy.cache, "_folder", str(tmp_path))
    for file in files:
        kept = davy.cache.kept("object", file.stem.partition("-")[2])
        assert kept is not None
        assert len(kept) == 2_000_000


def test_a_file_in_the_place_of_the_folder_costs_time_only(model, alone, tmp_path):
    (tmp_path / "taken").write_text("mine")
    for place in ("taken", "taken/below"):
        assert answer(process(model, tmp_path / place))[0] == alone
    assert (tmp_path / "taken").read_text() == "mine"


def no_file_longer_than_100_bytes():
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_full_disk_costs_time_only(model, alone, tmp_path):
    out, _ = answer(process(model, tmp_path, preexec_fn=no_file_longer_than_100_bytes))
    assert out == alone
    assert not list(tmp_path.iterdir())


def test_another_generator_or_another_text_is_built_anew(model, alone, tmp_path):
    sources = tmp_path / "src"
    shutil.copytree(SOURCES / "davy", sources / "davy", ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "kept"
    assert answer(process(model, folder, sources=sources)) == (alone, answer(process(model, ""))[1])
    rosenbrock = sources / "davy" / "engine" / "rosenbrock.py"
    rosenbrock.write_text(rosenbrock.read_text() + "\n# another version\n")
    out, imported = answer(process(model, folder, sources=sources))
    assert out == alone
    assert "davy.engine.codegen" in imported
    assert "antimony" not in imported
    other = tmp_path / "own.ant"
    other.write_text(ANT.replace("k = 2", "k = 3"))
    assert answer(process(other, folder, sources=sources))[0] != alone
    other.write_text(ANT)
    assert answer(process(other, folder, sources=sources)) == (alone, "[]\n")


def test_a_changed_import_is_seen(tmp_path):
    (tmp_path / "part.ant").write_text("model part()\n  A' = -A; A = 1;\nend\n")
    whole = tmp_path / "whole.ant"
    whole.write_text('import "part.ant"\n\nmodel whole()\n  p: part();\n  k = 1;\nend\n')
    first = davy.read_model(whole)
    (tmp_path / "part.ant").write_text("model part()\n  A' = -2*A; A = 1;\nend\n")
    assert davy.read_model(whole).fingerprint != first.fingerprint


def test_a_plan_is_the_same_without_a_cache_and_before_and_after_it_is_filled(tmp_path):
    command = [sys.executable, "-m", "davy", "plan", "example:neuropathy", "--today", "2026-11-22", "--json"]
    made: list[str] = []
    for folder in ("", str(tmp_path), str(tmp_path)):
        environment = {**os.environ, "DAVY_CACHE": folder, "PYTHONPATH": str(SOURCES)}
        done = subprocess.run([*command, "--draws", "20"], env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        made.append(done.stdout)
    assert made[0] == made[1] == made[2]
    assert {file.name.partition("-")[0] for file in tmp_path.iterdir()} == {"object", "model"}
