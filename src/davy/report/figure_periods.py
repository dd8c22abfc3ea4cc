"""Four weeks beside four weeks: a bar each, what unnoted days could add, and the line it is read against."""

from __future__ import annotations

from dataclasses import dataclass

from davy.report.figure_frame import Scale, box, rule, text, ticks
from davy.report.layout import Drawing, Figure, Table
from davy.report.markup import Html
from davy.report.words import number

ROOM = 15.0
"""What the words above a bar take [px]."""


@dataclass(frozen=True)
class Bar:
    """One period: its words below, its value, and the most and least that unnoted days leave open.

    `part` marks a period that has not passed yet; `before` the time before anything was changed.
    """

    under: str
    value: float | None
    low: float | None
    high: float | None
    before: bool = False
    part: bool = False


@dataclass(frozen=True)
class Bars:
    """A row of periods; `line` is a value with its words, drawn across."""

    name: str
    title: str
    desc: str
    unit: str
    digits: int
    bars: tuple[Bar, ...]
    line: tuple[float, str] | None = None


def periods_figure(made: Bars) -> Figure:
    """The figure, with the same numbers as a table behind it."""
    rows = tuple((bar.under, *_numbers(bar, made.digits)) for bar in made.bars)
    behind = Table(made.title, ("Four weeks", made.unit, "With the days not noted"), rows, (1, 2))
    return Figure(made.name, made.title, made.desc, lambda width: _draw(made, width), behind)


def _numbers(bar: Bar, digits: int) -> tuple[str, str]:
    value = "not noted" if bar.value is None else number(bar.value, digits)
    if bar.low is None or bar.high is None:
        return value, ""
    return value, f"{number(bar.low, digits)} to {number(bar.high, digits)}"


def _draw(made: Bars, width: int) -> Drawing:
    top, floor, left, end = 26.0, 104.0, 26.0, width - 6.0
    most = max([1.0, *(bar.value or 0 for bar in made.bars), *(bar.high or 0 for bar in made.bars)])
    most = max(most, made.line[0] * 1.1) if made.line is not None else most
    y = Scale(0.0, most * 1.06, floor, top)
    parts: list[Html] = [text(0, 11, made.unit, ".tick")]
    for value in ticks(0.0, most, 3):
        parts += [rule(left, y.at(value), end, y.at(value), ".grid")]
        parts += [text(left - 5, y.at(value) + 4, number(value, 0), ".tick", anchor="end")]
    step = (end - left) / max(len(made.bars), 1)
    for k, bar in enumerate(made.bars):
        parts += _bar(made, bar, y, left + step * (k + 0.5), min(step * 0.56, 44.0))
        parts.append(text(left + step * (k + 0.5), floor + 15, bar.under, ".tick", anchor="middle"))
    parts.append(rule(left, floor, end, floor, ".axis"))
    if made.line is not None:
        at = y.at(made.line[0])
        parts += [rule(left, at, end, at, ".goal"), rule(end - 22, 7.0, end, 7.0, ".goal")]
        parts.append(text(end - 27, 11, made.line[1], ".goaltext", anchor="end"))
    return Drawing(floor + 22, tuple(parts))


def _bar(made: Bars, bar: Bar, y: Scale, middle: float, wide: float) -> list[Html]:
    """A bar with its value above it; a thin mark from the least to the most that unnoted days allow."""
    if bar.value is None:
        return [text(middle, y.start - 6, "not noted", ".tick", anchor="middle")]
    at = y.at(bar.value)
    style = ".bar.early" if bar.before else ".bar.part" if bar.part else ".bar.binding"
    parts = [box(middle - wide / 2, at, wide, y.start - at, style)]
    top = at
    if bar.low is not None and bar.high is not None and bar.high > bar.low:
        top = y.at(bar.high)
        parts.append(rule(middle, y.at(bar.low), middle, top, ".whisker"))
    parts.append(text(middle, top - 4, number(bar.value, made.digits), ".marked", anchor="middle"))
    return parts
