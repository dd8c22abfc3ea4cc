"""The fit against closed forms: where the model is a straight line, the answer is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

from davy.inference.cholesky import factor, gram, log_determinant, solve_lower, solve_upper, transposed_times
from davy.inference.likelihood import Observation, residuals
from davy.inference.mixture import Bells, Match, posterior_bells
from davy.people.person import Lab

LAB = Lab(date=date(2026, 11, 1), test="serum-magnesium", value=0.8, unit="mmol/L")


@dataclass
class Line:
    """What each test shows, as a straight line of its own in each component."""

    start: np.ndarray
    slope: np.ndarray

    def sloped(self, z, kind, *, central):
        del central
        slope = self.slope[kind]
        return self.start[kind] + np.einsum("boa,ba->bo", slope, z), slope


def match(values, errors, bounds=None):
    bounds = bounds or [0] * len(errors)
    seen = tuple(
        Observation(LAB, "serum-magnesium", 0.0, error, bound) for error, bound in zip(errors, bounds, strict=True)
    )
    return Match(seen, np.atleast_2d(np.array(values, dtype=float)))


def test_small_systems_against_numpy() -> None:
    rows = np.random.default_rng(1).standard_normal((3, 5, 4))
    matrix = gram(rows) + np.eye(4)
    assert matrix == pytest.approx(rows.transpose(0, 2, 1) @ rows + np.eye(4))
    right = np.random.default_rng(2).standard_normal((3, 4))
    lower = factor(matrix)
    assert lower == pytest.approx(np.linalg.cholesky(matrix))
    assert solve_upper(lower, solve_lower(lower, right)) == pytest.approx(
        np.linalg.solve(matrix, right[..., None])[..., 0]
    )
    assert log_determinant(lower) == pytest.approx(np.linalg.slogdet(matrix)[1])
    assert transposed_times(rows, rows[:, :, 0]) == pytest.approx(gram(rows)[:, :, 0])


def test_a_straight_line_is_fitted_exactly() -> None:
    slope = np.array([[2.0, 0.0], [1.0, -3.0]])
    seen, error = np.array([1.5, 0.7]), np.array([0.3, 0.2])
    line = Line(np.zeros((1, 2)), slope[None])
    (bells,) = posterior_bells(line, match(seen, error), np.array([1.0]), 2)
    precision = np.eye(2) + (slope / error[:, None]).T @ (slope / error[:, None])
    peak = np.linalg.solve(precision, slope.T @ (seen / error**2))
    assert bells.peak[0] == pytest.approx(peak, abs=1e-5)
    assert bells.lower[0] @ bells.lower[0].T == pytest.approx(precision, rel=1e-6)


def test_components_are_weighed_by_their_evidence() -> None:
    centre, spread, error, seen = np.array([0.0, 5.0]), np.array([1.0, 2.0]), 0.5, 3.0
    line = Line(centre[:, None], spread[:, None, None])
    prior = np.array([0.9, 0.1])
    sd = np.sqrt(spread**2 + error**2)
    evidence = prior * np.exp(-((seen - centre) ** 2) / (2 * sd**2)) / sd
    (bells,) = posterior_bells(line, match([seen], [error]), prior, 1)
    assert bells.weight == pytest.approx(evidence / evidence.sum(), rel=1e-5)


def test_many_persons_keep_their_own_bits() -> None:
    line = Line(np.array([[0.0, 1.0], [2.0, -1.0]]), np.random.default_rng(0).standard_normal((2, 2, 3)))
    values, prior = np.random.default_rng(1).standard_normal((7, 2)), np.array([0.4, 0.6])
    together = posterior_bells(line, match(values, [0.1, 0.3], [0, 1]), prior, 3)
    for row, one in zip(values, together, strict=True):
        (alone,) = posterior_bells(line, match(row, [0.1, 0.3], [0, 1]), prior, 3)
        assert alone.peak.tobytes() == one.peak.tobytes()
        assert alone.lower.tobytes() == one.lower.tobytes()
        assert alone.weight.tobytes() == one.weight.tobytes()


def test_a_bell_tells_its_own_density() -> None:
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((2, 4, 2))
    lower = factor(gram(rows) + np.eye(2))
    bells = Bells(rng.standard_normal((2, 2)), lower, np.array([0.25, 0.75])).widened(1.3)
    kind = np.array([0, 1, 1])
    z = bells.at(rng.standard_normal((3, 2)), kind)
    for point, number, told in zip(z, kind, bells.log_density(z, kind), strict=True):
        precision = bells.lower[number] @ bells.lower[number].T
        off = point - bells.peak[number]
        true = math.log(bells.weight[number]) + np.linalg.slogdet(precision)[1] / 2 - off @ precision @ off / 2
        assert told == pytest.approx(true)


def test_a_bound_counts_with_the_chance_of_its_side() -> None:
    from scipy.stats import norm

    above = match([0.0], [0.2], [1]).observations
    expected = np.array([[-0.6], [0.0], [0.6]])
    off = residuals(expected, above, np.array([0.0]))
    assert np.exp(-(off[:, 0] ** 2) / 2) == pytest.approx(norm.cdf(expected[:, 0] / 0.2))
