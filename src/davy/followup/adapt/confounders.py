"""What else may have moved a figure: while one of these is open, or cannot be told, no dose goes up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import islice

from davy.followup.adapt.facts import Facts
from davy.followup.adapt.harm import added
from davy.followup.adapt.unread import told, unread
from davy.followup.baseline import WINDOW_D
from davy.followup.days import Day
from davy.followup.n_of_1.outcomes import outcomes
from davy.tables import SourcedRow, read_table

FERTILE_Y = (12.0, 55.0)
"""Ages at which a menstrual window is asked about (CLINICAL.md, section 3)."""


class ConfounderRow(SourcedRow):
    """One confounder: the days in which it is looked for [d], the number that opens it, and why it matters.

    Attributes
    ----------
    restores : whether it also holds back what only brings back the plan's own step after a pause.
    """

    id: str
    window_d: int
    value: float
    unit: str
    what: str
    restores: bool


@dataclass(frozen=True)
class Confounder:
    """An open confounder, in a sentence."""

    id: str
    sentence: str
    sources: tuple[str, ...]


@cache
def confounder_rows() -> dict[str, ConfounderRow]:
    """Every confounder, by id."""
    return {row.id: row for row in read_table("adapt_confounders.csv", ConfounderRow)}


def open_confounders(facts: Facts, *, restoring: bool = False) -> tuple[Confounder, ...]:
    """What may explain a change, or hide one, on this day.

    Parameters
    ----------
    restoring : only those that hold back what brings a plan back after a pause.
    """
    found: list[Confounder] = []
    for name, row in confounder_rows().items():
        if restoring and not row.restores:
            continue
        found += [Confounder(name, said, row.source) for said in _LOOKS[name](facts, row)]
    return tuple(found)


def _medicine(facts: Facts, row: ConfounderRow) -> Iterator[str]:
    first = facts.today - timedelta(days=row.window_d)
    for one in facts.person.medicines:
        if one.since is not None and first < one.since:
            yield f"{one.label} was begun on {one.since}."
        if one.until is not None and first < one.until <= facts.today:
            yield f"{one.label} ended on {one.until}."
        if one.since is None and one.taken_on(facts.today) and added(facts, one.label):
            yield f"{one.label} was added since the plan began, and on which day is not known."


def _alcohol(facts: Facts, row: ConfounderRow) -> Iterator[str]:
    days = [day for day in facts.last_days(row.window_d) if (day.alcohol_g or 0) >= row.value]
    if days:
        yield f"Alcohol of {row.value:g} g or more on {len(days)} day{'s' * (len(days) > 1)} since {days[0].date}."


def _menstrual(facts: Facts, row: ConfounderRow) -> Iterator[str]:
    """The days around a menstruation, and anybody who may menstruate and does not note it."""
    if not may_menstruate(facts):
        return
    noted = [day for day in facts.last_days(2 * WINDOW_D) if day.menstruation is not None]
    on = [day.date for day in noted if day.menstruation]
    if not noted and _moved_by_it(facts):
        yield "Menstruation is not noted, so its days cannot be told apart."
    elif on and (facts.today - on[-1]).days < row.window_d:
        yield f"Menstruation was noted on {on[-1]}: the days around it hurt more by themselves."
    elif on and _cycle_due(on, facts.today, round(row.value)):
        yield "By the days noted, a menstruation is due within days."


def _moved_by_it(facts: Facts) -> bool:
    """Whether the goal's figure is one that rises around a menstruation."""
    return any(row.period_rise_sd > 0 for row in outcomes() if row.baseline_field == facts.goal.baseline_key)


def may_menstruate(facts: Facts) -> bool:
    """Whether menstruation has to be thought of; an age that is not told does not rule it out."""
    person = facts.person
    age = person.age_y
    return person.sex != "male" and (age is None or FERTILE_Y[0] <= age <= FERTILE_Y[1])


def _cycle_due(on: Sequence[date], today: date, before: int) -> bool:
    """Whether the next menstruation begins within so many days, a cycle taken as four weeks."""
    starts = [day for day in on if day - timedelta(days=1) not in on]
    since = (today - starts[-1]).days % WINDOW_D
    return WINDOW_D - since <= before


