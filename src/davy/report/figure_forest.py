"""A forest: each study with its interval and weight, then the results as diamonds and the prediction as a bar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from davy.evidence.meta.pooled import Interval, PooledEffect
from davy.report.figure_frame import Scale, box, fit_words, is_wide, rule, text, ticks
from davy.report.layout import Drawing, Figure, Table
from davy.report.markup import Html, el
from davy.report.pool_text import interval_words

RATIOS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
"""Ticks of a logarithmic axis."""
REACH = 4.0
"""Intervals that run further than so many times the inner spread are cut, and end in an arrow."""


@dataclass(frozen=True)
class ForestRow:
    """One line of the forest, on the analysis scale.

    Attributes
    ----------
    kind : ``study``, ``diamond`` (a result), ``beside`` (a result next to it) or ``prediction``.
    weight : share [%] of a study.
    """

    label: str
    estimate: float
    interval: Interval
    kind: str
    words: str
    weight: float | None = None


def forest_rows(made: PooledEffect) -> tuple[ForestRow, ...]:
    """Studies in file order, then the result, the prediction, and what stands beside."""
    ratio = made.estimate_exp is not None
    rows = [
        ForestRow(
            one.study,
            one.yi,
            one.ci,
            "study",
            _words(one.estimate_exp if ratio else one.yi, one.ci_exp if ratio else one.ci),
            one.weight,
        )
        for one in made.studies
    ]
    if made.estimate is not None:
        words = _words(made.estimate_exp if ratio else made.estimate, made.ci_exp if ratio else made.ci)
        rows.append(ForestRow(f"{made.method}, {made.test}", made.estimate, made.ci, "diamond", words))
        if made.pi is not None:
            words = interval_words(made.pi_exp if ratio else made.pi)
            rows.append(ForestRow("Prediction interval", made.estimate, made.pi, "prediction", words))
    beside = (("Common effect", made.common), ("Mantel-Haenszel", made.mantel_haenszel), ("Peto", made.peto))
    for name, one in beside:
        if one is not None and one.estimate is not None and one.method != made.method:
            words = _words(one.estimate_exp if ratio else one.estimate, one.ci_exp if ratio else one.ci)
            rows.append(ForestRow(name, one.estimate, one.ci, "beside", words))
    return tuple(rows)


def forest_figure(made: PooledEffect) -> Figure:
    """The forest of a pooled effect."""
    rows = forest_rows(made)
    table_rows = tuple((row.label, row.words, "" if row.weight is None else f"{row.weight:.1f} %") for row in rows)
    return Figure(
        name="forest",
        title="Forest of the studies.",
        desc="Squares are studies, their area the weight; diamonds are results; the bar is the prediction interval.",
        draw=lambda width: _draw(rows, made.estimate_exp is not None, width),
        table=Table("Studies and results", ("Study", f"{made.measure} (interval)", "Weight"), table_rows, (1, 2)),
    )


def _words(value: float | None, interval: Interval) -> str:
    return "not estimable" if value is None else f"{value:.2f} ({interval_words(interval)})"


def axis_ticks(low: float, high: float, *, ratio: bool) -> tuple[tuple[float, str], ...]:
    """Places on the analysis scale and what to write there."""
    if not ratio:
        return tuple((value, f"{value:g}") for value in ticks(low, high, 5))
    inside = [value for value in RATIOS if low <= math.log(value) <= high]
    return tuple((math.log(value), f"{value:g}") for value in inside)


def _extent(rows: Sequence[ForestRow]) -> tuple[float, float]:
    inner = [0.0, *(row.estimate for row in rows)]
    inner += [end for row in rows if row.kind != "study" and row.interval for end in row.interval]
    low, high = min(inner), max(inner)
    room = (high - low) or 1.0
    ends = [end for row in rows if row.interval for end in row.interval]
    return max(min([*ends, low]), low - room * (REACH - 1) / 4), min(max([*ends, high]), high + room * (REACH - 1) / 4)


def _draw(rows: Sequence[ForestRow], ratio: bool, width: int) -> Drawing:
    wide = is_wide(width)
    left, right, pitch, top = (178.0, width - 218.0, 22.0, 14.0) if wide else (4.0, width - 6.0, 42.0, 20.0)
    bottom = top + pitch * len(rows) + 8
    low, high = _extent(rows)
    scale = Scale(low, high, left, right)
    parts: list[Html] = [rule(scale.at(0.0), top - 8, scale.at(0.0), bottom, ".axis")]
    shown_until = -100.0
    for value, words in axis_ticks(low, high, ratio=ratio):
        x = scale.at(value)
        parts.append(rule(x, bottom - 4, x, bottom + 2, ".axis"))
        if x - shown_until >= 30:
            parts.append(text(x, bottom + 17, words, ".tick", anchor="middle"))
            shown_until = x
    first_result = True
    for k, row in enumerate(rows):
        if row.kind != "study" and first_result:
            parts.append(rule(0, top + pitch * k, width, top + pitch * k, ".grid"))
            first_result = False
        parts += _row(row, scale, top + pitch * (k + (0.5 if wide else 0.72)), width)
    return Drawing(bottom + 26, tuple(parts))


def _row(row: ForestRow, scale: Scale, y: float, width: int) -> list[Html]:
    wide = is_wide(width)
    style = ".label" if row.kind in ("study", "beside") else ".marked"
    if wide:
        parts = [text(0, y + 4.5, fit_words(row.label, 168), style)]
        parts.append(text(width - 208, y + 4.5, row.words, ".tick"))
        if row.weight is not None:
            parts.append(text(width, y + 4.5, f"{row.weight:.1f} %", ".tick", anchor="end"))
    else:
        parts = [text(0, y - 13, fit_words(row.label, width - 150), style)]
        parts.append(text(width, y - 13, row.words, ".tick", anchor="end"))
    return parts + _marks(row, scale, y)


def _marks(row: ForestRow, scale: Scale, y: float) -> list[Html]:
    x = scale.at(row.estimate)
    if row.interval is None:
        return [_square(x, y, row.weight or 1.0)]
    low, high = scale.at(row.interval[0]), scale.at(row.interval[1])
    if row.kind in ("diamond", "beside"):
        tall = 7.0 if row.kind == "diamond" else 5.5
        style = ".dose" if row.kind == "diamond" else ".medicine"
        low, high = min(low, x - 4), max(high, x + 4)
        points = f"{low:.1f},{y:.1f} {x:.1f},{y - tall:.1f} {high:.1f},{y:.1f} {x:.1f},{y + tall:.1f}"
        return [el(f"polygon{style}", {"points": points})]
    if row.kind == "prediction":
        return [box(low, y - 3, high - low, 6, ".bar.binding")]
    parts = [rule(low, y, high, y, ".mark")]
    if row.interval[0] < scale.low:
        parts.append(_arrow(low, y, -1.0))
    if row.interval[1] > scale.high:
        parts.append(_arrow(high, y, 1.0))
    return [*parts, _square(x, y, row.weight or 1.0)]


def _square(x: float, y: float, weight: float) -> Html:
    side = 4.0 + 9.0 * math.sqrt(max(weight, 0.0) / 100)
    return box(x - side / 2, y - side / 2, side, side, ".dose")


def _arrow(x: float, y: float, way: float) -> Html:
    points = f"{x:.1f},{y:.1f} {x - 6 * way:.1f},{y - 3.5:.1f} {x - 6 * way:.1f},{y + 3.5:.1f}"
    return el("polygon.medicine", {"points": points})
