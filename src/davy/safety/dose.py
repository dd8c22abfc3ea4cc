"""A regimen: its amount against the binding cap, its intakes, its form, its steps.

An intake whose product is the label of something taken now is that product, going on; what Davy may not stop and a
regimen leaves out is added.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

from davy.people.regimen import Intake, Regimen, Step
from davy.people.vocabulary import form, products
from davy.safety.case import Case
from davy.safety.ceilings import upper_level_of
from davy.safety.clock import minutes
from davy.safety.intake import NEAR, stands
from davy.safety.saying import care, number, refuse, whole
from davy.safety.verdict import Cap, Said


def faulty(case: Case, regimen: Regimen) -> Iterator[Said]:
    """Negative or absurd amounts, times that are no times, steps that end before they begin: refused."""
    limit = case.limit("absurd-dose")
    for step in regimen.steps:
        if step.from_day < 0 or (step.to_day is not None and step.to_day <= step.from_day):
            days = f"{step.from_day} to {step.to_day}"
            yield refuse("regimen-days", f"A step from day {days} cannot be taken.", days, sources=limit.source)
        for intake in step.intakes:
            if not 0 <= intake.elemental_mg <= limit.value:
                yield refuse(
                    "regimen-amount",
                    f"An intake of {intake.elemental_mg:g} mg is not an amount that can be meant (0 to "
                    f"{limit.value:g} mg elemental).",
                    intake.elemental_mg if math.isfinite(intake.elemental_mg) else str(intake.elemental_mg),
                    limit,
                )
            if minutes(intake.at) is None:
                yield refuse(
                    "regimen-time", f"'{intake.at}' is not a clock time like 21:00.", intake.at, sources=limit.source
                )


@cache
def _of_catalogue(product: str | None) -> float:
    """How many times its stated amount a product for sale can hold, by what its label can mean."""
    row = next((entry for entry in products() if entry.id == product), None)
    salt = form(row.form) if row is not None else None
    if row is None or salt is None or row.label_means == "elemental":
        return 1.0
    worst = 1.0 if row.label_means == "unknown" else salt.worst_fraction
    return max(worst / salt.elemental_fraction, 1.0)


def worst_mg(case: Case, intake: Intake) -> float:
    """The most elemental magnesium that an intake can hold, by what the label of its product can mean [mg]."""
    own = (item for item in case.intake.nonfood if item.label == intake.product)
    factors = [item.worst_mg / item.best for item in own if item.best and item.worst_mg is not None]
    return intake.elemental_mg * max(factors, default=_of_catalogue(intake.product))


def is_kept(case: Case, intake: Intake) -> bool:
    """Whether an intake is a product of today that goes on, not one that Davy plans."""
    return any(item.label == intake.product for item in case.intake.nonfood)


def active(regimen: Regimen, day: int) -> tuple[Intake, ...]:
    """Every intake of a day, overlapping steps added."""
    return tuple(intake for step in regimen.steps if _holds(step, day) for intake in step.intakes)


def _holds(step: Step, day: int) -> bool:
    return step.from_day <= day and (step.to_day is None or day < step.to_day)


def change_days(regimen: Regimen) -> tuple[int, ...]:
    """The days on which something begins or ends, the first day among them."""
    ends = {step.to_day for step in regimen.steps if step.to_day is not None}
    return tuple(sorted({0} | {step.from_day for step in regimen.steps} | ends))


def day_total(case: Case, regimen: Regimen, day: int) -> float:
    """Everything but food on a day, what Davy may not stop included, at the worst reading of every label [mg/d]."""
    intakes = active(regimen, day)
    held = {intake.product for intake in intakes}
    beside = (item.worst_mg or 0.0 for item in case.intake.nonfood if stands(item) and item.label not in held)
    return sum(worst_mg(case, intake) for intake in intakes) + sum(beside)


def above_cap(case: Case, regimen: Regimen, cap: Cap) -> Iterator[Said]:
    """The total from everything but food stays at or below the binding cap."""
    total = max(day_total(case, regimen, day) for day in change_days(regimen))
    if regimen.elemental_mg_per_day > 0 and total > cap.elemental_mg_per_day + NEAR:
        yield refuse(
            "regimen-above-cap",
            f"This comes to {whole(total, cap.elemental_mg_per_day)} mg a day from everything but food, above the "
            f"{number(cap.elemental_mg_per_day)} mg that the rules permit here ({cap.sentence.rstrip('.')}).",
            total,
            cap,
        )


def single_intakes(case: Case, regimen: Regimen) -> Iterator[Said]:
    """One intake holds at most 200 mg; in quiet inflammatory bowel disease 100, so that 200 is split."""
    limit = case.limit("bowel-single-intake" if case.conditions_marked("ibd") else "single-intake")
    for day in change_days(regimen):
        intakes = active(regimen, day)
        for at in sorted({intake.at for intake in intakes if not is_kept(case, intake)}):
            at_once = sum(worst_mg(case, intake) for intake in intakes if intake.at == at)
            if at_once > limit.value + NEAR:
                yield refuse(
                    "single-intake",
                    f"{whole(at_once, limit.value)} mg at once ({at}) is above {limit.value:g} mg: it draws water into "
                    "the bowel. Smaller intakes would change this.",
                    at_once,
                    limit,
                )
                return


def forms(case: Case, regimen: Regimen) -> Iterator[Said]:
    """Sulfate and hydroxide never replete, an unknown form is refused, quiet bowel disease needs a soluble one."""
    planned = (
        intake
        for step in regimen.steps
        for intake in step.intakes
        if intake.elemental_mg > 0 and not is_kept(case, intake)
    )
    for name in dict.fromkeys(intake.form for intake in planned):
        row, sources = form(name), ("davy-rule",)
        if row is None:
            yield refuse(
                "form-unknown",
                f"The form '{name}' is not known to Davy, so nothing is planned with it.",
                name,
                sources=sources,
            )
        elif not row.repletion_candidate:
            yield refuse(
                "form-laxative",
                f"Magnesium {name} is a laxative or antacid, never a way to replete.",
                name,
                sources=sources,
            )
        elif case.conditions_marked("ibd") and row.solubility != "soluble":
            said = f"Inflammatory bowel disease asks for a soluble form; magnesium {name} dissolves slowly."
            yield refuse("form-not-soluble", said, name, sources=sources)


def steps(case: Case, regimen: Regimen) -> Iterator[Said]:
    """Start at 100 and step weekly: a faster rise of what Davy plans, over the least that it replaces, is told."""
    limit, span = case.limit("step-rise"), int(case.rules.value("step-days"))
    goes_on = {intake.product for step in regimen.steps for intake in step.intakes if is_kept(case, intake)}
    replaced = sum(item.low for item in case.intake.nonfood if not stands(item) and item.label not in goes_on)

    def planned(day: int) -> float:
        own = (intake for intake in active(regimen, day) if intake.product not in goes_on)
        return sum(worst_mg(case, intake) for intake in own) if day >= 0 else replaced

    for day in change_days(regimen):
        rise = planned(day) - min(planned(earlier) for earlier in range(day - span, day))
        if rise > limit.value + NEAR:
            yield care(
                "step-too-fast",
                f"A rise of {whole(rise, limit.value)} mg a day within a week: starting at 100 and stepping weekly is "
                "easier on the bowel.",
                rise,
                limit,
            )
            return


def above_upper_level(case: Case, regimen: Regimen) -> Iterator[Said]:
    """Above the upper level: 2 or 3 intakes a day, and an end after 12 weeks."""
    upper, intakes, weeks = upper_level_of(case), case.limit("clinician-intakes"), case.limit("clinician-weeks")
    over = tuple(
        day
        for day in change_days(regimen)
        if active(regimen, day) and day_total(case, regimen, day) > upper.value + NEAR
    )
    for day in over:
        times = len({intake.at for intake in active(regimen, day) if intake.elemental_mg > 0})
        if not (intakes.low or 0) <= times <= (intakes.high or math.inf):
            yield refuse(
                "intakes-above-upper-level",
                f"Above {upper.value:g} mg a day it is taken in 2 or 3 intakes, not {times}.",
                times,
                intakes,
            )
            break
    last = int(weeks.value * 7)
    if any(day >= last for day in over) or (
        over and active(regimen, last) and day_total(case, regimen, last) > upper.value + NEAR
    ):
        yield refuse(
            "expiry-above-upper-level",
            f"Above {upper.value:g} mg a day it ends after {weeks.value:g} weeks (day {last}) and is judged anew; "
            "this goes on.",
            last,
            weeks,
        )


GATES = (single_intakes, forms, steps, above_upper_level)
"""CLINICAL.md section 4, and the bowel's part of section 3."""
