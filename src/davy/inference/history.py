"""What a person took when: stretches of days on which neither a product nor a medicine that counts changed.

What has no beginning was always taken, what has no end still is; between two courses of a product nothing of it is
taken. Diet and kidney function are those of today throughout, since a file tells them once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from davy.forecast.covariates import Covariates, covariate_rows, covariates_of
from davy.forecast.present import PresentMagnesium, present_magnesium
from davy.forecast.schedule import Pattern, timeline
from davy.people.person import Medicine, Person, Supplement
from davy.people.vocabulary import HIDDEN_MAGNESIUM

SETTLED_D = 365.0
"""A change longer ago than this counts as settled: of a surface of bone that exchanges at its median rate, less than
a hundredth of the way is then left."""


@dataclass(frozen=True)
class Era:
    """Days on which the same was taken.

    Attributes
    ----------
    start : the first of them, in days from today (negative is past); minus infinity for the oldest.
    pattern : a day of its products.
    covariates : what its medicines, and all else that is known, multiply.
    present : its products as a regimen, and what cannot be counted.
    began : what was started or stopped when it began, in words.
    """

    start: float
    pattern: Pattern
    covariates: Covariates
    present: PresentMagnesium
    began: tuple[str, ...] = ()


def person_on(person: Person, day: date) -> Person:
    """The same person with the products and medicines of one day, as if they were always taken."""
    update = {"since": None, "until": None}
    products = tuple(row.model_copy(update=update) for row in person.supplements if _held(row, day))
    medicines = tuple(row.model_copy(update=update) for row in person.medicines if _held(row, day))
    return person.model_copy(update={"supplements": products, "medicines": medicines})


def eras_of(person: Person, parameter_set: str) -> tuple[Era, ...]:
    """The stretches up to today, oldest first; one where nothing that counts has changed."""
    days = sorted({day for row in _counted(person) for day in _turns(row) if day <= person.today})
    found: list[Era] = []
    for day in (None, *days):
        before = days[0] - timedelta(days=1) if day is None and days else person.today
        era = _era(person, day, before, parameter_set)
        if not found or _differ(found[-1], era):
            found.append(era)
    return tuple(found)


def era_at(eras: Sequence[Era], day: float) -> int:
    """Which era reaches up to a moment: a change on the very day has not acted yet."""
    return max(number for number, era in enumerate(eras) if era.start < day or number == 0)


def settled_at(eras: Sequence[Era], day: float) -> bool:
    """Whether the last change before a moment is so long ago that a steady state holds."""
    return not any(day - SETTLED_D < era.start < day for era in eras)


def _era(person: Person, day: date | None, before: date, parameter_set: str) -> Era:
    then = person_on(person, day or before)
    present = present_magnesium(then)
    start = -math.inf if day is None else float((day - person.today).days)
    began = (
        () if day is None else tuple(dict.fromkeys(_said(row, day) for row in _counted(person) if day in _turns(row)))
    )
    return Era(start, timeline(present.regimen, parameter_set)[0][1], covariates_of(then), present, began)


def _differ(one: Era, other: Era) -> bool:
    return (one.pattern, one.covariates.effects) != (other.pattern, other.covariates.effects)


def _counted(person: Person) -> list[Supplement | Medicine]:
    """The products, and the medicines that move magnesium or hold it."""
    keys = {row.key for row in covariate_rows() if row.kind == "medicine"} | set(HIDDEN_MAGNESIUM)
    return [*person.supplements, *(row for row in person.medicines if keys & set(row.classes))]


def _turns(row: Supplement | Medicine) -> tuple[date, ...]:
    ends = None if row.until is None else row.until + timedelta(days=1)
    return tuple(day for day in (row.since, ends) if day is not None)


def _held(row: Supplement | Medicine, day: date) -> bool:
    return (row.since is None or row.since <= day) and (row.until is None or row.until >= day)


def _said(row: Supplement | Medicine, day: date) -> str:
    name = row.label if isinstance(row, Medicine) else "a magnesium product"
    return f"{name} was {'started' if row.since == day else 'stopped'}"
