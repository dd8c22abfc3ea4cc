"""Observations as records: laboratory values and measurements, each with the code, the unit and the status it needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from davy.exchange.dates import Unreadable
from davy.exchange.fhir.answered import answered, is_answer
from davy.exchange.fhir.codes import CodeRow, known
from davy.exchange.fhir.concepts import called, codings, names
from davy.exchange.fhir.context import Context
from davy.exchange.fhir.document import Resource, Tree, text, tree_of, trees
from davy.exchange.fhir.measured import kind_of, measured_at, record_of_value, shown
from davy.exchange.fhir.specimen import refuse_other_specimen
from davy.followup.records import Found, Ignored, Quarantined, Record, Retracted, local_day
from davy.people.vocabulary import canonical_test, plain

CORRECTED = frozenset(("amended", "corrected"))
DOUBTED = {
    "entered-in-error": "whoever recorded it has marked it as entered in error",
    "registered": "its status is registered: the result is not there yet",
    "preliminary": "its status is preliminary: the result may still change",
}
_OTHER_STATISTIC = {"hrv_sdnn": "rmssd", "hrv_rmssd": "sdnn"}
_SPOKEN_OF = "magnesium"
"""What is never passed over in silence, whatever its code."""


def is_of_use(tree: Tree) -> bool:
    """Whether an observation or a part of it is a value that Davy reads."""
    return any(_wanted(part) for part in (tree, *trees(tree, "component")))


def observed(resource: Resource, context: Context) -> Iterator[Found]:
    """What one observation says, its components with it."""
    tree = resource.tree
    wanted = [part for part in (tree, *trees(tree, "component")) if _wanted(part)]
    status, why = text(tree, "status"), _doubt(resource, context)
    if why is None and status == "cancelled":
        yield Ignored(f"{called(tree_of(tree, 'code'))}, cancelled", "the measurement was not done")
        return
    for part in wanted:
        rows = tuple(row for row in known(codings(tree_of(part, "code"))) if row.kind is not None)
        if status == "entered-in-error" and rows:
            yield from _retracted(rows[0], resource, context, "")
        for one in _part(part, rows, resource, context):
            if why is not None and not isinstance(one, Ignored):
                yield _doubted(part, rows, resource, context, why)
                continue
            if isinstance(one, Record) and status in CORRECTED:
                yield from _retracted(rows[0], resource, context, one.id)
            yield one


def _doubt(resource: Resource, context: Context) -> str | None:
    """Why nothing of an observation is believed; None where its status says that it holds."""
    status = text(resource.tree, "status")
    if resource.local in context.document.deleted or resource.address in context.document.deleted:
        return "it was deleted where it was recorded"
    held = resource.inside is not None and text(resource.inside, "status") == "entered-in-error"
    if held or id(resource.tree) in context.document.mistaken:
        return "the report that holds it is marked as entered in error"
    if trees(resource.tree, "focus"):
        return "it is about somebody or something else than the person"
    if status in DOUBTED:
        return DOUBTED[status]
    if status not in CORRECTED and status not in ("final", "cancelled"):
        return f"its status is '{status or 'not said'}', so nothing says that it holds"
    return None


def _retracted(row: CodeRow, resource: Resource, context: Context, kept: str) -> Iterator[Retracted]:
    """What is taken back of the same test at the same time, where it says when that was."""
    said = text(tree_of(resource.tree, "meta"), "lastUpdated") or text(resource.tree, "issued")
    kind = kind_of(row)
    try:
        start, _ = measured_at(kind, resource, context)
    except Unreadable:
        return
    yield Retracted(kind, start, row.name if kind in ("lab", "symptom") else "", context.source, kept, said)


def _wanted(part: Tree) -> bool:
    """Whether a code of it is of use; without a known code, whether its name reads like a test or of magnesium."""
    concept = tree_of(part, "code")
    rows = known(codings(concept))
    if rows:
        return any(row.kind is not None for row in rows)
    return any(canonical_test(name) is not None or _SPOKEN_OF in plain(name).split() for name in names(concept))


def _part(part: Tree, rows: Sequence[CodeRow], resource: Resource, context: Context) -> Iterator[Found]:
    """A value under its codes, as a record."""
    if not any(key.startswith("value") for key in part):
        reason = next(names(tree_of(part, "dataAbsentReason")), "unknown, never zero")
        yield Ignored(f"{called(tree_of(part, 'code'))} without a value", reason)
        return
    try:
        if not rows:
            raise Unreadable(
                "no code of it is known to Davy, and a name alone does not say what was measured in what; if it is a "
                "test that Davy reads, put it into the person file"
            )
        if len({(row.kind, row.name) for row in rows}) > 1:
            raise Unreadable(f"its codes mean different things: {' and '.join(row.display for row in rows)}")
        _refuse_other_statistic(rows[0], part)
        refuse_other_specimen(rows[0], resource, context)
        yield (
            answered(rows[0], part, resource, context)
            if is_answer(rows[0])
            else record_of_value(rows, part, resource, context)
        )
    except Unreadable as error:
        yield _doubted(part, rows, resource, context, str(error))


def _doubted(part: Tree, rows: Sequence[CodeRow], resource: Resource, context: Context, why: str) -> Quarantined:
    """A value that is not believed, with the laboratory test and the day where they can be told."""
    test = _test_of(part, rows)
    try:
        start = measured_at("lab", resource, context)[0]
    except Unreadable:
        return context.doubt(resource, shown(part), why, test=test)
    return context.doubt(resource, shown(part), why, test=test, day=local_day(start).isoformat() if test else "")


def _test_of(part: Tree, rows: Sequence[CodeRow]) -> str:
    """The laboratory test of a value, by its code or else its name; magnesium without more is serum."""
    if rows:
        return next((row.name for row in rows if kind_of(row) == "lab"), "")
    spoken = [name for name in names(tree_of(part, "code"))]
    known_as = (canonical_test(name) for name in spoken)
    serum = "serum-magnesium" if any(_SPOKEN_OF in plain(name).split() for name in spoken) else ""
    return next((test for test in known_as if test is not None), serum)


def _refuse_other_statistic(row: CodeRow, part: Tree) -> None:
    """Raise Unreadable where the words name the one statistic of heart rate variability and the code the other."""
    other = _OTHER_STATISTIC.get(kind_of(row))
    words = (*names(tree_of(part, "code")), *names(tree_of(part, "method")))
    if other is not None and any(other in word.casefold() for word in words):
        raise Unreadable(f"its code is that of {row.display} and its name says {other.upper()}, which are never one")
