"""Li 2007, Cochrane CD002755: intravenous magnesium in myocardial infarction, 22 trials with deaths or patients.

Printed from one set of trials: common effect 0.99 (0.94 to 1.04), random effects 0.66 (0.53 to 0.82).
"""

from __future__ import annotations

import pytest
from tests.published.pooled_studies import counts, group, study

import davy
from davy.report.pool_text import pool_text, small_study_lesson

TRIALS = counts(group("infarction-li2007"))


@pytest.mark.parametrize(
    ("method", "answer"), [("MH", "p-li-2007-common"), ("FE", "p-li-2007-common"), ("DL", "p-li-2007-random")]
)
def test_the_printed_answers(method: str, answer: str) -> None:
    made = davy.pool(TRIALS, measure="OR", method=method, test="z")
    printed = study(answer)
    assert made.k == 22
    assert made.estimate_exp is not None
    assert made.ci_exp is not None
    assert round(made.estimate_exp, 2) == printed.estimate
    wanted = (printed.low, printed.high)
    # Inverse variance adds a half to two trials; Mantel-Haenszel and the random effects agree in every digit.
    found = tuple(round(end, 2) for end in made.ci_exp)
    assert found == (wanted if method != "FE" else (0.94, 1.05))


def test_the_lesson_is_told() -> None:
    made = davy.pool(TRIALS, measure="OR")
    said = " ".join(small_study_lesson(made))
    assert "the small studies pull the result" in said
    assert "The largest, ISIS-4 1995, says 1.00 to 1.13 by itself" in said
    assert "not to be promised before a large trial confirms it" in said
    assert said.split(".")[0] in pool_text(made).replace("\n", " ")


def test_every_test_for_small_studies_answers() -> None:
    made = davy.pool(TRIALS, measure="OR")
    assert {one.test for one in made.small_study_tests} == {"Egger", "Harbord", "Peters"}
    assert all(one.p < 0.01 for one in made.small_study_tests)
    assert made.trim_fill is not None
    assert made.trim_fill.missing >= 5
    assert made.trim_fill.side == "right"
    assert made.trim_fill.ci_exp is not None
    assert made.trim_fill.ci_exp[1] > 1


def test_a_new_trial_might_say_either() -> None:
    made = davy.pool(TRIALS, measure="OR")
    assert made.ci_exp is not None
    assert made.pi_exp is not None
    assert made.ci_exp[1] < 1 < made.pi_exp[1]
