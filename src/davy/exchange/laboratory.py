"""What every importer asks of a laboratory value: a unit of its test, and a value that can be."""

from __future__ import annotations

from davy.exchange.dates import Unreadable
from davy.people.lab_entries import likely_units
from davy.people.vocabulary import lab_test
from davy.units import convert


def believable(test: str, value: float, unit: str) -> None:
    """Raise Unreadable where a value of a test cannot be, in Davy's own units; the unit likely meant is named."""
    row = lab_test(test)
    if unit not in row.units:
        raise Unreadable(f"{row.label} cannot be read in {unit}; it comes in {' or '.join(row.units)}")
    held = convert(value, unit, row.unit, row.analyte)
    if row.impossible_low <= held <= row.impossible_high:
        return
    likely = likely_units(row, value, unit)
    right = f"; {' or '.join(likely)} is likely meant" if likely else ""
    raise Unreadable(f"{value:g} {unit} is not possible for {row.label}{right}")
