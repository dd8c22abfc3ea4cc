"""What a value was measured in, by its specimen and by its code: blood and urine are never one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from davy.exchange.dates import Unreadable
from davy.exchange.fhir.codes import CodeRow
from davy.exchange.fhir.concepts import names
from davy.exchange.fhir.context import Context
from davy.exchange.fhir.document import Resource, text, tree_of

_URINE = re.compile(r"\b(?:urin|orina)", re.IGNORECASE)
_BLOOD = re.compile(r"\b(?:serum|plasma|blut|blood|sang)", re.IGNORECASE)


def refuse_other_specimen(row: CodeRow, resource: Resource, context: Context) -> None:
    """Raise Unreadable where the specimen is urine and the code is of blood, or the reverse."""
    said = " ".join(_words(resource, context))
    in_urine, of_urine = bool(_URINE.search(said)), bool(_URINE.search(row.display))
    in_blood, of_blood = bool(_BLOOD.search(said)), bool(_BLOOD.search(row.display))
    if (in_urine and not in_blood and of_blood) or (in_blood and not in_urine and of_urine and not of_blood):
        raise Unreadable(f"the code {row.code} is {row.display}, and the specimen is {said[:60]}: one of them is wrong")


def _words(resource: Resource, context: Context) -> Iterator[str]:
    """The words of the specimen, of what it was taken from, and of the reference itself."""
    reference = tree_of(resource.tree, "specimen")
    if display := text(reference, "display"):
        yield display
    found = context.document.target(reference, resource) if reference else None
    if found is not None:
        yield from names(tree_of(found.tree, "type"))
