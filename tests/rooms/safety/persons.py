"""People for the proofs of safety: one healthy person to change, and as many diverse ones as are asked for."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

from davy.forecast.outcome import UNITS, Forecast
from davy.people.person import Clinician, Lab, Medicine, Person, Supplement
from davy.people.regimen import Intake, Regimen, Step
from davy.people.vocabulary import conditions, lab_tests, medicine_classes, symptoms

TODAY = date(2026, 11, 22)


@cache
def unit(test: str) -> str:
    return next(row.unit for row in lab_tests() if row.id == test)


def lab(test: str, value: float, days_ago: int = 21, **more: Any) -> Lab:
    return Lab.model_construct(date=TODAY - timedelta(days=days_ago), test=test, value=value, unit=unit(test), **more)


def serum(value: float, days_ago: int = 21, **more: Any) -> Lab:
    return lab("serum-magnesium", value, days_ago, **more)


def egfr(value: float, days_ago: int = 21, **more: Any) -> Lab:
    return lab("egfr", value, days_ago, **more)


def drug(*classes: str, name: str | None = None, **more: Any) -> Medicine:
    return Medicine.model_construct(name=name or classes[0], classes=classes, **more)


def product(label_mg: float | None = 100, **more: Any) -> Supplement:
    facts = {"form": "citrate", "label_mg": label_mg, "label_means": "elemental", "per_day": 1.0, **more}
    return Supplement.model_construct(**facts)


def someone(**facts: Any) -> Person:
    """A healthy man of 40 with good, recent labs, and whatever is different about him."""
    healthy: dict[str, Any] = {
        "id": "someone",
        "today": TODAY,
        "age_y": 40.0,
        "sex": "male",
        "weight_kg": 75.0,
        "height_cm": 178.0,
        "jurisdiction": "EU",
        "labs": (egfr(95), serum(0.82)),
    }
    return Person.model_construct(**(healthy | facts))


def authorised(**facts: Any) -> Person:
    """A patient whose clinician may go above the upper level."""
    signed = Clinician(role="nephrologist", date=TODAY - timedelta(days=7), indication="hypomagnesaemia")
    return someone(**({"profile": "clinician", "clinician": signed} | facts))


def regimen(*doses: float, at: tuple[str, ...] = ("13:00", "19:00", "08:00"), form: str = "citrate") -> Regimen:
    """So many mg at so many times, from day 0 on, to day 84."""
    intakes = tuple(Intake(time, form, dose) for time, dose in zip(at, doses, strict=False))
    return Regimen((Step(0, 84, intakes),))


def forecast(values: Any, failed: Any = None) -> Forecast:
    """A forecast with this serum: (draws, days)."""
    serum_values = np.atleast_2d(np.asarray(values, dtype=np.float64))
    outputs = np.ones((*serum_values.shape, len(UNITS)))
    outputs[:, :, tuple(UNITS).index("serum_mmol_per_L")] = serum_values
    flags = np.zeros(len(serum_values), dtype=bool) if failed is None else np.asarray(failed, dtype=bool)
    return Forecast(np.arange(serum_values.shape[1], dtype=np.float64), outputs, flags)


GOOD = forecast(np.full((100, 3), 0.85))
"""A forecast that stands against nothing."""

CONDITIONS = tuple(row.id for row in conditions())
SYMPTOMS = tuple(row.id for row in symptoms())
CLASSES = tuple(row.id for row in medicine_classes())
GOALS = ("general", "migraine-prevention", "neuropathy", "repletion", "sleep", "muscle-cramps")
FORMS = ("citrate", "glycinate", "oxide", "hydroxide", "chloride")
TESTS = {
    "serum-magnesium": (0.4, 1.2),
    "egfr": (15, 120),
    "creatinine": (45, 260),
    "cystatin-c": (0.6, 2.5),
    "potassium": (2.5, 5.8),
    "calcium": (1.7, 2.8),
    "phosphate": (0.5, 1.6),
    "uacr": (0, 60),
    "hba1c": (30, 90),
}


def dice_of(number: int) -> random.Random:
    """Dice that fall the same way each time; a negative number gives others than those that made the person."""
    return random.Random(number)  # noqa: S311 - no secret hangs on these


def draw(number: int) -> Person:
    """The person of that number: always the same one."""
    dice = dice_of(number)
    mostly_well = dice.random() < 0.75
    few = (0, 0, 0, 0, 1) if mostly_well else (0, 1, 2, 3)
    labs = [
        lab(test, dice.uniform(*TESTS[test]), dice.choice((0, 5, 30, 80, 100, 170, 200, 380)))
        for test in dice.choices(tuple(TESTS), k=0 if mostly_well and dice.random() < 0.8 else dice.choice((1, 2, 4)))
    ]
    if mostly_well and dice.random() < 0.8:
        labs += [
            egfr(dice.uniform(50, 110), dice.choice((10, 60))),
            serum(dice.uniform(0.6, 0.97), dice.choice((10, 60))),
        ]
    ages = (
        (25.0, 40.0, 55.9, 64.9, 65.0, 74.9, 75.0) if mostly_well else (None, 16.0, 17.99, 18.0, 25.0, 40.0, 55.9, 88.0)
    )
    return someone(
        id=f"p{number}",
        age_y=dice.choice(ages),
        sex=dice.choice((None, "female", "male", "male")),
        weight_kg=dice.choice((None, 70.0, 95.0, 140.0) if mostly_well else (None, 45.0, 70.0, 95.0)),
        height_cm=dice.choice((None, 160.0, 175.0, 190.0)),
        pregnant=dice.choice((None, False, False, False) if mostly_well else (None, False, True)),
        profile=dice.choice(("personal", "personal", "clinician", "research")),
        clinician=dice.choice(
            (None, Clinician(role="doctor", date=TODAY - timedelta(days=dice.choice((3, 90))), indication="low"))
        ),
        jurisdiction=dice.choice((None, "US", "EU")),
        goals=(dice.choice(GOALS),),
        labs=tuple(labs),
        conditions=tuple(dice.sample(CONDITIONS, dice.choice(few))),
        symptoms=tuple(
            dice.sample(SYMPTOMS, dice.choice((0, *few)) if not mostly_well else dice.choice((0, 0, 0, 0, 0, 1)))
        ),
        medicines=tuple(_medicine(dice) for _ in range(dice.choice(few))),
        supplements=tuple(_product(dice) for _ in range(dice.choice((0, 0, 0, 0, 1) if mostly_well else (0, 1, 2)))),
        not_understood=dice.choice(((), (), (), ("condition: xyz",))),
        weight_change_6mo_pct=dice.choice((None, None, 0.0, -11.0) if mostly_well else (None, -11.0, -16.0)),
        alcohol_g_per_day=dice.choice((None, None, 0.0, 60.0)),
        headache_days_per_month=dice.choice((None, 5.0, 20.0)),
    )


def _medicine(dice: random.Random) -> Medicine:
    return drug(
        *dice.sample(CLASSES, dice.choice((1, 1, 2))),
        since=dice.choice((None, None, TODAY - timedelta(days=15), TODAY - timedelta(days=400))),
        until=dice.choice((None, None, None, TODAY - timedelta(days=1), TODAY + timedelta(days=5))),
        days_per_month=dice.choice((None, 2.0, 12.0, 30.0)),
        at=dice.choice(((), ("08:00",), ("08:00", "20:00"))),
    )


def _product(dice: random.Random) -> Supplement:
    return product(
        dice.choice((None, 50.0, 150.0, 200.0, 400.0)),
        form=dice.choice(FORMS),
        label_means=dice.choice(("elemental", "salt", "unknown")),
        prescribed=dice.random() < 0.3,
    )


def any_regimen(dice: random.Random) -> Regimen:
    """A regimen that may be sensible or not."""
    times = ("08:00", "13:00", "19:00", "21:00", "22:30")
    steps: list[Step] = []
    for _ in range(dice.choice((0, 1, 1, 2))):
        start = dice.choice((0, 0, 7, 14))
        count = dice.choice((1, 2, 3))
        intakes = tuple(
            Intake(at, dice.choice(FORMS), dice.choice((25.0, 100.0, 125.0, 200.0, 250.0)))
            for at in dice.sample(times, count)
        )
        steps.append(Step(start, dice.choice((None, 84, 180)), intakes))
    return Regimen(tuple(steps))


def any_forecast(dice: random.Random) -> Forecast:
    """Plausible serum over a few days, with the odd failure."""
    rng = np.random.default_rng(dice.randrange(2**32))
    middle, spread = dice.uniform(0.75, 1.1), dice.choice((0.0, 0.02, 0.1))
    values = middle + spread * rng.standard_normal((40, 3))
    return forecast(values, rng.random(40) < dice.choice((0.0, 0.0, 0.03)))
