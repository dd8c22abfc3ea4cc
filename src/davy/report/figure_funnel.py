"""A contour funnel: each study by effect and standard error, on the regions where it would be significant by itself."""

from __future__ import annotations

from davy.evidence.meta.distributions import critical
from davy.evidence.meta.pooled import PooledEffect
from davy.report.figure_forest import axis_ticks
from davy.report.figure_frame import Scale, area, dot, is_wide, rule, text, ticks
from davy.report.layout import Drawing, Figure, Table
from davy.report.markup import Html

REGIONS = ((0.99, ".range"), (0.95, ".band"))
"""Confidence levels around no difference, widest first, and how their regions are filled."""


def funnel_figure(made: PooledEffect) -> Figure:
    """The contour funnel of a pooled effect, with what trim-and-fill adds as rings."""
    ratio = made.estimate_exp is not None
    shown = [one.estimate_exp if ratio else one.yi for one in made.studies]
    rows = [(one.study, f"{value:.3g}", f"{one.se:.3g}") for one, value in zip(made.studies, shown, strict=True)]
    if made.trim_fill is not None:
        rows += [("filled in", f"{y:.3g} (analysis scale)", f"{v**0.5:.3g}") for y, v in made.trim_fill.filled]
    return Figure(
        name="funnel",
        title="Contour funnel.",
        desc="Dots inside the inner region have p above 0.05 by themselves, inside the outer one above 0.01; rings are "
        "studies that trim-and-fill would add. Missing dots on one side, low down, hint at small-study effects.",
        draw=lambda width: _draw(made, width),
        table=Table("Effects and standard errors", ("Study", made.measure, "Standard error"), tuple(rows), (1, 2)),
    )


def _draw(made: PooledEffect, width: int) -> Drawing:
    left, right = 44.0, width - 8.0
    top, floor = 10.0, 300.0 if is_wide(width) else 240.0
    filled = made.trim_fill.filled if made.trim_fill is not None else ()
    largest = max([one.se for one in made.studies] + [v**0.5 for _, v in filled]) * 1.08
    reach = critical(0.99, None) * largest
    points = [one.yi for one in made.studies] + [y for y, _ in filled]
    low, high = min([*points, -reach]), max([*points, reach])
    x, y = Scale(low, high, left, right), Scale(0.0, largest, top, floor)
    parts: list[Html] = []
    for level, style in REGIONS:
        wide = critical(level, None) * largest
        parts.append(_triangle(x, top, floor, wide, style))
    for value in ticks(0.0, largest, 4):
        parts.append(text(left - 6, y.at(value) + 4, f"{value:g}", ".tick", anchor="end"))
        parts.append(rule(left, y.at(value), right, y.at(value), ".grid"))
    last = -100.0
    for value, words in axis_ticks(low, high, ratio=made.estimate_exp is not None):
        if x.at(value) - last >= 34:
            parts.append(text(x.at(value), floor + 17, words, ".tick", anchor="middle"))
            last = x.at(value)
    parts.append(rule(x.at(0.0), top, x.at(0.0), floor, ".axis"))
    for estimate, style in ((made.estimate, ".goal"), (made.common.estimate, ".mark")):
        if estimate is not None:
            parts.append(rule(x.at(estimate), top, x.at(estimate), floor, style))
    parts += [dot(x.at(one.yi), y.at(one.se), ".dose", 3.6) for one in made.studies]
    parts += [dot(x.at(effect), y.at(v**0.5), ".lab", 3.6) for effect, v in filled]
    parts.append(text(left, floor + 34, "dashed: the result; solid: the common effect; axis: no difference", ".tick"))
    return Drawing(floor + 42, tuple(parts))


def _triangle(x: Scale, top: float, floor: float, wide: float, style: str) -> Html:
    return area([x.at(-wide), x.at(0.0), x.at(wide)], [floor] * 3, [floor, top, floor], style)
