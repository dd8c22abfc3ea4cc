"""The words of a visit: what to do, how often, how much better."""

from __future__ import annotations

from datetime import date

from davy.followup.adapt.decision import Action
from davy.followup.visit import Visit
from davy.followup.visit_periods import Before
from davy.people.intake import intake_of
from davy.people.regimen import Intake
from davy.planning.result import CurrentItem
from davy.report.words import first_up, listed, magnesium, mg, number, percent, written

ACTIONS: dict[Action, str] = {
    "keep": "Go on as planned",
    "step_down": "Go back one step",
    "stop": "Stop the magnesium of this plan",
    "step_up": "Go up one step",
    "test_first": "Measure first",
    "refer": "See a doctor about it",
}
MEASURES = {
    "headache_days_per_28": ("Headache days", "headache days in 28", 0),
    "acute_medicine_days_per_28": ("Days with a painkiller", "days with a painkiller in 28", 0),
    "pain_0_10": ("Worst pain of the day", "pain, 0 to 10", 1),
    "sleep_onset_min": ("Minutes to fall asleep", "minutes to fall asleep", 0),
    "cramps_per_week": ("Cramps a week", "cramps a week", 1),
}
"""Each figure of a diary: its title, its words in a sentence, its digits."""


def measure_title(name: str) -> str:
    """A figure as a heading."""
    return MEASURES[name][0]


def shown(name: str, value: float) -> str:
    """A value of a figure."""
    return number(value, MEASURES[name][2])


def before_words(name: str, found: Before | None) -> str:
    """The baseline, and where it comes from."""
    if found is None:
        return "no baseline is known, so no change can be told"
    where = f"{found.days_known} diary days" if found.from_diary else "told when the plan was asked for"
    return f"{shown(name, found.value)} {MEASURES[name][1]} before ({where})"


def change_words(visit: Visit) -> str | None:
    """How much better or worse the judged weeks are; None where that is not known."""
    if visit.change is None:
        return None
    return f"{percent(abs(visit.change))} {'better' if visit.change >= 0 else 'worse'} than before"


def judged_words(visit: Visit) -> str:
    """The weeks that a change is judged by."""
    return "" if visit.judged is None else f"{written(visit.judged.first)} to {written(visit.judged.last)}"


def intakes_words(intakes: tuple[Intake, ...]) -> str:
    """What is taken on a day, in a few words."""
    if not intakes:
        return "no magnesium besides food"
    forms = listed(tuple(dict.fromkeys(magnesium(one.form) for one in intakes)))
    total = sum(one.elemental_mg for one in intakes)
    return f"{mg(total)} a day as {forms}, at {listed(tuple(one.at for one in intakes))}"


def adherence_words(found: tuple[float, int] | None) -> str:
    """How much of the planned magnesium was taken."""
    if found is None:
        return "not noted"
    share, days = found
    told = "all of it" if share > 0.995 else f"{100 * share:.0f}\N{NO-BREAK SPACE}%"
    return f"{told} on the {days} day{'s' if days != 1 else ''} noted"


def until_words(day: date | None) -> str:
    """Until when a suggestion holds."""
    return "" if day is None else f"This holds until {written(day)}."


def action_words(visit: Visit) -> str:
    """What to do, in a few words."""
    made = visit.suggestion
    if made.autonomy == "L0":
        return "Nothing is suggested"
    if made.action in ("refer", "stop") and any(one.urgency == "emergency" for one in visit.fresh.refer):
        return "Get emergency care now" if made.action == "refer" else "Get emergency care now, and take no magnesium"
    if made.action == "stop" and visit.plan is None:
        return "Stop what holds magnesium, and ask"
    if made.action == "keep" and visit.plan is None:
        return "Nothing to change"
    return first_up(ACTIONS[made.action])


def beside(visit: Visit) -> tuple[CurrentItem, ...]:
    """What is taken now, without the tablets of the plan that is followed."""
    plan = visit.plan
    if plan is None:
        return visit.fresh.current
    rows = tuple(row for row in visit.person.supplements if row.product is not None or row.since != plan.start)
    others = {one.label for one in intake_of(visit.person.model_copy(update={"supplements": rows})).nonfood}
    return tuple(item for item in visit.fresh.current if item.item in others)
