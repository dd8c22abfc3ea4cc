"""What was taken when under a plan: a value of week two was drawn on the dose of week two, not on that of today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from davy.followup.adapt.facts import Facts, in_force_on
from davy.followup.days import ONE_DAY
from davy.people.person import Person, Supplement
from davy.people.regimen import Intake


def as_taken(facts: Facts) -> Person:
    """The person of today with each dose of the plan on its own days, as a fit reads them."""
    rows = tuple(row for row in facts.person.supplements if facts.plan is None or row.since != facts.plan.start)
    return facts.person.model_copy(update={"supplements": (*rows, *_rows(facts))})


def _rows(facts: Facts) -> Iterator[Supplement]:
    for intakes, held in groupby(_each_day(facts), key=lambda one: one[1]):
        days = [day for day, _ in held]
        until = None if days[-1] == facts.today else days[-1]
        for one in intakes:
            yield Supplement(
                form=one.form,
                label_mg=one.elemental_mg,
                label_means="elemental",
                per_day=1.0,
                since=days[0],
                until=until,
                at=(one.at,),
            )


def _each_day(facts: Facts) -> Iterator[tuple[date, tuple[Intake, ...]]]:
    """What was in force on each day from the plan's first to today."""
    if facts.plan is None:
        return
    kept = {one.product for one in facts.person.supplements if one.product is not None}
    day = facts.plan.start
    while day <= facts.today:
        intakes = in_force_on(facts.plan, facts.inputs.past, day)
        yield day, tuple(one for one in intakes if one.product not in kept)
        day += ONE_DAY
