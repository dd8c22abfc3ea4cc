"""From a data set's subject to what Davy works with, and back: a regimen by the clock, labs on their days."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from davy.body.parameters import dissolution
from davy.errors import Fault, InputError
from davy.exchange.nmtran import COLUMNS, DISSOLVED, OBSERVED, SOLID, Dose, Subject
from davy.forecast.present import present_magnesium
from davy.people.person import Lab, Person, Supplement
from davy.people.regimen import Intake, Regimen, Step
from davy.people.vocabulary import lab_test
from davy.units import mg_of_mmol, mmol_of_mg

_MINUTES = 1440
_MG_DIGITS = 6
_COMPARTMENT = {test: number for number, test in OBSERVED.items()}

Taken = tuple[str, str, float]
"""Clock time, form, elemental mg."""


def regimen_of(subject: Subject) -> Regimen:
    """The doses as a regimen: each clock time, form and dose over the days on which it was taken.

    A dose that was always taken so counts from day 0; what was taken before the data set begins is `before`.
    """
    days = defaultdict[Taken, list[int]](list)
    for dose in subject.doses:
        for minute in _minutes(dose):
            days[_taken(dose, minute)].append(minute // _MINUTES)
    runs: dict[tuple[int, int], list[Intake]] = {}
    for taken, each in sorted(days.items()):
        for first, end in _runs(sorted(each)):
            runs.setdefault((first, end), []).append(Intake(*taken))
    return Regimen(tuple(Step(first, end, tuple(intakes)) for (first, end), intakes in sorted(runs.items())))


def person_with(person: Person, subject: Subject, start: date) -> Person:
    """The person with the products and labs of a data set whose time 0 is midnight of `start`, in place of their own.

    Raises
    ------
    InputError : an observation lies in the future, or doses do not come daily.
    """
    labs = [_lab(subject, number, start, person.today) for number in range(len(subject.observations))]
    products = [
        _product(intake, step, start, person.today, steady=_steady(subject, intake))
        for step in regimen_of(subject).steps
        for intake in step.intakes
    ]
    kept = tuple(lab for lab in person.labs if lab.test not in _COMPARTMENT)
    return person.model_copy(update={"labs": (*kept, *labs), "supplements": tuple(products)})


def dataset_of(person: Person, regimen: Regimen | None = None, days: int = 0) -> tuple[str, date]:
    """The products and labs of a person as a data set, and the day whose midnight is time 0.

    Parameters
    ----------
    regimen : what is taken from today on, in place of the present products; None = these go on.
    days : how long it goes on from today.
    """
    turns = [row.since for row in person.supplements if row.since is not None]
    first = min([person.today, *turns, *(lab.date for lab in person.labs if lab.test in _COMPARTMENT)])
    last = (person.today - first).days + max(days, 1)
    rows = [*_products(person, first, last, regimen), *_observations(person, first)]
    if regimen is not None:
        rows += _planned(regimen, (person.today - first).days, last)
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in sorted(rows, key=lambda row: (float(str(row["TIME"])), row["EVID"] == 0)):
        writer.writerow([{"ID": 1, **row}.get(name, ".") for name in COLUMNS])
    return held.getvalue(), first


def _minutes(dose: Dose) -> list[int]:
    first, every = round(dose.time_h * 60), round(dose.every_h * 60)
    found = [first + count * every for count in range(dose.more + 1)]
    if dose.steady:  # from day 0 on it was taken already
        found += range(first - every, -1, -every)
    return found


def _taken(dose: Dose, minute: int) -> Taken:
    clock = minute % _MINUTES
    return f"{clock // 60:02d}:{clock % 60:02d}", dose.form, round(mg_of_mmol(dose.amount_mmol), _MG_DIGITS)


def _runs(days: Sequence[int]) -> list[tuple[int, int]]:
    """(first, end) of each stretch of days that follow one another; a day given twice counts in two of them."""
    open_at = defaultdict[int, list[int]](list)
    for day in days:
        first = open_at[day].pop() if open_at[day] else day
        open_at[day + 1].append(first)
    return sorted((first, end) for end, firsts in open_at.items() for first in firsts)


def _steady(subject: Subject, intake: Intake) -> bool:
    return any(
        dose.steady and intake in [Intake(*_taken(dose, minute)) for minute in _minutes(dose)[:1]]
        for dose in subject.doses
    )


def _product(intake: Intake, step: Step, start: date, today: date, *, steady: bool) -> Supplement:
    last = None if step.to_day is None else start + timedelta(days=step.to_day - 1)
    end = last if last is not None and last < today else None
    since = None if steady and step.from_day == 0 else start + timedelta(days=step.from_day)
    return Supplement(
        form=intake.form,
        label_mg=intake.elemental_mg,
        label_means="elemental",
        per_day=1.0,
        since=since,
        until=end,
        at=(intake.at,),
    )


def _lab(subject: Subject, number: int, start: date, today: date) -> Lab:
    observed = subject.observations[number]
    day = start + timedelta(hours=observed.time_h)
    if day > today:
        where = f"line {observed.line}, TIME"
        raise InputError([Fault(where, f"{day} lies in the future", f"on or before {today}, counted from {start}")])
    return Lab(date=day, test=observed.test, value=observed.value, unit=lab_test(observed.test).unit)


def _products(person: Person, first: date, last: int, regimen: Regimen | None) -> Iterator[dict[str, object]]:
    """A dose record for each intake of each product; a new regimen ends those that are taken at present."""
    now = (person.today - first).days
    medicines = person.model_copy(update={"supplements": ()})
    yield from _daily(medicines, 0, last, steady=True)
    for row in person.supplements:
        always = row.model_copy(update={"since": None, "until": None})
        begin = 0 if row.since is None else (row.since - first).days
        end = last if row.until is None else min(last, (row.until - first).days + 1)
        end = end if regimen is None else min(end, now)
        alone = person.model_copy(update={"supplements": (always,), "medicines": ()})
        yield from _daily(alone, begin, end, steady=row.since is None)


def _daily(person: Person, begin: int, end: int, *, steady: bool) -> Iterator[dict[str, object]]:
    for step in present_magnesium(person).regimen.steps:
        for intake in step.intakes:
            if end > begin:
                yield _dose_row(intake, begin, end, steady=steady)


def _planned(regimen: Regimen, now: int, last: int) -> Iterator[dict[str, object]]:
    for step in regimen.steps:
        begin = now + step.from_day
        end = min(last, last if step.to_day is None else now + step.to_day)
        for intake in step.intakes:
            if end > begin:
                yield _dose_row(intake, begin, end, steady=False)


def _dose_row(intake: Intake, begin: int, end: int, *, steady: bool) -> dict[str, object]:
    place = DISSOLVED if dissolution(intake.form).kdis is None else SOLID
    return {
        "TIME": begin * 24 + round(intake.day_fraction * _MINUTES) / 60,
        "AMT": mmol_of_mg(intake.elemental_mg),
        "EVID": 1,
        "CMT": place,
        "II": 24,
        "ADDL": end - begin - 1,
        "SS": int(steady),
        "MDV": 1,
        "FORM": intake.form,
    }


def _observations(person: Person, first: date) -> Iterator[dict[str, object]]:
    """A row for each lab; a bound, and a collection that was not complete, are marked as missing."""
    for lab in person.labs:
        if lab.test in _COMPARTMENT:
            usable = lab.comparator is None and lab.complete is not False
            row: dict[str, object] = {
                "TIME": (lab.date - first).days * 24 + 8,
                "AMT": 0,
                "EVID": 0,
                "CMT": _COMPARTMENT[lab.test],
                "DV": lab.value if usable else ".",
                "MDV": 0 if usable else 1,
            }
            yield row
