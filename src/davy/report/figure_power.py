"""Power over the size of a trial, with the error of the simulation."""

from __future__ import annotations

from davy.report.figure_frame import Scale, area, dot, is_wide, rule, text, ticks, trace
from davy.report.layout import Drawing, Figure, Table
from davy.report.markup import Html
from davy.report.trial_words import power_words
from davy.report.words import number
from davy.trials.result import PowerCurve


def power_figure(made: PowerCurve) -> Figure | None:
    """The curve; None where only the smallest trial was asked for."""
    points = sorted(made.points, key=lambda one: one.people)
    if len(points) < 2:
        return None

    def draw(width: int) -> Drawing:
        top, floor, left, end = 26.0, 246.0 if is_wide(width) else 216.0, 46.0, width - 30.0
        x = Scale(0.0, float(points[-1].people), left, end)
        y = Scale(0.0, 1.0, floor, top)
        parts: list[Html] = [text(0, 12, "power", ".tick")]
        for value in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
            parts += [rule(left, y.at(value), end, y.at(value), ".grid")]
            parts += [text(left - 6, y.at(value) + 4, number(value, 1), ".tick", anchor="end")]
        for value in ticks(0, points[-1].people, 5 if is_wide(width) else 3):
            parts.append(text(x.at(value), floor + 17, f"{value:,.0f}", ".tick", anchor="middle"))
        xs = [x.at(one.people) for one in points]
        lower, upper = ([y.at(one.power + sign * 1.96 * one.mc_error) for one in points] for sign in (-1, 1))
        parts += [area(xs, lower, upper, ".band"), trace(xs, [y.at(one.power) for one in points], ".median")]
        parts += [dot(x.at(one.people), y.at(one.power), ".lab", 4) for one in points]
        return Drawing(floor + 26, tuple(parts))

    rows = tuple((f"{one.people:,}", number(one.power, 3), number(one.mc_error, 3)) for one in points)
    behind = Table("Power by the number of persons", ("Persons", "Power", "Error of the simulation"), rows, (0, 1, 2))
    desc = f"{power_words(made)[0].rstrip(':')}; the band is the 95 % error of the simulation."
    return Figure("power-figure", "Power over the size of the trial.", desc, draw, behind)
