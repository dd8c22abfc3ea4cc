"""The day on a strip of 24 hours: magnesium above the line, medicines and the hours around them below."""

from __future__ import annotations

from collections.abc import Sequence

from davy.planning.result import PlannedIntake, PlannedRegimen, Separation
from davy.report.figure_frame import Scale, box, dot, fit_words, rule, text
from davy.report.layout import Drawing, Figure, Table
from davy.report.markup import Html
from davy.report.reading import MedicineTimes
from davy.report.words import listed, mg


def hour(at: str) -> float:
    """A clock time as hours after midnight."""
    hours, minutes = at.split(":")
    return int(hours) + int(minutes) / 60


_WORD = 48.0
"""The room that an amount takes [px]."""


def _kept_free(x: Scale, taken: float, apart: Separation, y: float) -> list[Html]:
    """The hours in which no magnesium may be taken; they may run over midnight."""
    start = taken - apart.medicine_h_after_magnesium
    end = taken + apart.medicine_h_before_magnesium
    parts: list[Html] = []
    for shift in (-24, 0, 24):
        low, high = max(start + shift, 0.0), min(end + shift, 24.0)
        if high > low:
            parts.append(box(x.at(low), y - 8, x.at(high) - x.at(low), 16, ".free"))
    return parts


def _magnesium(x: Scale, intakes: Sequence[PlannedIntake], line: float) -> list[Html]:
    parts: list[Html] = []
    hours = [hour(intake.at) for intake in intakes]
    for intake, word in zip(intakes, words_at(x, hours), strict=True):
        at = x.at(hour(intake.at))
        parts += [
            rule(at, line - 16, at, line, ".mark"),
            dot(at, line - 18, ".dose", 6),
            text(word, line - 44, intake.at, ".marked", anchor="middle"),
            text(word, line - 30, mg(intake.elemental_mg), ".tick", anchor="middle"),
        ]
    return parts


def words_at(x: Scale, hours: Sequence[float]) -> list[float]:
    """Where the words of each hour stand [px]: over it, moved apart where they would touch, all inside the line."""
    order = sorted(range(len(hours)), key=hours.__getitem__)
    placed = [max(x.at(hours[k]), x.start + _WORD / 2) for k in order]
    for k in range(1, len(placed)):
        placed[k] = max(placed[k], placed[k - 1] + _WORD)
    end = x.end - _WORD / 2
    for k in range(len(placed) - 1, -1, -1):
        placed[k] = end = min(placed[k], end)
        end -= _WORD
    at = dict(zip(order, placed, strict=True))
    return [at[k] for k in range(len(hours))]


def clock_figure(regimen: PlannedRegimen, medicines: Sequence[MedicineTimes]) -> Figure:
    """When magnesium is taken on a day of the last step, and which hours the medicines keep free of it."""
    intakes = regimen.steps[-1].intakes
    times = {medicine.name: medicine.at for medicine in medicines}
    timed = [apart for apart in regimen.separate_from if times.get(apart.medicine)]

    def draw(width: int) -> Drawing:
        x = Scale(0, 24, 8, width - 8)
        line = 60.0
        bottom = line + 44 * len(timed) + 10
        parts = _magnesium(x, intakes, line)
        parts.append(rule(x.start, line, x.end, line, ".axis"))
        for k, apart in enumerate(timed):
            middle = line + 34 + 44 * k
            parts.append(
                text(x.start, middle - 13, fit_words(f"{apart.medicine}: no magnesium here", width - 16), ".label")
            )
            for at in times[apart.medicine]:
                parts += _kept_free(x, hour(at), apart, middle)
            parts += [dot(x.at(hour(at)), middle, ".medicine", 4.5) for at in times[apart.medicine]]
        for at in (0, 6, 12, 18, 24):
            anchor = "start" if at == 0 else "end" if at == 24 else "middle"
            parts.append(text(x.at(at), bottom + 12, f"{at:02d}:00", ".tick", anchor=anchor))
        return Drawing(bottom + 20, tuple(parts))

    rows = tuple(
        (
            apart.medicine,
            listed(times.get(apart.medicine) or ()) or "time not known",
            f"{apart.medicine_h_before_magnesium:g} h",
            f"{apart.medicine_h_after_magnesium:g} h",
        )
        for apart in regimen.separate_from
    )
    taken = listed(tuple(intake.at for intake in intakes))
    desc = f"Magnesium at {taken}. " + (
        "Shaded: the hours that each medicine keeps free of magnesium."
        if timed
        else "No medicine has a known clock time."
    )
    behind = Table(
        "Medicines to keep apart from magnesium",
        ("Medicine", "Taken at", "Medicine first: wait", "Magnesium first: wait"),
        rows,
        (2, 3),
    )
    return Figure("clock-figure", "Your day.", desc, draw, behind)
