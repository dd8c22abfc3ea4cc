"""``davy follow`` in the terminal: what to do until the next look, why, and where it stands."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

from davy.followup.visit import Visit
from davy.planning.result import Plan
from davy.report.terminal import COLUMNS, SAFER
from davy.report.visit_words import (
    action_words,
    adherence_words,
    before_words,
    change_words,
    intakes_words,
    measure_title,
    shown,
    until_words,
)
from davy.report.words import URGENCY, day_date, written


def follow_text(visit: Visit) -> str:
    """The visit as text of at most a hundred columns."""
    began = "" if visit.start is None else f", since {written(visit.start)}"
    lines = [f"Follow-up: {visit.person.id}, {written(visit.person.today)}{began}", ""]
    lines += [f"{action_words(visit)}.", *(f"  {one.sentence}" for one in visit.suggestion.reasons)]
    if visit.suggestion.intakes is not None:
        told = f"  What is left: {intakes_words(visit.suggestion.intakes)}. {until_words(visit.suggestion.expires)}"
        lines.append(told.rstrip())
    lines += ["", *_diary(visit), *_labs(visit), *_referrals(visit), ""]
    lines.append("The page for a visit: --report visit.html; a letter for the clinician: --letter letter.html")
    return "\n".join(_wrapped(line) for line in lines) + "\n"


def _diary(visit: Visit) -> list[str]:
    name = visit.measure
    found = [f"{measure_title(name)}: {before_words(name, visit.before)}."]
    for period in visit.periods:
        figure = period.figure(name)
        if figure.value is not None:
            told = (
                f"{shown(name, figure.value)} from {written(period.first)} ({figure.days_known} of {period.days} days)"
            )
            found.append(f"  {told}")
    change = change_words(visit)
    if change is not None:
        found.append(f"  The last four whole weeks: {change}.")
    pills = visit.painkillers
    over = ", too often" if pills.over else ""
    days = f"on {pills.days} of the {pills.days_known} days noted in the last 28"
    told = f"{days}{over}" if pills.days_known else "not noted in the last 28 days"
    found.append(f"Painkillers: {told} (line: {pills.line:g} a month).")
    if visit.trial is not None:
        found.append(f"The trial in this person: {visit.trial.sentence}")
    return [*found, f"Taken as planned in the last 28 days: {adherence_words(visit.adherence)}."]


def _labs(visit: Visit) -> list[str]:
    said: list[str] = []
    for seen in visit.labs:
        if seen.outcome is not None and seen.prediction is not None:
            value, unit = seen.lab.shown
            told = f"{seen.prediction.low:g} to {seen.prediction.high:g} {seen.prediction.unit}"
            said.append(f"Foretold {told} for {written(seen.prediction.on)}: {value:g} {unit}, {seen.outcome}.")
    return said


def _referrals(visit: Visit) -> list[str]:
    return [f"{URGENCY[one.urgency]}: {one.reason}" for one in visit.fresh.refer]


def begun_text(plan: Plan, folder: Path) -> str:
    """What was begun, or why nothing was."""
    if plan.verdict.word == "refused":
        head = "Nothing was begun: no added magnesium from this plan."
        return "\n".join(_wrapped(line) for line in (head, *plan.bottom_line)) + "\n"
    head = f"Begun on {day_date(plan.today, 0)} and kept in {folder}:"
    foot = "`davy follow FOLDER` tells from now on how it goes; `davy records stop FOLDER` ends all suggestions."
    return "\n".join(_wrapped(line) for line in (head, *plan.bottom_line, foot)) + "\n"


def _wrapped(line: str) -> str:
    indent = " " * (len(line) - len(line.lstrip()))
    said = line.translate(SAFER)
    return fill(said, COLUMNS, subsequent_indent=f"{indent}  ", break_on_hyphens=False) if said.strip() else ""
