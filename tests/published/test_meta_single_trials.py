"""Outcomes of a plan that rest on one trial with arms: each printed answer from the printed arms."""

from __future__ import annotations

import math

from tests.published.pooled_studies import counts, means, study

import davy


def test_cramps_roguin_maor_2017() -> None:
    """JAMA Intern Med 177:617: -0.38 cramps a week, p = .67; the printed SE of 0.48 is not what the SDs give."""
    made = davy.pool(means([study("t-roguin-maor-2017")]), measure="MD")
    assert made.estimate is not None
    assert abs(made.estimate + 0.38) < 1e-9
    assert made.p is not None
    assert round(made.p, 2) == 0.67
    assert made.se is not None
    assert 0.88 < made.se < 0.89


def test_migraine_pfaffenrath_1996() -> None:
    """Cephalalgia 16:436: 28.6 % against 29.4 % responders."""
    made = davy.pool(counts([study("t-pfaffenrath-1996-responders")]), measure="RR")
    assert made.estimate_exp is not None
    assert round(made.estimate_exp, 2) == 0.97
    assert made.ci_exp is not None
    assert made.ci_exp[0] < 0.5
    assert made.ci_exp[1] > 2


def test_neuropathy_de_leeuw_2004() -> None:
    """Magnes Res 17:109, open: 39 % against 8 % improved, 12 % against 61 % worse."""
    better = davy.pool(counts([study("t-de-leeuw-2004-improved")]), measure="RD")
    worse = davy.pool(counts([study("t-de-leeuw-2004-worse")]), measure="RD")
    assert better.estimate is not None
    assert worse.estimate is not None
    assert math.isclose(better.estimate, 0.39 - 0.08, abs_tol=0.01)
    assert math.isclose(worse.estimate, 0.12 - 0.61, abs_tol=0.01)


def test_sleep_latency_mah_2021() -> None:
    """Mah and Pitre 2021, Table 2: -17.36 min (-27.27 to -7.44), p = .0006, two trials of 55 people.

    The arms are not printed; interval and p value can be checked against each other, and the trials counted.
    """
    printed = study("p-mah-2021-latency")
    assert printed.n == "55; k 2"
    row = {"study": "Mah 2021", "estimate": printed.estimate, "ci_low": printed.low, "ci_high": printed.high}
    made = davy.pool([row], measure="MD")
    assert made.p is not None
    assert round(made.p, 4) == 0.0006


def test_intervals_that_are_not_symmetric_are_told() -> None:
    """Del Gobbo 2013: 0.83 (0.75 to 1.05) for serum and ischaemic heart disease cannot be on any scale."""
    printed = study("p-delgobbo2013-circ-ihd")
    row = {"study": "Del Gobbo 2013", "estimate": printed.estimate, "ci_low": printed.low, "ci_high": printed.high}
    made = davy.pool([row], measure="RR")
    assert any("off the middle of its interval" in one for one in made.warnings)
