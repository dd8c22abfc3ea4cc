"""Why the kidney loses magnesium: patterns in what is known, read against `work_up.csv`. Nephrology decides."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass

from davy.forecast.priors import applies
from davy.people.labs import corrected_calcium_mmol_per_L, latest
from davy.people.person import Person
from davy.tables import SourcedRow, Words, read_table

_BOUND = re.compile(r"^(?P<what>[a-z0-9-]+)(?P<sign>[<>])(?P<bound>[0-9.]+)$")
_SIGNS = {"<": operator.lt, ">": operator.gt}


class PatternRow(SourcedRow):
    """One pattern.

    Attributes
    ----------
    needs : all of these hold; each is alternatives divided by "|": a bound on a lab in the unit of `labs.csv` or on
        the age ("potassium<3.5", "age<35"), or a setting ("condition:one-kidney", "medicine:thiazide-like").
    rules_out : settings that give the pattern to another row.
    asks : the tests that would show it.
    """

    id: str
    label: str
    needs: Words
    rules_out: Words = ()
    asks: Words = ()
    sentence: str


@dataclass(frozen=True)
class Pattern:
    """A pattern that the known facts show."""

    id: str
    label: str
    because: tuple[str, ...]
    sentence: str
    sources: tuple[str, ...]


def pattern_rows() -> tuple[PatternRow, ...]:
    """Every pattern, the medicines first."""
    return read_table("work_up.csv", PatternRow)


def patterns_of(person: Person) -> tuple[Pattern, ...]:
    """The patterns that this person's labs, medicines and conditions show; unknown labs show none."""
    found: list[Pattern] = []
    for row in pattern_rows():
        held = [_held(person, need) for need in row.needs]
        if all(held) and not any(applies(setting, person) for setting in row.rules_out):
            found.append(Pattern(row.id, row.label, tuple(one for one in held if one), row.sentence, row.source))
    return tuple(found)


def still_to_ask(person: Person) -> tuple[str, ...]:
    """The tests that the patterns need and that are not known, each once, in the order of the table."""
    asked = dict.fromkeys(test for row in pattern_rows() for test in row.asks)
    return tuple(test for test in asked if latest(person, test) is None)


def _held(person: Person, need: str) -> str | None:
    """In words, the first alternative that holds; None where none does."""
    for one in need.split("|"):
        bound = _BOUND.match(one)
        if bound is None:
            if applies(one, person):
                return _setting(person, one)
            continue
        value = _value(person, bound["what"])
        if value is not None and _SIGNS[bound["sign"]](value, float(bound["bound"])):
            return f"{bound['what'].replace('-', ' ')} {value:.3g}"
    return None


def _value(person: Person, what: str) -> float | None:
    """A lab as its comparator allows it to be read, calcium corrected for albumin; or the age."""
    if what == "age":
        return person.age_y
    lab = latest(person, what)
    if lab is None or lab.comparator is not None:
        return None
    return corrected_calcium_mmol_per_L(person, lab) if what == "calcium" else lab.value


def _setting(person: Person, setting: str) -> str:
    what, _, key = setting.partition(":")
    if what == "medicine":
        return ", ".join(medicine.label for medicine in person.takes(key))
    return key.replace("-", " ")
