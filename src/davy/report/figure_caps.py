"""The cap waterfall: every limit on added magnesium, the highest first, the binding one marked."""

from __future__ import annotations

from collections.abc import Sequence

from davy.planning.result import CapShown
from davy.report.figure_frame import Scale, box, rule, text, ticks
from davy.report.figure_rows import Axis, RowMarks, rows
from davy.report.layout import Drawing, Figure, Table
from davy.report.markup import Html
from davy.report.words import first_up, mg, plain


def _row(cap: CapShown) -> RowMarks:
    def marks(scale: Scale, middle: float) -> Sequence[Html]:
        end = scale.at(cap.elemental_mg_per_day)
        shown = text(end + 7, middle + 4.5, mg(cap.elemental_mg_per_day), ".marked" if cap.binding else ".tick")
        if end - scale.start < 2:
            return (rule(scale.start, middle - 9, scale.start, middle + 9, ".zero"), shown)
        style = ".bar.binding" if cap.binding else ".bar"
        return (box(scale.start, middle - 9, end - scale.start, 18, style), shown)

    return RowMarks(cap_label(cap), marks)


def cap_label(cap: CapShown) -> str:
    """The name of a cap as a row label."""
    return first_up(plain(cap.name))


def caps_figure(caps: Sequence[CapShown], planned_mg: float | None) -> Figure:
    """All caps side by side; `planned_mg` draws the plan's own amount through them."""
    ordered = sorted(caps, key=lambda cap: (cap.binding, -cap.elemental_mg_per_day))
    highest = max([cap.elemental_mg_per_day for cap in ordered] + [planned_mg or 0.0, 100.0])
    marks = tuple((value, mg(value)) for value in ticks(0, highest, 4))
    binding = [cap for cap in ordered if cap.binding]
    told = "".join(
        f"The lowest, {mg(cap.elemental_mg_per_day)} a day ({plain(cap.name)}), decides. " for cap in binding[:1]
    )
    plan = f"The plan takes {mg(planned_mg)}." if planned_mg is not None else "The plan adds none."

    def draw(width: int) -> Drawing:
        line = (planned_mg, f"your plan: {mg(planned_mg)}") if planned_mg else None
        return rows(width, [_row(cap) for cap in ordered], Axis(0, highest, marks), line=line)

    behind = Table(
        "Limits on added magnesium, elemental mg a day",
        ("Limit", "mg a day", "Decides", "What it rests on"),
        tuple(
            (cap_label(cap), f"{cap.elemental_mg_per_day:.0f}", "yes" if cap.binding else "no", cap.sentence)
            for cap in ordered
        ),
        (1,),
    )
    return Figure("caps-figure", "How much is allowed.", f"Each bar is one limit. {told}{plan}", draw, behind)
