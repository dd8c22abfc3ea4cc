"""A forecast: a median with its 5 to 95 % band, past labs to its left, the reference range behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from davy.report.figure_frame import Scale, area, box, dot, fit_words, is_wide, rule, text, ticks, trace
from davy.report.layout import Drawing
from davy.report.markup import Html
from davy.report.words import number

TICK_ROOM = 62.0
"""The least distance between two ticks of the time axis [px]."""


@dataclass(frozen=True)
class Measured:
    """A past lab value: when, in the words of its row below the axis, and how much."""

    when: str
    value: float


@dataclass(frozen=True)
class Band:
    """A forecast in the reader's own unit.

    Attributes
    ----------
    day : day of the plan of each entry [d].
    p05, p50, p95 : quantiles, one a day, in `unit`.
    measured : past values, oldest first.
    within : (low, high, words) of the range drawn behind, or None.
    goal : (value, words) of a line to reach, or None.
    """

    day: tuple[float, ...]
    p05: tuple[float, ...]
    p50: tuple[float, ...]
    p95: tuple[float, ...]
    unit: str
    digits: int
    measured: tuple[Measured, ...] = ()
    within: tuple[float, float, str] | None = None
    goal: tuple[float, str] | None = None


def _extent(band: Band) -> tuple[float, float]:
    values = [*band.p05, *band.p95, *(lab.value for lab in band.measured)]
    values += [band.goal[0]] if band.goal else []
    low, high = min(values), max(values)
    room = 0.12 * (high - low) or 0.1 * abs(high) or 1.0
    return max(low - room, 0.0), high + room


def _past(band: Band, y: Scale, left: float, right: float, floor: float) -> list[Html]:
    parts: list[Html] = []
    step = (right - left) / max(len(band.measured), 1)
    for k, lab in enumerate(band.measured):
        x = left + step * (k + 0.5)
        parts += [
            dot(x, y.at(lab.value), ".lab", 4.5),
            text(x, y.at(lab.value) - 10, number(lab.value, band.digits), ".marked", anchor="middle"),
            text(x, floor + 17, fit_words(lab.when, step + 14), ".tick", anchor="middle"),
        ]
    return parts


def _weeks(x: Scale, last_day: float, top: float, floor: float) -> list[Html]:
    """Ticks at whole weeks, as dense as their words allow; below two weeks, at days."""
    unit, word = (7, "wk") if last_day > 14 else (1, "d")
    room = (x.end - x.start) / max(last_day / unit, 1e-9)
    step = next((step for step in (1, 2, 4, 8, 13, 26, 52) if step * room >= TICK_ROOM), 104)
    parts: list[Html] = []
    for count in range(0, int(last_day / unit) + 1, step):
        at = x.at(unit * count)
        shown = "today" if count == 0 else f"{count} {word}"
        anchor = "start" if count == 0 else "middle"
        parts += [rule(at, top, at, floor, ".grid"), text(at, floor + 17, shown, ".tick", anchor=anchor)]
    return parts


def draw_band(band: Band, width: int) -> Drawing:
    """The figure at a width [px]."""
    wide = is_wide(width)
    top, floor = 26.0, 246.0 if wide else 216.0
    shown = band if wide else replace(band, measured=band.measured[-1:])
    left = 46.0 if wide else 38.0
    past = 84.0 * len(shown.measured[-3:]) if wide else 72.0 * len(shown.measured)
    start, end = left + past + (14 if past else 0), width - (50.0 if wide else 42.0)
    low, high = _extent(band)
    y = Scale(low, high, floor, top)
    x = Scale(band.day[0], band.day[-1], start, end)
    parts: list[Html] = [text(0, 12, band.unit, ".tick")]
    if band.within is not None:
        upper, lower = y.at(band.within[1]), y.at(band.within[0])
        parts.append(box(left, upper, end - left, lower - upper, ".range"))
    for value in ticks(low, high, 4):
        parts += [rule(left, y.at(value), end, y.at(value), ".grid")]
        parts += [text(left - 6, y.at(value) + 4, number(value, band.digits), ".tick", anchor="end")]
    parts += _weeks(x, band.day[-1], top, floor)
    days = [x.at(day) for day in band.day]
    parts.append(area(days, [y.at(v) for v in band.p05], [y.at(v) for v in band.p95], ".band"))
    if band.goal is not None:
        at = y.at(band.goal[0])
        words_at = at - 6 if band.p50[-1] < band.goal[0] else at + 15
        parts += [rule(left, at, end, at, ".goal"), text(end - 4, words_at, band.goal[1], ".goaltext", anchor="end")]
    parts.append(trace(days, [y.at(v) for v in band.p50], ".median"))
    parts += _past(replace(shown, measured=shown.measured[-3:]), y, left, left + past, floor)
    parts += _ends(band, y, end)
    return Drawing(floor + 26, tuple(parts))


def _ends(band: Band, y: Scale, end: float) -> list[Html]:
    middle = y.at(band.p50[-1])
    upper = min(y.at(band.p95[-1]), middle - 14)
    lower = max(y.at(band.p05[-1]), middle + 14)
    return [
        text(end + 6, upper + 4, number(band.p95[-1], band.digits), ".tick"),
        text(end + 6, middle + 4, number(band.p50[-1], band.digits), ".marked"),
        text(end + 6, lower + 4, number(band.p05[-1], band.digits), ".tick"),
    ]
