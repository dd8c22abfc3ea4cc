"""The fit against closed forms: where the model is a straight line, the answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from davy.inference.cholesky import factor, gram, log_determinant, solve_lower, solve_upper, transposed_times
from davy.inference.mixture import corrected, posterior_bells, prior_bells


def test_small_systems_against_numpy() -> None:
    rows = np.random.default_rng(1).standard_normal((3, 5, 4))
    matrix = gram(rows) + np.eye(4)
    assert matrix == pytest.approx(rows.transpose(0, 2, 1) @ rows + np.eye(4))
    right = np.random.default_rng(2).standard_normal((3, 4))
    lower = factor(matrix)
    assert solve_upper(lower, solve_lower(lower, right)) == pytest.approx(
        np.linalg.solve(matrix, right[..., None])[..., 0]
    )
    assert log_determinant(lower) == pytest.approx(np.linalg.slogdet(matrix)[1])
    assert transposed_times(rows, rows[:, :, 0]) == pytest.approx(gram(rows)[:, :, 0])


def test_a_straight_line_is_fitted_exactly() -> None:
    slope = np.array([[2.0, 0.0], [1.0, -3.0]])
    seen, error = np.array([1.5, 0.7]), np.array([0.3, 0.2])

    def misfit(z, kind):
        del kind
        return (z @ slope.T - seen) / error

    bells = posterior_bells(misfit, np.array([1.0]), 2)
    precision = np.eye(2) + (slope / error[:, None]).T @ (slope / error[:, None])
    peak = np.linalg.solve(precision, slope.T @ (seen / error**2))
    assert bells.peak[0] == pytest.approx(peak, abs=1e-6)
    assert bells.lower[0] @ bells.lower[0].T == pytest.approx(precision, rel=1e-6)


def test_components_are_weighed_by_their_evidence() -> None:
    centre, spread, error, seen = np.array([0.0, 5.0]), np.array([1.0, 2.0]), 0.5, 3.0

    def misfit(z, kind):
        return ((centre + spread * 0)[kind, None] + spread[kind, None] * z - seen) / error

    prior = np.array([0.9, 0.1])
    sd = np.sqrt(spread**2 + error**2)
    evidence = prior * np.exp(-((seen - centre) ** 2) / (2 * sd**2)) / sd
    assert posterior_bells(misfit, prior, 1).weight == pytest.approx(evidence / evidence.sum(), rel=1e-6)


def test_draws_have_the_bell_they_come_from() -> None:
    bells = prior_bells(np.array([0.25, 0.75]), 2)
    rng = np.random.default_rng(0)
    standard = rng.standard_normal((4000, 2))
    z, kind = bells.draws(standard, rng.random(4000))
    assert z == pytest.approx(standard)
    assert np.mean(kind == 1) == pytest.approx(0.75, abs=0.03)
    at_centre = bells.log_density(np.zeros((2, 2)), np.array([0, 1]))
    assert at_centre[1] - at_centre[0] == pytest.approx(math.log(3))


def test_correction_keeps_each_proposal_as_often_as_its_weight_asks() -> None:
    weight = np.array([1.0, 0.0, 3.0, 4.0])
    with np.errstate(divide="ignore"):
        kept = corrected(np.log(weight), 800, 0.5)
    assert np.bincount(kept, minlength=4).tolist() == [100, 0, 300, 400]
