"""Differences between treatments with their intervals, one row a method, over one scale with the zero marked."""

from __future__ import annotations

from collections.abc import Sequence

from davy.report.figure_frame import Scale, dot, rule, text, ticks
from davy.report.figure_rows import Axis, RowMarks, rows
from davy.report.layout import Drawing, Figure, Table
from davy.report.markup import Html
from davy.report.trial_words import (
    ComparedCells,
    analysis_words,
    compared_cells,
    compared_words,
    estimate_words,
    p_words,
    signed,
    told,
)
from davy.report.words import first_up, number
from davy.trials.result import Comparison, EndpointResult, Estimate

SHORT = {
    "ancova": "adjusted for day 0",
    "difference": "difference in means",
    "before-after": "before and after",
    "paired": "within persons",
    "paired-naive": "periods ignored",
    "unpaired": "persons ignored",
}
NAIVE = frozenset(("before-after", "paired-naive", "unpaired"))
"""Methods that are shown to be compared with, not to be believed."""


def effects_figure(made: EndpointResult) -> Figure | None:
    """Every estimate of an endpoint; None where there is none."""
    known = [one for one in made.estimates if one.low is not None and one.high is not None]
    if not known:
        return None
    ends = [value for one in known for value in (one.low, one.high) if value is not None]
    low, high = min(*ends, 0.0), max(*ends, 0.0)
    marks = tuple((value, number(value, _digits(high - low))) for value in ticks(low, high, 4))

    def draw(width: int) -> Drawing:
        several = len({one.treatment for one in known}) > 1
        shown = [_row(one, made, named=several) for one in known]
        return rows(width, shown, Axis(low, high, marks, right_room=92), line=(0.0, "0"))

    first = known[0]
    desc = f"{first_up(compared_words(first))}, {analysis_words(first)}: {estimate_words(first, made)}."
    behind = Table(
        f"Differences in {made.name}, {made.unit}",
        ("Compared", "Method", "Estimate", "95 % interval", "p"),
        tuple(
            (
                compared_words(one),
                analysis_words(one),
                signed(one.estimate, made.unit),
                f"{signed(one.low, made.unit)} to {signed(one.high, made.unit)}",
                p_words(one.p_value),
            )
            for one in made.estimates
        ),
        (2, 3, 4),
    )
    return Figure(f"effects-{slug(made.name)}", f"Differences in {made.name}.", desc, draw, behind)


def slug(name: str) -> str:
    """A name as part of an id."""
    return "".join(char if char.isalnum() else "-" for char in name.lower())


def _digits(span: float) -> int:
    return 0 if span >= 20 else 1 if span >= 2 else 2 if span >= 0.2 else 3


def _row(one: Estimate, made: EndpointResult, *, named: bool) -> RowMarks:
    def marks(scale: Scale, middle: float) -> Sequence[Html]:
        left, right = scale.at(one.low or 0.0), scale.at(one.high or 0.0)
        style = ".bar" if one.method in NAIVE else ".bar.binding"
        return (
            rule(left, middle, right, middle, ".mark"),
            dot(scale.at(one.estimate or 0.0), middle, style, 5),
            text(right + 8, middle + 4.5, signed(one.estimate, made.unit), ".marked"),
        )

    return RowMarks(f"{one.treatment}: {SHORT[one.method]}" if named else SHORT[one.method], marks)


def reported_figure(made: Sequence[Comparison]) -> Figure | None:
    """Published values beside the predicted intervals, each over its own interval; None where none has a value."""
    known = [one for one in made if one.reported is not None and one.median is not None]
    if not known:
        return None
    ends = [value for one in known for value in _relative(one)]
    low, high = min(*ends, -1.2), max(*ends, 1.2)
    marks = tuple((value, number(value, 0)) for value in ticks(low, high, 6))

    def draw(width: int) -> Drawing:
        return rows(width, [_reported_row(one) for one in known], Axis(low, high, marks), line=(0.0, "predicted"))

    desc = (
        "Dots are what was reported, counted from the predicted median in half-widths of the predicted 90 % interval: "
        "between \N{MINUS SIGN}1 and 1 it lies inside."
    )
    return Figure("reported", "Published, beside predicted.", desc, draw, reported_table(made))


def reported_table(made: Sequence[Comparison]) -> Table:
    """Every published result beside its prediction."""
    heads = ("Result", "Unit", "Persons", "Reported", "Predicted (90 %)", "Verdict", "Source")
    return Table(
        "Published results and predictions", heads, tuple(_cells(compared_cells(one)) for one in made), (2, 3, 4)
    )


def _cells(one: ComparedCells) -> tuple[str, ...]:
    return (one.what, one.unit, one.persons, one.reported, one.predicted, one.verdict, one.sources)


def _relative(one: Comparison) -> tuple[float, ...]:
    low, median, high = one.low or 0.0, one.median or 0.0, one.high or 0.0
    half = (high - low) / 2 or 1.0
    values = (one.reported, one.reported_low, one.reported_high)
    return tuple((value - median) / half for value in values if value is not None)


def _reported_row(one: Comparison) -> RowMarks:
    def marks(scale: Scale, middle: float) -> Sequence[Html]:
        at, *ends = (scale.at(value) for value in _relative(one))
        parts = [rule(scale.at(-1.0), middle, scale.at(1.0), middle, ".mark")]
        parts += [rule(ends[0], middle + 7, ends[1], middle + 7, ".grid")] if len(ends) == 2 else []
        parts += [dot(at, middle, ".bar" if one.hit else ".bar.binding", 5)]
        return (*parts, text(at + 9, middle + 4.5, told(one.reported, one.unit), ".marked"))

    return RowMarks(one.what, marks)
