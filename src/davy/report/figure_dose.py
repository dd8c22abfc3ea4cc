"""A dose-response figure: the line and the spline with their bands, and every category of every study as a dot."""

from __future__ import annotations

import math
from collections.abc import Sequence

from davy.evidence.meta.dose_document import CurvePoint, DoseResponse
from davy.report.figure_forest import RATIOS
from davy.report.figure_frame import Scale, area, dot, is_wide, rule, text, ticks, trace
from davy.report.layout import Drawing, Figure, Table
from davy.report.markup import Html

FINE = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4)
"""Ticks of the risk axis where the usual ones lie too far apart."""


def dose_figure(made: DoseResponse) -> Figure:
    """The relative risk by dose against the reference dose."""
    curved = made.nonlinear.curve if made.nonlinear is not None else (None,) * len(made.linear_curve)
    rows = tuple(
        (f"{line.dose:.4g}", _words(line), "" if bent is None else _words(bent))
        for line, bent in zip(made.linear_curve, curved, strict=True)
    )
    return Figure(
        name="dose-response",
        title=f"Relative risk by dose, against {made.reference_dose:g}.",
        desc="The straight line and its band; the spline dashed; dots are the categories of the studies, each moved so "
        "that its own reference lies on the line.",
        draw=lambda width: _draw(made, width),
        table=Table("Relative risk by dose", ("Dose", "Line (interval)", "Spline (interval)"), rows, (1, 2)),
    )


def _words(one: CurvePoint) -> str:
    return f"{one.rr:.3f} ({one.rr_ci[0]:.3f} to {one.rr_ci[1]:.3f})"


def dots(made: DoseResponse) -> list[tuple[float, float]]:
    """Dose and log relative risk of every category, each study lifted to the line at its own reference."""
    slope = made.per_unit.slope / made.per_unit.unit
    found: list[tuple[float, float]] = []
    for one in made.studies:
        lift = slope * (one.dose[0] - made.reference_dose)
        found += [(dose, value + lift) for dose, value in zip(one.dose, one.logrr, strict=True)]
    return found


def _draw(made: DoseResponse, width: int) -> Drawing:
    left, right = 44.0, width - 8.0
    top, floor = 12.0, 300.0 if is_wide(width) else 230.0
    points = dots(made)
    ends = [math.log(end) for one in made.linear_curve for end in one.rr_ci]
    curve: Sequence[CurvePoint] = () if made.nonlinear is None else made.nonlinear.curve
    values = [*ends, *(value for _, value in points), *(one.logrr for one in curve)]
    low, high = min(values), max(values)
    x = Scale(made.dose_low, made.dose_high, left, right)
    y = Scale(low, high, floor, top)
    parts: list[Html] = []
    usual = [value for value in RATIOS if low <= math.log(value) <= high]
    for value in usual if len(usual) >= 3 else [one for one in FINE if low <= math.log(one) <= high]:
        at = y.at(math.log(value))
        parts += [rule(left, at, right, at, ".grid"), text(left - 6, at + 4, f"{value:g}", ".tick", anchor="end")]
    for value in ticks(made.dose_low, made.dose_high, 5):
        parts.append(text(x.at(value), floor + 17, f"{value:g}", ".tick", anchor="middle"))
    if low <= 0 <= high:
        parts.append(rule(left, y.at(0.0), right, y.at(0.0), ".axis"))
    parts += _line(made.linear_curve, x, y)
    if curve:
        parts.append(trace([x.at(one.dose) for one in curve], [y.at(one.logrr) for one in curve], ".spline"))
    parts += [dot(x.at(dose), y.at(value), ".lab", 3.2) for dose, value in points]
    return Drawing(floor + 26, tuple(parts))


def _line(curve: Sequence[CurvePoint], x: Scale, y: Scale) -> list[Html]:
    doses = [x.at(one.dose) for one in curve]
    lower = [y.at(math.log(one.rr_ci[0])) for one in curve]
    upper = [y.at(math.log(one.rr_ci[1])) for one in curve]
    return [area(doses, lower, upper, ".band"), trace(doses, [y.at(one.logrr) for one in curve], ".median")]
