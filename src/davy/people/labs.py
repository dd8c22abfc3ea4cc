"""Questions about a person's laboratory values: the newest, how old, in whose unit."""

from __future__ import annotations

from datetime import date

from davy.people.person import Lab, Person
from davy.people.vocabulary import lab_test
from davy.units import convert

ALBUMIN_STANDARD_G_PER_L = 40.0
CALCIUM_PER_ALBUMIN = 0.02
"""Calcium bound per gram of albumin [mmol/g]: the usual correction, 0.8 mg/dL per g/dL (Payne 1973)."""


def labs_of(person: Person, test: str) -> tuple[Lab, ...]:
    """The results of one test, newest first."""
    return tuple(sorted((lab for lab in person.labs if lab.test == test), key=lambda lab: lab.date, reverse=True))


def latest(person: Person, test: str) -> Lab | None:
    """The newest result of one test, or None."""
    found = labs_of(person, test)
    return found[0] if found else None


def age_d(lab: Lab, today: date) -> int:
    """How old a result is [d]."""
    return (today - lab.date).days


def within(person: Person, test: str, days: int) -> tuple[Lab, ...]:
    """The results of one test that are at most so many days old, newest first."""
    return tuple(lab for lab in labs_of(person, test) if age_d(lab, person.today) <= days)


def corrected_calcium_mmol_per_L(person: Person, calcium: Lab) -> float:
    """Total calcium [mmol/L] corrected for an albumin of the same fortnight, or as measured where there is none."""
    near = [lab for lab in labs_of(person, "albumin") if abs((lab.date - calcium.date).days) <= 14]
    if not near:
        return calcium.value
    albumin = min(near, key=lambda lab: abs((lab.date - calcium.date).days))
    return calcium.value + CALCIUM_PER_ALBUMIN * (ALBUMIN_STANDARD_G_PER_L - albumin.value)


def own_unit(person: Person, test: str) -> str:
    """The unit this person's reports use for a test; else what their country is used to."""
    found = latest(person, test)
    if found is not None:
        return found.shown[1]
    row = lab_test(test)
    us = "mg/dL" if "mg/dL" in row.units else "mg/24h" if "mg/24h" in row.units else row.unit
    return us if person.jurisdiction == "US" else row.unit


def in_own_unit(person: Person, test: str, value: float) -> tuple[float, str]:
    """A value in the canonical unit of a test as this person's reports would print it."""
    row, unit = lab_test(test), own_unit(person, test)
    return convert(value, row.unit, unit, row.analyte), unit
