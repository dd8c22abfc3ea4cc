"""Concepts, quantities and references of FHIR as Davy's own: codes, names, numbers with their unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from davy.exchange.dates import Unreadable
from davy.exchange.fhir.codes import Coding, Written, system_of, unit_of
from davy.exchange.fhir.document import Tree, text, trees
from davy.followup.records import Comparator

_COMPARATORS: dict[str, Comparator] = {"<": "<", "<=": "<", ">": ">", ">=": ">"}
_QUANTITY = re.compile(r"\s*(?P<sign>[<>]=?)?\s*(?P<number>[+-]?\d{1,12}(?:\.\d{1,12})?)\s*(?P<unit>\S.{0,30})?")


@dataclass(frozen=True)
class Amount:
    """A number, its unit as Davy spells it, and whether it is only a bound."""

    value: float
    unit: str
    comparator: Comparator | None = None


def codings(concept: Tree) -> tuple[Coding, ...]:
    """The codes of a concept, as written."""
    return tuple(
        Coding(system_of(text(one, "system")), text(one, "code"), text(one, "display"))
        for one in trees(concept, "coding")
    )


def names(concept: Tree) -> Iterator[str]:
    """The words of a concept: its text first, then what each code displays."""
    found = (text(concept, "text"), *(one.display for one in codings(concept)))
    yield from dict.fromkeys(name for name in found if name)


def called(concept: Tree) -> str:
    """A concept in a sentence."""
    written = codings(concept)
    return text(concept, "text") or (str(written[0]) if written else "") or "something without a name"


def amount_of(quantity: Tree) -> Amount:
    """A quantity; raises Unreadable where the number, the unit or the comparator cannot be understood."""
    value = quantity.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unreadable("it has no number")
    sign = text(quantity, "comparator")
    if sign and sign not in _COMPARATORS:
        raise Unreadable(f"'{sign[:10]}' is not a comparator of R4")
    unit, times = _unit(quantity)
    return Amount(float(value) * times, unit, _COMPARATORS.get(sign))


def amount_in_words(written: str) -> Amount:
    """A quantity that was written as a text, like ``<0.4 mmol/L``; raises Unreadable where it is none."""
    match = _QUANTITY.fullmatch(written)
    if match is None:
        raise Unreadable(f"'{written[:40]}' is a text and not a number")
    if match["unit"] is None:
        raise Unreadable("it has no unit")
    unit, times = _known(match["unit"], "words")
    return Amount(float(match["number"]) * times, unit, _COMPARATORS.get(match["sign"] or ""))


def _unit(quantity: Tree) -> tuple[str, float]:
    """The unit of a quantity by its code; raises Unreadable where it is unknown or the code and the words differ."""
    code, words = text(quantity, "code"), text(quantity, "unit")
    by_ucum = system_of(text(quantity, "system")) == "ucum"
    if not code and not words:
        raise Unreadable("it has no unit")
    if not code or (not by_ucum and words):
        return _known(words, "ucum")
    found = _known(code, "ucum")
    said = unit_of(words, "ucum") if words else None
    if said is not None and said != found:
        raise Unreadable(
            f"its unit is '{words[:20]}' in words and '{code[:20]}' by its code, and only one can be right"
        )
    return found


def _known(unit: str, written: Written) -> tuple[str, float]:
    found = unit_of(unit, written)
    if found is None:
        raise Unreadable(f"'{unit[:30]}' is not a unit that Davy knows")
    return found
