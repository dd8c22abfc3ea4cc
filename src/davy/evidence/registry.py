"""The registry: every source, fact, claim and study by its id.

Ids: ``s-`` a source, ``f-`` and ``K`` a fact, ``c-`` and ``m-`` a claim, ``t-``, ``h-`` and ``p-`` a study;
``davy-rule`` marks a judgement of ours and ``davy-model`` an assumption of the model.
"""

from __future__ import annotations

from functools import cache

from davy.errors import KnowledgeError
from davy.evidence.rows import Claim, Fact, Source, Study
from davy.tables import read_table

Entry = Source | Fact | Claim | Study


def sources() -> tuple[Source, ...]:
    """Every source that anything cites."""
    return read_table("sources.csv", Source)


def facts() -> tuple[Fact, ...]:
    """Every clinical and kinetic fact."""
    return read_table("facts.csv", Fact)


def claims() -> tuple[Claim, ...]:
    """Every claim of the three articles."""
    return read_table("claims.csv", Claim)


def studies() -> tuple[Study, ...]:
    """Every trial, cohort and published pooled result."""
    return read_table("studies.csv", Study)


@cache
def entries() -> dict[str, Entry]:
    """Everything that has an id; raises KnowledgeError when two rows share one."""
    found: dict[str, Entry] = {}
    twice: list[str] = []
    for entry in (*sources(), *facts(), *claims(), *studies()):
        if entry.id in found:
            twice.append(entry.id)
        found[entry.id] = entry
    if twice:
        raise KnowledgeError("\n".join(f"knowledge: two rows have the id {name}" for name in twice))
    return found


def resolve(name: str) -> Entry:
    """Find the row of that id; raises KnowledgeError when there is none."""
    try:
        return entries()[name]
    except KeyError:
        raise KnowledgeError(f"no source, fact, claim or study has the id {name!r}") from None
