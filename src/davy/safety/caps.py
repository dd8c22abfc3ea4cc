"""The caps: every rule that sets a most, side by side; the least of them binds."""

from __future__ import annotations

from davy.people.person import Person
from davy.safety.case import case_of
from davy.safety.ceilings import upper_level_of
from davy.safety.limits import Rules, rules
from davy.safety.screen import screened
from davy.safety.verdict import Cap, Finding, Said


def caps_among(said: tuple[Said, ...]) -> tuple[Cap, ...]:
    """The caps among what the gates said; a refused person's cap is 0."""
    found = tuple(entry for entry in said if isinstance(entry, Cap))
    refusals = tuple(entry for entry in said if isinstance(entry, Finding) and entry.severity == "refuse")
    if refusals:
        found += (Cap("refused", 0.0, "Refused, so no added magnesium: see the findings.", refusals[0].sources),)
    return tuple(dict.fromkeys(found))


def caps(person: Person, known: Rules | None = None) -> tuple[Cap, ...]:
    """Every cap that applies to a person; the same under either parameter set, since no cap reads a forecast."""
    return caps_among(screened(case_of(person, known or rules())))


def binding(found: tuple[Cap, ...]) -> Cap:
    """The cap that binds: the least."""
    return min(found, key=lambda cap: cap.elemental_mg_per_day)


def permitted(person: Person, known: Rules | None = None) -> float:
    """The most elemental magnesium from everything but food [mg/d]."""
    return binding(caps(person, known)).elemental_mg_per_day


def upper_level(person: Person, known: Rules | None = None) -> float:
    """The upper level for supplements where this person lives [mg/d]."""
    return upper_level_of(case_of(person, known or rules())).value
