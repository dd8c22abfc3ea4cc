"""The proofs of CLINICAL.md section 11, on as many random persons as are asked for."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
from tests.rooms.safety.persons import (
    CLASSES,
    CONDITIONS,
    GOOD,
    SYMPTOMS,
    TODAY,
    any_forecast,
    any_regimen,
    dice_of,
    draw,
    drug,
    egfr,
    lab,
    product,
    serum,
)

from davy.forecast.outcome import Forecast
from davy.people.person import Person
from davy.people.regimen import Intake, Regimen, Step
from davy.safety.caps import binding
from davy.safety.check import check, screen
from davy.safety.verdict import Verdict

ORDER = {"allowed": 0, "with_care": 1, "refused": 2}


def rank(verdict: Verdict) -> int:
    return ORDER[verdict.word]


def judged(person: Person) -> tuple[float, int]:
    """What is permitted, and how bad the verdict is, from one screen."""
    found = screen(person)
    return binding(found.caps).elemental_mg_per_day, rank(found.verdict)


def changed(person: Person, **facts: Any) -> Person:
    return person.model_copy(update=facts)


Change = Callable[[Person, random.Random], Person]

HARMS: tuple[Change, ...] = (
    lambda person, dice: changed(person, conditions=(*person.conditions, dice.choice(CONDITIONS))),
    lambda person, dice: changed(person, symptoms=(*person.symptoms, dice.choice(SYMPTOMS))),
    lambda person, dice: changed(
        person, medicines=(*person.medicines, drug(dice.choice(CLASSES), at=dice.choice(((), ("08:00",)))))
    ),
    lambda person, dice: changed(
        person, labs=(*person.labs, dice.choice((serum(1.06, 0), serum(1.3, 0), serum(0.49, 0), serum(0.2, 0))))
    ),
    lambda person, dice: changed(person, labs=(*person.labs, egfr(dice.uniform(3, 29.9), 0))),
    lambda person, dice: changed(person, labs=(*person.labs, lab("creatinine", 80, 3), lab("creatinine", 121, 0))),
    lambda person, dice: changed(
        person,
        labs=(*person.labs, lab("potassium", 2.4, 0), lab("calcium", 1.6, 0), serum(0.65, 0)),
        profile="personal",
    ),
    lambda person, dice: changed(person, age_y=dice.choice((3.0, 17.9))),
    lambda person, dice: changed(person, pregnant=True, profile="personal"),
    lambda person, dice: changed(person, weight_change_6mo_pct=-dice.uniform(15.1, 30)),
    lambda person, dice: changed(person, weight_kg=35.0, height_cm=175.0),
    lambda person, dice: changed(person, supplements=(*person.supplements, product(dice.choice((None, 100.0, 900.0))))),
    lambda person, dice: changed(person, not_understood=(*person.not_understood, "medicine: abc")),
)


def test_a_contraindication_or_a_dangerous_value_never_raises_what_is_permitted(crowd: int) -> None:
    for number in range(crowd):
        dice = dice_of(-number - 1)
        person = draw(number)
        worse = dice.choice(HARMS)(person, dice)
        (most, bad), (most_worse, bad_worse) = judged(person), judged(worse)
        assert most_worse <= most, (person, worse)
        assert bad_worse >= bad, (person, worse)


def without(person: Person, *tests: str) -> tuple[Any, ...]:
    return tuple(entry for entry in person.labs if entry.test not in tests)


KIDNEY = ("egfr", "creatinine", "cystatin-c")
UNKNOWNS: dict[str, tuple[Change, Callable[[Person], tuple[Person, ...]]]] = {
    "age": (
        lambda person, dice: changed(person, age_y=None),
        lambda person: tuple(changed(person, age_y=age) for age in (30.0, 56.0)),
    ),
    "sex": (
        lambda person, dice: changed(person, sex=None),
        lambda person: tuple(changed(person, sex=sex) for sex in ("female", "male")),
    ),
    "pregnancy": (
        lambda person, dice: changed(person, pregnant=None),
        lambda person: (changed(person, pregnant=False),),
    ),
    "body": (
        lambda person, dice: changed(person, weight_kg=None),
        lambda person: tuple(
            changed(person, weight_kg=kg, height_cm=cm) for kg in (60.0, 90.0, 200.0) for cm in (160.0, 190.0)
        ),
    ),
    "kidney": (
        lambda person, dice: changed(person, labs=without(person, *KIDNEY)),
        lambda person: (changed(person, labs=(*without(person, *KIDNEY), egfr(120, 0), lab("cystatin-c", 0.5, 0))),),
    ),
    "serum": (
        lambda person, dice: changed(person, labs=without(person, "serum-magnesium")),
        lambda person: tuple(
            changed(person, labs=(*without(person, "serum-magnesium"), serum(value, 0))) for value in (0.69, 0.82)
        ),
    ),
    "jurisdiction": (
        lambda person, dice: changed(person, jurisdiction=None),
        lambda person: (changed(person, jurisdiction="US"),),
    ),
    "amount": (
        lambda person, dice: changed(
            person, supplements=tuple(changed(one, label_mg=None) for one in person.supplements)
        ),
        lambda person: (changed(person, supplements=tuple(changed(one, label_mg=0.0) for one in person.supplements)),),
    ),
    "frequency": (
        lambda person, dice: changed(
            person, medicines=tuple(changed(one, days_per_month=None) for one in person.medicines)
        ),
        lambda person: (
            changed(person, medicines=tuple(changed(one, days_per_month=0.5) for one in person.medicines)),
        ),
    ),
    "start": (
        lambda person, dice: changed(person, medicines=tuple(changed(one, since=None) for one in person.medicines)),
        lambda person: (
            changed(person, medicines=tuple(changed(one, since=TODAY.replace(year=2010)) for one in person.medicines)),
        ),
    ),
    "end": (
        lambda person, dice: changed(person, medicines=tuple(changed(one, until=None) for one in person.medicines)),
        lambda person: (
            changed(person, medicines=tuple(changed(one, until=TODAY.replace(year=2011)) for one in person.medicines)),
        ),
    ),
}


def test_unknown_is_never_better_than_the_most_reassuring_value(crowd: int) -> None:
    facts = tuple(UNKNOWNS.values())
    for number in range(crowd):
        dice = dice_of(-number - 1)
        person = draw(number)
        forget, reassure = facts[number % len(facts)]
        unknown = forget(person, dice)
        most, bad = judged(unknown)
        known = tuple(judged(one) for one in reassure(person))
        assert most <= max(one[0] for one in known), (person, unknown)
        assert bad >= min(one[1] for one in known), (person, unknown)


def wider(given: Forecast, factor: float) -> Forecast:
    middle = np.median(given.values, axis=0, keepdims=True)
    return Forecast(given.day, middle + factor * (given.values - middle), given.failed)


def test_widening_an_interval_never_raises(crowd: int) -> None:
    for number in range(crowd):
        dice = dice_of(-number - 1)
        person, plan, given = draw(number), any_regimen(dice), any_forecast(dice)
        before = rank(check(person, plan, given))
        if number % 3 == 0:
            assert rank(check(person, plan, wider(given, 1.5))) >= before, person
        elif number % 3 == 1:
            one_failed = Forecast(given.day, given.values, given.failed | (np.arange(len(given.failed)) == 0))
            assert rank(check(person, plan, one_failed)) >= before, person
        else:
            vague = changed(
                person, supplements=tuple(changed(one, label_means="unknown") for one in person.supplements)
            )
            assert judged(vague)[0] <= judged(person)[0], person
            assert rank(check(vague, plan, given)) >= before, person


def doubled(plan: Regimen) -> Regimen:
    return Regimen(
        tuple(
            Step(
                step.from_day,
                step.to_day,
                tuple(Intake(one.at, one.form, 2 * one.elemental_mg) for one in step.intakes),
            )
            for step in plan.steps
        )
    )


def test_no_regimen_above_its_binding_cap_is_let_through_and_more_is_never_better(crowd: int) -> None:
    for number in range(crowd):
        dice = dice_of(-number - 1)
        person, plan = draw(number), any_regimen(dice)
        verdict = check(person, plan, GOOD)
        most, bad = judged(person)
        if verdict.word != "refused":
            assert plan.elemental_mg_per_day <= most + 1e-6, person
        assert most <= (600 if person.profile == "clinician" else 350 if person.jurisdiction == "US" else 250)
        if number % 3 == 0:
            assert rank(check(person, doubled(plan), GOOD)) >= rank(verdict), person
        assert rank(verdict) >= bad, person
