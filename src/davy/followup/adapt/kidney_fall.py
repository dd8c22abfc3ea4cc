"""A fall of filtration under a plan: each kind of estimate against the same kind, what has no match against any."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from davy.followup.visit_rules import days as days_of_rule
from davy.followup.visit_rules import number
from davy.people.kidney import SAME_DRAW_DAYS, KidneyFunction, kidney_estimates
from davy.people.labs import labs_of
from davy.people.person import Person
from davy.safety.limits import rules

KINDS = {"reported": ("egfr",), "creatinine": ("creatinine",), "with cystatin C": ("creatinine", "cystatin-c")}
"""Each kind of estimate, and the tests that it is made of: equations differ by more than a kidney changes."""
_BANDS = ("kidney-refuse-below", "kidney-clinician-below", "kidney-care-below")


@dataclass(frozen=True)
class Compared:
    """The newest estimate of a kind, and the best that it is held against; `alike` where that is of the same kind."""

    now: KidneyFunction
    was_mL_per_min: float
    alike: bool

    @property
    def fell(self) -> bool:
        """Whether it is down by the share that stops a plan, or in a lower band."""
        now, was = self.now.lowest, self.was_mL_per_min
        crossed = any(now < rules().value(band) <= was for band in _BANDS)
        return crossed or now <= was * (1 - number("egfr-fall"))


def falls(person: Person, start: date | None) -> tuple[Compared, ...]:
    """Every fall since the first tablet, or, where none is known, within the window before the newest estimate.

    An estimate without an earlier one of its kind is held against any other kind, unless the same draw also gave one
    that has: a test that is new has no history, and the old one tells of the same day.
    """
    found = [one for kind in KINDS if (one := _compared(person, kind, start)) is not None]
    told = [one.now.date for one in found if one.alike]
    return tuple(one for one in found if one.fell and (one.alike or not _same_draw(one.now.date, told)))


def of_kind(person: Person, kind: str) -> tuple[KidneyFunction, ...]:
    """The estimates of one kind, newest first."""
    labs = tuple(lab for lab in person.labs if lab.test in KINDS[kind])
    made = kidney_estimates(person.model_copy(update={"labs": labs}))
    return tuple(one for one in made if one.cystatin == (kind == "with cystatin C"))


def _compared(person: Person, kind: str, start: date | None) -> Compared | None:
    every = of_kind(person, kind)
    own = _told(person, every)
    if not own or (start is not None and own[0].date < start):
        return None
    like = list(_earlier(every, own[0], start))
    held = like or list(_earlier(kidney_estimates(person), own[0], start))
    return Compared(own[0], max(one.lowest for one in held), bool(like)) if held else None


def _earlier(
    estimates: tuple[KidneyFunction, ...], now: KidneyFunction, start: date | None
) -> Iterator[KidneyFunction]:
    """The newest from before the start; without one, all of the window before now."""
    before = [one for one in estimates if start is not None and one.date < start][:1]
    oldest = now.date - timedelta(days=days_of_rule("egfr-window"))
    yield from before or [one for one in estimates if oldest <= one.date < now.date]


def _same_draw(day: date, others: list[date]) -> bool:
    return any(abs((day - other).days) <= SAME_DRAW_DAYS for other in others)


def _told(person: Person, every: tuple[KidneyFunction, ...]) -> tuple[KidneyFunction, ...]:
    """The estimates from the newest on that says how much; a later lower bound above it stands in its place."""
    above: list[KidneyFunction] = []
    for place, one in enumerate(every):
        if not _open_above(person, one):
            higher = [bound for bound in above if bound.lowest > one.lowest]
            return (*higher[:1], *every[place:])
        above.append(one)
    return ()


def _open_above(person: Person, now: KidneyFunction) -> bool:
    """Whether an estimate is only a lower bound, as laboratories print >60: it shows no fall."""
    return any(
        lab.comparator == ">" and (lab.date, lab.value) == (now.date, now.indexed_mL_per_min_1p73m2)
        for lab in labs_of(person, "egfr")
    )
