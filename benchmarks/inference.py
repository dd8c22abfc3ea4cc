"""One person's fit: the most probable point and its bell from six observations, and resampling of 4,096 draws."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np
from benchmarks.rows import Row
from benchmarks.scenario import SCENARIOS, Floats

from davy.engine import Doses, build

_FREE = {"Vm1": 0.3, "kp1": 0.3, "G": 0.2, "kmp": 0.3, "kpb": 0.3, "Rmax": 0.1, "D": 0.15, "cth": 0.03}
"""Eight parameters of m12 and the spread of their logarithms."""
_VISITS = (28.0, 56.0, 84.0)
_ERRORS = np.array([0.03] * 3 + [0.04] * 3)
_DRAWS = 4096
_RTOL = 1e-3


class Fit:
    """Serum and red cells of one invented person at three visits over 84 days of two doses a day."""

    def __init__(self) -> None:
        scenario = SCENARIOS["m12"]
        self.engine, self.base = build(scenario.model), scenario.theta(1)[0]
        self.columns = [scenario.model.parameters.index(name) for name in _FREE]
        self.spread = np.array(list(_FREE.values()))
        rows = sorted((day + at, state, amount) for day in range(84) for at, state, amount in scenario.daily)
        self.doses = Doses(*zip(*rows, strict=True))
        names = scenario.model.states
        self.places = names.index("P"), names.index("R")
        truth = np.random.default_rng(1).standard_normal((1, len(_FREE))) * 0.7
        self.seen = self.logarithms(truth)[0] + _ERRORS * np.random.default_rng(2).standard_normal(6)

    def theta(self, z: Floats) -> Floats:
        """(lanes, parameters) at (lanes, 8) standard scores."""
        rows = np.repeat(self.base[None], len(z), axis=0)
        rows[:, self.columns] *= np.exp(self.spread * z)
        return rows

    def logarithms(self, z: Floats) -> Floats:
        """(lanes, 6) what would be measured."""
        values = self.engine.solve(self.theta(z), self.doses, _VISITS, rtol=_RTOL).values
        return np.log(np.concatenate([values[:, :, place] for place in self.places], axis=1))

    def mode(self) -> tuple[Floats, Floats]:
        """Gauss-Newton with all differences of an iteration in one batch; the point and the covariance there."""
        z, step, size = np.zeros(len(_FREE)), 1e-2, len(_FREE)
        for _ in range(8):
            rows = self.logarithms(np.concatenate(([z], z + step * np.eye(size))))
            slope = (rows[1:] - rows[0]).T / step / _ERRORS[:, None]
            gap = (self.seen - rows[0]) / _ERRORS
            curvature = slope.T @ slope + np.eye(size)
            move = np.linalg.solve(curvature, slope.T @ gap - z)
            z = z + move
            if np.abs(move).max() < 1e-3:
                break
        return z, np.linalg.inv(curvature)

    def resample(self, mode: Floats, covariance: Floats) -> float:
        """Importance weights of draws from the bell; the effective number."""
        noise = np.random.default_rng(3).standard_normal((_DRAWS, len(mode)))
        z = mode + noise @ np.linalg.cholesky(covariance).T
        gap = (self.seen - self.logarithms(z)) / _ERRORS
        weight = -0.5 * (gap**2).sum(axis=1) - 0.5 * (z**2).sum(axis=1) + 0.5 * (noise**2).sum(axis=1)
        share = np.exp(weight - weight.max())
        share /= share.sum()
        return float(1 / (share**2).sum())


def one_person() -> Iterator[Row]:
    """CPU time of the fit, and of resampling against the bare simulation of the same draws."""
    fit = Fit()
    mode, covariance = fit.mode()
    fast = [_cpu(fit.mode) for _ in range(9)]
    yield Row(
        "MAP + Laplace", "m12, 8 parameters, 6 observations, 84 days", 1e3 * statistics.median(fast), "ms", 25.0, False,
        1e3 * min(fast), 1e3 * max(fast),
    )  # fmt: skip
    noise = np.random.default_rng(3).standard_normal((_DRAWS, len(mode)))
    theta = fit.theta(mode + noise @ np.linalg.cholesky(covariance).T)
    pairs = [
        (
            _cpu(lambda: fit.resample(mode, covariance)),
            _cpu(lambda: fit.engine.solve(theta, fit.doses, _VISITS, rtol=_RTOL)),
        )
        for _ in range(5)
    ]
    ratios = [whole / bare for whole, bare in pairs]
    effective = fit.resample(mode, covariance)
    detail = f"{statistics.median(whole for whole, _ in pairs):.2f} s, {effective:.0f} effective draws"
    case = f"{_DRAWS} draws, over the bare simulation"
    yield Row("resampling", case, statistics.median(ratios), "x", 1.2, False, min(ratios), max(ratios), detail)


def _cpu(run: Callable[[], object]) -> float:
    begin = time.process_time()
    run()
    return time.process_time() - begin
