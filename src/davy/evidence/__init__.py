"""Why we believe a number: sources, facts, claims and studies, and what each may stand behind."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.evidence.composition import FoodGroupRow, FoodRow, food_groups, foods
    from davy.evidence.effects import BenefitRow, benefits, benefits_for
    from davy.evidence.meta.dose_response import fit_dose_response
    from davy.evidence.meta.pooled import PooledEffect
    from davy.evidence.meta.pooling import pool
    from davy.evidence.registry import claims, facts, resolve, sources, studies
    from davy.evidence.rows import Claim, Fact, Source, Study
    from davy.evidence.rules import may_back, unsound
    from davy.evidence.search import find_claims, find_facts, find_sources, show

_HOME = {
    "BenefitRow": "davy.evidence.effects",
    "Claim": "davy.evidence.rows",
    "Fact": "davy.evidence.rows",
    "FoodGroupRow": "davy.evidence.composition",
    "FoodRow": "davy.evidence.composition",
    "PooledEffect": "davy.evidence.meta.pooled",
    "Source": "davy.evidence.rows",
    "Study": "davy.evidence.rows",
    "benefits": "davy.evidence.effects",
    "benefits_for": "davy.evidence.effects",
    "claims": "davy.evidence.registry",
    "facts": "davy.evidence.registry",
    "find_claims": "davy.evidence.search",
    "find_facts": "davy.evidence.search",
    "find_sources": "davy.evidence.search",
    "fit_dose_response": "davy.evidence.meta.dose_response",
    "food_groups": "davy.evidence.composition",
    "foods": "davy.evidence.composition",
    "may_back": "davy.evidence.rules",
    "pool": "davy.evidence.meta.pooling",
    "resolve": "davy.evidence.registry",
    "show": "davy.evidence.search",
    "sources": "davy.evidence.registry",
    "studies": "davy.evidence.registry",
    "unsound": "davy.evidence.rules",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(_HOME[name]), name)


__all__ = [
    "BenefitRow",
    "Claim",
    "Fact",
    "FoodGroupRow",
    "FoodRow",
    "PooledEffect",
    "Source",
    "Study",
    "benefits",
    "benefits_for",
    "claims",
    "facts",
    "find_claims",
    "find_facts",
    "find_sources",
    "fit_dose_response",
    "food_groups",
    "foods",
    "may_back",
    "pool",
    "resolve",
    "show",
    "sources",
    "studies",
    "unsound",
]
