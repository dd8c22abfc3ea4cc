"""``davy follow`` in the terminal: what to do until the next look, why, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill

from davy.followup.adapt.decision import DaysNeeded
from davy.followup.adapt.holds import Hold
from davy.followup.visit import Visit
from davy.planning.result import Plan
from davy.report.follow_document import articles_say
from davy.report.terminal import COLUMNS, SAFER
from davy.report.visit_log import history_lines, recall_lines
from davy.report.visit_words import (
    MEASURES,
    action_words,
    adherence_words,
    before_words,
    change_words,
    intakes_words,
    judged_words,
    measure_title,
    shown,
    until_words,
)
from davy.report.words import URGENCY, dated, day_date, written

WEARABLE = {
    "hrv_rmssd_ms": "Heart rate variability (RMSSD)",
    "hrv_sdnn_ms": "Heart rate variability (SDNN)",
    "asleep_min": "Time asleep",
    "resting_heart_rate_per_min": "Resting heart rate",
}
"""What wearables measure: outcomes with noise, never magnesium meters."""
MOST_DECIDED = 4


def follow_text(visit: Visit) -> str:
    """The visit as text of at most a hundred columns."""
    began = "" if visit.start is None else f", since {written(visit.start)}"
    lines = [f"Follow-up: {visit.person.id}, {written(visit.person.today)}{began}", ""]
    later = {to.reason for to in visit.fresh.refer}
    told = [one.sentence for one in visit.suggestion.reasons]
    lines += [f"{action_words(visit)}.", *(f"  {said}" for said in told if said not in later or said == told[0])]
    if visit.suggestion.regimen is not None:
        left = f"  What is left: {intakes_words(visit.suggestion.regimen)}. {until_words(visit.suggestion.expires)}"
        lines.append(left.rstrip())
    lines += ["", *_diary(visit), *_days(visit), *_labs(visit), *_referrals(visit), *_articles(visit), *_log(visit), ""]
    lines.append("The page for a visit: --report visit.html; a letter for the clinician: --letter letter.html")
    return "\n".join(_wrapped(line) for line in lines) + "\n"


def _diary(visit: Visit) -> list[str]:
    name = visit.measure
    found = [f"{measure_title(name)}: {before_words(name, visit.before)}."]
    for period in visit.periods:
        figure = period.figure(name)
        if figure.value is not None:
            scaled = "scaled to 28 days, " if name.endswith("per_28") and figure.days_known < 28 else ""
            noted = f"{figure.days_known} of {period.days} days noted"
            found.append(f"  {shown(name, figure.value)} from {written(period.first)} on ({scaled}{noted})")
    change = change_words(visit)
    if change is not None:
        found.append(f"  {judged_words(visit)}: {change}.")
    pills = visit.painkillers
    over = ", too often" if pills.over else ""
    days = f"on {pills.days} of the {pills.days_known} days noted in the last 28"
    told = f"{days}{over}" if pills.days_known else "not noted in the last 28 days"
    found.append(f"Painkillers: {told} (line: {pills.line:g} a month).")
    if visit.trial is not None:
        found.append(f"The trial in this person: {visit.trial.sentence}")
    return [*found, f"Taken as planned in the last 28 days: {adherence_words(visit.adherence)}."]


def _days(visit: Visit) -> list[str]:
    """How many days tell a change from this person's own noise."""
    return [days_words(one) for one in visit.suggestion.days_needed]


def days_words(one: DaysNeeded) -> str:
    """The days that a change takes to be told from chance."""
    title = measure_title(one.measure) if one.measure in MEASURES else WEARABLE[one.measure]
    noise = "from this person's own days" if one.told == "diary" else "from what is usual"
    told = f"{title}: to tell a change of {one.smallest:.3g} {one.unit} from chance takes"
    if one.needed is not None and one.before:
        many = f"{one.needed} noted days since the start, beside the {one.before} before it"
    else:
        many = f"{one.needed_both} noted days before the start and as many after it"
    return f"{told} {many}; {one.after} are there ({noise}: a day is {100 * one.alike:.0f} % like the one before)."


def _articles(visit: Visit) -> list[str]:
    said = articles_say(visit)
    if said is None:
        return []
    above = f" That is {said.above_cap_mg:g} mg above the cap." if said.above_cap_mg > 0 else ""
    return [f"The articles' way, simulated and not suggested: {said.sentence}{above}"]


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


def _log(visit: Visit) -> list[str]:
    """What has to be called back, and the last decisions."""
    called, decided = recall_lines(visit), history_lines(visit, MOST_DECIDED)
    said = ["", "To come back to:", *(f"  {line}" for line in called)] if called else []
    return [*said, "", "Decided before:", *(f"  {line}" for line in decided)] if decided else said


def begun_text(plan: Plan, folder: Path) -> str:
    """What was begun, or why nothing was."""
    if plan.verdict.word == "refused":
        head = "Nothing was begun: no added magnesium from this plan."
        return "\n".join(_wrapped(line) for line in (head, *plan.bottom_line)) + "\n"
    head = f"Begun on {day_date(plan.today, 0)} and kept in {folder}:"
    foot = "`davy follow FOLDER` tells from now on how it goes; `davy records stop FOLDER` ends all suggestions."
    return "\n".join(_wrapped(line) for line in (head, *plan.bottom_line, foot)) + "\n"


def held_text(held: Sequence[Hold]) -> str:
    """Why no plan was begun: the harm that is not resolved, and what would resolve it."""
    head = "Nothing was begun: what stopped the last plan holds until it is resolved on the record."
    foot = "`davy follow FOLDER` tells what to do until then."
    return "\n".join(_wrapped(line) for line in (head, *(f"  {one.sentence}" for one in held), foot)) + "\n"


def _wrapped(line: str) -> str:
    indent = " " * (len(line) - len(line.lstrip()))
    said = dated(line).translate(SAFER)
    return fill(said, COLUMNS, subsequent_indent=f"{indent}  ", break_on_hyphens=False) if said.strip() else ""
