"""Whole processes, as a user starts them: CPU time, wall time and memory from the operating system."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rows import Row
from benchmarks.scenario import MODELS, SCENARIOS

_DAVY_YEAR = """
import sys
from davy import read_model
from davy.engine import Doses, build
model = read_model(sys.argv[1])
times = sorted([float(day) for day in range(365)] + [day + 0.5 for day in range(365)])
doses = Doses(times, "Sol", [8.0, 6.0] * 365)
theta = [[model.defaults[name] for name in model.parameters]]
found = build(model).solve(theta, doses, [float(day) for day in range(1, 366)], rtol=1e-3)
assert found.status[0] == 0
"""
_THEIR_YEAR = """
import sys
import roadrunner
runner = roadrunner.RoadRunner(sys.argv[1])
runner.timeCourseSelections = ["time", "P", "R"]
runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-2, 1e-4
runner.integrator.maximum_num_steps = 10**7
runner.simulate(0, 365, 366)
"""


@dataclass(frozen=True)
class Spent:
    """What a process took: CPU [s], wall [s], peak resident memory [MiB]."""

    cpu: float
    wall: float
    peak: float


_LAUNCH = """
import json, resource, subprocess, sys, time
begin = time.perf_counter()
status = subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL).returncode
wall, used = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump([used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024], file)
sys.exit(status)
"""


def spent(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Spent:
    """Run a command to its end; a small launcher starts it, as a process counts the memory it was forked from."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "used.json"
        launch = [sys.executable, "-S", "-c", _LAUNCH, str(told), *command]
        subprocess.run(launch, check=True, env={**os.environ, **(environment or {})})  # noqa: S603
        return Spent(*json.loads(told.read_text()))


def python(code: str, *arguments: str) -> list[str]:
    """The command for a text of Python."""
    return [sys.executable, "-c", code, *arguments]


def cold_start() -> Iterator[Row]:
    """A year of one person from nothing: with compiled objects in the cache, and for the very first time."""
    with tempfile.TemporaryDirectory() as folder:
        peer_file = Path(folder) / "m12.xml"
        peer_file.write_text(SCENARIOS["m12"].sbml)
        ours = python(_DAVY_YEAR, str(MODELS / "m12.ant"))
        theirs = python(_THEIR_YEAR, str(peer_file))
        cache = {"DAVY_CACHE": str(Path(folder) / "cache")}
        spent(ours, environment=cache)
        pairs = [(spent(ours, environment=cache), spent(theirs)) for _ in range(9)]
        ratios = [mine.cpu / other.cpu for mine, other in pairs]
        detail = (
            f"{statistics.median(mine.cpu for mine, _ in pairs):.3f} s against "
            f"{statistics.median(other.cpu for _, other in pairs):.3f} s CPU"
        )
        case = "m12, 1 year, cached object, of libRoadRunner's load and run"
        yield Row("cold start", case, statistics.median(ratios), "x", 0.75, False, min(ratios), max(ratios), detail)
        first: list[float] = []
        for number in range(3):
            first.append(spent(ours, environment={"DAVY_CACHE": str(Path(folder) / f"new-{number}")}).wall)
        yield Row(
            "first ever", "m12, 1 year, wall time", statistics.median(first), "s", 2.0, False, min(first), max(first)
        )


_PLAN = ["-m", "davy", "plan", "example:neuropathy", "--today", "2026-11-22", "--json"]
_WARM = """
import sys, time
from datetime import date
import davy
person = davy.read_person("example:neuropathy", today=date(2026, 11, 22))
davy.plan(person)
begin = time.perf_counter()
for _ in range(5):
    davy.plan(person)
print((time.perf_counter() - begin) / 5)
"""


def plan() -> Iterator[Row]:
    """`davy plan` on the bundled neuropathy example: the second run of a process, and a plan in a warm one."""
    with tempfile.TemporaryDirectory() as folder:
        cache = {"DAVY_CACHE": folder}
        command = [sys.executable, *_PLAN]
        first = spent(command, environment=cache)
        later = [spent(command, environment=cache) for _ in range(5)]
        walls = [one.wall for one in later]
        yield Row("davy plan", "first run, wall", first.wall, "s")
        yield Row(
            "davy plan", "second cold run, wall", statistics.median(walls), "s", 1.5, False, min(walls), max(walls),
            f"peak {max(one.peak for one in later):.0f} MiB",
        )  # fmt: skip
        warm = [
            float(subprocess.check_output(python(_WARM), env={**os.environ, **cache}, text=True))  # noqa: S603
            for _ in range(3)
        ]
        yield Row("davy plan", "warm, in one process", statistics.median(warm), "s", 0.5, False, min(warm), max(warm))
