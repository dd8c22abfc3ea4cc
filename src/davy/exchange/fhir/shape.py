"""Whether a resource is one of R4: the models of fhir.resources, then what they do not look at."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any, cast

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


_NAMED = frozenset(("id", "reference", "versionId", "identifier.value"))
_NAME = re.compile(r"(?:urn:uuid:|[A-Za-z]{1,40}/)?[A-Za-z0-9.-]{1,64}")
_MOMENT = re.compile(
    r"(?:19|20)\d\d-\d\d-\d\d(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d))?"
)
_MOST_OUTLINES = 4096
_well: set[tuple[Any, ...]] = set()
"""Outlines of resources that the models found well; two resources of one outline differ in nothing that they judge."""


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
    judged = {key: value for key, value in tree.items() if key not in _APART}
    outline = (kind, _outline(judged, ""))
    if outline in _well:
        return None
    try:
        _model(kind).model_validate(judged)
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
    if len(_well) >= _MOST_OUTLINES:
        _well.clear()
    _well.add(outline)
    return None


def _outline(value: Any, key: str) -> Any:
    """A value without what no model judges: which name, day or number it is, where it is a plain one of its kind."""
    if isinstance(value, dict):
        before = "identifier." if key == "identifier" else ""
        return tuple([(name, _outline(one, before + name)) for name, one in cast("Tree", value).items()])
    if isinstance(value, list):
        return (list, *[_outline(one, key) for one in cast("list[Any]", value)])
    if isinstance(value, str):
        if key in _NAMED and _NAME.fullmatch(value):
            return value.rpartition("/")[0], value.startswith("urn:")
        return _digits(value) if _MOMENT.fullmatch(value) else value
    if isinstance(value, float) and 1e-3 < value < 1e6:
        return float
    return type(value), value


def _digits(moment: str) -> str | int:
    """The form of a day or time that is one of the calendar."""
    try:
        date.fromisoformat(moment[:10])
    except ValueError:
        return moment
    return len(moment)
