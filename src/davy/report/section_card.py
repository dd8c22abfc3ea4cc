"""The shopping and clock card: what to buy, what to do with present products, what to take when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from davy.planning.result import CurrentItem, Plan, PlannedIntake, PlannedRegimen, PlannedStep, Separation
from davy.report.figure_clock import clock_figure
from davy.report.layout import Table, bullets, figure, section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.reading import Reading
from davy.report.words import days_between, first_up, listed, magnesium, mg, mg_between, times

ACTIONS = {
    "keep": "Keep",
    "replace": "Replace",
    "reduce": "Take less of",
    "ask_prescriber": "Ask the prescriber about",
}
LEAVE_OUT = "Leave out"
MONTH_D = 30


def card(reading: Reading) -> Html:
    """The card; empty when there is nothing to take and nothing is taken now."""
    plan = reading.plan
    present = [_present(plan, item) for item in plan.current]
    if plan.regimen is None:
        if not present:
            return NOTHING
        return section("card", "What you take now", bullets(present))
    return section(
        "card",
        "Your card",
        el(
            "div.card",
            el("h3", "Buy"),
            el("p", _shopping(plan.regimen), reading.reader.references.cite(plan.regimen.sources)),
            [el("h3", "What you take now"), bullets(present)] if present else None,
            el("h3", "Take"),
            table(steps(plan.regimen, plan.today)),
            el("p", f"Take it {plan.regimen.take_with}." if plan.regimen.take_with else None),
            el("p.small", "All amounts are elemental magnesium: the metal itself, not the weight of the salt."),
        ),
        _medicines(plan.regimen, reading),
    )


def action_words(plan: Plan, item: CurrentItem) -> str:
    """What to do with a present product; where nothing replaces it, less of it means none for now."""
    return LEAVE_OUT if item.action == "reduce" and plan.regimen is None else ACTIONS[item.action]


def _present(plan: Plan, item: CurrentItem) -> Child:
    amount = mg_between(item.elemental_mg_per_day.low, item.elemental_mg_per_day.high)
    return (el("strong", f"{action_words(plan, item)}: "), f"{item.item} ({amount} elemental a day). ", item.sentence)


def _shopping(regimen: PlannedRegimen) -> Child:
    last = regimen.steps[-1]
    bought: dict[str, float] = {}
    for intake in last.intakes:
        name = intake.product or f"{magnesium(intake.form)} {mg(intake.elemental_mg)}"
        bought[name] = bought.get(name, 0.0) + (intake.units or 1.0)
    lines: list[Child] = []
    for name, units in bought.items():
        lines.append((el("strong", first_up(name)), f", about {units * MONTH_D:.0f} a month. "))
    return (
        lines,
        f"The label should read: \N{LEFT DOUBLE QUOTATION MARK}{regimen.label_reads}\N{RIGHT DOUBLE QUOTATION MARK}.",
    )


def intake_words(intake: PlannedIntake) -> str:
    """One intake: "21:00  2 × magnesium citrate 100 mg tablet (200 mg)"."""
    return f"{intake.at}  {taken_words(intake)}"


def taken_words(intake: PlannedIntake) -> str:
    """What is taken at one time; a single unit needs no sum."""
    if intake.product is None or intake.units is None:
        return f"{intake.product or magnesium(intake.form)} {mg(intake.elemental_mg)}"
    sum_of_units = "" if intake.units == 1 else f" ({mg(intake.elemental_mg)})"
    return f"{times(intake.units)} {intake.product}{sum_of_units}"


def step_days(step: PlannedStep, today: str) -> str:
    """The days of a step as dates; the last day is the one before `to_day`."""
    return days_between(today, step.from_day, step.to_day - 1)


def steps(regimen: PlannedRegimen, today: str) -> Table:
    """What to take from which day."""
    rows: Iterable[tuple[Child, ...]] = (
        (
            step_days(step, today),
            [el("div", el("strong", intake.at), "  ", taken_words(intake)) for intake in step.intakes] or "nothing",
            mg(sum(intake.elemental_mg for intake in step.intakes)),
        )
        for step in regimen.steps
    )
    return Table("What to take, and when", ("Days", "At", "A day"), tuple(rows), (2,), prose=True)


@dataclass(frozen=True)
class Apart:
    """Medicines that stay equally far from magnesium, in words."""

    sentence: str
    sources: tuple[str, ...]


def apart_words(separations: Sequence[Separation]) -> tuple[Apart, ...]:
    """How far the medicines stay from magnesium; those with the same hours share a sentence."""
    groups: dict[tuple[float, float, bool], list[Separation]] = {}
    for one in separations:
        hours = (one.medicine_h_before_magnesium, one.medicine_h_after_magnesium, one.pause_magnesium_instead)
        groups.setdefault(hours, []).append(one)
    told: list[Apart] = []
    for (before, after, pause), members in groups.items():
        names = listed(tuple(one.medicine for one in members))
        sources = tuple(dict.fromkeys(source for one in members for source in one.sources))
        hours = f"{before:g} h before magnesium, or {after:g} h after it"
        said = f"While you take {names}, pause magnesium." if pause else f"{first_up(names)}: at least {hours}."
        told.append(Apart(said, sources))
    return tuple(told)


def _medicines(regimen: PlannedRegimen, reading: Reading) -> Child:
    if not regimen.separate_from:
        return None
    told = [(one.sentence, reading.reader.references.cite(one.sources)) for one in apart_words(regimen.separate_from)]
    names = listed(tuple(apart.medicine for apart in regimen.separate_from))
    return (
        el("h3", f"Keep apart from {names}"),
        bullets(told),
        figure(clock_figure(regimen, reading.reader.medicines)),
    )
