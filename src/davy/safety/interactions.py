"""Medicines and magnesium: who has to agree, what is measured, how many hours apart.

Nobody is told to stop or swap a prescribed medicine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from davy.people.person import Medicine, Person
from davy.safety.case import Case, listed
from davy.safety.declared import judged
from davy.safety.in_force import months_before
from davy.safety.kidney import missing_labs, recent_kidney_and
from davy.safety.limits import InteractionRow, Rules, rules
from davy.safety.saying import care, inform
from davy.safety.verdict import LabDue, Referral, Said


@dataclass(frozen=True)
class MedicineWindow:
    """How far one medicine stays from magnesium.

    Attributes
    ----------
    hours_before : how long the medicine lies before magnesium at least [h].
    hours_after : how long it lies after magnesium at least [h]; `aim_h` is what to aim at where there is room.
    at : the clock times at which it is taken; empty = not told.
    never : no hours are enough.
    pause_instead : a short course, for which magnesium is paused where no clock time fits both.
    until : the last day of the medicine; None = it goes on.
    own : whether its class has a rule of its own, or only the general distance of two hours holds.
    """

    medicine: str
    hours_before: float
    hours_after: float
    aim_h: float
    at: tuple[str, ...]
    never: bool
    pause_instead: bool
    own: bool
    advice: str
    sources: tuple[str, ...]
    until: date | None = None


def _rows(medicine: Medicine, known: Rules) -> tuple[InteractionRow, ...]:
    """The rules of a medicine's classes; one that was not understood is judged as any other oral medicine."""
    return tuple(known.medicines[name] for name in medicine.classes or ("oral-other",) if name in known.medicines)


def _is_short_course(medicine: Medicine, today: date, days: float) -> bool:
    if medicine.until is None:
        return False
    return (medicine.until - (medicine.since or today)).days + 1 <= days


def window_of(medicine: Medicine, today: date, known: Rules) -> MedicineWindow | None:
    """The widest distance that any class of a medicine asks for, or None where nothing has to be kept apart."""
    rows = _rows(medicine, known)
    never = any(row.separate == "never" for row in rows)
    apart = tuple(row for row in rows if row.separate == "yes")
    not_swallowed = any("not-oral" in row.marks for row in rows)
    if not never and (not apart or not_swallowed):
        return None
    widest = max(rows if never else apart, key=lambda row: (row.separate == "never", row.before_h + row.after_h))
    advice = widest.advice or f"{{medicine}} at least {widest.before_h:g} hours from magnesium, better {widest.aim_h:g}"
    return MedicineWindow(
        medicine=medicine.label,
        hours_before=max((row.before_h for row in apart), default=0.0),
        hours_after=max((row.after_h for row in apart), default=0.0),
        aim_h=max((row.aim_h for row in apart), default=0.0),
        at=medicine.at,
        never=never,
        pause_instead=not never and _is_short_course(medicine, today, known.value("short-course-days")),
        own=any("own" in row.marks for row in rows),
        advice=advice.format(medicine=medicine.label),
        sources=tuple(dict.fromkeys(source for row in (apart or rows) for source in row.source)),
        until=medicine.until,
    )


def windows(person: Person, known: Rules | None = None) -> tuple[MedicineWindow, ...]:
    """How far each present medicine stays from magnesium, in the order of the file."""
    held = known or rules()
    found = (window_of(medicine, person.today, held) for medicine in person.medicines_now())
    return tuple(window for window in found if window is not None)


def medicines(case: Case) -> Iterator[Said]:
    """Every present medicine by the rows of its classes; a team's medicine needs recent labs even for a clinician."""
    for medicine in case.person.medicines_now():
        for row in _rows(medicine, case.rules):
            action = row.clinician if case.clinician else row.personal
            yield from judged(
                f"medicine-{row.id}",
                action,
                (row.sentence or "").format(medicine=medicine.label),
                medicine.label,
                row.source,
            )
            if row.refer is not None and row.urgency is not None:
                yield Referral(row.refer.format(medicine=medicine.label), row.urgency, row.source)
            if "team" in row.marks and case.clinician:
                yield from _team_labs(case, medicine, row)


def _team_labs(case: Case, medicine: Medicine, row: InteractionRow) -> Iterator[Said]:
    """A clinician needs serum magnesium, calcium, potassium and eGFR within 3 months."""
    months = case.rules.value("medicine-lab-months")
    missing = recent_kidney_and(case, ("serum-magnesium", "calcium", "potassium"), months)
    if missing:
        yield missing_labs("medicine-labs", medicine.label, missing, months, row.source)


def serum_watch(case: Case) -> Iterator[Said]:
    """A medicine that keeps magnesium in, and an SGLT2 inhibitor newly started: serum at 4 weeks."""
    day, today = case.limit("watch-serum-day"), case.person.today
    new_from = months_before(today, case.rules.value("start-months"))
    for medicine in case.person.medicines_now():
        for row in _rows(medicine, case.rules):
            if row.watch == "yes" or (row.watch == "start" and (medicine.since is None or medicine.since >= new_from)):
                sentence = (row.sentence or "").format(medicine=medicine.label)
                yield care("serum-watch", sentence, medicine.label, day, row.source)
                yield LabDue("serum-magnesium", 0, int(day.value), f"{medicine.label} with magnesium", row.source)


def spacing(case: Case) -> Iterator[Said]:
    """The hours to keep; with care where a medicine has a rule of its own and its clock time is not known."""
    general: list[str] = []
    for window in windows(case.person, case.rules):
        if window.never:
            continue
        if not window.own:
            general.append(window.medicine)
        elif window.at:
            yield inform("spacing", f"{window.advice}.", window.medicine, sources=window.sources)
        else:
            yield care(
                "spacing",
                f"{window.advice}. When it is taken was not said, so no clock time here is checked against it.",
                window.medicine,
                sources=window.sources,
            )
    if general:
        row = case.rules.medicines["oral-other"]
        names = listed(tuple(dict.fromkeys(general)))
        said = f"Leave at least {row.before_h:g} hours, better {row.aim_h:g}, between magnesium and {names}."
        yield inform("spacing-general", said, names, sources=row.source)


GATES = (medicines, serum_watch, spacing)
"""In the order of CLINICAL.md section 5; the clock is in clock.py."""
