"""The knowledge as it stands is sound."""

import pytest

from davy.qualify.knowledge import RULES, check_knowledge, check_tables
from davy.qualify.tables import TABLES


def test_every_table_is_sound():
    assert [str(problem) for problem in check_tables()] == []


def test_the_whole_check_is_sound():
    pytest.importorskip("davy.qualify.organs")
    assert [str(problem) for problem in check_knowledge()] == []


def test_what_carries_what_is_not_loosened():
    carries = {table.file: table.carries for table in TABLES}
    for file in ("parameters/literature.csv", "priors.csv", "covariates.csv", "forms.csv", "foods.csv"):
        assert carries[file] == "default"
    for file in ("limits.csv", "condition_rules.csv", "symptom_rules.csv", "interactions.csv"):
        assert carries[file] == "limit"
    assert carries["benefits.csv"] == "benefit"
    assert len(carries) == len(TABLES)


def test_every_rule_says_what_it_checks():
    assert len(RULES) >= 16
    assert all(rule.__doc__ and rule.__doc__.startswith("Check ") for rule in RULES)
