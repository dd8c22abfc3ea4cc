"""Ten years of a regimen that repeats itself: how many of its days are simulated, and at what error."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from benchmarks.rows import Row
from benchmarks.scenario import SCENARIOS

from davy.engine import Cycle, Doses, build

YEARS = 10
_DAYS = 365 * YEARS


def years() -> Iterator[Row]:
    """Skipped days of m12 and the body, and the largest error of any state against event mode, of its size in a day."""
    for name in ("m12", "body"):
        scenario = SCENARIOS[name]
        engine = build(scenario.model)
        theta = scenario.theta(1)
        times, states, amounts = zip(*sorted(scenario.daily), strict=True)
        cycle = Cycle(Doses(times, states, amounts))
        wanted = np.arange(365.0, _DAYS + 1, 365.0)
        just_before = wanted - 1e-9  # a period ends before the doses of the next
        engine.envelope(theta, cycle, wanted[:1])  # compiles
        engine.solve(theta, cycle.unrolled(1.0), just_before[:1], rtol=1e-6)
        before = time.process_time()
        path = engine.envelope(theta, cycle, wanted)
        ours = time.process_time() - before
        before = time.process_time()
        whole = engine.solve(theta, cycle.unrolled(float(just_before[-1])), just_before, rtol=1e-6)
        events = time.process_time() - before
        counted = [i for i, state in enumerate(scenario.model.states) if state not in engine.accumulators]
        exact = whole.values[0][:, counted]
        day = engine.solve(theta, cycle.unrolled(1.0), np.linspace(0, 1, 97)[1:], rtol=1e-6).values[0][:, counted]
        size = np.maximum(np.abs(exact).max(axis=0), np.abs(day).max(axis=0))
        error = float((np.abs(path.values[0][:, counted] - exact) / size).max())
        detail = f"error {error:.1e} (aim 1e-4); {1e3 * ours:.0f} ms against {1e3 * events:.0f} ms by events at 1e-6"
        skipped = _DAYS / float(path.steps[0])
        yield Row("envelope", f"{name}, {YEARS} years, days over days simulated", skipped, "x", 20.0, detail=detail)
        yield Row("envelope", f"{name}, {YEARS} years, largest error of a state", error, "relative", 1e-4, False)
