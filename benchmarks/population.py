"""Trials from ten thousand to a million persons: time a person, memory, and what a second worker brings."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import Spent, spent
from benchmarks.rows import Row

TRIAL = Path(__file__).with_name("million.yaml")
SMALL, MIDDLE, LARGE = 10_000, 300_000, 1_000_000


def run(people: int, workers: int = 1, *, on_one_core: bool = False) -> Spent:
    """One whole run of the command; alone it uses two threads unless it is held to one core."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "davy", "trial", str(TRIAL), "--people", str(people), "--json"]
        pinned = ["taskset", "-c", "0"] if on_one_core else []
        return spent([*pinned, *command, "--workers", str(workers), "--out", folder])


def scale() -> Iterator[Row]:
    """A year of two arms; the million once, the ten thousand before and after it."""
    first, large, last = run(SMALL), run(LARGE), run(SMALL)
    small = (first.cpu + last.cpu) / 2 / SMALL
    detail = f"{1e6 * large.cpu / LARGE:.0f} us against {1e6 * small:.0f} us CPU a person; {large.wall / 60:.1f} min"
    case = f"{LARGE:,} persons against {SMALL:,}, CPU a person"
    yield Row("population", case, large.cpu / LARGE / small, "x", 1.2, False, detail=detail)
    yield Row("population", f"{LARGE:,} persons, peak memory", large.peak, "MiB", 300.0, False)
    alone, both = run(MIDDLE, on_one_core=True), run(MIDDLE, workers=2)
    case = f"{MIDDLE:,} persons, two workers on two cores against one core, wall time"
    yield Row("population", case, alone.wall / both.wall, "x", 1.7, detail=f"{alone.wall:.0f} s, {both.wall:.0f} s")
