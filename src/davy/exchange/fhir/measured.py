"""One measured value as a record: its unit fits its code, the value can be, and it has a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from davy.exchange.dates import Unreadable
from davy.exchange.fhir.codes import CodeRow
from davy.exchange.fhir.concepts import Amount, amount_in_words, amount_of, called, codings, names
from davy.exchange.fhir.context import Context
from davy.exchange.fhir.document import Resource, Tree, text, tree_of, trees
from davy.exchange.fhir.moments import moment_of, span_of
from davy.exchange.laboratory import believable
from davy.followup.records import Kind, Moment, Record, kind_row

_NORMAL = frozenset(("", "normal"))


def shown(part: Tree) -> str:
    """A value as it was written, for a person to find it again."""
    quantity = tree_of(part, "valueQuantity")
    number = "".join(str(quantity.get(key, "")) for key in ("comparator", "value"))
    unit = text(quantity, "unit") or text(quantity, "code")
    value = f"{number} {unit}".strip() or text(part, "valueString") or called(tree_of(part, "valueCodeableConcept"))
    concept = tree_of(part, "code")
    written = codings(concept)
    name = next(names(concept), "")
    code = str(written[0]) if written else ""
    return f"{code if name in code else f'{code} {name}'.strip()} {value}".strip()


def record_of_value(rows: Sequence[CodeRow], part: Tree, resource: Resource, context: Context) -> Record:
    """The record of a value under codes of one meaning; raises Unreadable where it cannot be believed."""
    amount, row = _amount(part), rows[0]
    units = tuple(dict.fromkeys(unit for one in rows for unit in one.units))
    if amount.unit not in units:
        raise Unreadable(
            f"the code {row.code} is {row.display}, which comes in {' or '.join(units)}, and the unit here is "
            f"{amount.unit}: one of the two is wrong"
        )
    kind = kind_of(row)
    is_lab = kind == "lab"
    if is_lab:
        believable(row.name, amount.value, amount.unit)
    start, end = measured_at(kind, resource, context)
    low, high = _range(part, amount.unit) if is_lab else (None, None)
    return Record(
        kind,
        start,
        end,
        value=amount.value,
        unit=amount.unit if is_lab else "",
        text=row.name if is_lab else "",
        comparator=amount.comparator,
        source=context.source,
        file=resource.file,
        line=resource.entry,
        reference_low=low,
        reference_high=high,
    )


def _amount(part: Tree) -> Amount:
    if "valueQuantity" in part:
        return amount_of(tree_of(part, "valueQuantity"))
    if text(part, "valueString"):
        return amount_in_words(text(part, "valueString"))
    kind = next((key for key in part if key.startswith("value")), "value")
    raise Unreadable(f"its value is a {kind.removeprefix('value') or 'value'} and not a number with a unit")


def _range(part: Tree, unit: str) -> tuple[float | None, float | None]:
    """The laboratory's own normal range in the unit of the value; none where it prints several or another unit."""
    normal = [
        one
        for one in trees(part, "referenceRange")
        if {row.code for row in codings(tree_of(one, "type"))} <= _NORMAL and not trees(one, "appliesTo")
    ]
    if len(normal) != 1:
        return None, None
    ends: list[float | None] = []
    for name in ("low", "high"):
        try:
            found = amount_of(tree_of(normal[0], name))
        except Unreadable:
            ends.append(None)
        else:
            ends.append(found.value if found.unit == unit and found.comparator is None else None)
    low, high = ends
    return (None, None) if low is not None and high is not None and low >= high else (low, high)


def kind_of(row: CodeRow) -> Kind:
    """The kind of record that a value under a code becomes."""
    return row.kind or "lab"


def measured_at(kind: Kind, resource: Resource, context: Context) -> tuple[Moment, Moment | None]:
    """When it was measured; of what speaks for a whole day, the day on which it ended."""
    start, end = _when(resource, context)
    if kind_row(kind).shape != "day":
        return start, end
    last = start if end is None else end
    return last.date() if isinstance(last, datetime) else last, None


def _when(resource: Resource, context: Context) -> tuple[Moment, Moment | None]:
    """When it was measured: its own time, else that of its specimen, else the day on which it was issued."""
    tree = resource.tree
    found = span_of(tree, "effective", context)
    if found is None and "specimen" in tree:
        specimen = context.document.target(tree_of(tree, "specimen"), resource)
        if specimen is not None:
            found = span_of(tree_of(specimen.tree, "collection"), "collected", context)
    if found is None and resource.inside is not None:
        found = span_of(resource.inside, "effective", context)
    if found is None and text(tree, "issued"):
        found = moment_of(text(tree, "issued"), context), None
    if found is None:
        raise Unreadable("it does not say when it was measured")
    return found
