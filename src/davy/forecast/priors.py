"""The priors of a fit, read from `priors.csv`: what people are like before anyone measures them."""

from __future__ import annotations

import math
from typing import Literal

from davy.body.parameters import ParameterRow, read_parameters
from davy.people.intake import diet_methods, intake_of
from davy.people.labs import latest
from davy.people.person import Person
from davy.tables import SourcedRow, Words, read_table
from davy.units import mmol_of_mg

Trouble = Literal["wasting", "malabsorption", "gut_loss", "other"]
Kind = (
    Trouble
    | Literal["component", "error", "drift", "ageing", "share", "intake", "taken", "fitted", "nuisance", "drawn"]
)
COMMUNITY = "community"
_NINETY_PERCENT = 2 * 1.6449


class PriorRow(SourcedRow):
    """One prior: a component of a mixture, a base rate of a setting, an error, a spread.

    `spread` is the standard deviation of the logarithm. A blank median or spread is that of the parameter table.
    """

    id: str
    kind: Kind
    key: Words
    label: str
    parameter: str | None = None
    shape: Literal["lognormal", "uniform", "capped"] | None = None
    median: float | None = None
    spread: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str


def prior_rows(kind: Kind) -> tuple[PriorRow, ...]:
    """Every row of one kind, in file order."""
    return tuple(row for row in read_table("priors.csv", PriorRow) if row.kind == kind)


def prior_row(kind: Kind, key: str) -> PriorRow:
    """The row of one kind and key."""
    return next(row for row in prior_rows(kind) if key in row.key)


def parameter_row(parameter: str, parameter_set: str) -> ParameterRow:
    """Median and spread of a body parameter."""
    return next(row for row in read_parameters(parameter_set) if row.id == parameter)


def applies(trigger: str, person: Person) -> bool:
    """Whether a setting like "condition:coeliac", "medicine:ppi" or "lab:albumin<35" is this person's."""
    what, _, key = trigger.partition(":")
    if what == "condition":
        return key in person.conditions
    if what == "symptom":
        return key in person.symptoms
    if what == "medicine":
        return bool(person.takes(key))
    if what == "lab":
        test, _, bound = key.partition("<")
        lab = latest(person, test)
        return lab is not None and lab.value < float(bound)
    return trigger == COMMUNITY


def base_rate(person: Person, kind: Trouble) -> float:
    """The rate of a kind of trouble in people like this one: the largest of the settings that apply."""
    rows = [row for row in prior_rows(kind) if any(applies(trigger, person) for trigger in row.key)]
    return max(row.median for row in rows if row.median is not None)


def error_of(test: str) -> float:
    """Standard deviation of the logarithm of a result, day-to-day variation and assay together."""
    return spread_of("error", test)


def spread_of(kind: Literal["error", "drift", "ageing"], test: str) -> float:
    """A spread of a test: of its results about the truth, of laboratories, of a person in a year; 0 without a row."""
    return next((row.spread or 0.0 for row in prior_rows(kind) if test in row.key), 0.0)


def usual_intake_mmol_per_d(person: Person) -> tuple[float, float]:
    """Median intake of people of this sex [mmol/d] and its log spread."""
    row = prior_row("intake", person.sex or "unknown")
    return mmol_of_mg(row.median or 260.0), row.spread or 0.45


def intake_prior(person: Person) -> tuple[float, float]:
    """Median of this person's intake from food and water [mmol/d] and its log spread.

    What the person reports is the median; the method decides the spread. Nothing reported: the population's.
    """
    intake = intake_of(person)
    water = mmol_of_mg(intake.water_native_mg or 0.0)
    if person.diet is None or intake.food_mg is None or not intake.food_mg.best:
        median, spread = usual_intake_mmol_per_d(person)
        return median + water, spread
    method = next(row for row in diet_methods() if row.id == person.diet.method)
    spread = math.log(method.high_factor / method.low_factor) / _NINETY_PERCENT
    return mmol_of_mg(intake.food_mg.best) + water, spread
