"""Rows of a dossier over one scale: intervals against a line, and misses against what is tolerated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from davy.report.figure_frame import Scale, box, dot, fit_words, is_wide, rule, text, ticks
from davy.report.layout import Drawing
from davy.report.markup import Html
from davy.report.words import first_up

_MOST = 4.0
_LABELS, _NARROW_LABELS, _LONG, _PITCH = 208.0, 128.0, 330.0, 22.0
_SEEN = 0.1


@dataclass(frozen=True)
class Held:
    """A share with its interval."""

    label: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Missed:
    """How far something lies off, in what is tolerated: between -1 and 1 it holds; `before` an earlier state."""

    label: str
    value: float
    before: float | None = None


def held_drawing(width: int, made: Mapping[str, Sequence[Held]], promised: float) -> Drawing:
    """Shares by group, from the lowest to 1, with a line at what is promised."""
    low = min(0.5, *(one.low for lines in made.values() for one in lines))
    left = _LABELS if is_wide(width) else _NARROW_LABELS
    x = Scale(int(low * 10) / 10, 1.0, left, width - 22.0)
    marks: list[Html] = []
    y = 28.0
    for name, lines in made.items():
        marks.append(text(0, y + 10, fit_words(name, width - 8), ".marked"))
        y += 30.0
        for one in lines:
            style = ".dose" if one.high >= promised else ".short"
            marks.append(text(0, y + 4, fit_words(one.label, left - 8), ".label"))
            marks += [rule(x.at(one.low), y, x.at(one.high), y, ".mark"), dot(x.at(one.value), y, style, 4.2)]
            y += _PITCH
        y += 8.0
    grid: list[Html] = []
    for value in ticks(x.low, 1.0, 5 if is_wide(width) else 3):
        grid.append(rule(x.at(value), 20, x.at(value), y - 8, ".grid"))
        grid.append(text(x.at(value), y + 8, f"{100 * value:.0f} %", ".tick", anchor="middle"))
    grid.append(rule(x.at(promised), 18, x.at(promised), y - 8, ".goal"))
    grid.append(text(x.at(promised), 12, f"{100 * promised:.0f} % promised", ".goaltext", anchor="end"))
    return Drawing(y + 16, (*grid, *marks))


def missed_drawing(width: int, made: Sequence[Missed]) -> Drawing:
    """Misses on one scale with the band of what is tolerated; what lies further off stands at the edge."""
    wide = is_wide(width)
    left, pitch, top = (_LONG, _PITCH, 12.0) if wide else (4.0, 2 * _PITCH, 12.0)
    bottom = top + pitch * len(made)
    x = Scale(-_MOST, _MOST, left + 8, width - 14.0)
    parts: list[Html] = [box(x.at(-1), top - 4, x.at(1) - x.at(-1), bottom - top + 4, ".band")]
    for value in range(-4, 5, 1 if wide else 2):
        parts.append(rule(x.at(value), top - 4, x.at(value), bottom, ".axis" if value == 0 else ".grid"))
        shown = f"{value:+d}".replace("-", "\N{MINUS SIGN}") if value else "0"
        parts.append(text(x.at(value), bottom + 17, shown, ".tick", anchor="middle"))
    for place, one in enumerate(made):
        y = top + pitch * place + (pitch / 2 if wide else 0.72 * pitch)
        label = fit_words(first_up(one.label), left if wide else width - 8, 12.5)
        parts.append(text(0, y + 4 if wide else y - 12, label, ".label"))
        if one.before is not None and abs(one.before - one.value) > _SEEN:
            parts += [rule(x.at(one.before), y, x.at(one.value), y, ".mark"), dot(x.at(one.before), y, ".lab", 3.6)]
        parts.append(dot(x.at(one.value), y, ".dose" if abs(one.value) <= 1 else ".short", 4.4))
    return Drawing(bottom + 24, tuple(parts))
