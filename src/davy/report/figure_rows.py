"""A figure of labelled rows over one scale: caps, forms and the timeline are drawn this way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from davy.report.figure_frame import Scale, fit_words, is_wide, rule, text
from davy.report.layout import Drawing
from davy.report.markup import Html

TICK_ROOM = 46.0
"""The least distance between two written ticks [px]; a tick with less room keeps its line alone."""

LABELS = 208
"""Room for the row labels in the wide layout [px]; in the narrow one they stand above their rows."""


@dataclass(frozen=True)
class RowMarks:
    """One row: its label and a function from (scale, middle of the row) to its marks."""

    label: str
    marks: Callable[[Scale, float], Sequence[Html]]


@dataclass(frozen=True)
class Axis:
    """The scale below the rows: its ends, and its ticks with what to write at each."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    root: bool = False
    right_room: float = 66


def rows(width: int, made: Sequence[RowMarks], axis: Axis, *, line: tuple[float, str] | None = None) -> Drawing:
    """The rows from top to bottom; `line` = (value, words) draws one line through all of them."""
    wide = is_wide(width)
    left, pitch, top = (LABELS, 34.0, 26.0) if wide else (6, 50.0, 30.0)
    bottom = top + pitch * len(made)
    scale = Scale(axis.low, axis.high, left, width - axis.right_room, axis.root)
    parts: list[Html] = []
    last = -TICK_ROOM
    for k, (value, shown) in enumerate(axis.ticks):
        x = scale.at(value)
        parts.append(rule(x, top - 6, x, bottom, ".grid"))
        if x - last >= TICK_ROOM:
            parts.append(text(x, bottom + 17, shown, ".tick", anchor="start" if k == 0 and not wide else "middle"))
            last = x
    for k, row in enumerate(made):
        middle = top + pitch * (k + (0.5 if wide else 0.68))
        if wide:
            parts.append(text(0, middle + 4.5, fit_words(row.label, LABELS - 14), ".label"))
        else:
            parts.append(text(left, middle - 15, fit_words(row.label, width - 12), ".label"))
        parts.extend(row.marks(scale, middle))
    if line is not None:
        x = scale.at(line[0])
        anchor = "end" if x > 0.6 * width else "start"
        parts += [rule(x, top - 10, x, bottom, ".mark"), text(x, top - 14, line[1], ".marked", anchor=anchor)]
    return Drawing(bottom + 26, tuple(parts))
