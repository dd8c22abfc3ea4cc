"""Does the form matter for you: each form at the same elemental dose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from davy.planning.result import FormCompared
from davy.report.figure_frame import Scale, box, text, ticks
from davy.report.figure_rows import Axis, RowMarks, rows
from davy.report.layout import Drawing, Figure, Table, figure, section
from davy.report.markup import NOTHING, Html, el
from davy.report.reading import Reading
from davy.report.words import first_up, mg, number, plain, times
from davy.units import mg_of_mmol

ALIKE_MG = 1.5
"""Forms that differ by less are alike: a tablet varies more."""

STOOLS = {"low": "unlikely", "middle": "possible", "high": "likely"}


def forms(reading: Reading) -> Html:
    """The comparison; empty where nothing was compared."""
    compared = reading.plan.form_comparison
    if not compared:
        return NOTHING
    dose = compared[0].elemental_mg_per_day
    return section(
        "forms",
        "Does the form matter for you?",
        el("p", _answer(compared)),
        figure(_figure(compared, f"Every row is {mg(dose)} of elemental magnesium a day.")),
    )


def _absorbed_mg(form: FormCompared) -> float:
    return mg_of_mmol(form.absorbed_mmol_per_d or 0.0)


def _answer(compared: Sequence[FormCompared]) -> str:
    known = sorted((form for form in compared if form.absorbed_mmol_per_d is not None), key=_absorbed_mg)
    if len(known) < 2:
        return "What is absorbed was not simulated here: compare the forms by tablets and by their load on the gut."
    least, most = known[0], known[-1]
    if _absorbed_mg(most) - _absorbed_mg(least) < ALIKE_MG:
        return (
            f"Hardly. At the same dose every form brings about {mg(_absorbed_mg(most))} a day into the body. "
            "Choose by price, number of tablets and how your gut takes it."
        )
    alike = sum(_absorbed_mg(most) - _absorbed_mg(form) < ALIKE_MG for form in known)
    return (
        f"A little. At the same dose {alike} of {len(known)} forms bring about {mg(_absorbed_mg(most))} a day into "
        f"the body; the poorest, {plain(least.form)}, brings {mg(_absorbed_mg(least))}. "
        "The size of each dose, splitting it and taking it with a meal matter as much."
    )


@dataclass(frozen=True)
class _Group:
    """Forms that bring the same whole milligrams into the body; the chosen one stands alone."""

    label: str
    absorbed_mg: float | None
    chosen: bool


def _groups(compared: Sequence[FormCompared]) -> list[_Group]:
    members: dict[tuple[int | None, bool], list[FormCompared]] = {}
    for form in compared:
        amount = None if form.absorbed_mmol_per_d is None else round(_absorbed_mg(form))
        members.setdefault((amount, form.chosen), []).append(form)
    made: list[_Group] = []
    for (amount, chosen), group in members.items():
        first, others = _label(group[0]), len(group) - 1
        label = first if not others else f"{first} and {others} other{'s' if others > 1 else ''}"
        made.append(_Group(label, None if amount is None else _absorbed_mg(group[0]), chosen))
    return sorted(made, key=lambda group: (group.absorbed_mg is None, -(group.absorbed_mg or 0.0), not group.chosen))


def _label(form: FormCompared) -> str:
    return first_up(plain(form.form)) + (" (chosen)" if form.chosen else "")


def _row(group: _Group) -> RowMarks:
    def marks(scale: Scale, middle: float) -> Sequence[Html]:
        if group.absorbed_mg is None:
            return (text(scale.start + 6, middle + 4.5, "not simulated", ".tick"),)
        end = scale.at(group.absorbed_mg)
        style = ".bar.binding" if group.chosen else ".bar"
        shown = text(end + 7, middle + 4.5, mg(group.absorbed_mg), ".marked" if group.chosen else ".tick")
        return (box(scale.start, middle - 8, end - scale.start, 16, style), shown)

    return RowMarks(group.label, marks)


def _units(form: FormCompared) -> str:
    if form.product is None or form.units_per_day is None:
        return "no product listed"
    return f"{times(form.units_per_day)} {form.product}"


def _figure(compared: Sequence[FormCompared], same: str) -> Figure:
    highest = max([_absorbed_mg(form) for form in compared] + [10.0])
    marks = tuple((value, mg(value)) for value in ticks(0, highest, 4))

    def draw(width: int) -> Drawing:
        return rows(width, [_row(group) for group in _groups(compared)], Axis(0, highest, marks))

    behind = Table(
        "Forms at the same elemental dose",
        ("Form", "Absorbed, mg a day", "A day you would take", "Load on the gut, mosm a day", "Loose stools"),
        tuple(
            (
                _label(form),
                "not simulated" if form.absorbed_mmol_per_d is None else number(_absorbed_mg(form), 0),
                _units(form),
                "" if form.osmotic_load_mosm_per_d is None else number(form.osmotic_load_mosm_per_d, 0),
                STOOLS.get(form.stools or "", "not known"),
            )
            for form in compared
        ),
        (1, 3),
    )
    desc = f"{same} The bar is what a typical version of you would absorb of it; forms alike share a bar."
    return Figure("forms-figure", "What each form brings into the body.", desc, draw, behind)
