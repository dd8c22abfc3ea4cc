"""A contest at equal achieved error: each side's quickest tolerance that meets it, then runs turn about, CPU time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from benchmarks.peers import Peer, RoadRunner
from benchmarks.scenario import Floats, Scenario

from davy.engine import Engine, build

_OURS = (
    *(5e-2, 2.5e-2, 1.7e-2, 1.25e-2, 9e-3, 7e-3, 5e-3, 3e-3, 2e-3, 1e-3, 7e-4, 5e-4, 3e-4, 2e-4),
    *(1e-4, 5e-5, 3e-5, 1e-5, 5e-6, 3e-6, 1e-6, 3e-7, 1e-7, 1e-8),
)
_JUDGED = 64


@dataclass(frozen=True)
class Ratio:
    """How many times as fast, from paired runs: median, least, most; and what both sides achieved."""

    median: float
    least: float
    most: float
    ours_ms: float
    theirs_ms: float
    our_error: float
    their_error: float
    our_tolerance: float
    their_tolerance: float


@dataclass(frozen=True)
class Reference:
    """Values so exact that errors may be measured against them: (lanes, times) fast, (lanes,) slow at the end."""

    fast: Floats
    slow: Floats

    def error(self, fast: Floats, slow: Floats) -> float:
        """The largest relative error of the lanes given."""
        lanes = len(fast)
        worst = np.abs(fast / self.fast[:lanes] - 1).max()
        return float(max(worst, np.abs(slow / self.slow[:lanes] - 1).max()))


class Ours:
    """Davy's engine on one scenario."""

    def __init__(self, scenario: Scenario, lanes: int) -> None:
        self.scenario = scenario
        self.engine: Engine = build(scenario.model, names=(scenario.fast, scenario.slow))
        self.theta = scenario.theta(lanes)

    def run(self, tolerance: float) -> tuple[Floats, Floats]:
        """(lanes, times) of the fast quantity, (lanes,) the slow one at the end."""
        found = self.engine.solve(self.theta, self.scenario.doses, self.scenario.times, rtol=tolerance)
        if found.status.any():
            raise ArithmeticError(found.sentence(int(np.argmax(found.status != 0))))
        return found.values[:, :, 0], found.values[:, -1, 1]


def reference(scenario: Scenario) -> Reference:
    """Our tightest run of many persons, its first lane checked against libRoadRunner at 1e-10."""
    found = Reference(*Ours(scenario, _JUDGED).run(1e-9))
    fast, slow = RoadRunner(scenario).run_absolute(1e-10, 1e-14)
    apart = found.error(fast[None], np.array([slow]))
    if apart > 2e-8:
        raise ArithmeticError(f"{scenario.name}: the references differ by {apart:.1e}")
    return found


def contest(
    scenario: Scenario, peer: Peer, target: float, lanes: int, *, pairs: int, exact: Reference, candidates: int = 3
) -> Ratio:
    """Our `lanes` persons against one person of the peer, per person; errors of the same persons within `target`.

    Where there are many persons, both sides are judged by the worst of the same `_JUDGED` ones.
    """
    ours, judged = Ours(scenario, lanes), Ours(scenario, min(lanes, _JUDGED))
    our_tolerance, our_error = _quickest(
        _OURS, target, lambda tolerance: exact.error(*judged.run(tolerance)), judged.run, 3
    )
    starts = judged.engine.initial(judged.theta)

    def their_error_at(tolerance: float) -> float:
        if lanes == 1 or not isinstance(peer, RoadRunner):
            rows = [peer.run(tolerance)]
        else:
            rows = [peer.run_person(tolerance, *one) for one in zip(judged.theta, starts, strict=True)]
        return exact.error(np.array([fast for fast, _ in rows]), np.array([slow for _, slow in rows]))

    their_tolerance, their_error = _quickest(peer.tolerances, target, their_error_at, peer.run, candidates)
    rows = [
        (_cpu(lambda: ours.run(our_tolerance)) / lanes, _cpu(lambda: peer.run(their_tolerance))) for _ in range(pairs)
    ]
    ratios = [theirs / mine for mine, theirs in rows]
    return Ratio(
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        1e3 * statistics.median(mine for mine, _ in rows),
        1e3 * statistics.median(theirs for _, theirs in rows),
        our_error,
        their_error,
        our_tolerance,
        their_tolerance,
    )


def _quickest(
    grid: tuple[float, ...],
    target: float,
    error: Callable[[float], float],
    run: Callable[[float], object],
    candidates: int,
) -> tuple[float, float]:
    """Of the loosest tolerances that meet the target, the one that runs quickest, and what it achieves."""
    meets: list[tuple[float, float]] = []
    for tolerance in grid:
        achieved = error(tolerance)
        if achieved <= target:
            meets.append((tolerance, achieved))
        if len(meets) == candidates:
            break
    if not meets:
        raise ArithmeticError(f"no tolerance reaches {target:g}")
    if len(meets) == 1:
        return meets[0]
    return min(meets, key=lambda one: min(_cpu(lambda: run(one[0])) for _ in range(2)))


def _cpu(run: Callable[[], object]) -> float:
    begin = time.process_time()
    run()
    return time.process_time() - begin
