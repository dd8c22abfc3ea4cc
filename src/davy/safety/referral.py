"""Who else should look: overused painkillers, red flags, and what comes first for nerves, cramps and sleep."""

from __future__ import annotations

from collections.abc import Iterator

from davy.people.person import Medicine
from davy.safety.case import Case, listed, words
from davy.safety.in_force import months_before
from davy.safety.life_stage import is_pregnant
from davy.safety.saying import care, inform, number
from davy.safety.verdict import Referral, Said

HEADACHE_GOALS = ("migraine-prevention", "tension-type-headache")


def _threshold(case: Case, medicine: Medicine) -> float | None:
    """From how many days a month this medicine is overused: the least of its classes, or None."""
    if "aspirin-low-dose" in medicine.classes:
        return None
    rows = (case.rules.medicines[name] for name in medicine.classes if name in case.rules.medicines)
    return min((row.overuse_days for row in rows if row.overuse_days is not None), default=None)


def overuse(case: Case) -> Iterator[Said]:
    """Triptan, ergot, opioid, combination from 10 days a month, simple ones from 15, any mix from 10: refer."""
    painkillers = tuple(
        (medicine, least)
        for medicine in case.person.medicines_now()
        if (least := _threshold(case, medicine)) is not None
    )
    over = tuple(
        medicine
        for medicine, least in painkillers
        if medicine.days_per_month is not None and medicine.days_per_month >= least
    )
    limit = case.limit("overuse-mix-days")
    days = sum(medicine.days_per_month or 0.0 for medicine, _ in painkillers)
    diary = case.person.baseline.acute_medicine_days_per_28 if case.person.baseline is not None else None
    mixed = (len(painkillers) > 1 and days >= limit.value) or (diary is not None and diary >= limit.value)
    if not (over or mixed):
        return
    named = tuple(medicine for medicine, _ in painkillers) if not over else over
    what = listed(tuple(medicine.label for medicine in named)) if named else "acute headache medicine"
    often = max(days, diary or 0.0)
    sources = tuple(dict.fromkeys((*limit.source, "f-187")))
    name = (
        "This is medication-overuse headache by its definition"
        if _is_overuse_headache(case, over)
        else "Use this often can itself keep headache going"
    )
    yield care(
        "painkiller-overuse",
        f"{what} on about {often:g} days a month. {name}: a doctor plans the way out. Magnesium does not replace it, "
        "and nothing is swapped or stopped here.",
        often,
        limit,
        sources,
    )
    yield Referral(f"Doctor: {what} on about {often:g} days a month; a supervised plan, never a swap.", "soon", sources)


def _is_overuse_headache(case: Case, over: tuple[Medicine, ...]) -> bool:
    """Called so only with 15 headache days a month or more, and an overuse that has lasted over 3 months."""
    days = case.person.headache_days_per_month
    since = months_before(case.person.today, case.rules.value("overuse-months"))
    lasted = any(medicine.since is not None and medicine.since < since for medicine in over)
    return days is not None and days >= case.rules.value("overuse-headache-days") and lasted


def has_headache(case: Case) -> bool:
    """Whether headache is part of the question."""
    person = case.person
    told = bool(
        case.conditions_marked("headache") or case.symptoms_marked("headache") or case.symptoms_marked("red-flag")
    )
    diary = person.baseline.headache_days_per_28 if person.baseline is not None else None
    return told or bool(set(person.goals) & set(HEADACHE_GOALS)) or bool(person.headache_days_per_month) or bool(diary)


def red_flags(case: Case) -> Iterator[Said]:
    """The red flags that need headache beside them: fever, cancer, weak immunity, pregnancy, childbirth."""
    if not has_headache(case):
        return
    flags = tuple(words(name) for name in case.conditions_marked("red-flag-with-headache"))
    flags += ("pregnancy",) if is_pregnant(case) else ()
    sources = ("davy-rule",)
    if case.symptoms_marked("fever"):
        yield Referral("Doctor today: headache with fever.", "same-day", sources)
    if flags:
        yield care(
            "headache-red-flag",
            f"Headache with {listed(flags)} is a red flag: a doctor looks at the headache first.",
            listed(flags),
            sources=sources,
        )
        yield Referral(f"Doctor soon: headache with {listed(flags)}.", "soon", sources)


def headache_from_fifty(case: Case) -> Iterator[Said]:
    """Headache from 50 that nobody has named may be new: refer (SNNOOP10 has 65; Davy asks from 50)."""
    limit, age = case.limit("new-headache-age"), case.person.age_y
    if age is not None and age >= limit.value and has_headache(case) and not case.conditions_marked("headache"):
        yield inform(
            "headache-from-50",
            f"Headache from the age of {limit.value:g} on without a diagnosis on record: if it is new, or has "
            "changed, a doctor looks first.",
            age,
            limit,
        )
        yield Referral(
            f"Doctor soon: headache from {limit.value:g} on that has no name yet; ask whether it is new.",
            "soon",
            limit.source,
        )


def neuropathy(case: Case) -> Iterator[Said]:
    """Nerve trouble: B12, HbA1c, TSH, alcohol, medicines and feet are looked at before magnesium is discussed."""
    if "neuropathy" not in case.person.goals and not case.conditions_marked("neuropathy"):
        return
    limit, b12 = case.limit("b12-low"), case.reading("b12")
    is_low = b12 is not None and b12.lowest < limit.value
    labs = tuple(_known(case, test, name) for test, name in (("b12", "B12"), ("hba1c", "HbA1c"), ("tsh", "TSH")))
    lowering = tuple(medicine.label for medicine in case.person.takes("metformin", "ppi"))
    why = f" (B12 all the more with {listed(lowering)})" if lowering else ""
    look = f"{listed(labs)}{why}; alcohol, a review of medicines and a foot check"
    say = care if is_low or any("not known" in lab for lab in labs) else inform
    yield say("neuropathy-first", f"Before magnesium is discussed for nerve trouble: {look}.", listed(labs), limit)
    first = "a low B12 is treated first; " if is_low else ""
    yield Referral(f"Doctor: nerve trouble; {first}{look}.", "soon" if is_low else "routine", limit.source)


def _known(case: Case, test: str, name: str) -> str:
    """A lab as it is known from the last year, or that it is not."""
    found = case.reading(test)
    if found is None or not found.within(case.rules.value("egfr-months")):
        return f"{name} (not known)"
    newest = max(found.labs, key=lambda lab: lab.date)
    return f"{name} {number(newest.value)} {newest.unit}"


def cramps(case: Case) -> Iterator[Said]:
    """Cramps: potassium, calcium, TSH, and CK on a statin."""
    if "muscle-cramps" in case.person.goals or case.conditions_marked("cramps"):
        statin = ", and CK because of the statin" if case.medicines_marked("statin") else ""
        yield Referral(f"Doctor: cramps; potassium, calcium and TSH{statin}.", "routine", ("davy-rule",))


def sleep(case: Case) -> Iterator[Said]:
    """Sleep: apnoea, and restless legs with ferritin."""
    signs = case.symptoms_marked("apnoea") + case.symptoms_marked("legs")
    if "sleep" in case.person.goals or case.conditions_marked("sleep") or signs:
        yield Referral(
            "Doctor: poor sleep; ask about sleep apnoea, and about restless legs with a ferritin.",
            "routine",
            ("davy-rule",),
        )


GATES = (overuse, red_flags, headache_from_fifty, neuropathy, cramps, sleep)
"""In the order of CLINICAL.md section 6."""
