"""Operating characteristics by simulation: how often the rule errs, how often its interval holds, beside naive ways.

The design of every cell is four cycles of two arms in blocks of seven days, shuffled in every cycle, every tenth day
missing; the errors are AR(1). `full` runs every cell on 2,000 diaries or more, else on fewer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from davy.followup.n_of_1.blocks import blocks_of
from davy.followup.n_of_1.exposure import exposures, washed_in
from davy.followup.n_of_1.families import Kind, family_of
from davy.followup.n_of_1.gaussian import GaussianFit, fit_gaussian
from davy.followup.n_of_1.latent import fit_latent, outcome_effects
from davy.followup.n_of_1.priors import Floats, Lags, fixed_lag, lags, number
from davy.followup.n_of_1.randomisation import randomisation_test
from davy.followup.n_of_1.schedule import shuffled
from davy.followup.n_of_1.simulate import ar1, written_days
from davy.followup.n_of_1.terms import terms_of

RHOS = (0.0, 0.3, 0.5, 0.7)
WASH_IN_D = 5.0
CYCLES, BLOCK_D, LONG_CYCLES = 4, 7, 6
MISSING = 0.1
EACH = 50
"""Diaries that share one order of arms and one pattern of missing days."""
EFFECT = -1.0
"""The true effect where coverage is counted, in SD of a day."""


@dataclass(frozen=True)
class Cell:
    """One way of analysing, under one kind of days.

    Attributes
    ----------
    method : the rule, a known or an estimated lag, the randomisation test, or a naive way.
    wash_in_d : the true lag where there is an effect [d].
    false_positive : share of diaries without effect that are called a benefit (two-sided 5 % for the naive ways).
    mc_error : its standard error by simulation.
    coverage : share of 95 % intervals that hold the true effect, None where none is made.
    """

    method: str
    outcome: str
    rho: float
    wash_in_d: float
    diaries: int
    false_positive: float
    mc_error: float
    coverage: float | None


@dataclass(frozen=True)
class OperatingCharacteristics:
    """Every cell."""

    seed: int
    full: bool
    cells: tuple[Cell, ...]

    def rows(self) -> list[dict[str, Any]]:
        """One plain row a cell."""
        return [asdict(cell) for cell in self.cells]


def operating_characteristics(seed: int = 0, *, full: bool = False) -> OperatingCharacteristics:
    """The table of error rates and coverage; the same seed gives the same table."""
    orders = 80 if full else 16
    cells: list[Cell] = []
    for rho in RHOS:
        source = np.random.default_rng([seed, int(100 * rho)])
        for name, prior, true in _ways():
            cells.append(_rule(source, name, prior, true, rho, orders))
        cells.append(_naive(source, rho, orders))
        cells.append(_randomised(source, rho, 2000 if full else 200))
    source = np.random.default_rng([seed, 1])
    cells += _peeking(source, 0.5, orders)
    for kind in ("count", "binary", "ordinal"):
        for rho in (0.0, 0.5) if full else (0.5,):
            cells.append(_link(source, kind, rho, 2000 if full else 40))
    return OperatingCharacteristics(seed, full, tuple(cells))


def _ways() -> Iterator[tuple[str, Lags, float]]:
    yield "rule, no lag", fixed_lag(0.0), 0.0
    yield "rule, lag of 5 d stated", fixed_lag(WASH_IN_D), WASH_IN_D
    yield "rule, lag estimated", lags("analysis"), 0.0
    yield "rule, lag estimated", lags("analysis"), WASH_IN_D


@dataclass(frozen=True)
class _Days:
    """One order of arms with one pattern of missing days."""

    taken: Floats
    rows: Floats

    @property
    def day(self) -> Floats:
        return self.rows


def _days(source: np.random.Generator, cycles: int = CYCLES, missing: float = MISSING) -> _Days:
    order = [arm for cycle in shuffled(2, cycles, int(source.integers(2**31)), "characteristics") for arm in cycle]
    taken = np.repeat(np.array(order, dtype=np.float64), BLOCK_D)[:, None]
    return _Days(taken, written_days(source, len(taken), missing))


def _fitted(days: _Days, y: Floats, prior: Lags) -> GaussianFit:
    rows = days.rows.astype(int)
    exposed = exposures(days.taken, prior, (0.0, 0.5, 1.0))
    part = replace(exposed, share=exposed.share[:, rows])
    return fit_gaussian(y[rows], days.day, terms_of(days.day, link=False), part)


def _rule(source: np.random.Generator, name: str, prior: Lags, true_d: float, rho: float, orders: int) -> Cell:
    called, held = 0, 0
    for _ in range(orders):
        days = _days(source)
        y = ar1(source, len(days.taken), np.full(EACH, rho))
        called += int(np.count_nonzero(_fitted(days, y, prior).p_below() > number("rule-threshold")))
        moved = y + EFFECT * washed_in(days.taken, true_d)
        place = _fitted(days, moved, prior).p_below(EFFECT)
        held += int(np.count_nonzero((place > 0.025) & (place < 0.975)))
    return _cell(name, "scale", rho, true_d, orders * EACH, called, held)


def _cell(method: str, outcome: str, rho: float, wash_in_d: float, diaries: int, called: int, held: int | None) -> Cell:
    share = called / diaries
    error = math.sqrt(max(share * (1 - share), 1e-6) / diaries)
    return Cell(method, outcome, rho, wash_in_d, diaries, share, error, None if held is None else held / diaries)


def naive_t(y: Floats, taken: Floats) -> tuple[Floats, int]:
    """The t statistic of a daily regression that takes days for independent, and its degrees of freedom."""
    columns = np.stack([np.ones(len(taken)), taken], axis=1)
    inverse = np.asarray(np.linalg.inv(columns.T @ columns), dtype=np.float64)
    slope = inverse @ (columns.T @ y)
    left = y - columns @ slope
    df = len(y) - 2
    return slope[1] / np.sqrt(np.sum(left**2, axis=0) / df * inverse[1, 1]), df


def _naive_p(y: Floats, taken: Floats) -> Floats:
    from scipy.special import stdtr

    t, df = naive_t(y, taken)
    return np.asarray(2 * stdtr(df, -np.abs(t)), dtype=np.float64)


def _naive(source: np.random.Generator, rho: float, orders: int) -> Cell:
    called = 0
    for _ in range(orders):
        days = _days(source, missing=0.0)
        y = ar1(source, len(days.taken), np.full(EACH, rho))
        called += int(np.count_nonzero(_naive_p(y, days.taken[:, 0]) < 0.05))
    return _cell("naive daily regression", "scale", rho, 0.0, orders * EACH, called, None)


def _randomised(source: np.random.Generator, rho: float, diaries: int) -> Cell:
    """Six cycles: with four, no result can reach 0.05."""
    called = 0
    for _ in range(diaries):
        days = _days(source, LONG_CYCLES)
        y = np.full(len(days.taken), math.nan)
        rows = days.rows.astype(int)
        y[rows] = ar1(source, len(days.taken), np.array([rho]))[rows, 0]
        arms = ["B" if one else "A" for one in days.taken[:, 0]]
        periods = [str(day // BLOCK_D) for day in range(len(arms))]
        terms = terms_of(np.arange(len(arms), dtype=np.float64), link=False)
        test = randomisation_test(y, blocks_of(arms, periods), terms, ("A", "B"), lag_d=2.0, lower_is_better=True)
        called += test.p <= 0.05
    return _cell("randomisation test, six cycles", "scale", rho, 0.0, diaries, called, None)


def _peeking(source: np.random.Generator, rho: float, orders: int) -> list[Cell]:
    """A look after every cycle from the second on, at the usual threshold and at the one that keeps the error."""
    naive, usual = 0, 0
    highest: list[Floats] = []
    for _ in range(2 * orders):
        days = _days(source, 2 * CYCLES, missing=0.0)
        y = ar1(source, len(days.taken), np.full(EACH, rho))
        ends = [2 * BLOCK_D * cycle for cycle in range(2, 2 * CYCLES + 1)]
        lowest = np.min([_naive_p(y[:end], days.taken[:end, 0]) for end in ends], axis=0)
        naive += int(np.count_nonzero(lowest < 0.05))
        looks = [_fitted(_Days(days.taken[:end], days.rows[:end]), y[:end], fixed_lag(0.0)).p_below() for end in ends]
        highest.append(np.asarray(np.max(looks, axis=0), dtype=np.float64))
        usual += int(np.count_nonzero(highest[-1] > number("rule-threshold")))
    half = len(highest) // 2
    threshold = float(np.quantile(np.concatenate(highest[:half]), number("rule-threshold")))
    tested = np.concatenate(highest[half:])
    count = 2 * orders * EACH
    kept = int(np.count_nonzero(tested > threshold))
    return [
        _cell("naive daily regression, a look after each of seven cycles", "scale", rho, 0.0, count, naive, None),
        _cell("rule at 0.95, a look after each of seven cycles", "scale", rho, 0.0, count, usual, None),
        _cell(f"rule at {threshold:.3f}, set for seven looks", "scale", rho, 0.0, len(tested), kept, None),
    ]


def _link(source: np.random.Generator, kind: Kind, rho: float, diaries: int) -> Cell:
    """Counts, yes or no, and ordered levels, in the model of their kind."""
    called, held = 0, 0
    for _ in range(diaries):
        days = _days(source)
        state = ar1(source, len(days.taken), np.array([rho]))[:, 0]
        below, _, _ = _link_fit(days, _drawn(source, kind, state, 0.0 * days.taken[:, 0])[0], kind)
        called += below > number("rule-threshold")
        y, true = _drawn(source, kind, state, -0.6 * days.taken[:, 0])
        _, low, high = _link_fit(days, y, kind)
        held += low <= true <= high
    return _cell("rule, lag estimated", kind, rho, 0.0, diaries, called, held)


def _link_fit(days: _Days, y: Floats, kind: Kind) -> tuple[float, float, float]:
    seen = np.full(len(y), math.nan)
    rows = days.rows.astype(int)
    seen[rows] = y[rows]
    if np.nanmax(seen) == np.nanmin(seen):
        return 0.5, -math.inf, math.inf
    terms = terms_of(np.arange(len(y), dtype=np.float64), link=True)
    fit = fit_latent(seen, terms, exposures(days.taken, lags("analysis"), (0.5,)), family_of(kind, seen))
    drawn = outcome_effects(fit)
    return fit.effect().p_below(0.0), float(np.quantile(drawn, 0.025)), float(np.quantile(drawn, 0.975))


def _drawn(source: np.random.Generator, kind: Kind, state: Floats, shift: Floats) -> tuple[Floats, float]:
    """Outcomes with the arm's shift on the link, and the true difference of means over these states."""
    if kind == "count":
        with_, without = (np.exp(0.3 + 0.4 * state + move) for move in (-0.6, 0.0))
        return source.poisson(np.exp(0.3 + 0.4 * state + shift)).astype(np.float64), float(np.mean(with_ - without))
    if kind == "binary":
        with_, without = (1 / (1 + np.exp(0.3 - 0.7 * state - move)) for move in (-0.6, 0.0))
        chance = 1 / (1 + np.exp(0.3 - 0.7 * state - shift))
        return (source.random(len(state)) < chance).astype(np.float64), float(np.mean(with_ - without))
    cuts = np.array([-1.2, 0.0, 1.0, 2.2])
    noise = source.logistic(size=len(state))
    scores = [np.mean(1 / (1 + np.exp(cuts[None, :] - (state + move)[:, None])), axis=0).sum() for move in (-0.6, 0.0)]
    return np.digitize(state + shift + noise, cuts).astype(np.float64), float(scores[0] - scores[1])
