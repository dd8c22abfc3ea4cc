"""Food first: portions that close part of the gap."""

from __future__ import annotations

from davy.report.layout import Table, section, table
from davy.report.markup import NOTHING, Html, el
from davy.report.reading import Reading
from davy.report.words import first_up


def food(reading: Reading) -> Html:
    """The portions as a table."""
    portions = reading.plan.food
    if not portions:
        return NOTHING
    rows = tuple(
        (
            (first_up(one.food), reading.reader.references.cite(one.sources)),
            one.portion,
            f"{one.mg:.0f}",
            f"{one.low:.0f} to {one.high:.0f}",
        )
        for one in portions
    )
    made = Table("Magnesium in a household portion, mg", ("Food", "Portion", "mg", "Usually between"), rows, (2, 3))
    return section(
        "food",
        "Food first",
        el("p", "Magnesium in food counts towards your need and not towards any limit above. Any of these helps:"),
        table(made),
    )
