"""What to measure, on which day, and when to stop: the rows of monitoring.csv and stop_rules.csv that hold."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date

from davy.people.labs import latest
from davy.people.person import Lab, Person
from davy.planning.result import Check, StopRule, TimelineEvent
from davy.safety.verdict import LabDue
from davy.tables import SourcedRow, read_table

FRESH_BASELINE_D = 90
"""A lab this fresh stands for the baseline (CLINICAL.md, sections 1 and 9)."""


class MonitoringRow(SourcedRow):
    """A test on a day [d after the first tablet], when it is asked for, why, and what to do on which result."""

    id: str
    when: str
    day: int
    test: str
    why: str
    act_if: str


class StopRow(SourcedRow):
    """A reason to stop, and what to do then."""

    id: str
    when_key: str
    when: str
    do: str


def monitoring_rows() -> tuple[MonitoringRow, ...]:
    """Every test that a plan may ask for."""
    return read_table("monitoring.csv", MonitoringRow)


def stop_rows() -> tuple[StopRow, ...]:
    """Every reason to stop."""
    return read_table("stop_rules.csv", StopRow)


def checks(person: Person, words: AbstractSet[str], due: Sequence[LabDue], *, start_d: int) -> tuple[Check, ...]:
    """The tests of this plan in order of days; a baseline that is fresh is not asked for again.

    Parameters
    ----------
    due : what safety asks for, with its reasons; told once, with the row of that test and time where there is one.
    """
    asked: list[Check] = []
    for row in monitoring_rows():
        if row.when not in words or (row.day == 0 and _fresh(person, row.test)):
            continue
        day = 0 if row.id == "diary" else row.day + (start_d if row.day > 0 else 0)
        asked.append(Check(day, row.test, row.why, row.act_if, row.source))
    if "supplement" in words:
        for lab in due:
            _add(asked, lab, start_d)
    return tuple(sorted(asked, key=lambda check: check.day))


def _add(asked: list[Check], lab: LabDue, start_d: int) -> None:
    """A lab that safety asks for: its reason joins the check that is there already, else it is a check of its own."""
    for number, check in enumerate(asked):
        if check.test == lab.test and 0 < check.day and lab.from_day <= check.day - start_d <= lab.by_day:
            sources = tuple(dict.fromkeys((*check.sources, *lab.sources)))
            asked[number] = replace(check, why=f"{check.why} ({lab.why})", sources=sources)
            return
    act = next(
        (row.act_if for row in monitoring_rows() if row.test == lab.test), "out of range: ask before the next tablet"
    )
    asked.append(Check(lab.by_day + start_d, lab.test, lab.why, act, lab.sources))


def stop_rules(words: AbstractSet[str]) -> tuple[StopRule, ...]:
    """When to stop or pause this plan, and what to do then."""
    return tuple(StopRule(row.when, row.do, row.source) for row in stop_rows() if row.when_key in words)


def prediction_day(words: AbstractSet[str], *, start_d: int) -> int:
    """The day of the serum that is foretold: with the lab goal at week 12, for others at week 8."""
    return start_d + (84 if "lab-goal" in words else 56)


def timeline(words: AbstractSet[str], *, start_d: int, full_dose_d: int) -> tuple[TimelineEvent, ...]:
    """When something should first show."""
    if "supplement" not in words:
        return ()
    events = [
        TimelineEvent(
            start_d, full_dose_d + 7, "stools", "Loose stools show within days of a step, if at all: go back one step."
        ),
        TimelineEvent(
            start_d + 3, start_d + 28, "serum", "Serum moves within days and has made most of its way after four weeks."
        ),
        TimelineEvent(
            start_d + 60,
            start_d + 120,
            "red cells",
            "Red cells live about 100 days: an earlier value is mostly the old one.",
        ),
    ]
    if "try" in words:
        told = "Judge at week 12, on the diary of the last 28 days; stop if it is less than 30 % better."
        events.append(TimelineEvent(start_d + 56, start_d + 84, "symptoms", told))
    elif "neuropathy" in words:
        told = "Nerves change over a year, if at all; no oral trial has shown less nerve pain."
        events.append(TimelineEvent(start_d + 84, start_d + 365, "symptoms", told))
    else:
        told = "By week 12 you know whether you feel anything; most people do not."
        events.append(TimelineEvent(start_d + 56, start_d + 84, "symptoms", told))
    return tuple(events)


def _fresh(person: Person, test: str) -> bool:
    known = [lab for lab in (latest(person, test), _stands_in(person, test)) if lab is not None]
    return any(_age_d(lab.date, person.today) <= FRESH_BASELINE_D for lab in known)


def _stands_in(person: Person, test: str) -> Lab | None:
    return latest(person, "egfr") if test == "creatinine" else None


def _age_d(then: date, today: date) -> int:
    return (today - then).days
