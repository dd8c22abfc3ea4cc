"""What of SBML lies outside the engine: each refused by name and place, before anything is read of the rest."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from davy.body.declared import is_set, items
from davy.body.mathml import local
from davy.errors import ModelError

_PLACES = {
    "FunctionDefinitions": "function",
    "InitialAssignments": "initial assignment of",
    "Rules": "rule of",
    "Reactions": "reaction",
    "Events": "event",
}


_RESOLVED = frozenset(("comp",))
"""Packages that change what a model means, and that libSBML resolves into the core."""


def refuse_before_conversion(text: str, name: str) -> None:
    """Refuse a document that needs an SBML package beyond the core, or units that its conversion would drop."""
    root = ElementTree.fromstring(text)  # noqa: S314
    for attribute, value in root.attrib.items():
        space, _, key = attribute.rpartition("}")
        package = space.rstrip("/").split("/")[-2] if space.count("/") > 1 else space
        if key == "required" and value in ("true", "1") and package not in _RESOLVED:
            raise ModelError(f"{name}: needs the SBML package {package!r}, which is outside what the engine can do")
    for reaction in (element for element in root.iter() if local(element.tag) == "reaction"):
        for law in reaction:
            if local(law.tag) == "kineticLaw" and (law.get("substanceUnits") or law.get("timeUnits")):
                key = reaction.get("id") or reaction.get("name")
                raise ModelError(
                    f"{name}: reaction {key!r} has units of its own, which is outside what the engine can do"
                )


def refuse_outside(model: Element, name: str) -> None:
    """Refuse a document that holds what the engine cannot do."""
    for what in _outside(model):
        raise ModelError(f"{name}: {what} outside what the engine can do")


def _outside(model: Element) -> Iterator[str]:
    for event in items(model, "Events"):
        changed = [repr(assignment.get("variable")) for assignment in items(event, "EventAssignments")]
        yield f"event {event.get('id', '(unnamed)')!r} makes {', '.join(changed) or 'nothing'} jump: events are"
    for rule in items(model, "Rules"):
        if local(rule.tag) == "algebraicRule":
            yield "an algebraic rule says not which quantity follows from which: it is"
    for reaction in items(model, "Reactions"):
        if is_set(reaction, "fast"):
            yield f"reaction {reaction.get('id')!r} is fast, which is"
    for kind, place in _PLACES.items():
        for holder in items(model, kind):
            if any(symbol.get("definitionURL", "").endswith("/delay") for symbol in _symbols(holder)):
                key = holder.get("id") or holder.get("variable") or holder.get("symbol")
                yield f"{place} {key!r} reads the past through a delay, which is"


def _symbols(holder: Element) -> Iterator[Element]:
    return (element for element in holder.iter() if local(element.tag) == "csymbol")
