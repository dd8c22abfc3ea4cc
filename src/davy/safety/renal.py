"""How well a person's kidneys clear, as far as it is known: the lowest estimate, its age, and the band it falls in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from davy.people.kidney import KidneyFunction, kidney_estimates
from davy.people.person import Lab, Medicine, Person, Sex
from davy.safety.in_force import Reading, disturbed_since, ends, months_before
from davy.safety.limits import Rules

Known = Literal["fresh", "stale", "unknown"]
Estimates = Mapping[str, tuple[KidneyFunction, ...]]
"""The estimates of the kidney by the laboratory test that they come from."""
FULL, CARE, CLINICIAN, REFUSED = 0, 1, 2, 3
"""The bands: 60 and above, 45 to 59, 30 to 44, below 30."""


@dataclass(frozen=True)
class Kidney:
    """What is known about the kidneys today.

    Attributes
    ----------
    value : the lowest of eGFR, de-indexed eGFR and Cockcroft-Gault in force [mL/min]; None = unknown.
    taken : day of the newest lab behind it.
    known : ``fresh``, ``stale`` (too old, or disturbed since) or ``unknown``.
    band : `FULL` .. `REFUSED`; an unknown kidney stands in `FULL` here and is judged by its own gate.
    lowered_by : what makes creatinine flatter the kidney, so that the band is one lower than the value.
    disturbed_by : what began after the lab and made it stale, or None.
    """

    value: float | None
    taken: date | None
    today: date
    known: Known
    band: int
    lowered_by: tuple[str, ...]
    disturbed_by: str | None

    def within(self, months: float) -> bool:
        """Whether a kidney value is at most so many calendar months old and nothing has disturbed it since."""
        return self.known == "fresh" and self.taken is not None and self.taken >= months_before(self.today, months)


def _is_daily(medicine: Medicine, days: float) -> bool:
    """A frequency that is not told counts as often."""
    return medicine.days_per_month is None or medicine.days_per_month >= days


def kidney_risks(person: Person, labs: Mapping[str, Reading], estimates: Estimates, rules: Rules) -> Iterator[str]:
    """The facts that make kidney disease likely enough for an unknown kidney to count as a poor one."""
    if person.age_y is not None and person.age_y >= rules.value("kidney-risk-age"):
        yield f"age {rules.value('kidney-risk-age'):g} or more"
    for name in person.conditions:
        if name in rules.conditions and "kidney-risk" in rules.conditions[name].marks:
            yield name.replace("-", " ")
    for name in person.symptoms:
        if name in rules.symptoms and "kidney-risk" in rules.symptoms[name].marks:
            yield name.replace("-", " ")
    yield from _risky_medicines(person, rules)
    for test, limit, said in (
        ("uacr", "proteinuria-uacr", "protein in the urine"),
        ("hba1c", "diabetes-hba1c", "an HbA1c in the diabetic range"),
    ):
        found = labs.get(test)
        if found is not None and found.highest >= rules.value(limit):
            yield said
    if any(entry.lowest < rules.value("kidney-care-below") for found in estimates.values() for entry in found):
        yield f"an earlier kidney value below {rules.value('kidney-care-below'):g}"


def _risky_medicines(person: Person, rules: Rules) -> Iterator[str]:
    always, regular, daily = (rules.marked_medicines(f"kidney-risk{often}") for often in ("", "-regular", "-daily"))
    for medicine in person.medicines_now():
        classes = set(medicine.classes)
        if always & classes:
            yield medicine.label
        elif regular & classes and _is_daily(medicine, rules.value("regular-nsaid-days")):
            yield f"regular {medicine.label}"
        elif daily & classes and _is_daily(medicine, rules.value("daily-magnesium-days")):
            yield f"daily {medicine.label}"
    for supplement in person.supplements:
        laxative = daily & set(supplement.classes) or supplement.form in ("hydroxide", "sulfate")
        if laxative and supplement.taken_on(person.today) and supplement.per_day != 0:
            yield f"a magnesium laxative or antacid ({supplement.product or supplement.form})"


def muscle_is_scarce(person: Person, rules: Rules) -> Iterator[str]:
    """Why creatinine may flatter these kidneys: little muscle makes little creatinine."""
    for name in person.conditions:
        if name in rules.conditions and "one-band-lower" in rules.conditions[name].marks:
            yield name.replace("-", " ")
    if person.bmi is not None and person.bmi < rules.value("low-bmi"):
        yield f"BMI {person.bmi:.1f}"


def cystatin_alone(cystatin_mg_per_l: float, age_y: float, sex: Sex) -> float:
    """EGFR [mL/min/1.73m2] from cystatin C alone, CKD-EPI 2012 (Inker, 10.1056/NEJMoa1114248)."""
    ratio = cystatin_mg_per_l / 0.8
    return (
        133 * min(ratio, 1.0) ** -0.499 * max(ratio, 1.0) ** -1.328 * 0.996**age_y * (0.932 if sex == "female" else 1.0)
    )


def _of_cystatin(lab: Lab, person: Person) -> KidneyFunction | None:
    worst = ends(lab)[1]
    if person.age_y is None:
        return None
    sexes: tuple[Sex, ...] = (person.sex,) if person.sex is not None else ("female", "male")
    return KidneyFunction(
        lab.date, min(cystatin_alone(worst, person.age_y, sex) for sex in sexes), None, None, cystatin=True
    )


def _of_test(test: str, labs: tuple[Lab, ...], person: Person) -> tuple[KidneyFunction, ...]:
    """The estimates that the labs of one kidney test give."""
    if test == "cystatin-c":
        return tuple(entry for lab in labs if lab.test == test and (entry := _of_cystatin(lab, person)) is not None)
    own = tuple(lab for lab in labs if lab.test == test or (test, lab.test) == ("creatinine", "cystatin-c"))
    return kidney_estimates(person.model_copy(update={"labs": own}))


def estimates_of(person: Person) -> Estimates:
    """Every estimate of the kidney, by the test that it comes from."""
    past = tuple(lab for lab in person.labs if lab.date <= person.today)
    tests = (test for test in ("egfr", "creatinine", "cystatin-c") if any(lab.test == test for lab in past))
    return {test: found for test in tests if (found := _of_test(test, past, person))}


def _in_force(estimates: Estimates, rules: Rules) -> tuple[KidneyFunction, ...]:
    """Of each test the estimates that count today, and of a test that is older than the others only a bad one."""
    months, bad = rules.value("pair-months"), rules.value("kidney-care-below")
    newest = {test: max(entry.date for entry in found) for test, found in estimates.items()}
    near = months_before(max(newest.values()), months)
    return tuple(
        entry
        for test, found in estimates.items()
        for entry in found
        if entry.date >= months_before(newest[test], months) and (entry.date >= near or entry.lowest < bad)
    )


def _months(value: float, risks: tuple[str, ...], rules: Rules) -> float:
    if value < rules.value("kidney-care-below"):
        return rules.value("egfr-months-low")
    return rules.value("egfr-months-at-risk" if risks else "egfr-months")


def band_of(value: float, rules: Rules) -> int:
    """The band of a kidney value."""
    edges = ("kidney-care-below", "kidney-clinician-below", "kidney-refuse-below")
    return sum(value < rules.value(edge) for edge in edges)


def kidney_of(person: Person, risks: tuple[str, ...], found: Estimates, rules: Rules) -> Kidney:
    """The kidneys of a person today."""
    lowered_by = tuple(muscle_is_scarce(person, rules))
    if not found:
        return Kidney(None, None, person.today, "unknown", CARE if lowered_by else FULL, lowered_by, None)
    estimates = _in_force(found, rules)
    if any(entry.cystatin for entry in estimates):
        lowered_by = ()
    value, taken = min(entry.lowest for entry in estimates), max(entry.date for entry in estimates)
    disturbed_by = disturbed_since(taken, person, rules)
    fresh = disturbed_by is None and taken >= months_before(person.today, _months(value, risks, rules))
    band = min(band_of(value, rules) + bool(lowered_by), REFUSED)
    return Kidney(value, taken, person.today, "fresh" if fresh else "stale", band, lowered_by, disturbed_by)
