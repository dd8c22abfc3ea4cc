"""Which columns a file of studies may hold, which measures they allow, and what is wrong when they do not fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from davy.errors import Fault, InputError
from davy.evidence.meta.effect import Measure
from davy.evidence.meta.table_file import StudyTable


@dataclass(frozen=True)
class Layout:
    """A set of columns.

    Attributes
    ----------
    needs : each entry is a choice of columns of which one set must be there.
    measures : what can be computed; the first is the default.
    """

    name: str
    needs: tuple[tuple[tuple[str, ...], ...], ...]
    measures: tuple[Measure, ...]
    words: str

    def fits(self, table: StudyTable) -> bool:
        """Whether the table holds the columns."""
        return all(any(table.has(*names) for names in choice) for choice in self.needs)


_SPREAD_1 = (("sd1i",), ("se1i",), ("ci1_low", "ci1_high"), ("q1_1i", "q3_1i"), ("min1i", "max1i"))
_SPREAD_2 = (("sd2i",), ("se2i",), ("ci2_low", "ci2_high"), ("q1_2i", "q3_2i"), ("min2i", "max2i"))
LAYOUTS = (
    Layout(
        "counts",
        ((("ai",),), (("bi",), ("n1i",)), (("ci",),), (("di",), ("n2i",))),
        ("OR", "RR", "RD", "PETO"),
        "events and non-events: ai,bi,ci,di or ai,n1i,ci,n2i",
    ),
    Layout("rates", ((("x1i", "t1i", "x2i", "t2i"),),), ("IRR",), "events and person-time: x1i,t1i,x2i,t2i"),
    Layout(
        "means",
        ((("m1i",), ("median1i",)), _SPREAD_1, (("n1i",),), (("m2i",), ("median2i",)), _SPREAD_2, (("n2i",),)),
        ("MD", "SMD", "ROM"),
        "two arms: m1i,sd1i,n1i,m2i,sd2i,n2i",
    ),
    Layout(
        "change",
        ((("pre1i", "post1i"),), (("sd_pre1i", "sd_post1i"),), (("n1i", "n2i", "pre2i", "post2i"),)),
        ("MD",),
        "before and after: pre1i,sd_pre1i,post1i,sd_post1i,n1i and the same with 2, with ri (correlation)",
    ),
    Layout(
        "paired",
        ((("m1i", "m2i", "ni"),), (("sd1i", "sd2i"), ("sd_diff",), ("se_diff",), ("p_diff",))),
        ("MD",),
        "crossover: m1i,m2i,ni with sd_diff, se_diff, p_diff, or sd1i,sd2i,ri",
    ),
    Layout(
        "effects",
        ((("yi",),), (("vi",), ("sei",))),
        ("GEN", "OR", "RR", "RD", "IRR", "PETO", "MD", "SMD", "ROM"),
        "effects on the analysis scale: yi,vi or yi,sei",
    ),
    Layout(
        "printed",
        ((("estimate",),), (("ci_low", "ci_high"), ("p",))),
        ("GEN", "OR", "RR", "RD", "IRR", "MD", "SMD", "ROM"),
        "printed estimates: estimate,ci_low,ci_high or estimate,p, with --measure",
    ),
)
"""In the order in which they are looked for; the first that fits and allows the measure is taken."""


def layout_of(table: StudyTable, measure: Measure | None) -> tuple[Layout, Measure]:
    """The layout of the table and the measure to compute; raises InputError when there is none.

    Without a measure asked for, the column `measure` decides, and without that the layout's first.
    """
    asked = measure or _written_measure(table)
    fitting = [layout for layout in LAYOUTS if layout.fits(table)]
    if not fitting:
        raise InputError([_misfit(table)])
    if asked is None:
        return fitting[0], fitting[0].measures[0]
    for layout in fitting:
        if asked in layout.measures:
            return layout, asked
    allowed = ", ".join(dict.fromkeys(name for layout in fitting for name in layout.measures))
    fault = Fault(
        f"{table.name}, line 1",
        f"{asked} cannot be computed from {' or '.join(layout.words for layout in fitting)}",
        f"these columns allow {allowed}",
    )
    raise InputError([fault])


def _misfit(table: StudyTable) -> Fault:
    """What is missing from the layout that the table comes nearest to; all layouts where it comes near none."""
    head = f"{table.name}, line 1"

    def missing(layout: Layout) -> list[str]:
        lacking = [choice for choice in layout.needs if not any(table.has(*names) for names in choice)]
        return [" or ".join("+".join(names) for names in choice) for choice in lacking]

    begun = [layout for layout in LAYOUTS if 0 < len(missing(layout)) < len(layout.needs)]
    if not begun:
        seen = ", ".join(table.columns)
        right = "; ".join(layout.words for layout in LAYOUTS)
        return Fault(head, f"no known set of columns among: {seen}", right)
    nearest = min(begun, key=lambda layout: len(missing(layout)) / len(layout.needs))
    return Fault(head, f"no column {', no column '.join(missing(nearest))}", nearest.words)


def _written_measure(table: StudyTable) -> Measure | None:
    """The measure of the column `measure`; raises InputError where rows differ or it is unknown."""
    cells = table.columns.get("measure", ())
    first: dict[str, int] = {}
    for row, cell in enumerate(cells):
        if cell:
            first.setdefault(cell, row)
    known = {name: name for name in get_args(Measure)}
    faults = [
        Fault(table.where(row, "measure"), f"{cell!r} is no measure that Davy knows", f"one of {', '.join(known)}")
        for cell, row in first.items()
        if cell not in known
    ]
    if len(first) > 1:
        rows = ", ".join(f"{cell} first in line {table.lines[row]}" for cell, row in first.items())
        faults.append(
            Fault(f"{table.name}, column measure", f"mixed measures are not pooled: {rows}", "one file a measure")
        )
    if faults:
        raise InputError(faults)
    return next((name for name in get_args(Measure) if name in first), None)
