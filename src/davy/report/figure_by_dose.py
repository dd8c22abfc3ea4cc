"""Chances against dose: the target, loose stools with their band, and too high a serum, with the plan's own dose."""

from __future__ import annotations

from collections.abc import Sequence

from davy.planning.at_dose import DoseRisk
from davy.report.figure_frame import Scale, area, dot, is_wide, rule, text, ticks, trace
from davy.report.layout import Drawing, Figure, Table
from davy.report.markup import Html
from davy.report.words import mg, number, percent

_TOPS = (0.1, 0.2, 0.4, 1.0)
_LEAST_ROOM = 15.0


def by_dose_figure(doses: Sequence[DoseRisk], serum_unit: str, factor: float, digits: int) -> Figure:
    """The chances of a plan by dose; serum in the reader's own unit."""
    aimed = any(one.probability is not None for one in doses)
    named = "Chance of the target, of loose stools and of too high a serum" if aimed else "Chance of loose stools"
    chosen = next((one for one in doses if one.chosen), doses[-1])
    told = "The solid line is the chance to be inside the target. " if aimed else ""
    red = "The red line is the chance of a serum above 1.05 mmol/L. " if any(one.above_limit for one in doses) else ""
    desc = (
        f"{told}The dashed line is the chance of loose stools from the dose, with what trials leave open as a strip. "
        f"{red}At {mg(chosen.elemental_mg_per_day)} a day: {_words(chosen)}."
    )
    heads = ("A day", f"Serum, {serum_unit}", "In the target", "Above 1.05 mmol/L", "Loose stools (90 % band)")
    rows = tuple(
        (
            f"{mg(one.elemental_mg_per_day)}{' (this plan)' if one.chosen else ''}",
            number(factor * one.serum_p50, digits),
            "" if one.probability is None else _chance(one.probability, one.mc_error),
            _chance(one.above_limit, one.above_limit_mc_error),
            f"{percent(one.loose_stools)} ({percent(one.loose_stools_low)} to {percent(one.loose_stools_high)})",
        )
        for one in doses
    )
    made = Table("Chances by dose; after \N{PLUS-MINUS SIGN} the error of the simulation", heads, rows, (1, 2, 3, 4))
    return Figure("by-dose", f"{named}, by dose.", desc, lambda width: _draw(doses, width), made)


def _chance(share: float, error: float | None) -> str:
    return f"{percent(share)} \N{PLUS-MINUS SIGN} {100 * (error or 0.0):.1f}"


def _words(one: DoseRisk) -> str:
    """The three chances of one dose in a row."""
    target = "" if one.probability is None else f"target {percent(one.probability)}, "
    return f"{target}serum above 1.05 mmol/L {percent(one.above_limit)}, loose stools {percent(one.loose_stools)}"


def _draw(doses: Sequence[DoseRisk], width: int) -> Drawing:
    left, right, top = 42.0, width - 12.0, 14.0
    floor = 240.0 if is_wide(width) else 190.0
    first, last = doses[0].elemental_mg_per_day, doses[-1].elemental_mg_per_day
    highest = max(max(one.loose_stools_high, one.above_limit, one.probability or 0.0) for one in doses)
    ceiling = next(top for top in _TOPS if highest <= top)
    x, y = Scale(first, last, left, right), Scale(0.0, ceiling, floor, top)
    parts: list[Html] = []
    for share in ticks(0.0, ceiling, 4):
        level = y.at(share)
        named = text(left - 6, level + 4, f"{100 * share:.3g} %", ".tick", anchor="end")
        parts += [rule(left, level, right, level, ".grid"), named]
    for dose in ticks(first, last, 5 if is_wide(width) else 3):
        anchor = "end" if dose > last - 1 else "middle"
        parts.append(text(x.at(dose), floor + 17, f"{dose:g} mg", ".tick", anchor=anchor))
    at = [x.at(one.elemental_mg_per_day) for one in doses]
    stools = [y.at(one.loose_stools) for one in doses]
    low, high = ([y.at(share) for share in shares] for shares in _bands(doses))
    parts += [area(at, low, high, ".range"), trace(at, stools, ".spline")]
    if any(one.above_limit > 0 for one in doses):
        parts.append(trace(at, [y.at(one.above_limit) for one in doses], ".limit"))
    aimed = [(x.at(one.elemental_mg_per_day), y.at(one.probability)) for one in doses if one.probability is not None]
    if aimed:
        parts.append(trace([place for place, _ in aimed], [share for _, share in aimed], ".median"))
    return Drawing(floor + 26, (*parts, *_marks(doses, x, y, top, floor)))


def _bands(doses: Sequence[DoseRisk]) -> tuple[list[float], list[float]]:
    return [one.loose_stools_low for one in doses], [one.loose_stools_high for one in doses]


def _marks(doses: Sequence[DoseRisk], x: Scale, y: Scale, top: float, floor: float) -> list[Html]:
    """The plan's own dose through both curves, each chance written beside its dot."""
    chosen = next((one for one in doses if one.chosen), None)
    if chosen is None:
        return []
    at = x.at(chosen.elemental_mg_per_day)
    near_end = at > (x.start + x.end) / 2
    side, anchor = (-9.0, "end") if near_end else (9.0, "start")
    parts = [rule(at, top, at, floor, ".goal"), text(at + side, top + 9, "this plan", ".goaltext", anchor=anchor)]
    shares = [("stools", chosen.loose_stools)]
    if chosen.probability is not None:
        shares.append(("target", chosen.probability))
    last = floor + _LEAST_ROOM
    for name, share in sorted(shares, key=lambda one: one[1]):
        place = min(y.at(share) - 7, last - _LEAST_ROOM)
        last = place
        parts += [
            dot(at, y.at(share), ".lab", 4),
            text(at + side, place, f"{name} {percent(share)}", ".marked", anchor=anchor),
        ]
    return parts
