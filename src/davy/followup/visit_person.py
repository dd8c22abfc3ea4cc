"""The person as the records of today say they are: newest labs, how often painkillers are taken, symptoms, products."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from davy.followup.baseline import WINDOW_D, baseline_of
from davy.followup.days import Day
from davy.followup.records import Record, local_day
from davy.followup.visit_plan import Followed
from davy.followup.visit_rules import days as days_of_rule
from davy.people.person import Lab, Medicine, Person, Supplement
from davy.people.vocabulary import canonical_test, classes_of, lab_test, symptoms_in
from davy.units import convert, known_unit

MONTH_D = 30


@dataclass(frozen=True)
class Told:
    """A person, and what of the records could not be taken over."""

    person: Person
    unread: tuple[str, ...]


def as_told(person: Person, days: Sequence[Day], records: Iterable[Record], plan: Followed | None) -> Told:
    """The person with what the records add: labs, days a month of each painkiller, symptoms, what is taken now."""
    kept = tuple(record for record in records if record.kind in ("lab", "medicine"))
    labs, unread = _labs(person, kept)
    month = [day for day in days if person.today - timedelta(days=WINDOW_D) < day.date <= person.today]
    update: dict[str, object] = {
        "labs": (*person.labs, *labs),
        "medicines": (*_painkillers(person, month), *_courses(person, kept)),
        "symptoms": tuple(dict.fromkeys((*person.symptoms, *_symptoms(days, person.today)))),
    }
    headache = baseline_of(month).figure("headache_days_per_28")
    if headache.value is not None:
        update["headache_days_per_month"] = round(headache.value * MONTH_D / WINDOW_D, 1)
    own = person.baseline
    if own is None and plan is not None:
        own = baseline_of(days, until=plan.first_taken).as_person_baseline
    if own is not None:  # painkillers are judged by what is taken now
        painkillers = baseline_of(month).figure("acute_medicine_days_per_28").value
        update["baseline"] = own.model_copy(update={"acute_medicine_days_per_28": painkillers})
    if plan is not None:
        update["supplements"] = _taken(person, plan)
    return Told(person.model_copy(update=update), unread)


def _labs(person: Person, records: Iterable[Record]) -> tuple[list[Lab], tuple[str, ...]]:
    """Laboratory values among the records; those that are in the person file already are passed over."""
    found: list[Lab] = []
    unread: list[str] = []
    known = {(lab.date, lab.test) for lab in person.labs}
    for record in records:
        if record.kind != "lab" or record.value is None:
            continue
        test, unit, day = canonical_test(record.text), known_unit(record.unit), local_day(record.start)
        row = None if test is None else lab_test(test)
        if row is None or unit is None or unit not in row.units or day > person.today:
            unread.append(f"{record.text or 'a laboratory value'} of {day}: {record.value:g} {record.unit}")
            continue
        value = convert(record.value, unit, row.unit, row.analyte)
        if (day, row.id) not in known and row.impossible_low <= value <= row.impossible_high:
            known.add((day, row.id))
            lab = Lab(date=day, test=row.id, value=value, unit=row.unit, comparator=record.comparator)
            found.append(lab.model_copy(update={"reported_value": record.value, "reported_unit": unit}))
    return found, tuple(unread)


def _courses(person: Person, records: Iterable[Record]) -> Iterator[Medicine]:
    """Courses of medicines that the records tell of and the person file does not."""
    for record in records:
        if record.kind != "medicine" or any(_same(medicine, record.text) for medicine in person.medicines):
            continue
        since, until = local_day(record.start), None if record.end is None else local_day(record.end)
        if since <= person.today:
            yield Medicine(name=record.text, since=since, until=until, classes=classes_of(record.text, None))


def _painkillers(person: Person, month: Sequence[Day]) -> tuple[Medicine, ...]:
    """The medicines, each painkiller with the days a month that the diary shows, where these are more."""
    known = [day.acute_medicines for day in month if day.acute_medicines is not None]
    if not known:
        return person.medicines
    counts = Counter(name for names in known for name in set(names))
    few = max(len(known), days_of_rule("known-days"))
    rates = {name: round(count * MONTH_D / few, 1) for name, count in counts.items()}
    made: list[Medicine] = []
    for medicine in person.medicines:
        mine = [name for name in rates if _same(medicine, name)]
        often = sum((rates.pop(name) for name in mine), 0.0)
        often = max(often, medicine.days_per_month or 0.0)
        made.append(medicine.model_copy(update={"days_per_month": often}) if mine else medicine)
    made += [Medicine(name=name, classes=classes_of(name, None), days_per_month=rate) for name, rate in rates.items()]
    return tuple(made)


def _same(medicine: Medicine, name: str) -> bool:
    first = (medicine.name or "").split()
    return bool(first) and first[0].casefold() == (name.split() or [""])[0].casefold()


def _symptoms(days: Sequence[Day], today: date) -> tuple[str, ...]:
    recent = today - timedelta(days=days_of_rule("recent"))
    said = [name for day in days if recent < day.date <= today for name in day.symptoms or ()]
    return tuple(dict.fromkeys(found for name in said for found in symptoms_in(name)))


def _taken(person: Person, plan: Followed) -> tuple[Supplement, ...]:
    """What is prescribed, and what the plan asks for today in place of the rest."""
    prescribed = [row for row in person.supplements if row.prescribed]
    kept = {row.product for row in prescribed if row.product is not None}
    own = [
        Supplement(
            form=intake.form,
            label_mg=intake.elemental_mg,
            label_means="elemental",
            per_day=1.0,
            since=plan.start,
            at=(intake.at,),
        )
        for intake in plan.intakes_on(person.today)
        if intake.product not in kept
    ]
    return (*prescribed, *own)
