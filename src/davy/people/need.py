"""How much magnesium a person needs from everything they eat: reference values for their age, sex and stage of life."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from davy.people.person import Person
from davy.tables import SourcedRow, read_table

Kind = Literal["EAR", "RDA", "AI"]
Stage = Literal["none", "pregnancy", "lactation"]


class DietaryReferenceRow(SourcedRow):
    """One reference value [mg/d] for an age band [y], low inclusive and high exclusive."""

    id: str
    authority: Literal["US", "EU"]
    kind: Kind
    stage: Stage
    sex: Literal["female", "male", "any"]
    age_low_y: float
    age_high_y: float
    mg_per_day: float


@dataclass(frozen=True)
class DietaryReference:
    """Reference intakes from all sources [mg/d]; None where none is set or none could be verified.

    Attributes
    ----------
    ear_mg : half of healthy people need no more than this (US and Canada).
    rda_mg : covers nearly all healthy people (US and Canada).
    ai_mg : adequate intake of infants (US and Canada).
    eu_ai_mg : adequate intake as EFSA observed it.
    """

    ear_mg: float | None
    rda_mg: float | None
    ai_mg: float | None
    eu_ai_mg: float | None
    sources: tuple[str, ...]


ADULT = 19.0


def reference_rows() -> tuple[DietaryReferenceRow, ...]:
    """Every row of the table."""
    return read_table("dietary_reference.csv", DietaryReferenceRow)


def _stage(person: Person) -> Stage:
    if person.pregnant:
        return "pregnancy"
    return "lactation" if "lactation" in person.conditions else "none"


def _row(person: Person, authority: Literal["US", "EU"], kind: Kind) -> DietaryReferenceRow | None:
    """The row that fits; where sex or age is unknown the lowest of those that may fit, so that no need is invented."""
    stage = _stage(person)
    for wanted in (stage, "none"):
        fitting = [
            row
            for row in reference_rows()
            if (row.authority, row.kind, row.stage) == (authority, kind, wanted)
            and row.verified != "memory"
            and (row.sex in ("any", person.sex or row.sex))
            and (
                row.age_low_y
                <= (person.age_y if person.age_y is not None else max(ADULT, row.age_low_y))
                < row.age_high_y
            )
            and (wanted == "none" or person.sex != "male")
        ]
        if fitting:
            return min(fitting, key=lambda row: row.mg_per_day)
    return None


def dietary_reference(person: Person) -> DietaryReference:
    """The reference values for one person.

    A row that was only recalled backs nothing: where the value for lactation is such a row, the woman's own age band
    stands in, which the same committee set equal.
    """
    ear, rda, infant = _row(person, "US", "EAR"), _row(person, "US", "RDA"), _row(person, "US", "AI")
    eu = _row(person, "EU", "AI")
    used = [row for row in (ear, rda, infant, eu) if row is not None]
    sources = tuple(dict.fromkeys(source for row in used for source in row.source))
    amounts = (None if row is None else row.mg_per_day for row in (ear, rda, infant, eu))
    ear_mg, rda_mg, ai_mg, eu_ai_mg = amounts
    return DietaryReference(ear_mg, rda_mg, ai_mg, eu_ai_mg, sources)
