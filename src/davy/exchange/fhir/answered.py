"""Observations whose value is a word and not a number: whether somebody is pregnant."""

from __future__ import annotations

from davy.exchange.dates import Unreadable
from davy.exchange.fhir.codes import CodeRow, known
from davy.exchange.fhir.concepts import called, codings, names
from davy.exchange.fhir.context import Context
from davy.exchange.fhir.document import Resource, Tree, text, tree_of
from davy.exchange.fhir.measured import kind_of, measured_at
from davy.followup.records import Ignored, Record
from davy.people.vocabulary import plain

PRESENT, ABSENT, NOT_SAID = "present", "absent", "not-said"
_MEANINGS = frozenset((PRESENT, ABSENT, NOT_SAID))
_WORDS = {"pregnant": PRESENT, "not pregnant": ABSENT, "unknown": NOT_SAID}


def is_answer(row: CodeRow) -> bool:
    """Whether a value of this code is a word that says whether something is there."""
    return kind_of(row) == "symptom"


def answered(row: CodeRow, part: Tree, resource: Resource, context: Context) -> Record | Ignored:
    """What the word says; raises Unreadable where Davy does not know it."""
    value = tree_of(part, "valueCodeableConcept")
    means = {one.name for one in known(codings(value))} & _MEANINGS
    if not means:
        said = (*names(value), text(part, "valueString"))
        means = {_WORDS[plain(word)] for word in said if plain(word) in _WORDS}
    if len(means) != 1:
        raise Unreadable(f"'{called(value)[:60]}' does not say whether it is so, in a word that Davy knows")
    if means != {PRESENT}:
        return Ignored(f"{row.display}: not said to be so", "that it was not there on a day does not speak for later")
    start, _ = measured_at("symptom", resource, context)
    file, line = resource.file, resource.entry
    return Record("symptom", start, text=row.name, source=context.source, file=file, line=line)
