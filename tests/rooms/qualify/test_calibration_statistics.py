"""The statistics of a calibration, on a study whose posterior is known in closed form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from davy.forecast.outcome import Floats
from davy.qualify.calibration.band import band, curve, leaving, p_value
from davy.qualify.calibration.ranks import Believed, rank
from davy.qualify.calibration.tally import Ranked, counted, coverage, joined, uniformity

NAMES = ("theta", "next", "likelihood")
ERROR = 0.5


@dataclass(frozen=True)
class Gaussian:
    """theta ~ N(0, 1) measured with an error; weighted draws from N(0, 1) or the posterior itself, or a planted bug."""

    plant: str = "none"
    draws: int = 200

    def believed(self, first: int, count: int, seed: int) -> Iterator[Believed]:
        for number in range(first, first + count):
            rng = np.random.default_rng((seed, number))
            theta = rng.standard_normal()
            measured = theta + ERROR * rng.standard_normal()
            gain = 1 / (1 + ERROR**2)
            spread = np.sqrt(gain) * ERROR * (0.8 if self.plant == "narrow" else 1.0)
            drawn = gain * measured + spread * rng.standard_normal(self.draws)
            weight = np.full(self.draws, 1 / self.draws)
            if self.plant in ("prior", "weighted"):
                drawn = rng.standard_normal(self.draws)
            if self.plant == "weighted":
                weight = np.exp(-((drawn - measured) ** 2) / (2 * ERROR**2))
                weight /= weight.sum()
            columns = [_columns(np.array([theta]), measured, rng), _columns(drawn, measured, rng)]
            yield Believed(NAMES, columns[0][0], columns[1], weight)


def _columns(theta: Floats, measured: float, rng: np.random.Generator) -> Floats:
    following = theta + ERROR * rng.standard_normal(len(theta))
    return np.stack((theta, following, -((theta - measured) ** 2) / (2 * ERROR**2)), axis=1)


def ranked(study: Gaussian, persons: int) -> Ranked:
    rng = np.random.default_rng(5)
    found = [rank(one, rng.random(len(NAMES))) for one in study.believed(0, persons, 1)]
    return Ranked("gaussian", NAMES, np.stack(found))


def inside(study: Gaussian, persons: int = 1500) -> dict[str, bool]:
    return {one.quantity: one.inside for one in uniformity([ranked(study, persons)], len(NAMES))}


@pytest.mark.parametrize(("plant", "draws"), [("none", 200), ("weighted", 1000)])
def test_the_right_posterior_passes(plant: str, draws: int) -> None:
    assert all(inside(Gaussian(plant, draws)).values())


def test_the_prior_returned_shows_only_in_the_likelihood() -> None:
    assert inside(Gaussian("prior")) == {"theta": True, "next": True, "likelihood": False}


def test_spreads_a_fifth_too_narrow_show() -> None:
    found = inside(Gaussian("narrow"))
    assert not found["theta"]


def test_coverage_is_what_it_promises_and_falls_short_where_it_does_not() -> None:
    for plant, expected in (("none", 0.9), ("narrow", 0.81)):  # 2 Phi(0.8 * 1.645) - 1 = 0.812
        rows = coverage(ranked(Gaussian(plant), 1500), "as-believed")
        row = next(one for one in rows if one.quantity == "theta" and one.nominal == 0.9)
        assert row.actual == pytest.approx(expected, abs=0.03)
        assert row.low < row.actual < row.high
        assert row.n == 1500


@pytest.mark.parametrize(("count", "outside"), [(40, 0.05), (300, 0.05), (300, 0.3)])
def test_the_band_holds_as_often_as_it_says(count: int, outside: float) -> None:
    limits, rng, runs = band(count, outside), np.random.default_rng(2), 4000
    curves = np.stack([curve(rng.random(count)) for _ in range(runs)])
    left = float(((curves < limits.low) | (curves > limits.high)).any(axis=1).mean())
    assert limits.outside <= outside
    assert left == pytest.approx(limits.outside, abs=4 * np.sqrt(outside / runs))


def test_the_recursion_is_right_where_it_can_be_told_by_hand() -> None:
    """With two numbers, a curve that has to stay at one between 0.5 and 0.51 needs one of them on each side."""
    low, high = np.zeros(99, dtype=np.intp), np.full(99, 2, dtype=np.intp)
    assert leaving(2, low, high) == pytest.approx(0.0, abs=1e-12)
    low[49] = high[49] = 1
    assert leaving(2, low, high) == pytest.approx(0.5)


def test_p_values_of_uniform_numbers_are_hardly_ever_small_and_of_others_are() -> None:
    rng = np.random.default_rng(3)
    found = np.array([p_value(rng.random(200)) for _ in range(400)])
    assert 0.02 <= np.mean(found < 0.05) <= 0.09
    assert p_value(rng.beta(1.3, 1.0, 2000)) < 1e-6


def test_a_tie_leaves_every_place_open() -> None:
    constant = Believed(("x",), np.zeros(1), np.zeros((50, 1)), np.full(50, 1 / 50))
    for share in (0.0, 0.25, 0.9):
        assert rank(constant, np.array([share]))[0] == pytest.approx(share)


def test_people_without_a_quantity_are_not_counted_for_it() -> None:
    rng = np.random.default_rng(4)
    lots = [Ranked("d", ("a", "b"), rng.random((30, 2))), Ranked("d", ("a", "c"), rng.random((20, 2)))]
    found = {one.quantity: one.n for one in uniformity([joined(lots)], 3)}
    assert found == {"a": 50, "b": 30, "c": 20}


def test_the_interval_of_a_count_is_that_of_clopper_and_pearson() -> None:
    row = counted("d", "t", "q", 0.9, np.array([1.0] * 10))
    assert (row.actual, row.high) == (1.0, 1.0)
    assert row.low == pytest.approx(0.05 ** (1 / 10))
