"""A visit: everything that a person and their clinician need to see of what happened since a plan began."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from davy.errors import FitError, SolveError
from davy.followup.adapt.decision import Decision
from davy.followup.adapt.facts import facts_of
from davy.followup.adapt.inputs import Inputs, TrialHeld, began_last, trimmed
from davy.followup.adapt.rule import decide
from davy.followup.baseline import WINDOW_D
from davy.followup.before_after import BeforeAfter, before_after
from davy.followup.days import Day
from davy.followup.records import Record, SetAside
from davy.followup.visit_history import Told
from davy.followup.visit_labs import LabSeen, labs_seen
from davy.followup.visit_painkillers import Painkillers, painkillers_of
from davy.followup.visit_periods import Before, Period, before, judged, periods_of, tells
from davy.followup.visit_person import as_told
from davy.followup.visit_plan import Followed
from davy.followup.visit_recall import Recall, recalls
from davy.people.person import Person
from davy.planning.goals import GoalRow
from davy.planning.insight import learn, status_of
from davy.planning.known import PersonStatus
from davy.planning.plan import plan as planned
from davy.planning.result import ParameterSet, Plan

OUTCOMES = {
    "headache_days_per_28": "headache-days",
    "pain_0_10": "pain",
    "sleep_onset_min": "sleep-onset",
    "cramps_per_week": "cramps",
}
"""The figures of a diary, and what the trials of one person call them."""

SHOWN = tuple(OUTCOMES)
MOST_LABS = 6
_TEACHES = ("serum-magnesium", "urine-magnesium-24h", "rbc-magnesium", "ionised-magnesium")
_DRAWS = 500


@dataclass(frozen=True)
class TrialSeen:
    """What an n-of-1 trial said: the verdict by its own rule, in a sentence, with what to mind."""

    verdict: str
    sentence: str
    warnings: tuple[str, ...]
    p_benefit: float | None = None


@dataclass(frozen=True)
class Held:
    """What a person's folder holds.

    Attributes
    ----------
    decisions : the bodies of the decision log, oldest first; history : the same for a reader, newest first.
    stopped : the day on which suggestions were ended, if they were.
    doubted : how many entries could not be believed; set_aside : the laboratory values among them.
    trial : what an n-of-1 trial of theirs said, if there is one.
    """

    person: Person
    days: Sequence[Day]
    records: Iterable[Record] = ()
    decisions: Sequence[Mapping[str, Any]] = ()
    stopped: str | None = None
    doubted: int = 0
    set_aside: tuple[SetAside, ...] = ()
    trial: TrialSeen | None = None
    history: Sequence[Told] = ()


@dataclass(frozen=True)
class Visit:
    """One visit.

    Attributes
    ----------
    person : as the records of today say they are.
    asked : the person file's own words, before the records.
    suggestion : what to do until the next look; inputs : everything that it rests on.
    start : from when it is counted: the plan, else the first magnesium, else the first day of the diary.
    measure : the figure of the goal, or the one that the diary knows most of.
    before : that figure before anything was changed.
    judged : the weeks that a change is judged by; change : the share by which they are better; None where not known.
    compared : those weeks against the time before, with what needs no treatment to explain it.
    fresh : what a plan of today would say; status : what the labs teach, also where that plan is refused.
    unread : laboratory values of the records that could not be taken over.
    recalls : what has to be called back, what is late first; history : what was decided before, newest first.
    """

    person: Person
    asked: Person
    start: date | None
    plan: Followed | None
    goal: GoalRow
    measure: str
    before: Before | None
    periods: tuple[Period, ...]
    painkillers: Painkillers
    adherence: tuple[float, int] | None
    labs: tuple[LabSeen, ...]
    suggestion: Decision
    inputs: Inputs
    change: float | None
    compared: BeforeAfter | None
    fresh: Plan
    status: PersonStatus
    days_noted: int
    doubted: int
    unread: tuple[str, ...]
    trial: TrialSeen | None = field(default=None)
    recalls: tuple[Recall, ...] = ()
    history: tuple[Told, ...] = ()
    judged: Period | None = None


def visit_of(held: Held, *, parameter_set: ParameterSet = "literature", seed: int = 0) -> Visit:
    """The visit of what a folder holds, on the day of its person."""
    inputs = inputs_from(held, parameter_set=parameter_set, seed=seed)
    today, facts = held.person.today, facts_of(inputs)
    days = tuple(day for day in held.days if day.date <= today and day.known)
    plan = facts.plan
    start = plan.first_taken if plan is not None else _began(held.person, days)
    told = as_told(held.person, days, held.records, plan, taken=facts.in_force)
    person = told.person
    fresh = planned(person, parameter_set=parameter_set, seed=seed)
    periods = periods_of(days, start=start, today=today) if start is not None else ()
    measure, judged_ = _measure(facts.goal, periods), judged(days, periods)
    earlier = before(days, held.person.baseline, measure, start=facts.since or start)
    made = decide(inputs)
    month = [day for day in days if today - timedelta(days=WINDOW_D) < day.date]
    return Visit(
        person=person,
        asked=held.person,
        start=start,
        plan=plan,
        goal=facts.goal,
        measure=measure,
        before=earlier,
        periods=periods,
        painkillers=painkillers_of(days, held.person, start=start, today=today),
        adherence=_adherence(month),
        labs=labs_seen(person.labs, plan, most=MOST_LABS),
        suggestion=made,
        inputs=inputs,
        change=None if made.benefit is None else made.benefit.improvement,
        compared=_compared(measure, earlier, days, judged_),
        judged=judged_,
        fresh=fresh,
        status=_status(person, fresh, parameter_set, seed),
        days_noted=len(days),
        doubted=held.doubted,
        unread=told.unread,
        trial=held.trial,
        recalls=() if held.stopped is not None else recalls(person, days, plan, made.reasons),
        history=tuple(held.history),
    )


def inputs_from(held: Held, *, parameter_set: ParameterSet = "literature", seed: int = 0) -> Inputs:
    """Everything that a decision of today rests on."""
    log = began_last(held.decisions)
    trial = None if held.trial is None else TrialHeld(held.trial.verdict, held.trial.p_benefit)
    return trimmed(
        Inputs(
            person=held.person,
            days=tuple(held.days),
            records=tuple(held.records),
            begun=log.begun,
            since=log.since,
            past=log.past,
            trial=trial,
            stopped=held.stopped,
            doubted=held.doubted,
            set_aside=held.set_aside,
            parameter_set=parameter_set,
            seed=seed,
        )
    )


def _began(person: Person, days: Sequence[Day]) -> date | None:
    """From when a visit without a plan is counted."""
    since = [row.since for row in person.supplements if row.since is not None and row.since <= person.today]
    taken = [day.date for day in days if (day.taken_share or 0) > 0 or (day.supplement_mg or 0) > 0]
    known = [*since, *taken[:1]]
    return min(known) if known else next((day.date for day in days), None)


def _measure(goal: GoalRow, periods: Sequence[Period]) -> str:
    """The figure that the goal is judged by, else the one that is known on most days."""
    if goal.baseline_key in SHOWN:
        return str(goal.baseline_key)
    known = {name: sum(period.figure(name).days_known for period in periods) for name in SHOWN}
    return max(SHOWN, key=lambda name: known[name])


def _adherence(days: Sequence[Day]) -> tuple[float, int] | None:
    shares = [day.taken_share for day in days if day.taken_share is not None]
    return (sum(shares) / len(shares), len(shares)) if shares else None


def _compared(measure: str, earlier: Before | None, days: Sequence[Day], period: Period | None) -> BeforeAfter | None:
    """The judged weeks against the time before; None where one of them is not known well enough."""
    if earlier is None or period is None or not tells(days, period, measure):
        return None
    figure, known = period.figure(measure), earlier.days_known or WINDOW_D
    after = figure.value or 0.0
    return before_after(OUTCOMES[measure], earlier.value, after, before_days=known, after_days=figure.days_known)


def _status(person: Person, fresh: Plan, parameter_set: ParameterSet, seed: int) -> PersonStatus:
    """What the labs teach; a refused plan simulates nothing, and a clinician still wants to know the pattern."""
    if fresh.verdict.word != "refused" or not any(lab.test in _TEACHES for lab in person.labs):
        return fresh.status
    try:
        return status_of(person, learn(person, parameter_set, draws=_DRAWS, seed=seed).posterior)
    except (FitError, SolveError):
        return fresh.status
