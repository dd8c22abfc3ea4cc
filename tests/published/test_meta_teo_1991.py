"""Teo 1991, BMJ 303:1499: seven trials of intravenous magnesium in myocardial infarction; then LIMIT-2 and ISIS-4.

Printed: 25 deaths of 657 against 53 of 644, 55 % lower odds, interval about one third to two thirds lower.
"""

from __future__ import annotations

from tests.published.pooled_studies import counts, group

import davy

TRIALS = counts(group("infarction-egger2001"))


def total(column: str) -> int:
    return sum(int(str(row[column])) for row in TRIALS[:7])


def test_the_printed_answer() -> None:
    assert [total(column) for column in ("ai", "n1i", "ci", "n2i")] == [25, 657, 53, 644]
    made = davy.pool(TRIALS[:7], measure="OR", method="PETO")
    assert made.estimate_exp is not None
    assert made.ci_exp is not None
    assert round(1 - made.estimate_exp, 2) == 0.55
    assert made.p is not None
    assert made.p < 0.001
    assert 0.28 < 1 - made.ci_exp[1] < 0.36
    assert 0.64 < 1 - made.ci_exp[0] < 0.73


def test_one_large_trial_ends_it() -> None:
    """With all sixteen trials Peto's common effect is about one; ISIS-4 holds most of the information."""
    made = davy.pool(TRIALS, measure="OR", method="PETO")
    assert made.k == 16
    assert made.ci_exp is not None
    assert made.ci_exp[0] < 1 < made.ci_exp[1]
    largest = max(made.studies, key=lambda one: one.weight)
    assert largest.study == "ISIS-4 1995"
    assert largest.weight > 80


def test_random_effects_still_promise() -> None:
    """The same sixteen trials: 0.5 with random effects, because each small trial weighs nearly as much as ISIS-4."""
    made = davy.pool(TRIALS, measure="OR", method="DL", test="z")
    assert made.ci_exp is not None
    assert made.ci_exp[1] < 1
    assert made.estimate_exp is not None
    assert 0.4 < made.estimate_exp < 0.65
