"""The analysis against closed forms, independent samplers and simulated truth."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from davy.followup.n_of_1.analyse import analyse_diary
from davy.followup.n_of_1.blocks import blocks_of
from davy.followup.n_of_1.characteristics import operating_characteristics
from davy.followup.n_of_1.diary import parse_diary
from davy.followup.n_of_1.exposure import exposures, washed_in
from davy.followup.n_of_1.families import Family, family_of, kind_of
from davy.followup.n_of_1.gaussian import fit_gaussian, whitened
from davy.followup.n_of_1.latent import fit_latent, outcome_effects
from davy.followup.n_of_1.priors import ErrorGrid, fixed_lag, lags
from davy.followup.n_of_1.randomisation import randomisation_test
from davy.followup.n_of_1.simulate import ar1
from davy.followup.n_of_1.terms import Terms, terms_of


def order(cycles: int, block: int, seed: int) -> np.ndarray:
    source = np.random.default_rng(seed)
    return np.concatenate([np.repeat(source.permutation([0.0, 1.0]), block) for _ in range(cycles)])


def text_of(arm: np.ndarray, y: np.ndarray, names: tuple[str, str] = ("A", "B")) -> str:
    pairs = zip(arm, y, strict=True)
    rows = [f"{k + 1},{names[int(a)]},{'' if math.isnan(v) else f'{v:.6g}'}" for k, (a, v) in enumerate(pairs)]
    return "\n".join(["day,arm,outcome", *rows]) + "\n"


def test_whitening_is_that_of_the_dense_covariance() -> None:
    source = np.random.default_rng(0)
    day = np.sort(source.choice(60, 40, replace=False)).astype(float)
    columns = source.standard_normal((40, 3))
    grid = ErrorGrid(np.array([0.6, 0.9]), np.array([0.0, 0.4]), np.zeros(2))
    white, log_det = whitened(columns, day, grid)
    for k, (rho, noise) in enumerate(zip(grid.rho, grid.noise, strict=True)):
        dense = (1 - noise) * rho ** np.abs(day[:, None] - day[None, :]) + noise * np.eye(40)
        assert white[k].T @ white[k] == pytest.approx(columns.T @ np.linalg.solve(dense, columns), rel=1e-10)
        assert log_det[k] == pytest.approx(np.linalg.slogdet(dense)[1], rel=1e-10)


def test_independent_days_without_lag_give_the_t_statistic_of_a_regression() -> None:
    arm = order(4, 7, 1)
    y = np.random.default_rng(2).standard_normal(56) - 0.4 * arm
    one = ErrorGrid(np.zeros(1), np.zeros(1), np.zeros(1))
    terms = Terms(np.stack([np.ones(56), np.linspace(-1, 1, 56)], 1), np.zeros(2))
    mix = fit_gaussian(y[:, None], np.arange(56.0), terms, exposures(arm[:, None], fixed_lag(0), (0.0,)), one).effect()
    x = np.column_stack([terms.columns, arm])
    b, rss, _, _ = np.linalg.lstsq(x, y, rcond=None)
    se = math.sqrt(rss[0] / 53 * np.linalg.inv(x.T @ x)[2, 2])
    assert (mix.mean[0], mix.scale[0], mix.df[0]) == pytest.approx((b[2], se, 53))
    assert mix.quantile(0.975) == pytest.approx(b[2] + 2.005746 * se, rel=1e-6)


def test_a_random_walk_sampler_of_the_same_model_finds_the_same_effect() -> None:
    """Metropolis on level, trend, effect, log spread and correlation, from the density of an AR(1) written out."""
    n = 112
    arm = order(8, 7, 3)
    source = np.random.default_rng(4)
    y = 5 - 0.5 * arm + ar1(source, n, np.array([0.4]))[:, 0]
    x = np.column_stack([np.ones(n), np.linspace(-1, 1, n), arm])
    rho = np.linspace(-0.28, 0.97, 126)
    grid = ErrorGrid(rho, np.zeros(126), np.zeros(126))
    exposed = exposures(arm[:, None], fixed_lag(0), (0.0,))
    mix = fit_gaussian(y[:, None], np.arange(float(n)), Terms(x[:, :2], np.zeros(2)), exposed, grid).effect()

    def log_density(p: np.ndarray) -> float:
        if not -0.28 < p[4] < 0.97:
            return -math.inf
        e = (y - x @ p[:3]) / math.exp(p[3])
        step = (e[1:] - p[4] * e[:-1]) / math.sqrt(1 - p[4] ** 2)
        # The prior of the effect is the root of its information, which goes with the correlation.
        w = np.vstack([x[:1], (x[1:] - p[4] * x[:-1]) / math.sqrt(1 - p[4] ** 2)])
        prior = -0.5 * math.log(np.linalg.inv(w.T @ w)[2, 2])
        return -n * p[3] - 0.5 * (n - 1) * math.log(1 - p[4] ** 2) - 0.5 * (e[0] ** 2 + step @ step) + prior

    p = np.array([5.0, 0.0, -0.5, 0.0, 0.4])
    at, kept = log_density(p), []
    size = np.array([0.16, 0.22, 0.22, 0.07, 0.09])
    for k in range(24_000):
        new = p + size * source.standard_normal(5) * (0.9 if k % 2 else 0.35)
        there = log_density(new)
        if math.log(source.random()) < there - at:
            p, at = new, there
        kept.append(p[2])
    sampled = np.array(kept[2000:])
    mean = float(np.sum(mix.weight * mix.mean))
    spread = math.sqrt(float(np.sum(mix.weight * (mix.scale**2 * 108 / 106 + mix.mean**2))) - mean**2)
    assert sampled.mean() == pytest.approx(mean, abs=0.12 * spread)
    assert sampled.std() == pytest.approx(spread, rel=0.12)


def test_laplace_for_counts_agrees_with_a_sampler_of_the_latent_days() -> None:
    """Preconditioned Crank-Nicolson over 42 latent days and three coefficients, correlation and spread held."""
    n, rho, spread = 42, 0.6, 0.7
    arm = order(3, 7, 5)
    source = np.random.default_rng(6)
    y = source.poisson(np.exp(0.8 - 0.7 * arm + spread * ar1(source, n, np.array([rho]))[:, 0])).astype(float)
    terms = Terms(np.stack([np.ones(n), np.linspace(-1, 1, n)], 1), np.array([1 / 25, 1.0]))
    fit = fit_latent(y, terms, exposures(arm[:, None], fixed_lag(0), (0.0,)), Family("count"))
    chosen = [k for k in range(len(fit.spread)) if fit.spread[k] == 0.5]
    lane = chosen[4]  # the correlations stand in rising order within one spread
    rho_lane, sd_lane = 0.79, 0.5
    x = np.column_stack([terms.columns, arm])
    root = np.linalg.cholesky(sd_lane**2 * rho_lane ** np.abs(np.arange(n)[:, None] - np.arange(n)[None, :]))
    prior_sd = np.array([5.0, 1.0, 3.0])

    def joined(z: np.ndarray) -> np.ndarray:
        return x @ (prior_sd * z[:3]) + root @ z[3:]

    def log_like(z: np.ndarray) -> float:
        eta = joined(z)
        return float(y @ eta - np.exp(eta).sum())

    z = np.zeros(n + 3)
    z[0] = math.log(y.mean()) / 5
    at, kept = log_like(z), []
    step = np.concatenate([[0.045, 0.25, 0.1], np.full(n, 0.25)])
    for k in range(40_000):
        only = step * (np.arange(n + 3) < 3) if k % 2 else step * (np.arange(n + 3) >= 3)
        new = np.sqrt(1 - only**2) * z + only * source.standard_normal(n + 3)
        there = log_like(new)
        if math.log(source.random()) < there - at:
            z, at = new, there
        kept.append(3.0 * z[2])
    sampled = np.array(kept[4000:])
    assert fit.mean[lane, 2] == pytest.approx(sampled.mean(), abs=0.2 * sampled.std())
    assert math.sqrt(fit.covariance[lane, 2, 2]) == pytest.approx(sampled.std(), rel=0.2)


def test_wash_in_reaches_the_steady_state_as_an_exponential() -> None:
    share = washed_in(np.ones((30, 1)), 5.0)[:, 0]
    assert share[[0, 4, 29]] == pytest.approx(1 - np.exp(-np.array([1, 5, 30]) / 5))
    assert np.array_equal(washed_in(np.array([[0.0], [1.0]]), 0.0), np.array([[0.0], [1.0]]))


@pytest.mark.parametrize(("lag", "block"), [(0.0, 7), (5.0, 14)])
def test_the_steady_state_effect_is_found_through_the_wash_in(lag: float, block: int) -> None:
    """A naive difference of means sees a part of it; the interval holds the whole in most diaries."""
    held, naive = 0, []
    for seed in range(20):
        arm = order(8, block, seed)
        source = np.random.default_rng(seed)
        y = 50 - 3 * washed_in(arm[:, None], lag)[:, 0] + ar1(source, len(arm), np.array([0.3]))[:, 0]
        y[source.random(len(arm)) < 0.1] = math.nan
        made = analyse_diary(parse_diary(text_of(arm, y)))
        held += made.main.low <= -3 <= made.main.high
        naive.append(np.nanmean(y[arm == 1]) - np.nanmean(y[arm == 0]))
        assert made.verdict == "benefit"
    assert held >= 16
    if lag:
        assert abs(np.mean(naive)) < 2.4


def test_kinds_are_read_from_the_values() -> None:
    source = np.random.default_rng(8)
    assert kind_of(np.array([0.0, 1.0, 1.0, math.nan])) == "binary"
    assert kind_of(source.poisson(1.5, 60).astype(float)) == "count"
    assert kind_of(np.array([3.0, 4.0, 5.0, 4.0, 3.0, 5.0])) == "ordinal"
    assert kind_of(source.normal(5, 1, 30)) == "scale"
    assert kind_of(source.integers(10, 60, 90).astype(float)) == "scale"


@pytest.mark.parametrize("kind", ["count", "binary", "ordinal"])
def test_a_strong_effect_on_counts_shares_and_levels_is_found_in_their_own_unit(kind: str) -> None:
    arm = order(8, 7, 2)
    source = np.random.default_rng(9)
    rate = {"count": (2.4, 0.8), "binary": (0.6, 0.15), "ordinal": (3.2, 1.6)}[kind]
    mean = np.where(arm == 1, rate[1], rate[0])
    y = {
        "count": lambda: source.poisson(mean),
        "binary": lambda: source.random(len(arm)) < mean,
        "ordinal": lambda: np.clip(np.round(source.normal(mean + 1, 0.8)), 1, 5),
    }[kind]()
    made = analyse_diary(parse_diary(text_of(arm, np.asarray(y, dtype=float))))
    observed = y[arm == 1].mean() - y[arm == 0].mean()
    assert (made.kind, made.verdict) == (kind, "benefit")
    assert made.main.low < rate[1] - rate[0] < made.main.high
    assert made.main.effect == pytest.approx(observed, abs=0.25 * abs(observed))


def test_ordinal_derivatives_are_those_of_its_likelihood() -> None:
    family = family_of("ordinal", np.array([1.0, 2, 2, 3, 3, 3, 4, 5])).for_spread(np.array([0.8]))
    y, eta, h = np.array([[1.0, 2, 3, 4, 5]]), np.linspace(-2, 2, 5)[None, :], 1e-6
    slope = (family.log_likelihood(y, eta + h) - family.log_likelihood(y, eta - h)) / (2 * h)
    assert family.score(y, eta)[0] == pytest.approx(slope, abs=1e-6)


def test_the_draws_of_an_effect_follow_its_posterior() -> None:
    arm = order(6, 7, 4)
    y = np.random.default_rng(3).poisson(np.where(arm == 1, 2.0, 3.0)).astype(float)
    terms = terms_of(np.arange(84.0), link=True)
    fit = fit_latent(y, terms, exposures(arm[:, None], lags("analysis"), (0.5,)), Family("count"))
    drawn = outcome_effects(fit)
    assert np.mean(drawn < 0) == pytest.approx(fit.effect().p_below(0.0), abs=0.02)


def test_error_rates_are_what_the_page_says() -> None:
    made = operating_characteristics(1).rows()
    rule = [row for row in made if row["method"].startswith("rule, ") and row["outcome"] == "scale"]
    assert len(rule) == 16
    for row in rule:
        assert abs(row["false_positive"] - 0.05) <= 0.01 + 2 * row["mc_error"], row
        assert row["coverage"] > 0.925, row
    assert np.mean([row["false_positive"] for row in rule]) == pytest.approx(0.05, abs=0.01)
    naive = {row["rho"]: row["false_positive"] for row in made if row["method"] == "naive daily regression"}
    assert naive[0.0] < 0.08
    assert naive[0.5] > 0.15
    assert naive[0.7] > naive[0.5]
    tests = [row for row in made if row["method"].startswith("randomisation")]
    assert sum(row["false_positive"] * row["diaries"] for row in tests) / sum(row["diaries"] for row in tests) <= 0.065
    peeked = {row["method"].partition(",")[0]: row["false_positive"] for row in made if "look" in row["method"]}
    assert peeked["naive daily regression"] > 0.4
    assert peeked["rule at 0.95"] > 0.09
    assert min(peeked.values()) < 0.07


def test_the_randomisation_test_has_its_exact_size() -> None:
    """Every assignment of one diary as the one that happened: 3 of 64 reach p <= 0.05, whatever the errors."""
    source = np.random.default_rng(0)
    y = 0.3 * np.cumsum(source.standard_normal(84))
    y[source.random(84) < 0.1] = math.nan
    terms, found = terms_of(np.arange(84.0), link=False), []
    for picked in itertools.product((0, 1), repeat=6):
        arms = [arm for one in picked for arm in (["A"] * 7 + ["B"] * 7 if one else ["B"] * 7 + ["A"] * 7)]
        blocks = blocks_of(arms, [None] * 84)
        assert (len(blocks.arm), blocks.ways) == (12, 64)
        found.append(randomisation_test(y, blocks, terms, ("A", "B"), lag_d=2.0, lower_is_better=True))
    assert sum(one.p <= 0.05 for one in found) == 3
    assert {(one.smallest_p, one.attained, one.exact) for one in found} == {(1 / 64, 3 / 64, True)}
