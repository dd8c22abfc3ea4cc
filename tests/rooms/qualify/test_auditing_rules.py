"""The rules on the audit's tables: a copy with one fault, and the fault named where it stands."""

from __future__ import annotations

import pytest
from tests.rooms.qualify.test_planted_faults import with_cell

from davy.evidence.ledger import lines_of, table_texts
from davy.evidence.registry import claims
from davy.qualify import auditing, sourcing
from davy.qualify.library import Knowledge

CASES = [
    ("claim_checks.csv", "m-002-051.1", "claim_id", "m-009-999", "is not a claim"),
    ("claim_checks.csv", "m-002-051.1", "id", "m-002-052.7", "the id of a check is that of its claim"),
    ("claim_checks.csv", "m-002-051.1", "method", "guess", "no method is called 'guess'"),
    ("claim_checks.csv", "m-002-051.1", "inputs", "ratio=0.7", "missing a required argument"),
    ("claim_checks.csv", "m-002-051.1", "inputs", "ratio", "is not name=value"),
    ("claim_checks.csv", "m-002-051.1", "source", "p-delgobbo2013-circ-cvd", "the check reads m-002-050"),
    ("claim_checks.csv", "c-002-047.1", "stands_high", "", "a check that decides says within which ends"),
    ("claim_checks.csv", "m-002-159.1", "claim_id", "m-002-158", "the id of a check"),
    ("claims.csv", "c-000-010", "computed_check", "2 + 2", "no row of claim_checks.csv works this out"),
    ("studies.csv", "p-fang2016-diet-hf", "estimate", "0.92", "outside its interval"),
    ("studies.csv", "p-delgobbo2013-circ-ihd", "estimate", "0.89", "nothing odd is found there any more"),
]


RULES = (*auditing.RULES, sourcing.may_carry)


def found(knowledge):
    return [problem for rule in RULES for problem in rule(knowledge)]


def test_the_knowledge_as_it_stands_breaks_none():
    assert found(Knowledge(table_texts())) == []


@pytest.mark.parametrize(("file", "row", "column", "value", "words"), CASES)
def test_a_planted_fault_is_named(file, row, column, value, words):
    told = found(with_cell(file, row, column, value)[0])
    assert any(words in problem.what for problem in told), told


UNSAFE = [claim.id for claim in claims() if claim.unsafe]
BEHIND = [
    ("parameters/literature.csv", "C0"),
    ("limits.csv", "kidney-refuse-below"),
    ("benefits.csv", "systolic-pressure"),
    ("food_rules.csv", None),
    ("monitoring.csv", None),
    ("stop_rules.csv", None),
    ("condition_rules.csv", None),
    ("interactions.csv", None),
    ("priors.csv", None),
    ("goals.csv", None),
    ("facts.csv", "f-051"),
    ("targets.csv", "serum"),
]


def test_there_are_unsafe_claims():
    assert len(UNSAFE) == 10


@pytest.mark.parametrize(("file", "row"), BEHIND)
def test_unsafe_advice_behind_anything_that_a_plan_uses_is_refused(file, row):
    """Alone, and beside the firm source that stands there already."""
    line = next(one for one in lines_of(file, table_texts()[file]) if row in (None, one.name))
    for cited in (UNSAFE[0], ";".join((*line.words("source"), UNSAFE[-1]))):
        told = found(with_cell(file, line.name, "source", cited)[0])
        assert any("is unsafe advice" in problem.what and problem.file == file for problem in told), (file, cited, told)


@pytest.mark.parametrize("claim", UNSAFE)
def test_each_unsafe_claim_is_refused_behind_a_limit(claim):
    told = found(with_cell("limits.csv", "kidney-refuse-below", "source", claim)[0])
    assert any(f"{claim} is unsafe advice" in problem.what for problem in told)
