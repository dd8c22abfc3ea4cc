"""What a population says: one question a function, each answer with its Monte-Carlo error and what was published.

Shares below the EAR use the cut-point method: the share of usual intakes below the EAR stands for the share of people
whose intake is below their own requirement.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from davy.body.read import read_model
from davy.evidence.registry import resolve
from davy.evidence.rows import Claim, Fact
from davy.forecast.outcome import Floats
from davy.forecast.standing import STORES, Standing, reported_serum, standing_of
from davy.people.need import reference_rows
from davy.people.population import Population, draw_population
from davy.people.regimen import NO_SUPPLEMENT, Regimen
from davy.safety.limits import rules
from davy.units import mmol_of_mg

PEOPLE = 10_000
EGFR_BANDS = ((90.0, math.inf), (60.0, 90.0), (45.0, 60.0), (30.0, 45.0), (15.0, 30.0), (0.0, 15.0))
_Z = 1.959964


@dataclass(frozen=True)
class Answer:
    """One number about a population.

    Attributes
    ----------
    question : in words.
    value : in `unit`; a share is a fraction.
    low, high : 95 % interval of the Monte-Carlo error alone: what another draw of so many people would give.
    people : how many the number rests on.
    published : ids of facts and claims that give a figure for the same question.
    note : what to know before believing it.
    """

    question: str
    value: float
    low: float
    high: float
    unit: str
    people: int
    published: tuple[str, ...] = ()
    note: str = ""

    @property
    def beside(self) -> tuple[str, ...]:
        """The published figures in words, each with its id."""
        found = [(name, resolve(name)) for name in self.published]
        return tuple(f"{entry.statement} ({name})" for name, entry in found if isinstance(entry, Fact | Claim))

    def __str__(self) -> str:
        scale, unit = (100.0, "%") if self.unit == "fraction" else (1.0, self.unit)
        places = 1 if self.unit == "fraction" else 3
        number, low, high = (f"{part * scale:.{places}f}" for part in (self.value, self.low, self.high))
        lines = [f"{self.question}: {number} {unit} ({low} to {high}, {self.people:,} drawn people)"]
        lines += [self.note] if self.note else []
        return "\n  ".join([*lines, *(f"published: {said}" for said in self.beside)])


def ear_mg_per_d(population: Population) -> Floats:
    """(people,) the estimated average requirement of the age and sex [mg/d], nobody being pregnant or nursing."""
    need = np.full(len(population), np.nan)
    age, female = population.number("age_y"), population.flag("female")
    for row in reference_rows():
        if (row.authority, row.kind, row.stage) == ("US", "EAR", "none"):
            theirs = (age >= row.age_low_y) & (age < row.age_high_y)
            theirs &= (row.sex == "any") | (female == (row.sex == "female"))
            need = np.where(theirs, row.mg_per_day, need)
    return need


def share_below_ear(
    recipe: str = "us-adults", *, added_mg_per_day: float = 0.0, people: int = PEOPLE, seed: int = 0
) -> Answer:
    """The share whose usual magnesium from food and water lies below the EAR of their age and sex.

    Parameters
    ----------
    added_mg_per_day : what everybody would get besides, by fortified food or a supplement.
    """
    population = draw_population(recipe, people, seed)
    intake = population.number("intake_mg_per_day") + added_mg_per_day
    more = f" with {added_mg_per_day:g} mg/d more" if added_mg_per_day else ""
    return _share(
        f"{recipe}: usual intake below the EAR{more}",
        intake < ear_mg_per_d(population),
        published=("c-002-002", "f-405"),
        note="The EAR is half of the people's need: below it is not deficiency. Food and water, no supplements.",
    )


def share_above_upper_level(
    recipe: str = "us-adults",
    *,
    regimen: Regimen = NO_SUPPLEMENT,
    fortified_share: float = 0.0,
    jurisdiction: Literal["US", "EU"] = "US",
    people: int = PEOPLE,
    seed: int = 0,
) -> Answer:
    """The share whose magnesium from supplements and fortified food lies above the upper level.

    Parameters
    ----------
    regimen : what everybody takes.
    fortified_share : added to food, as a share of the magnesium that each eats: who eats more gets more of it.
    """
    population = draw_population(recipe, people, seed)
    level = rules().value("upper-level-us" if jurisdiction == "US" else "upper-level-eu")
    added = regimen.elemental_mg_per_day + fortified_share * population.number("intake_mg_per_day")
    dose = f"{regimen.elemental_mg_per_day:g} mg/d taken" if regimen.steps else ""
    food = f"food fortified by {fortified_share:.0%} of its magnesium" if fortified_share else ""
    given = " and ".join(part for part in (dose, food) if part) or "nothing added"
    return _share(
        f"{recipe}, {given}: above the {jurisdiction} upper level of {level:g} mg/d",
        added > level,
        published=("f-051",) if jurisdiction == "US" else ("f-055",),
        note="The upper level counts what is added, not what food holds by nature.",
    )


def share_with_low_serum(
    recipe: str = "type-2-diabetes-clinic",
    *,
    below_mmol_per_L: float = 0.75,
    regimen: Regimen = NO_SUPPLEMENT,
    fortified_share: float = 0.0,
    people: int = PEOPLE,
    seed: int = 0,
) -> Answer:
    """The share whose serum, as a laboratory reports it at their steady state, lies below a bound.

    Parameters
    ----------
    regimen, fortified_share : as in `share_above_upper_level`.
    """
    population = draw_population(recipe, people, seed)
    added = fortified_share * population.number("intake_mg_per_day") * mmol_of_mg(1.0)
    standing = standing_of(read_model(), population, regimen=regimen, added_mmol_per_d=added)
    published = ("f-101", "f-402", "f-403", "f-404") if recipe == "us-adults" else ()
    published = ("f-113", "f-114", "f-407") if recipe == "type-2-diabetes-clinic" else published
    return _share(
        f"{recipe}: serum below {below_mmol_per_L:g} mmol/L",
        (reported_serum(population, standing) < below_mmol_per_L)[~standing.failed],
        published=("f-408", "K112") if recipe == "ckd-3-to-5" else published,
        note="As one report of a laboratory gives it, with its error.",
    )


def serum_by_egfr(recipe: str = "us-adults", *, people: int = PEOPLE, seed: int = 0) -> tuple[Answer, ...]:
    """Mean serum in each band of eGFR; bands without people are left out."""
    population = draw_population(recipe, people, seed)
    standing = standing_of(read_model(), population)
    egfr = population.number("egfr_mL_per_min_1p73m2")
    found: list[Answer] = []
    for low, high in EGFR_BANDS:
        serum = standing.serum_mmol_per_L[(egfr >= low) & (egfr < high) & ~standing.failed]
        if len(serum) > 1:
            band = f"{low:g} or more" if math.isinf(high) else f"{low:g} to {high:g}"
            found.append(_mean(f"{recipe}: serum at an eGFR of {band} mL/min/1.73m2", serum, ("K110", "K111", "K113")))
    return tuple(found)


def depleted_stores_at_normal_serum(
    recipe: str = "us-adults",
    *,
    down: float = 0.25,
    normal_from_mmol_per_L: float = 0.75,
    people: int = PEOPLE,
    seed: int = 0,
) -> tuple[Answer, ...]:
    """For each store the share of people with a normal serum in whom it is that far down.

    Two readings of each: down from what this person's own store holds at the reference serum, and from what the
    average person of that size holds there, as a laboratory would see it.
    """
    standing = standing_of(read_model(), draw_population(recipe, people, seed))
    normal = ~standing.failed & (standing.serum_mmol_per_L >= normal_from_mmol_per_L)
    return tuple(
        _share(
            f"{recipe}, serum {normal_from_mmol_per_L:g} or more: {store} {down:.0%} or more below {words}",
            (content <= 1.0 - down)[normal],
            published=("c-002-008", "f-410", "f-409"),
            note="At a steady state the stores of the body model follow serum; after a long loss bone lags for months.",
        )
        for store in STORES
        for words, content in _readings(standing, store)
    )


def population_questions(*, people: int = PEOPLE, seed: int = 0) -> tuple[Answer, ...]:
    """Every question with its usual recipe."""
    return (
        share_below_ear(people=people, seed=seed),
        share_above_upper_level(fortified_share=0.5, people=people, seed=seed),
        share_with_low_serum("us-adults", people=people, seed=seed),
        share_with_low_serum("us-adults", below_mmol_per_L=0.70, people=people, seed=seed),
        share_with_low_serum(people=people, seed=seed),
        share_with_low_serum(below_mmol_per_L=0.70, people=people, seed=seed),
        share_with_low_serum("ckd-3-to-5", below_mmol_per_L=0.70, people=people, seed=seed),
        *serum_by_egfr(people=people, seed=seed),
        *serum_by_egfr("ckd-3-to-5", people=people, seed=seed),
        *depleted_stores_at_normal_serum(people=people, seed=seed),
    )


def _readings(standing: Standing, store: str) -> tuple[tuple[str, Floats], tuple[str, Floats]]:
    return (
        ("this person's own", standing.of_own[store]),
        ("the average of that size", standing.of_usual[store]),
    )


def _share(question: str, yes: NDArray[np.bool_], *, published: tuple[str, ...], note: str) -> Answer:
    """A share with the score interval of Wilson, which stays sensible at none and at all."""
    count = len(yes)
    if count == 0:
        return Answer(question, math.nan, 0.0, 1.0, "fraction", 0, published, note)
    share = int(np.count_nonzero(yes)) / count
    shrunk = 1 + _Z**2 / count
    middle = (share + _Z**2 / (2 * count)) / shrunk
    reach = _Z / shrunk * math.sqrt(share * (1 - share) / count + (_Z / (2 * count)) ** 2)
    low, high = max(middle - reach, 0.0), min(middle + reach, 1.0)
    return Answer(question, share, min(low, share), max(high, share), "fraction", count, published, note)


def _mean(question: str, values: Floats, published: tuple[str, ...]) -> Answer:
    mean = math.fsum(values) / len(values)
    spread = math.sqrt(math.fsum((values - mean) ** 2) / (len(values) - 1))
    from scipy.special import stdtrit

    reach = float(stdtrit(len(values) - 1, 0.975)) * spread / math.sqrt(len(values))
    return Answer(question, mean, mean - reach, mean + reach, "mmol/L", len(values), published)
