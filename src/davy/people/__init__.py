"""Who is asking: a person's facts, read once, in one set of units, unknown kept apart from no."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from davy.people.file import person_schema
    from davy.people.intake import Intake, intake_of
    from davy.people.kidney import KidneyFunction, kidney_function
    from davy.people.person import Lab, Medicine, Person, Supplement
    from davy.people.population import Population, draw_population
    from davy.people.read import person_from_text, read_person
    from davy.people.recipe import Recipe, recipes
    from davy.people.regimen import Regimen
    from davy.people.regimen_text import parse_regimen

_HOME = {
    "Intake": "davy.people.intake",
    "KidneyFunction": "davy.people.kidney",
    "Lab": "davy.people.person",
    "Medicine": "davy.people.person",
    "Person": "davy.people.person",
    "Population": "davy.people.population",
    "Recipe": "davy.people.recipe",
    "Regimen": "davy.people.regimen",
    "Supplement": "davy.people.person",
    "draw_population": "davy.people.population",
    "intake_of": "davy.people.intake",
    "kidney_function": "davy.people.kidney",
    "parse_regimen": "davy.people.regimen_text",
    "person_from_text": "davy.people.read",
    "person_schema": "davy.people.file",
    "read_person": "davy.people.read",
    "recipes": "davy.people.recipe",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'davy.people' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


__all__ = [
    "Intake",
    "KidneyFunction",
    "Lab",
    "Medicine",
    "Person",
    "Population",
    "Recipe",
    "Regimen",
    "Supplement",
    "draw_population",
    "intake_of",
    "kidney_function",
    "parse_regimen",
    "person_from_text",
    "person_schema",
    "read_person",
    "recipes",
]
