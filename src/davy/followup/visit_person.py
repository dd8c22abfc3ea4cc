"""The person as the records of today say they are: newest labs, how often painkillers are taken, symptoms, products."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from davy.followup.baseline import WINDOW_D, baseline_of
from davy.followup.days import Day
from davy.followup.gathering import acute
from davy.followup.products_known import added, worst_mg
from davy.followup.records import Record, SetAside, local_day
from davy.followup.visit_plan import Followed, daily_mg
from davy.followup.visit_rules import days as days_of_rule
from davy.followup.visit_rules import number
from davy.people.person import Lab, Medicine, Person, Supplement
from davy.people.regimen import Intake
from davy.people.vocabulary import LabTestRow, canonical_test, classes_of, lab_test, plain, symptoms_in
from davy.safety.limits import rules
from davy.units import convert, known_unit

MONTH_D = 30
_PREGNANT = frozenset(("pregnancy", "pregnant", "positive pregnancy test", "pregnancy test positive"))
_NOT_PREGNANT = frozenset(
    ("not pregnant", "no longer pregnant", "negative pregnancy test", "pregnancy test negative", "miscarriage", "birth")
)
_ROUNDED = 0.02
"""Two values of one test and day that differ by less, as a share, are one value rounded in two units."""


@dataclass(frozen=True)
class Told:
    """A person, and which laboratory values of the records could not be taken over, in words and by test and day."""

    person: Person
    unread: tuple[str, ...]
    set_aside: tuple[SetAside, ...] = ()


def as_told(
    person: Person,
    days: Sequence[Day],
    records: Iterable[Record],
    plan: Followed | None,
    *,
    taken: tuple[Intake, ...] | None = None,
) -> Told:
    """The person with what the records add: labs, days a month of each painkiller, symptoms, what is taken now.

    Parameters
    ----------
    taken : what is in force of the plan today; None = all that it asks for.
    """
    kept = tuple(record for record in records if record.kind in ("lab", "medicine"))
    labs, aside = _labs(person, kept)
    month = [day for day in days if person.today - timedelta(days=WINDOW_D) < day.date <= person.today]
    update: dict[str, object] = {
        "labs": (*person.labs, *labs),
        "medicines": (*_painkillers(person, month), *_courses(person, kept)),
        "symptoms": tuple(dict.fromkeys((*person.symptoms, *_symptoms(days, person.today)))),
    }
    if _pregnant(days, person.today):
        update["pregnant"] = True
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
        update["supplements"] = _taken(person, plan, plan.intakes_on(person.today) if taken is None else taken)
    unread = tuple(_in_words(record) for record in aside)
    return Told(person.model_copy(update=update), unread, tuple(map(_set_aside, aside)))


def _in_words(record: Record) -> str:
    return f"{record.text or 'a laboratory value'} of {local_day(record.start)}: {record.value:g} {record.unit}"


def _set_aside(record: Record) -> SetAside:
    return SetAside(canonical_test(record.text) or record.text, local_day(record.start))


def _labs(person: Person, records: Iterable[Record]) -> tuple[list[Lab], list[Record]]:
    """Laboratory values among the records, and those set aside; a known one is passed over, another of its day not."""
    found: list[Lab] = []
    aside: list[Record] = []
    known: defaultdict[tuple[date, str, str | None], list[float]] = defaultdict(list)
    for lab in person.labs:
        known[lab.date, lab.test, lab.comparator].append(lab.value)
    for record in records:
        if record.kind != "lab" or record.value is None:
            continue
        test, unit, day = canonical_test(record.text), known_unit(record.unit), local_day(record.start)
        row = None if test is None else lab_test(test)
        if row is None or unit is None or unit not in row.units or day > person.today:
            aside.append(record)
            continue
        value = convert(record.value, unit, row.unit, row.analyte)
        if not row.impossible_low <= value <= row.impossible_high:
            aside.append(record)
            continue
        there = known[day, row.id, record.comparator]
        if not any(math.isclose(value, one, rel_tol=_ROUNDED) for one in there):
            there.append(value)
            lab = Lab(date=day, test=row.id, value=value, unit=row.unit, comparator=record.comparator)
            update = {"reported_value": record.value, "reported_unit": unit, **_range(record, unit, row)}
            found.append(lab.model_copy(update=update))
    return found, aside


def _range(record: Record, unit: str, row: LabTestRow) -> dict[str, float]:
    """The range that the laboratory printed, in the unit that Davy holds the test in."""
    ends = (("reference_low", record.reference_low), ("reference_high", record.reference_high))
    return {name: convert(end, unit, row.unit, row.analyte) for name, end in ends if end is not None}


def _courses(person: Person, records: Iterable[Record]) -> Iterator[Medicine]:
    """Courses of medicines that the records tell of and the person file does not; renewals of one are one."""
    known: dict[str, list[tuple[date, date | None]]] = {}
    for record in records:
        if record.kind == "medicine" and not any(_same(medicine, record.text) for medicine in person.medicines):
            since, until = local_day(record.start), None if record.end is None else local_day(record.end)
            if since <= person.today:
                known.setdefault(record.text, []).append((since, until))
    for name, spans in known.items():
        for since, until in _joined(spans):
            yield Medicine(name=name, since=since, until=until, classes=acute(name))


def _joined(spans: list[tuple[date, date | None]]) -> Iterator[tuple[date, date | None]]:
    """Courses that meet or overlap as one; None is an end that is not said, which goes on."""
    since: date | None = None
    until: date | None = None
    for first, last in sorted(spans, key=lambda span: span[0]):
        if since is not None and (until is None or first <= until + timedelta(days=1)):
            until = None if until is None or last is None else max(until, last)
            continue
        if since is not None:
            yield since, until
        since, until = first, last
    if since is not None:
        yield since, until


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
    return bool(medicine.name) and _substance(medicine.name or "") == _substance(name)


def _substance(name: str) -> str:
    """The first word of a name that is no amount, as a record writes "24 HR Metformin 500 MG"."""
    words = name.casefold().split()
    return next((word for word in words if word.isalpha() and len(word) > 2), words[0] if words else "")


def loose(day: Day) -> bool:
    """Whether a day holds a loose stool, by its count, its form or in words."""
    told = "loose-stools" in symptoms_of(day)
    return told or (day.loose_stools or 0) > 0 or (day.bristol or 0) >= number("loose-bristol")


def _symptoms(days: Sequence[Day], today: date) -> tuple[str, ...]:
    recent = today - timedelta(days=days_of_rule("recent"))
    last = {found: day.date for day in days if recent < day.date <= today for found in symptoms_of(day)}
    noted = [day.date for day in days if day.noted and not loose(day) and day.date < today]
    return tuple(name for name, day in last.items() if not _over(name, day, noted, today))


def symptoms_of(day: Day) -> tuple[str, ...]:
    """The symptoms of a day by the names that the rules know."""
    return tuple(found for name in day.symptoms or () for found in symptoms_in(name))


def _pregnant(days: Sequence[Day], today: date) -> bool:
    """Whether a day of the last forty weeks tells of a pregnancy or a positive test, and no later one of its end."""
    first = today - timedelta(days=days_of_rule("pregnancy-told"))
    said = {day.date: {plain(name) for name in day.symptoms or ()} for day in days if first < day.date <= today}
    told = [day for day, words in said.items() if words & _PREGNANT]
    return bool(told) and not any(day > max(told) and words & _NOT_PREGNANT for day, words in said.items())


def _over(name: str, last: date, noted: Sequence[date], today: date) -> bool:
    """Whether a sick day is over: the whole days since, at least two, are all noted and none of them says so again.

    Every other symptom of the last week is of today.
    """
    row, since = rules().symptoms.get(name), (today - last).days - 1
    if row is None or row.on_magnesium is not None or "sick-day" not in row.marks:
        return False
    return since >= days_of_rule("well-days") and sum(1 for day in noted if day > last) == since


def _beside(person: Person, row: Supplement, plan: Followed) -> bool:
    """Whether a product is new since the plan and no part of it, or more of one, or nobody knows how much.

    New is what was begun after it, and what the person file did not name when it was begun.
    """
    if row.since is None or row.since <= plan.start:
        unseen = frozenset[str]() if plan.products is None else added(person, plan.products)
        if (row.product or row.form or "") not in unseen:
            return False
    much = worst_mg(person, (row,))
    most = max((daily_mg(step.intakes) for step in plan.regimen.steps), default=0.0)
    if much is None or round(much - most, 6) > 0:
        return True
    asked = [intake for step in plan.regimen.steps for intake in step.intakes]
    own = row.product in {one.product for one in asked} if row.product else row.form in {one.form for one in asked}
    return not own


def _taken(person: Person, plan: Followed, intakes: tuple[Intake, ...]) -> tuple[Supplement, ...]:
    """What is prescribed or was begun beside the plan, and what is in force of the plan in place of the rest."""
    prescribed = [row for row in person.supplements if row.prescribed or _beside(person, row, plan)]
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
        for intake in intakes
        if intake.product not in kept
    ]
    return (*prescribed, *own)
