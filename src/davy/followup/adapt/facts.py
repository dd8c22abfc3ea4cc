"""What the rules look at: the person as told today, the plan, what is in force of it, what safety says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from davy.followup.adapt.inputs import Inputs, Past
from davy.followup.baseline import WINDOW_D
from davy.followup.days import Day
from davy.followup.records import SetAside
from davy.followup.visit_periods import Before, Period, before, judged, periods_of
from davy.followup.visit_person import as_told
from davy.followup.visit_plan import Followed, daily_mg, followed
from davy.people.intake import intake_of
from davy.people.person import Person
from davy.people.regimen import Intake, Regimen, Step
from davy.planning.goals import GoalRow, aim_of
from davy.safety.caps import binding
from davy.safety.check import Screened, screen
from davy.safety.verdict import Cap

CHANGES = ("step_down", "stop", "step_up")
"""Words after which something else is in force than the plan's own schedule."""
NEAR_MG = 1e-6


@dataclass(frozen=True)
class Facts:
    """One person on one day.

    Attributes
    ----------
    days : known days up to today. scheduled : what the plan asks for today.
    in_force : the same after what was decided since; a change holds until the next one or a new plan.
    changed : the last decision that changed what is in force.
    lowered_mg : the least that was left by one that lowered it and was no pause: nothing goes above it again [mg/d].
    set_aside : laboratory values that could not be read or believed.
    """

    inputs: Inputs
    person: Person
    days: tuple[Day, ...]
    plan: Followed | None
    goal: GoalRow
    scheduled: tuple[Intake, ...]
    in_force: tuple[Intake, ...]
    changed: Past | None
    lowered_mg: float = math.inf
    set_aside: tuple[SetAside, ...] = ()

    @property
    def today(self) -> date:
        """The day it is decided on."""
        return self.person.today

    @property
    def since(self) -> date | None:
        """The first tablet of this plan, or of the first of those that it followed without a break."""
        return self.inputs.since or (None if self.plan is None else self.plan.first_taken)

    @property
    def taking(self) -> bool:
        """Whether anything that holds magnesium is taken besides food, by the person file, the plan or the diary."""
        since = self.today - timedelta(days=WINDOW_D)
        noted = (day for day in self.days if since < day.date)
        return bool(intake_of(self.person).nonfood) or any(
            (day.taken_share or 0) > 0 or (day.supplement_mg or 0) > 0 for day in noted
        )

    @property
    def prescribed(self) -> tuple[Intake, ...]:
        """What of it is prescribed, and so stays."""
        names = {row.product for row in self.person.supplements if row.prescribed}
        return tuple(one for one in self.in_force if one.product is not None and one.product in names)

    @cached_property
    def screened(self) -> Screened:
        """What safety says of the person with what is in force."""
        return screen(self.person)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """Four weeks at a time since the first tablet."""
        if self.plan is None:
            return ()
        return periods_of(self.days, start=self.plan.first_taken, today=self.today)

    @cached_property
    def judged(self) -> Period | None:
        """The weeks that efficacy is judged by; None before four have passed."""
        return judged(self.days, self.periods)

    @cached_property
    def before(self) -> Before | None:
        """The figure of the goal before the plan."""
        key = self.goal.baseline_key
        if key is None or self.plan is None:
            return None
        return before(self.days, self.inputs.person.baseline, key, start=self.since)

    @property
    def cap(self) -> Cap:
        """The cap that binds today."""
        return binding(self.screened.caps)

    @property
    def most_mg(self) -> float:
        """The most that any decision may leave: today's cap and that of the plan, the lower [mg/d]."""
        today = self.cap.elemental_mg_per_day
        return today if self.plan is None or self.plan.cap_mg is None else min(today, self.plan.cap_mg)

    def last_days(self, many: int) -> list[Day]:
        """The known days of the last so many, today among them."""
        return [day for day in self.days if self.today - timedelta(days=many) < day.date]

    def below(self, most_mg: float) -> tuple[Intake, ...]:
        """The largest step of the plan so far within so much, and within what is in force; else what is prescribed."""
        held = min(most_mg, daily_mg(self.in_force)) + NEAR_MG
        known = () if self.plan is None else self.plan.steps_until(self.today)
        return max((step for step in known if daily_mg(step) <= held), key=daily_mg, default=self.prescribed)


def facts_of(inputs: Inputs) -> Facts:
    """Everything the rules look at, from the inputs alone."""
    today = inputs.today
    days = tuple(day for day in inputs.days if day.date <= today and day.known)
    plan = None if inputs.begun is None else followed([inputs.begun])
    scheduled = () if plan is None else plan.intakes_on(today)
    changed, lowered = (None, math.inf) if plan is None else _changed(plan, inputs.past, today)
    in_force = scheduled if plan is None else _in_force(plan, changed, today)
    told = as_told(inputs.person, days, inputs.records, plan, taken=in_force)
    goal, aside = aim_of(told.person).goal, (*inputs.set_aside, *told.set_aside)
    return Facts(inputs, told.person, days, plan, goal, scheduled, in_force, changed, lowered, aside)


def in_force_on(plan: Followed, past: Sequence[Past], day: date) -> tuple[Intake, ...]:
    """What was in force on a day, by the plan and what had been decided before it."""
    return _in_force(plan, _changed(plan, past, day)[0], day)


def _in_force(plan: Followed, changed: Past | None, day: date) -> tuple[Intake, ...]:
    """What is in force on a day: what the last change left, and no more than the plan unless that was a step up."""
    scheduled = plan.intakes_on(day)
    if changed is None or changed.regimen is None:
        return scheduled
    return changed.regimen if changed.action == "step_up" else min(scheduled, changed.regimen, key=daily_mg)


def _changed(plan: Followed, past: Sequence[Past], today: date) -> tuple[Past | None, float]:
    """The last decision that changed what is in force, and the least that any but a pause left of it.

    A referral that left less counts like a step down; one that left all of it changes nothing.
    """
    changed, least = None, math.inf
    for one in past:
        if one.day >= today:
            continue
        left = math.inf if one.regimen is None else daily_mg(one.regimen)
        less = left < daily_mg(_in_force(plan, changed, one.day)) - NEAR_MG
        if one.action in CHANGES or (one.action == "refer" and less):
            changed = one
            least = least if one.action == "step_up" or one.pause else min(least, left)
    return changed, least


def as_regimen(intakes: tuple[Intake, ...], days: int) -> Regimen:
    """The same intakes for so many days."""
    return Regimen((Step(0, max(days, 1), intakes),) if intakes else ())
