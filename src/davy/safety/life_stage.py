"""Life stages: children and unknown ages, old age, pregnancy and not knowing about it."""

from __future__ import annotations

from collections.abc import Iterator

from davy.safety.case import Case
from davy.safety.kidney import missing_labs, recent_kidney_and
from davy.safety.saying import care, refuse
from davy.safety.verdict import Cap, LabDue, Referral, Said


def childhood(case: Case) -> Iterator[Said]:
    """Below 18: refused. An unknown age could be a child's or an old person's: refused until it is told."""
    limit, age = case.limit("age-least"), case.person.age_y
    if age is None:
        yield refuse(
            "age-unknown",
            f"The age is not given. Below {limit.value:g} nothing is planned, and from 65 the kidney has to be "
            "measured first, so the age comes first: add age_y or birth_date.",
            "unknown",
            limit,
        )
    elif age < limit.value:
        yield refuse(
            "age-below-18",
            f"Age {int(age)}: Davy plans for adults only, from {limit.value:g}. Children have their own upper levels "
            "and a doctor doses them.",
            age,
            limit,
        )
        yield Referral("The child's doctor, if magnesium is thought of.", "routine", limit.source)


def old_age(case: Case) -> Iterator[Said]:
    """75 and above: with care, 200 at most, eGFR and serum within 3 months."""
    limit, most, months = case.limit("age-old"), case.limit("age-old-cap"), case.rules.value("age-old-months")
    age = case.person.age_y
    if age is None or age < limit.value:
        return
    yield care(
        "age-75",
        f"Age {int(age)}, from {limit.value:g} on with care and at most {most.value:g} mg a day: the kidney has less "
        "in reserve and early signs of too much are easily missed.",
        age,
        limit,
    )
    yield Cap("age-75", most.value, f"Age {limit.value:g} or more: at most {most.value:g} mg a day.", most.source)
    missing = recent_kidney_and(case, ("serum-magnesium",), months)
    if missing:
        yield missing_labs(
            "age-75-labs", f"Age {limit.value:g} or more", missing, months, case.limit("age-old-months").source
        )
        yield Referral("Doctor: eGFR and serum magnesium before any magnesium at this age.", "routine", limit.source)


def is_pregnant(case: Case) -> bool:
    """Whether a pregnancy is told: in its own field, as a condition, or, failing both, in words not understood."""
    person = case.person
    said = any("pregnan" in words.lower() for words in person.not_understood)
    return bool(person.pregnant or case.conditions_marked("pregnancy") or (person.pregnant is None and said))


def pregnancy(case: Case) -> Iterator[Said]:
    """Pregnant: personal refused, to the midwife, by food; clinician with care. Nobody is told to stop a prenatal."""
    if not is_pregnant(case):
        return
    sources = ("f-159", "f-051", "f-055", "davy-rule")
    if case.clinician:
        yield care(
            "pregnancy",
            "Pregnancy: with care, by a clinician who knows the pregnancy and counts the prenatal.",
            "pregnant",
            sources=sources,
        )
        return
    yield refuse(
        "pregnancy",
        "Pregnancy: Davy plans no supplement here; the midwife or doctor does, and food is the first source to talk "
        "about. Go on with a prenatal or anything prescribed just as advised.",
        "pregnant",
        sources=sources,
    )
    yield Referral(
        "Midwife or doctor: magnesium in pregnancy, food first; the prenatal goes on as advised.", "routine", sources
    )


def pregnancy_unknown(case: Case) -> Iterator[Said]:
    """A woman of 12 to 55 who was not asked: with care, the lower upper level, and ask; sex unknown counts."""
    person, lower = case.person, case.limit("upper-level-lower")
    low, high = case.rules.value("pregnancy-age-low"), case.rules.value("pregnancy-age-high")
    asked = person.pregnant is not None or person.sex == "male" or is_pregnant(case)
    if asked or person.age_y is None or not low <= int(person.age_y) <= high:
        return
    yield care(
        "pregnancy-unknown",
        f"Is there a pregnancy? It was not said, so at most {lower.value:g} mg a day and with care; an answer "
        "(pregnant: true or false) settles this.",
        "unknown",
        lower,
        case.limit("pregnancy-age-high").source,
    )
    yield Cap(
        "pregnancy-unknown",
        lower.value,
        f"Pregnancy not asked about: at most the lower upper level, {lower.value:g} mg a day.",
        lower.source,
    )


def constipation(case: Case) -> Iterator[Said]:
    """Constipation with age 65 or more, or eGFR below 60: serum at 2 to 4 weeks."""
    declared = case.conditions_marked("constipation") or case.symptoms_marked("constipation")
    age, day = case.person.age_y, case.limit("constipation-serum-day")
    old = age is None or age >= case.rules.value("constipation-age")
    if declared and (old or case.kidney.band > 0):
        yield care(
            "constipation-serum",
            "Constipation holds magnesium in the bowel longer and more is absorbed: serum magnesium at 2 to 4 weeks.",
            "constipation",
            case.limit("constipation-age"),
        )
        yield LabDue(
            "serum-magnesium", int(day.low or 0), int(day.value), "constipation with age or kidney function", day.source
        )


GATES = (childhood, old_age, pregnancy, pregnancy_unknown, constipation)
"""In the order of CLINICAL.md section 3; frailty, lactation and the bowel stand in condition_rules.csv."""
