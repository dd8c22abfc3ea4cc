"""Medicines as courses: what was taken from when to when, by a statement or a prescription that still holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from davy.exchange.dates import Unreadable
from davy.exchange.fhir.codes import known
from davy.exchange.fhir.concepts import amount_of, called, codings, names
from davy.exchange.fhir.context import Context
from davy.exchange.fhir.document import Resource, Tree, text, tree_of, trees
from davy.exchange.fhir.moments import course_day
from davy.exchange.fhir.shape import wrong_with
from davy.followup.records import Found, Ignored, Record, Retracted
from davy.followup.visit_rules import days as days_of_rule
from davy.people.vocabulary import classes_of

NOT_TAKEN = {
    "draft": "it was never ordered",
    "cancelled": "it was cancelled before it was taken",
    "on-hold": "it is on hold; put it into the person file if it is taken all the same",
    "intended": "it is intended and not yet taken",
    "not-taken": "it is said not to be taken",
}
OVER = frozenset(("completed", "stopped"))
MOST_REPEATS, LONGEST_SUPPLY_D = 99, 366.0
ORDERS = frozenset(("", "order", "original-order", "reflex-order", "filler-order", "instance-order"))


def taken(resource: Resource, context: Context) -> Iterator[Found]:
    """What one statement or prescription says."""
    tree, status = resource.tree, text(resource.tree, "status")
    try:
        name = _name(resource, context)
        first, last = _statement(tree) if resource.kind == "MedicationStatement" else _prescription(tree)
        if status == "entered-in-error" or _is_deleted(resource, context):
            yield from _retracted(name, first, resource, context)
            raise Unreadable("whoever recorded it has marked it as entered in error or deleted it")
        why = _not_taken(tree, status, last)
        if why is not None:
            yield from _retracted(name, first, resource, context)
            yield Ignored(f"the medicine {name}", why)
        elif status == "active" or status in OVER:
            yield from _course(name, (first, last), resource, context)
        else:
            raise Unreadable(f"its status is '{status or 'not said'}', so nothing says whether it is taken")
    except Unreadable as error:
        yield context.doubt(resource, _shown(resource, context), str(error))


def _not_taken(tree: Tree, status: str, last: date | None) -> str | None:
    """Why nothing is taken by it, as far as it says; None where something is."""
    if tree.get("doNotPerform") is True:
        return "it is an order not to take it"
    if text(tree, "intent") not in ORDERS:
        return f"it is a {text(tree, 'intent')} and not an order"
    if status in OVER and last is None:
        return f"it is {status}, and nothing says when it ended"
    return NOT_TAKEN.get(status)


def _course(name: str, span: tuple[date | None, date | None], resource: Resource, context: Context) -> Iterator[Found]:
    """The course as a record; one that has ended takes back what was said while it had not."""
    first, last = span
    if first is None:
        raise Unreadable("it does not say since when")
    if last is not None and last < first:
        raise Unreadable(f"it ends on {last}, before it begins on {first}")
    if first > context.today and text(resource.tree, "status") in OVER:
        raise Unreadable(f"it is over and begins on {first}, which lies in the future")
    if last is None and resource.kind == "MedicationRequest":
        _refuse_stale(resource.tree, first, context.today)
    made = Record("medicine", first, last, text=name, source=context.source, file=resource.file, line=resource.entry)
    if last is not None:
        yield from _retracted(name, first, resource, context, made.id)
    yield made


def _is_deleted(resource: Resource, context: Context) -> bool:
    return bool({resource.local, resource.address} & context.document.deleted)


def _retracted(
    name: str, first: date | None, resource: Resource, context: Context, kept: str = ""
) -> Iterator[Retracted]:
    said = text(tree_of(resource.tree, "meta"), "lastUpdated")
    if first is not None:
        yield Retracted("medicine", first, name, context.source, kept, said)


def _refuse_stale(tree: Tree, since: date, today: date) -> None:
    """Raise Unreadable for a prescription without an end that is too old to say what is taken today."""
    authored = course_day(text(tree, "authoredOn"), last=False) if text(tree, "authoredOn") else since
    if (today - max(since, _supplied_until(tree, authored))).days > days_of_rule("prescription-recent"):
        raise Unreadable(
            f"it was prescribed on {authored}, has no end and was not renewed: put it into the person file if it is "
            "still taken"
        )


def _statement(tree: Tree) -> tuple[date | None, date | None]:
    single, period = text(tree, "effectiveDateTime"), tree_of(tree, "effectivePeriod")
    said = text(period, "start") or single or text(tree, "dateAsserted")
    end = text(period, "end")
    return (course_day(said, last=False) if said else None), (course_day(end, last=True) if end else None)


def _prescription(tree: Tree) -> tuple[date | None, date | None]:
    """The course of a prescription: what its dosage says, else from its day for as long as the supply lasts."""
    bounds = [
        tree_of(tree_of(tree_of(dose, "timing"), "repeat"), "boundsPeriod") for dose in trees(tree, "dosageInstruction")
    ]
    starts = [course_day(text(one, "start"), last=False) for one in bounds if text(one, "start")]
    ends = [course_day(text(one, "end"), last=True) for one in bounds if text(one, "end")]
    authored = text(tree, "authoredOn")
    first = min(starts) if starts else course_day(authored, last=False) if authored else None
    return first, max(ends) if ends and len(ends) == len(bounds) else None


def _supplied_until(tree: Tree, authored: date) -> date:
    """The day until which what was prescribed lasts, its repeats with it; the day itself where that is not said."""
    request = tree_of(tree, "dispenseRequest")
    repeats = request.get("numberOfRepeatsAllowed")
    times = 1 + repeats if isinstance(repeats, int) and 0 <= repeats <= MOST_REPEATS else 1
    try:
        supply = amount_of(tree_of(request, "expectedSupplyDuration"))
    except Unreadable:
        return authored
    lasts = supply.value * times if supply.unit == "d" else 0.0
    return authored + timedelta(days=min(max(lasts, 0.0), LONGEST_SUPPLY_D))


def _name(resource: Resource, context: Context) -> str:
    """What is taken, in words, with its ATC code where it has one; raises Unreadable where nothing says it."""
    concepts = list(_concepts(resource, context))
    written = [one for concept in concepts for one in codings(concept) if one.code]
    by_code = [row.name for row in known(written) if row.kind == "medicine"]
    words = [name for concept in concepts for name in names(concept)]
    if shown := text(tree_of(resource.tree, "medicationReference"), "display"):
        words.append(shown)
    _refuse_contradiction(by_code, words)
    words += by_code
    atc = next((one.code for one in written if one.system == "atc"), "")
    if not words:
        if not written:
            raise Unreadable("it does not say which medicine, or points to one that is not in this file")
        return str(written[0])
    name = words[0]
    for word in words[1:]:  # an ingredient is named where the name itself does not show it
        if not set(classes_of(word, None)) <= set(classes_of(name, atc)):
            name += f" ({word})"
    return f"{name} {atc}" if atc and atc not in name else name


def _refuse_contradiction(by_code: Sequence[str], words: Sequence[str]) -> None:
    """Raise Unreadable where a code stands for one class of medicines and the words beside it for others only."""
    for name in by_code:
        meant, said = set(classes_of(name, None)), {one for word in words for one in classes_of(word, None)}
        if meant and said and not meant & said:
            raise Unreadable(f"its code is that of {name} and its name is '{words[0]}': one of the two is wrong")


def _concepts(resource: Resource, context: Context) -> Iterator[Tree]:
    """The concepts that name a medicine: its own, or those of the medication and ingredients that it points to."""
    concept = tree_of(resource.tree, "medicationCodeableConcept")
    if concept:
        yield concept
        return
    found = context.document.target(tree_of(resource.tree, "medicationReference"), resource)
    if found is None:
        return
    medication = found.tree
    if text(medication, "status") == "entered-in-error":
        raise Unreadable("the medication that it points to is marked as entered in error")
    if (why := wrong_with(medication, "Medication")) is not None:
        raise Unreadable(f"the medication that it points to: {why}")
    yield tree_of(medication, "code")
    for ingredient in trees(medication, "ingredient"):
        yield tree_of(ingredient, "itemCodeableConcept")
        substance = context.document.target(tree_of(ingredient, "itemReference"), found)
        yield {} if substance is None else tree_of(substance.tree, "code")


def _shown(resource: Resource, context: Context) -> str:
    tree = resource.tree
    medication = context.document.target(tree_of(tree, "medicationReference"), resource)
    concept = tree_of(tree, "medicationCodeableConcept") or tree_of(
        {} if medication is None else medication.tree, "code"
    )
    return called(concept) if concept else text(tree_of(tree, "medicationReference"), "display") or "a medicine"
