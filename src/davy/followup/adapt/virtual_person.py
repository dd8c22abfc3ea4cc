"""Persons who never were, with a truth that no rule sees: what magnesium does to them, and what else happens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal

import numpy as np

from davy.followup.n_of_1.outcomes import OutcomeRow, outcome_named
from davy.followup.visit_plan import Followed, begun, followed
from davy.people.person import Baseline, Diet, Lab, Person
from davy.planning.plan import plan as planned
from davy.tables import SourcedRow, read_table

START = date(2026, 1, 5)
"""The first day of every plan of the study."""
BEFORE_D, PLAN_D, GRACE_D, AFTER_D = 28, 84, 14, 84
PLAN_DRAWS = 50
Truth = Literal["benefit", "none", "harm"]
Setting = Literal["migraine", "sleep", "restore"]
_OUTCOME: dict[Setting, str] = {"migraine": "headache-days", "sleep": "sleep-onset"}
_GOAL: dict[Setting, Any] = {"migraine": "migraine-prevention", "sleep": "sleep", "restore": "repletion"}
_SETTINGS: tuple[Setting, ...] = ("migraine", "sleep", "restore")


class CohortRow(SourcedRow):
    """One assumption of the study."""

    id: str
    value: float
    unit: str
    what: str


@cache
def assumed(name: str) -> float:
    """One assumption of `adapt_cohort.csv`; raises KeyError for an unknown name."""
    return {row.id: row.value for row in read_table("adapt_cohort.csv", CohortRow)}[name]


@dataclass(frozen=True)
class Archetype:
    """A person file with the plan that was begun for it: what many virtual persons share.

    Attributes
    ----------
    full_mg : the dose of the plan at its highest step. outcome : what the diary counts; None for a low serum.
    """

    setting: Setting
    person: Person
    begun: Mapping[str, Any]
    plan: Followed
    full_mg: float
    outcome: OutcomeRow | None


@dataclass(frozen=True)
class Virtual:
    """One virtual person.

    Attributes
    ----------
    fall : share by which the outcome falls at the dose of the plan; placebo : on taking anything.
    tolerated_mg : above this the bowel complains [mg/d actually taken]. label : what a unit holds, of what it says.
    gain : of serum [mmol/L per 100 mg/d]; serum : without magnesium [mmol/L].
    medicine : day and name of a new medicine, and the fall of the outcome it brings.
    alcohol, sick, gap : first day and days of each; None where there is none. kidney : day of the fall.
    trial, urine : whether they bring a blinded trial of their own, and a 24-h urine from before.
    """

    number: int
    archetype: Archetype
    truth: Truth
    fall: float
    placebo: float
    tolerated_mg: float
    label: float
    gain: float
    serum: float
    taken: float
    medicine: tuple[int, str, float] | None
    alcohol: tuple[int, int] | None
    sick: tuple[int, int] | None
    gap: tuple[int, int] | None
    kidney: int | None
    cycle_day: int | None
    frozen: bool
    trial: bool
    urine: bool

    @property
    def level(self) -> float:
        """The daily level of the outcome without magnesium; 0 for a low serum."""
        row = self.archetype.outcome
        return 0.0 if row is None else row.level / row.daily_factor


def virtual_person(number: int, seed: int) -> Virtual:
    """Person number so many of the study; the same for any size of it."""
    source = np.random.default_rng([seed, number, 1])
    setting = _SETTINGS[number % 3]
    archetype = archetype_of(setting, "US" if source.random() < 0.5 else "EU", source.random() < 0.5)
    truth = _truth(source)
    fall = float(source.uniform(assumed("benefit-low"), assumed("benefit-high"))) if truth == "benefit" else 0.0
    full = archetype.full_mg
    low, high = (0.3 * full, 0.8 * full) if truth == "harm" else (1.3 * full + 100, 3 * full + 100)
    gain = _gain(source, truth) if setting == "restore" else 0.0
    female = archetype.person.sex == "female"
    return Virtual(
        number=number,
        archetype=archetype,
        truth=truth,
        fall=fall,
        placebo=float(np.clip(source.normal(assumed("placebo-mean"), assumed("placebo-sd")), 0.0, 0.35)),
        tolerated_mg=float(source.uniform(low, high)),
        label=_label(source),
        gain=gain,
        serum=float(source.uniform(0.68, 0.72)),
        taken=assumed("taken-poor") if source.random() < assumed("poor-taker-share") else assumed("taken-good"),
        medicine=_medicine(source),
        alcohol=_spell(source, assumed("alcohol-share"), 14, 14),
        sick=_spell(source, assumed("sick-share"), 3, 3),
        gap=_spell(source, assumed("gap-share"), 14, 35),
        kidney=int(source.integers(7, 70)) if source.random() < assumed("kidney-share") else None,
        cycle_day=int(source.integers(0, 28)) if source.random() < 0.7 and female else None,
        frozen=bool(source.random() < assumed("frozen-share")),
        trial=bool(setting == "sleep" and source.random() < assumed("trial-share")),
        urine=bool(setting == "restore" and source.random() < assumed("urine-known")),
    )


def _truth(source: np.random.Generator) -> Truth:
    drawn, benefit = source.random(), assumed("benefit-share")
    return "benefit" if drawn < benefit else "harm" if drawn < benefit + assumed("harm-share") else "none"


def _gain(source: np.random.Generator, truth: Truth) -> float:
    """How serum answers; the truth of a low serum is whether it answers at all."""
    if truth == "none":
        return assumed("serum-gain-leak")
    poor = assumed("poor-share") / (1 - assumed("leak-share"))
    middle = assumed("serum-gain-poor") if source.random() < poor else assumed("serum-gain")
    return float(middle * source.uniform(0.8, 1.2))


def _label(source: np.random.Generator) -> float:
    wrong, drawn = source.random() < assumed("wrong-label-share"), source.random()
    ends = (assumed("wrong-label-low"), assumed("wrong-label-high"))
    return (ends[0] if drawn < 0.5 else ends[1]) if wrong else 1.0


def _medicine(source: np.random.Generator) -> tuple[int, str, float] | None:
    """A medicine that begins during the plan: one that magnesium binds, or one that may help by itself."""
    drawn, day, helps = source.random(), int(source.integers(7, 77)), source.random() < 0.5
    if drawn < assumed("interacting-share"):
        return day, "levothyroxine", 0.0
    if drawn < assumed("interacting-share") + assumed("new-medicine-share"):
        return day, "propranolol", assumed("medicine-effect") if helps else 0.0
    return None


def _spell(source: np.random.Generator, share: float, least: int, most: int) -> tuple[int, int] | None:
    drawn, first, length = source.random(), int(source.integers(7, 77)), int(source.integers(least, most + 1))
    return (first, length) if drawn < share else None


@cache
def archetype_of(setting: Setting, jurisdiction: Literal["US", "EU"], female: bool) -> Archetype:
    """A person file and the plan that Davy began for it."""
    drawn = START - timedelta(days=20)
    row = outcome_named(_OUTCOME[setting]) if setting != "restore" else None
    serum = Lab(date=drawn, test="serum-magnesium", value=0.70, unit="mmol/L", reference_low=0.75, reference_high=1.0)
    labs = (
        Lab(date=drawn, test="creatinine", value=70.0, unit="umol/L"),
        Lab(date=drawn, test="potassium", value=4.2, unit="mmol/L"),
        Lab(date=drawn, test="calcium", value=2.35, unit="mmol/L"),
        Lab(date=drawn, test="albumin", value=42.0, unit="g/L"),
    )
    person = Person(
        id=f"virtual-{setting}-{jurisdiction.lower()}-{'f' if female else 'm'}",
        today=START,
        age_y=38.0,
        sex="female" if female else "male",
        weight_kg=72.0,
        height_cm=172.0,
        pregnant=False if female else None,
        jurisdiction=jurisdiction,
        goals=(_GOAL[setting],),
        diet=Diet(magnesium_mg_per_day=230.0, method="food-frequency"),
        labs=(*labs, serum) if setting == "restore" else labs,
    )
    known = Baseline() if row is None else Baseline(**{row.baseline_field: row.level})
    made = planned(person.model_copy(update={"baseline": known}), seed=0, draws=PLAN_DRAWS)
    body = json.loads(json.dumps(begun(made)))
    plan = followed([body])
    if plan is None or made.regimen is None:
        raise LookupError(f"no plan was begun for {person.id}: {made.verdict.word}")
    return Archetype(setting, person, body, plan, made.regimen.elemental_mg_per_day, row)
