"""What ``davy simulate`` prints, and its outputs as CSV."""

from __future__ import annotations

import csv
import io
from textwrap import wrap

from davy.people.person import Person
from davy.report.documents import SimulateDocument
from davy.report.reading import reader_of
from davy.report.simulate_page import asked_words, steady_rows
from davy.report.terminal import COLUMNS, SAFER
from davy.report.words import OUTPUTS, VERDICTS, dated, number

ROWS = 8
"""How many days are printed at most; all of them are in the JSON document and the CSV file."""


def simulate_text(made: SimulateDocument, person: Person | None = None) -> str:
    """A simulation as text: verdict, a few days of each output, where it would lead."""
    reader = reader_of(made.today, person)
    lines = [f"What if: {made.person}", *wrap(asked_words(made), COLUMNS)]
    lines.append(f"Safety: {VERDICTS[made.verdict.word].lower()}")
    for found in made.verdict.findings:
        lines += wrap(dated(found.sentence), COLUMNS, initial_indent="  ", subsequent_indent="    ")
    for one in made.outputs:
        scaled, own = reader.in_own_unit(one)
        lines += ["", f"{OUTPUTS[one.output]}, {own.unit}", f"  {'day':>8} {'5 %':>9} {'median':>9} {'95 %':>9}"]
        stride = max(-(-len(scaled.day) // ROWS), 1)
        for k in sorted({*range(0, len(scaled.day), stride), len(scaled.day) - 1}):
            band = " ".join(f"{number(series[k], own.digits):>9}" for series in (scaled.p05, scaled.p50, scaled.p95))
            lines.append(f"  {scaled.day[k]:>8g} {band}")
    if made.steady_state:
        lines += ["", "If its largest daily dose went on for ever"]
        lines += [f"  {name}: {middle} {unit} ({band})" for name, middle, band, unit in steady_rows(made, reader)]
    lines += ["", f"Largest gap in the mass balance: {made.mass_balance_mmol:.1e} mmol."]
    return "\n".join(lines).translate(SAFER) + "\n"


def simulate_csv(made: SimulateDocument) -> str:
    """One line a day and output, in Davy's units."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("output", "unit", "day", "p05", "p50", "p95"))
    for one in made.outputs:
        for day, low, middle, high in zip(one.day, one.p05, one.p50, one.p95, strict=True):
            writer.writerow((one.output, one.unit, f"{day:g}", low, middle, high))
    return out.getvalue()
