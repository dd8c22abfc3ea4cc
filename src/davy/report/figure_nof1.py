"""A diary drawn block by block: every day's outcome, what the model expects, and which arm it was."""

from __future__ import annotations

from davy.followup.n_of_1.result import Analysis, DayPoint
from davy.report.figure_frame import Scale, box, dot, fit_words, is_wide, rule, text, ticks, trace
from davy.report.layout import Drawing, Figure, Table
from davy.report.markup import Html
from davy.report.words import short

TOP, ROOM = 44.0, 210.0
LEAST_FOR_LABEL = 34.0
"""Width of a block that has room for its label [px]."""


def diary_figure(made: Analysis) -> Figure:
    """Daily outcome by block with the fitted course."""
    days = made.shown
    stretches = _stretches(days)
    values = [one.outcome for one in days if one.outcome is not None] + [one.fitted for one in days]
    low, high = min(*values, 0.0 if min(values) >= 0 else min(values)), max(values)

    def draw(width: int) -> Drawing:
        floor, left, end = TOP + ROOM, 40.0, width - 10.0
        x, y = Scale(0.5, days[-1].day + 0.5, left, end), Scale(low, high, floor - 6, TOP + 6)
        parts: list[Html] = [text(0, 12, "outcome", ".tick")]
        for first, last, arm in stretches:
            start, stop = x.at(first - 0.5), x.at(last + 0.5)
            if arm == made.main.second:
                parts.append(box(start, TOP, stop - start, ROOM, ".range"))
            parts.append(rule(stop, TOP, stop, floor, ".grid"))
            if stop - start > LEAST_FOR_LABEL:
                parts.append(text((start + stop) / 2, TOP - 8, fit_words(arm, stop - start), ".tick", anchor="middle"))
        for value in ticks(low, high, 4):
            parts += [rule(left, y.at(value), end, y.at(value), ".grid")]
            parts += [text(left - 6, y.at(value) + 4, short(value), ".tick", anchor="end")]
        for value in ticks(1, days[-1].day, 7 if is_wide(width) else 4):
            parts.append(text(x.at(value), floor + 17, f"{value:.0f}", ".tick", anchor="middle"))
        parts.append(text((left + end) / 2, floor + 34, "day", ".tick", anchor="middle"))
        radius = 2.2 if len(days) > 120 or not is_wide(width) else 3.0
        parts += [dot(x.at(one.day), y.at(one.outcome), ".lab", radius) for one in days if one.outcome is not None]
        for first, last, _ in stretches:
            on = [one for one in days if first <= one.day <= last]
            parts.append(trace([x.at(one.day) for one in on], [y.at(one.fitted) for one in on], ".median"))
        return Drawing(floor + 42, tuple(parts))

    rows = tuple(
        (str(one.day), one.arm or "none", "" if one.outcome is None else short(one.outcome), short(one.fitted))
        for one in days
    )
    behind = Table("Every day", ("Day", "Arm", "Outcome", "Expected"), rows, (0, 2, 3))
    desc = (
        f"Each ring is a day; the line is what the model expects, wash-in included; shaded blocks: {made.main.second}."
    )
    return Figure("diary", "The diary, block by block.", desc, draw, behind)


def _stretches(days: tuple[DayPoint, ...]) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    block: int | None = None
    for one in days:
        if found and block == one.block:
            found[-1] = (found[-1][0], one.day, found[-1][2])
        else:
            found.append((one.day, one.day, one.arm or "none"))
        block = one.block
    return found
