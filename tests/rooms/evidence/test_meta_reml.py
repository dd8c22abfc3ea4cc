"""REML where metafor's stopping rule is too early, where the likelihood has two peaks, and where tau^2 is zero."""

from __future__ import annotations

import numpy as np
import pytest

from davy.evidence.meta.between_study_variance import paule_mandel, q_profile, reml, restricted_likelihood
from davy.evidence.meta.model import fit_model
from davy.evidence.meta.regression import intercept

RNG = np.random.default_rng(5)
Y = RNG.normal(0.3, 0.4, 12)
V = RNG.uniform(0.01, 0.2, 12)
X = intercept(12)


def test_a_result_does_not_depend_on_the_unit() -> None:
    """In mol instead of mmol every tau^2 is below the step at which metafor stops; Davy goes on and says so."""
    whole = fit_model(Y, V)
    small = fit_model(Y * 1e-3, V * 1e-6)
    assert small.tau2.trouble is not None
    assert "taken on to where it settles" in small.tau2.trouble
    assert small.tau2.value * 1e6 == pytest.approx(whole.tau2.value, rel=1e-3)
    assert small.se[0] * 1e3 == pytest.approx(whole.se[0], rel=1e-3)


def test_it_is_the_peak_of_the_restricted_likelihood() -> None:
    found = reml(Y * 1e-3, V * 1e-6, X).value
    best = restricted_likelihood(Y * 1e-3, V * 1e-6, X, found)
    for factor in (0.97, 1.03):
        assert restricted_likelihood(Y * 1e-3, V * 1e-6, X, found * factor) < best


def test_studies_that_agree_have_no_variance_between_them() -> None:
    y = np.full(5, 0.2) + 1e-3 * np.arange(5)
    assert reml(y, np.full(5, 0.1), intercept(5)).value < 1e-5
    assert paule_mandel(y, np.full(5, 0.1), intercept(5)).value == 0
    assert q_profile(y, np.full(5, 0.1), intercept(5), 0.95) == (0.0, 0.0)


def test_paule_mandel_makes_q_what_it_should_be() -> None:
    tau2 = paule_mandel(Y, V, X).value
    w = 1 / (V + tau2)
    mean = np.sum(w * Y) / np.sum(w)
    assert np.sum(w * (Y - mean) ** 2) == pytest.approx(11, rel=1e-9)


def test_the_q_profile_holds_the_estimate_and_widens_with_the_level() -> None:
    tau2 = reml(Y, V, X).value
    narrow, wide = q_profile(Y, V, X, 0.8), q_profile(Y, V, X, 0.99)
    assert narrow is not None
    assert wide is not None
    assert wide[0] <= narrow[0] <= tau2 <= narrow[1] <= wide[1]


TWO_PEAKS = {
    "zero is higher": ((-0.011, -1.422, -0.01, 0.068), (0.0089, 0.2842, 0.2559, 0.0335), "higher at tau2 = 0"),
    "zero is lower": (
        (-0.427, 1.138, 0.814, 1.068),
        (0.2853, 0.0088, 4.3668, 0.0069),
        "higher peak at tau2 = 0.40",
    ),
}
"""Effects and variances whose restricted likelihood has two peaks; metafor 3.8-1 ends at zero in both."""


@pytest.mark.parametrize("name", TWO_PEAKS)
def test_two_peaks_are_told(name: str) -> None:
    y, v, words = TWO_PEAKS[name]
    found = reml(np.array(y), np.array(v), intercept(4))
    assert found.value < 1e-5
    assert found.trouble is not None
    assert words in found.trouble
