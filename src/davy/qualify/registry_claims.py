"""What the registry itself says of a claim: how a source is cited, what a study measured, what a food holds."""

from __future__ import annotations

from davy.errors import KnowledgeError
from davy.evidence.composition import foods
from davy.evidence.registry import resolve, studies
from davy.evidence.rows import Source, Study


def citation_holds(source: str, words: str) -> float:
    """How many of the words (divided by semicolons) the citation of a source holds."""
    entry = resolve(source)
    if not isinstance(entry, Source):
        raise KnowledgeError(f"{source} is no source")
    held = f"{entry.citation} {entry.year or ''}".casefold()
    return float(sum(word.strip().casefold() in held for word in words.split(";")))


def outcome_names(study: str, word: str) -> float:
    """1 where the outcome of a study names that word, else 0."""
    entry = resolve(study)
    if not isinstance(entry, Study):
        raise KnowledgeError(f"{study} is no study")
    return float(word.casefold() in entry.outcome.casefold())


def outcomes_named(study: str, words: str) -> float:
    """How many outcomes of all rows of that study name one of the words (divided by semicolons)."""
    rows = [row for row in studies() if row.study == study]
    if not rows:
        raise KnowledgeError(f"no row of studies.csv is of {study!r}")
    wanted = [word.strip().casefold() for word in words.split(";")]
    return float(sum(any(word in row.outcome.casefold() for word in wanted) for row in rows))


def least_food_share(names: str, reference_mg: float) -> float:
    """The smallest share of a day's reference that one portion of any of these foods brings [%]."""
    held = {row.id: row.mg for row in foods()}
    missing = [name for name in names.split() if name not in held]
    if missing:
        raise KnowledgeError(f"foods.csv holds no {', '.join(missing)}")
    return 100.0 * min(held[name] for name in names.split()) / reference_mg
