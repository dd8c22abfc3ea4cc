"""Error rates before day one: what the rule would say of many simulated diaries of this person, in this design."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from davy.followup.n_of_1.baseline import DailyBaseline
from davy.followup.n_of_1.exposure import Exposures, exposures, washed_in
from davy.followup.n_of_1.gaussian import fit_gaussian
from davy.followup.n_of_1.outcomes import OutcomeRow
from davy.followup.n_of_1.priors import Floats, Lags, number
from davy.followup.n_of_1.schedule import shuffled
from davy.followup.n_of_1.simulate import simulated, written_days
from davy.followup.n_of_1.terms import terms_of

PATTERNS = 4
"""Different patterns of missing days among the simulated diaries."""


@dataclass(frozen=True)
class Layout:
    """The days of a trial: blocks of equal length, arms shuffled in every cycle; arm 0 is the comparator."""

    arms: int
    cycles: int
    block_days: int
    order: tuple[int, ...]

    @property
    def days(self) -> int:
        """All days of all blocks."""
        return len(self.order) * self.block_days

    def taken(self) -> Floats:
        """(days, arms - 1) 1 on days on an arm; the first column is the arm that is tested."""
        by_day = np.repeat(np.array(self.order), self.block_days)
        return np.stack([(by_day == arm).astype(np.float64) for arm in range(1, self.arms)], axis=1)


def layout_of(arms: int, cycles: int, block_days: int, seed: int, purpose: str) -> Layout:
    """A layout whose order is drawn from the seed."""
    order = [arm for cycle in shuffled(arms, cycles, seed, purpose) for arm in cycle]
    return Layout(arms, cycles, block_days, tuple(order))


@dataclass(frozen=True)
class Bench:
    """What every simulation of one design shares: the person, the outcome, the prior on the lag, the seed."""

    person: DailyBaseline
    row: OutcomeRow
    lags: Lags
    seed: int

    def chances(
        self, layout: Layout, effect: float, lag_d: tuple[float, ...], diaries: int, ends: tuple[int, ...]
    ) -> Floats:
        """(ends, lags, diaries) P(benefit) after each of those days.

        Parameters
        ----------
        effect : the true change [daily unit], signed; lag_d : its true lags [d].
        """
        taken = layout.taken()
        exposed = exposures(taken, self.lags, (0.0,))
        each = max(diaries // PATTERNS, 1)
        share = np.repeat(np.stack([washed_in(taken[:, 0], lag) for lag in lag_d], axis=1), each, axis=1)
        found: list[Floats] = []
        for pattern in range(PATTERNS):
            source = np.random.default_rng([self.seed, pattern, layout.days, layout.block_days])
            y = simulated(source, self.person, self.row, share, effect, each * len(lag_d))
            written = written_days(source, layout.days, self.person.missing_share)
            read = np.stack([self._read(y, written, exposed, end) for end in ends])
            found.append(read.reshape(len(ends), len(lag_d), each))
        return np.concatenate(found, axis=2)

    def _read(self, y: Floats, written: Floats, exposed: Exposures, end: int) -> Floats:
        day = written[written < end]
        rows = day.astype(int)
        part = replace(exposed, share=exposed.share[:, rows])
        terms = terms_of(day, link=False)
        below = fit_gaussian(y[rows], day, terms, part).p_below()
        return below if self.row.better == "lower" else 1 - below

    def power(self, layout: Layout, difference: float, threshold: float, diaries: int) -> Powers:
        """Power for an improvement of that size at steady state, for each lag of the prior and over all.

        Parameters
        ----------
        difference : [unit of the outcome], positive = better.
        """
        effect = self.signed(difference)
        seen = self.chances(layout, effect, self.lags.days, diaries, (layout.days,))[0] > threshold
        by_lag = tuple(np.mean(seen, axis=1).tolist())
        overall = float(np.dot(by_lag, self.lags.weights))
        return Powers(difference, overall, by_lag)

    def signed(self, difference: float) -> float:
        """An improvement as a change of a daily value."""
        return (-difference if self.row.better == "lower" else difference) / self.row.daily_factor

    def null(self, layout: Layout, looks: tuple[int, ...], diaries: int) -> Null:
        """What the rule says where there is no effect, with the threshold that keeps its error over all looks."""
        chances: Floats = self.chances(layout, 0.0, (0.0,), diaries, looks)[:, 0]
        usual = number("rule-threshold")
        highest = np.asarray(np.max(chances, axis=0), dtype=np.float64)
        threshold = max(usual, float(np.quantile(highest, usual)))
        threshold = round(min(threshold + 5e-4, 0.9995), 3) if threshold > usual else usual
        return Null(
            diaries,
            _share(chances[-1], usual),
            _share(highest, usual),
            threshold,
            _share(highest, threshold),
        )


@dataclass(frozen=True)
class Powers:
    """Power for one difference: over the prior on the lag, and for each lag of it."""

    difference: float
    overall: float
    by_lag: tuple[float, ...]


@dataclass(frozen=True)
class Null:
    """Errors without an effect.

    Attributes
    ----------
    single : of the rule at the end alone, at the usual threshold.
    peeking : of the usual threshold at every look.
    threshold : what is asked instead, and `kept` its error over all looks.
    """

    diaries: int
    single: float
    peeking: float
    threshold: float
    kept: float


def _share(chances: Floats, threshold: float) -> float:
    return int(np.count_nonzero(chances > threshold)) / len(chances)


def detectable(bench: Bench, layout: Layout, threshold: float, power: float, diaries: int) -> float | None:
    """The smallest improvement that would be seen with that power [unit]; None where even the largest is not."""
    most = bench.person.level * bench.row.daily_factor if bench.row.better == "lower" else 20 * bench.person.sd
    if bench.power(layout, most, threshold, diaries).overall < power:
        return None
    low, high = 0.0, most
    for _ in range(6):
        middle = 0.5 * (low + high)
        if bench.power(layout, middle, threshold, diaries).overall >= power:
            high = middle
        else:
            low = middle
    return high
