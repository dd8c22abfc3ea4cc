"""What magnesium would change in this person, by pathway: mechanisms beside the trials, never blended with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from davy.pathways.explained import NO_EFFECT, NO_MAP, Explained
from davy.pathways.run import WATERMARK
from davy.pathways.touched import Band, Reached, Shift, Touch, Touched
from davy.report.layout import Table, bullets, section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.pathway_words import GRADES, decimals
from davy.report.reading import Reading
from davy.report.words import number
from davy.units import convert

PLACES = {
    "plasma-ionised": "ionised, in plasma",
    "serum-total": "total, in serum",
    "csf": "fluid round brain and cord",
    "interstitial": "between the cells of brain and cord",
    "muscle-free": "free, inside muscle",
    "neuron-free": "free, inside nerve cells",
    "cell-free": "free, inside cells",
    "matrix-free": "free, inside mitochondria",
    "lumen": "in the gut",
}
_UNITS = {
    "mM": "mmol/L",
    "uM": "\N{MICRO SIGN}mol/L",
    "umol/L": "\N{MICRO SIGN}mol/L",
    "uU/mL": "\N{MICRO SIGN}U/mL",
    "0-10": "of 10",
}
_OF_GLUCOSE = ("mmol/L", "mg/dL")
_FOR_ANYONE = ("A", "B")
"""Grades of what is shown outside the fold."""
_NO_UNIT = ("1", "-", "dimensionless", "")
_INTRO = (
    "Mechanisms, computed from your own forecast. They are no promise of a benefit, and no dose rests on them: "
    "what trials measured stands in its own section."
)
_LEVELS = (
    "Whatever a pathway needs besides magnesium is at its usual value, not yours, so read the changes rather than the "
    "levels."
)
_NOT_ASKED = (
    "Nothing that Davy can compute with fair support and that bears on what you ask for would move by 1 % or more. "
    "What else would move is for a professional to weigh."
)
_STILL = "None of the mechanisms that Davy can compute for you would move by 1 % or more"
_HOW = (
    "The magnesium of your forecast, in each of its versions, is brought to each place by a model of how it gets "
    "there. Each pathway then runs twice, on today's magnesium and on that of the last day of the plan; the band is "
    "that of the difference. Fast pathways settle at once. A slow one starts from health both times, has its magnesium "
    "from the first day, which is a little more than the plan gives, and is read on the day that stands with it. A "
    "prior band rests in part on numbers that nobody measured."
)
_UNREACHED = (
    "Not computed, because no measurement ties what you swallow to the magnesium there (inside nerve cells, other "
    "cells and mitochondria)"
)


def pathways(reading: Reading) -> Html:
    """What this plan's magnesium moves for the person's own goals, all else folded; nothing if none was simulated."""
    made = reading.touched
    if made is None or not (made.touches or made.still):
        return NOTHING
    own = [one for one in made.touches if one.asked_for and one.grade in _FOR_ANYONE]
    by_place = [one for one in own if not one.by_dose]
    by_dose = [one for one in own if one.by_dose]
    return section(
        "pathways",
        "What magnesium would change in you, by pathway",
        el("p", _INTRO if own else _lead(made)),
        [el("p", _LEVELS), *(_block(one, reading) for one in by_place)] if by_place else None,
        [el("p", _by_dose_words(made)), *(_block(one, reading) for one in by_dose)] if by_dose else None,
        _fold(made, [one for one in made.touches if one not in own], reading),
    )


def _lead(made: Touched) -> str:
    moved = any(one.grade != "D" and not one.by_dose for one in made.touches)
    return _NOT_ASKED if moved else _nothing_moves(made)


def _nothing_moves(made: Touched) -> str:
    serum = next((one for one in made.reached if one.compartment == "serum-total"), None)
    if serum is None:
        return f"{_STILL}."
    return f"{_STILL}: serum magnesium goes from {serum.before.p50:.3f} to {serum.after.p50:.3f} mmol/L."


def _places(made: Touched, day: float) -> Html:
    caption = f"Magnesium on what you take today and on day {day:.0f} of the plan [mmol/L], median (5 to 95 %)"
    heads = ("Where", "Today", f"Day {day:.0f}", "Change")
    rows = tuple(_place(one) for one in made.reached)
    return el("div", el("p.small", f"{caption}:"), table(Table(caption, heads, rows, (1, 2, 3), prose=True)))


def _place(one: Reached) -> tuple[Child, ...]:
    return (PLACES.get(one.compartment, one.compartment), _level(one.before), _level(one.after), _level(one.change))


def _level(band: Band) -> str:
    low, middle, high = (number(one, 3) for one in (band.p05, band.p50, band.p95))
    return f"{middle} ({low} to {high})"


def _by_dose_words(made: Touched) -> str:
    if made.taken is None:
        return ""
    before, after = (one.day_mg for one in made.taken)
    less = " As the plan gives less, what trials found gets smaller; what a better absorbed form makes up is not in it."
    return (
        f"What follows goes with the dose alone, {after:.0f} mg a day beyond food against {before:.0f} mg today. "
        "Trials found it in others and on average, and counted what was swallowed, whatever its form; how sure it is "
        f"stands where the benefit is.{less if after < before else ''}"
    )


def _block(one: Touch, reading: Reading) -> Html:
    """What moves in one pathway, what it says of itself, and what it makes of trials."""
    unit = reading.reader.glucose_unit()
    return el(
        "div",
        el("h3", one.title),
        bullets([_shift(known(shift, unit)) for shift in one.shifts]),
        el("p", one.says, *(_of_trials(said) for said in one.explained), reading.reader.references.cite(one.sources)),
        el("p.small", _standing(one)),
    )


def _of_trials(said: Explained) -> str:
    if said.sentence == NO_EFFECT:
        return f" Trials have shown no effect on {said.outcome} that this could explain."
    if said.sentence == NO_MAP:
        return f" Trials counted {said.outcome}; no measured way leads there from what this computes."
    return f" Of what trials found on {said.outcome}: {said.sentence}."


def known(shift: Shift, glucose_unit: str) -> Shift:
    """A shift with glucose in the unit that its reader knows; what is no glucose stays."""
    unit = _UNITS.get(shift.unit, shift.unit)
    if "glucose" not in shift.label.lower() or unit not in _OF_GLUCOSE or unit == glucose_unit:
        return shift
    factor = convert(1.0, unit, glucose_unit, "glucose")
    before, after, by = (
        Band(*(factor * one for one in (band.p05, band.p50, band.p95)))
        for band in (shift.before, shift.after, shift.by)
    )
    return replace(shift, unit=glucose_unit, before=before, after=after, by=by)


def _shift(shift: Shift) -> Child:
    first, last = shift.before.p50, shift.after.p50
    digits = decimals(first, last)
    if shift.share is not None:
        middle, low, high = (_percent(share) for share in (shift.share.p50, shift.share.p05, shift.share.p95))
    else:
        ends = (shift.by.p50, shift.by.p05, shift.by.p95)
        middle, low, high = (_signed(by, decimals(*ends), shift.unit) for by in ends)
        digits = max(digits, decimals(*ends)) if first else decimals(*ends)
    before, after = (_value(one, digits, shift.unit) for one in (first, last))
    return (f"{shift.label}: {before} as today, {after} with the plan; ", el("strong", middle), f" ({low} to {high})")


def _standing(one: Touch) -> str:
    slow = "" if one.day is None else f" Read on day {one.day:.0f}."
    return f"Grade {GRADES[one.grade]}. In brackets 5 to 95 %, a {one.band}.{slow}"


def _value(value: float, digits: int, unit: str) -> str:
    shown = number(value, digits)
    shown = shown if float(f"{value:.{digits}f}") else shown.lstrip("\N{MINUS SIGN}")
    return shown if unit in _NO_UNIT else f"{shown} {_UNITS.get(unit, unit)}"


def _signed(value: float, digits: int, unit: str) -> str:
    return f"{'+' if value > 0 else ''}{_value(value, digits, unit)}"


def _percent(share: float) -> str:
    return f"{'+' if share > 0 else ''}{number(100.0 * share, 1)} %"


def _fold(made: Touched, others: Sequence[Touch], reading: Reading) -> Html:
    """For a professional: where magnesium arrives, what else moves, what stays, and how it was computed."""
    day = max((one.day[-1] for one in reading.plan.expected), default=0.0)
    sound = [one for one in others if one.grade != "D"]
    guesses = [one for one in others if one.grade == "D"]
    told = [
        _HOW,
        _list("By less than 1 % in the middle of their bands", made.still),
        _list(_UNREACHED, made.unreached),
        _list("Left out, because the dose lies outside what it holds for", made.beyond),
        ""
        if made.taken
        else "What trials found with a dose is left out: the amount of a product that you take today is not known.",
    ]
    return el(
        "details",
        el("summary", "For a professional: where magnesium arrives, what else would move, and how this was computed"),
        _places(made, day),
        [el("p.small", _LEVELS), *(_block(one, reading) for one in sound)] if sound else None,
        [el("p.unsigned", WATERMARK), *(_block(one, reading) for one in guesses)] if guesses else None,
        [el("p.small", one) for one in told if one],
    )


def _list(what: str, names: Sequence[str]) -> str:
    return f"{what}: {'; '.join(names)}." if names else ""
