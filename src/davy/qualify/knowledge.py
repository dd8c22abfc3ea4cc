"""Whether the knowledge is sound: every row parses, is sourced, carries what it has to, and fits the others."""

from __future__ import annotations

from davy.evidence.ledger import table_texts
from davy.qualify import auditing, benefits, fit, linking, parsing, pathway_rules, sourcing
from davy.qualify.library import Knowledge, Rule
from davy.qualify.problem import Problem

RULES: tuple[Rule, ...] = (
    *parsing.RULES,
    *sourcing.RULES,
    *linking.RULES,
    *auditing.RULES,
    *fit.RULES,
    *benefits.RULES,
    *pathway_rules.RULES,
)
"""Every rule, in the order of the report."""


def check_tables(knowledge: Knowledge | None = None) -> tuple[Problem, ...]:
    """Every problem of the tables; those of the folder where no copy is given."""
    checked = knowledge or Knowledge(table_texts())
    return tuple(problem for rule in RULES for problem in rule(checked))


def check_knowledge() -> tuple[Problem, ...]:
    """Every problem of the tables and of the organ models; empty = the knowledge is sound."""
    from davy.qualify.organs import check_organs

    told = (found.partition(": ") for found in check_organs())
    return (*check_tables(), *(Problem(file, what) for file, _, what in told))
