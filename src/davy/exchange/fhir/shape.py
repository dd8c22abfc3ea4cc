"""Whether a resource is one of R4: the models of fhir.resources, then what they do not look at."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib import import_module
from typing import Any

from pydantic import BaseModel, ValidationError

from davy.exchange.fhir.document import Tree

READ: dict[str, Collection[str]] = {
    "Observation": (
        "status", "code", "subject", "focus", "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued",
        "valueQuantity", "valueString", "valueInteger", "dataAbsentReason", "component", "referenceRange", "specimen",
        "performer", "device", "modifierExtension", "implicitRules",
    ),
    "MedicationStatement": (
        "status", "medicationCodeableConcept", "medicationReference", "subject", "effectiveDateTime", "effectivePeriod",
        "dateAsserted", "modifierExtension", "implicitRules", "informationSource",
    ),
    "MedicationRequest": (
        "status", "intent", "doNotPerform", "medicationCodeableConcept", "medicationReference", "subject", "authoredOn",
        "dosageInstruction", "dispenseRequest", "modifierExtension", "implicitRules", "requester",
    ),
    "Medication": ("code", "status", "ingredient", "modifierExtension", "implicitRules"),
}  # fmt: skip
"""The fields that Davy reads of each resource: a fault elsewhere in it takes nothing away from them."""
_APART = frozenset(("contained", "text"))
"""What is judged by itself where it is read, and what nobody reads."""
_MISSING_IS_WELL = frozenset(("subject", "intent"))


@cache
def _model(kind: str) -> type[BaseModel]:
    """The model of a resource; loading it takes seconds, so it is done only when such a resource is there."""
    found: Any = getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
    return found


def wrong_with(tree: Tree, kind: str) -> str | None:
    """What keeps Davy from believing a resource; None where nothing does."""
    read = READ[kind]
    for key in ("modifierExtension", "implicitRules"):
        if tree.get(key):
            return f"it carries {key}, which may change what it means, and Davy does not know that one"
    try:
        _model(kind).model_validate({key: value for key, value in tree.items() if key not in _APART})
    except (KeyError, TypeError, AttributeError, RecursionError):  # the models do not catch every odd shape themselves
        return f"this is not how R4 writes a {kind}"
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False):
            place = [str(step) for step in fault["loc"]]
            first = place[0].split("__")[0] if place else ""
            if fault["type"] == "missing" and first in _MISSING_IS_WELL:
                continue
            if not place or first in read or first.startswith(("value", "effective", "medication")):
                what = fault["msg"].removeprefix("Value error, ")
                return f"this is not how R4 writes a {kind}: {'.'.join(place) or 'the whole of it'}: {what}"
    return None