def _unlogged(facts: Facts, row: ConfounderRow) -> Iterator[str]:
    known = sum(1 for day in facts.last_days(row.window_d) if _says(facts, day))
    if known < row.value:
        yield f"Only {known} of the last {row.window_d} days are noted; {row.value:g} are asked for."


def _says(facts: Facts, day: Day) -> bool:
    """Whether a day says something of the goal's figure; of anything, where the goal has none in the diary."""
    field = FIELD_OF.get(facts.goal.baseline_key or "")
    return day.known if field is None else getattr(day, field) is not None


FIELD_OF = {
    "headache_days_per_28": "headache",
    "acute_medicine_days_per_28": "acute_medicines",
    "pain_0_10": "pain_0_10",
    "sleep_onset_min": "sleep_onset_min",
    "cramps_per_week": "cramps",
}
"""Which field of a day a figure is made of."""


def _illness(facts: Facts, row: ConfounderRow) -> Iterator[str]:
    days = [day for day in facts.last_days(row.window_d) if day.symptoms]
    if days:
        names = ", ".join(dict.fromkeys(name for day in days for name in day.symptoms or ()))
        yield f"Symptoms were noted within {row.window_d} days: {names}."


def _diet(facts: Facts, row: ConfounderRow) -> Iterator[str]:
    """Food that holds much more or less magnesium than before."""
    if facts.plan is None:
        return
    start = facts.plan.first_taken
    now = _food([day for day in facts.last_days(row.window_d)])
    earlier = _food([day for day in facts.days if start - timedelta(days=row.window_d) <= day.date < start])
    if now is not None and earlier is not None and abs(now - earlier) >= row.value:
        yield f"Magnesium in food went from {earlier:.0f} to {now:.0f} mg a day."


def _food(days: Sequence[Day]) -> float | None:
    known = [day.dietary_mg.low for day in days if day.dietary_mg is not None and day.dietary_mg.high is not None]
    return sum(known) / len(known) if len(known) >= 3 else None


def _contradicted(facts: Facts, row: ConfounderRow) -> Iterator[str]:
    days = [day for day in facts.last_days(row.window_d) if day.disagreements]
    if len(days) >= row.value:
        yield f"On {len(days)} days two entries or devices contradict each other."


def _frozen(facts: Facts, row: ConfounderRow) -> Iterator[str]:
    """A figure on a scale that never moves is copied, not noted."""
    field = FIELD_OF.get(facts.goal.baseline_key or "")
    if field not in ("pain_0_10", "sleep_onset_min"):
        return
    values = [getattr(day, field) for day in facts.last_days(row.window_d) if getattr(day, field) is not None]
    if len(values) >= row.value and len(set(values)) == 1 and values[0] != 0:
        yield f"The diary says {values[0]:g} on each of {len(values)} days: that is copied, not noted."


def _doubted(facts: Facts, row: ConfounderRow) -> Iterator[str]:
    if facts.inputs.doubted > row.value:
        yield f"{facts.inputs.doubted} entries could not be believed."


def _beside(facts: Facts, row: ConfounderRow) -> Iterator[str]:
    """More magnesium was noted than the plan asks for: another product, or a label that is read otherwise."""
    if facts.plan is None:
        return
    for day in facts.last_days(row.window_d):
        asked = sum(one.elemental_mg for one in facts.plan.intakes_on(day.date))
        if day.supplement_mg is not None and day.supplement_mg > asked + row.value:
            yield f"{day.supplement_mg:g} mg besides food were noted on {day.date}, and {asked:g} mg were asked for."
            return


def _set_aside(facts: Facts, row: ConfounderRow) -> Iterator[str]:
    """A value of kidney, serum or potassium that was not read."""
    yield from (f"{told(one)}." for one in islice(unread(facts, row.window_d), 1))


_LOOKS: dict[str, Callable[[Facts, ConfounderRow], Iterator[str]]] = {
    "new-medicine": _medicine,
    "alcohol": _alcohol,
    "menstrual": _menstrual,
    "unlogged": _unlogged,
    "illness": _illness,
    "diet": _diet,
    "contradicted": _contradicted,
    "frozen": _frozen,
    "doubted": _doubted,
    "beside": _beside,
    "set-aside": _set_aside,
}
