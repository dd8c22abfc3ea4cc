"""Laboratory values as reported, made into values that Davy can compare: one unit a test, impossible ones refused."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from davy.errors import InputError
from davy.people.faults import Faults, Place, closest, short
from davy.people.file import LabEntry
from davy.people.person import Lab
from davy.people.vocabulary import LabTestRow, canonical_test, lab_test, lab_tests
from davy.units import convert, known_unit

Comparator = Literal["<", ">"]
_REPORTED = re.compile(r"\s*(?P<sign>[<>≤≥]=?)?\s*(?P<number>[-+]?\d+(\.\d*)?([eE][-+]?\d+)?)\s*")
MOST_SAME_DAY_RATIO = 1.5
"""Two results of one test on one day further apart than this contradict each other (davy-rule, 2026-11-22)."""


def _number(value: str) -> tuple[float, Comparator | None] | None:
    match = _REPORTED.fullmatch(value)
    if match is None or abs(float(match["number"])) > 1e12:
        return None
    sign = (match["sign"] or "")[:1]
    return float(match["number"]), "<" if sign in ("<", "≤") and sign else ">" if sign else None


def _possible_in(test: LabTestRow, value: float, low: float, high: float) -> list[str]:
    """The units of a test in which a number would lie between two limits."""
    return [unit for unit in test.units if low <= convert(value, unit, test.unit, test.analyte) <= high]


def likely_units(test: LabTestRow, value: float, unit: str) -> list[str]:
    """Other units in which this number would be usual, or failing that possible."""
    usual = _possible_in(test, value, test.usual_low, test.usual_high)
    possible = _possible_in(test, value, test.impossible_low, test.impossible_high)
    likely = [word for word in (*usual, *(other for other in possible if other not in usual)) if word != unit]
    return likely[:2]


def _unit(entry: LabEntry, test: LabTestRow, place: Place, faults: Faults) -> str | None:
    accepted = " or ".join(test.units)
    if entry.unit is None:
        if len(test.units) == 1:
            return test.unit
        faults.add(place, f"the unit of {test.id} is missing", accepted)
        return None
    unit = known_unit(entry.unit)
    if unit in test.units:
        return unit
    faults.add((*place, "unit"), f"{test.id} cannot be read in '{short(entry.unit)}'", accepted)
    return None


def _canonical(value: float, unit: str, test: LabTestRow, place: Place, faults: Faults) -> float | None:
    """The value in the unit of its test; a fault that names the likely unit where it is impossible."""
    try:
        held = convert(value, unit, test.unit, test.analyte)
    except InputError:
        faults.add(place, f"{test.id} cannot be read in '{unit}'", " or ".join(test.units))
        return None
    if test.impossible_low <= held <= test.impossible_high:
        return held
    low, high = (convert(limit, test.unit, unit, test.analyte) for limit in (test.impossible_low, test.impossible_high))
    likely = likely_units(test, value, unit)
    right = f"did you mean {' or '.join(likely)}?" if likely else "check the number on the report"
    faults.add(
        place, f"{test.id} of {value:g} {unit} is not possible (it lies between {low:.4g} and {high:.4g} {unit})", right
    )
    return None


def _reference(
    entry: LabEntry, test: LabTestRow, unit: str, place: Place, faults: Faults
) -> tuple[float | None, float | None]:
    ends: list[float | None] = []
    for name, given in (("reference_low", entry.reference_low), ("reference_high", entry.reference_high)):
        if given is None or (given == 0 and name == "reference_low"):
            ends.append(None if given is None else 0.0)
        else:
            ends.append(_canonical(given, unit, test, (*place, name), faults))
    low, high = ends
    if low is not None and high is not None and low >= high:
        faults.add(
            (*place, "reference_low"), "the reference range is upside down", "reference_low lies below reference_high"
        )
    return low, high


def lab_of(entry: LabEntry, place: Place, today: date, faults: Faults) -> Lab | None:
    """The lab in canonical units, or None with its faults noted."""
    if entry.date > today:
        faults.add((*place, "date"), f"{entry.date} lies in the future", f"on or before {today}")
    test_id = canonical_test(entry.test)
    if test_id is None:
        faults.add(
            (*place, "test"),
            f"'{short(entry.test)}' is not a test that Davy reads",
            closest(entry.test, [row.id for row in lab_tests()]),
        )
        return None
    test = lab_test(test_id)
    reported = _number(entry.value)
    if reported is None:
        faults.add((*place, "value"), f"'{short(entry.value)}' is not a number", 'like 1.75, or "<0.3" for a bound')
    unit = _unit(entry, test, place, faults)
    if reported is None or unit is None:
        return None
    value = _canonical(reported[0], unit, test, (*place, "value"), faults)
    low, high = _reference(entry, test, unit, place, faults)
    if value is None:
        return None
    return Lab(
        date=entry.date,
        test=test.id,
        value=value,
        unit=test.unit,
        reported_value=reported[0],
        reported_unit=unit,
        reference_low=low,
        reference_high=high,
        comparator=reported[1],
        complete=entry.complete,
        laboratory=entry.laboratory,
    )


def doubt_of(lab: Lab) -> str | None:
    """A sentence where a value is possible as it stands but would be usual in another unit."""
    test = lab_test(lab.test)
    value, unit = lab.shown
    if test.usual_low <= lab.value <= test.usual_high:
        return None
    usual = [other for other in _possible_in(test, value, test.usual_low, test.usual_high) if other != unit]
    if not usual:
        return None
    far = f"{test.label} of {value:g} {unit} on {lab.date} is far from usual"
    return f"{far}; {value:g} {usual[0]} would be usual: check the unit."


def contradictions(labs: tuple[tuple[Place, Lab], ...], faults: Faults) -> None:
    """Note results that cannot both be true: one test twice on a day and far apart, ionised above total magnesium."""
    seen: dict[tuple[str, date], Lab] = {}
    for place, lab in labs:
        if lab.comparator is not None:
            continue
        other = seen.setdefault((lab.test, lab.date), lab)
        least, most = sorted((lab.value, other.value))
        signed = lab_test(lab.test).impossible_low < 0  # a share or a balance has no ratio; the fit judges those
        if not signed and most > least * MOST_SAME_DAY_RATIO:
            given = f"{other.shown[0]:g} {other.shown[1]} and {lab.shown[0]:g} {lab.shown[1]}"
            faults.add(
                (*place, "value"),
                f"two results of {lab.test} on {lab.date} contradict each other: {given}",
                "keep the right one",
            )
    for place, lab in labs:
        total = seen.get(("serum-magnesium", lab.date))
        if lab.test == "ionised-magnesium" and total is not None and lab.value > total.value:
            faults.add((*place, "value"), "ionised magnesium above total magnesium on the same day", "check both units")
