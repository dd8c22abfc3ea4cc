"""Fasting glucose and HbA1c: end values against changes in Rodriguez-Moran 2003, and what its printed SDs give.

The paper prints p = .01 for glucose; the SDs that it prints give far less. Solati 2014 prints SDs that look like
standard errors: taken as they stand they would decide every pooled result.
"""

from __future__ import annotations

from tests.published.pooled_studies import means, study

import davy


def test_the_printed_sds_give_a_smaller_p_than_is_printed() -> None:
    made = davy.pool(means([study("t-rodriguez-moran-2003-fpg")]), measure="MD")
    assert made.estimate is not None
    assert abs(made.estimate + 2.3) < 1e-9
    assert made.p is not None
    assert made.p < 0.001


def test_the_arms_differed_before_treatment() -> None:
    """End values differ by 2.3 mmol/L, changes by 0.9: most of the difference was there at the start."""
    end, change = study("t-rodriguez-moran-2003-fpg"), study("t-rodriguez-moran-2003-fpg-change")
    assert end.estimate == -2.3
    assert change.estimate == -0.9
    rows = [
        {
            "study": "Rodriguez-Moran 2003",
            **{"pre1i": 12.8, "sd_pre1i": 5.6, "post1i": 8.0, "sd_post1i": 2.4, "n1i": 32},
            **{"pre2i": 14.2, "sd_pre2i": 3.9, "post2i": 10.3, "sd_post2i": 2.1, "n2i": 31},
            "ri": 0.5,
        }
    ]
    made = davy.pool(rows, measure="MD")
    assert made.estimate is not None
    assert abs(made.estimate + 0.9) < 1e-9
    assert made.ci is not None
    assert made.ci[0] < 0 < made.ci[1]


def test_sds_that_are_standard_errors_would_hold_all_the_weight() -> None:
    doubtful = study("t-solati-2014-fpg")
    assert doubtful.status == "doubtful"
    durango = study("t-guerrero-romero-2015-fpg")
    rows = means([durango])
    rows += [{**means([doubtful])[0], "n1i": 27, "n2i": 27}]
    as_sd = davy.pool(rows, measure="MD")
    rows[1] = {**rows[1], "sd1i": None, "sd2i": None, "se1i": doubtful.sd_arm, "se2i": doubtful.sd_control}
    rows[0] = {**rows[0], "se1i": None, "se2i": None}
    as_se = davy.pool(rows, measure="MD")
    assert as_sd.studies[1].weight_common > 25
    assert as_se.studies[1].weight_common < 5
