"""Food first: a few portions that close the gap, through gates of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from davy.evidence.composition import FoodRow, foods
from davy.people.intake import intake_of
from davy.people.kidney import kidney_function
from davy.people.labs import latest
from davy.people.need import dietary_reference
from davy.people.person import Person
from davy.planning.result import FoodPortion
from davy.tables import SourcedRow, Words, read_table

MOST_PORTIONS = 3
"""More portions than this a day are a new diet, not advice."""
WORTH_MG = 30.0
"""A portion with less magnesium is not worth naming [mg]."""


class FoodRule(SourcedRow):
    """A rule that drops foods: on a kidney value, a lab, a condition or a medicine."""

    id: str
    when: Literal["egfr-below", "lab-above", "condition", "medicine"]
    word: Words = ()
    threshold: float | None = None
    drop_tags: Words
    action: Literal["drop", "steady", "refer"]
    sentence: str


@dataclass(frozen=True)
class FoodAdvice:
    """What to eat, what it leaves short of the EAR, and what the food rules said.

    Attributes
    ----------
    intake_mg : from food and native water now, best guess [mg/d]; None = unknown.
    ear_mg : the intake that half of such people need [mg/d]; None where there is none.
    gap_mg : what is short of the reference intake now [mg/d]; None = unknown.
    short_mg : what stays short of the EAR once the portions are eaten [mg/d]; 0 where that is unknown.
    """

    portions: tuple[FoodPortion, ...]
    intake_mg: float | None
    ear_mg: float | None
    gap_mg: float | None
    short_mg: float
    rules: tuple[FoodRule, ...]


def food_rules() -> tuple[FoodRule, ...]:
    """Every food rule."""
    return read_table("food_rules.csv", FoodRule)


def rules_for(person: Person) -> tuple[FoodRule, ...]:
    """The food rules that hold for this person."""
    return tuple(rule for rule in food_rules() if _holds(rule, person))


def advise(person: Person, *, kidney_refused: bool = False) -> FoodAdvice:
    """Portions that close the gap to the reference intake, at most three, from different groups.

    Parameters
    ----------
    kidney_refused : safety refused for the kidney, known or unknown; then nobody is told to eat more.
    """
    rules = rules_for(person)
    intake, reference = intake_of(person), dietary_reference(person)
    best = None if intake.food_mg is None else intake.food_mg.best
    now = None if best is None else best + (intake.water_native_mg or 0.0)
    wanted = reference.eu_ai_mg if person.jurisdiction == "EU" and reference.eu_ai_mg is not None else reference.rda_mg
    gap = None if now is None or wanted is None else max(0.0, wanted - now)
    # In pregnancy food is the advice, also where nothing is short.
    wanting = None if person.pregnant and not gap else gap
    portions = _close([] if kidney_refused else _allowed(rules), wanting)
    ear = reference.ear_mg
    eaten = sum(portion.mg for portion in portions)
    short = 0.0 if now is None or ear is None else max(0.0, ear - now - eaten)
    return FoodAdvice(portions, now, ear, gap, short, rules)


def _allowed(rules: tuple[FoodRule, ...]) -> list[FoodRow]:
    dropped = {tag for rule in rules for tag in rule.drop_tags}
    if "all" in dropped:
        return []
    return [food for food in foods() if not dropped & set(food.tags) and "water" not in food.tags]


def _close(allowed: list[FoodRow], gap_mg: float | None) -> tuple[FoodPortion, ...]:
    """Few portions of different groups: the least that closes the gap, else the richest; two if it is unknown."""
    chosen: list[FoodRow] = []
    worth = sorted((food for food in allowed if food.mg >= WORTH_MG), key=lambda food: (-food.mg, food.id))
    while len(chosen) < (2 if gap_mg is None else MOST_PORTIONS):
        left = float("inf") if gap_mg is None else gap_mg - sum(food.mg for food in chosen)
        others = [food for food in worth if food.group not in {taken.group for taken in chosen}]
        if left <= 0 or not others:
            break
        enough = [food for food in others if food.mg >= left]
        chosen.append(enough[-1] if enough else others[0])
    return tuple(FoodPortion(f.food, f.portion, f.mg, f.low, f.high, f.source) for f in chosen)


def _holds(rule: FoodRule, person: Person) -> bool:
    if rule.when == "egfr-below":
        kidney = kidney_function(person)
        return kidney is not None and rule.threshold is not None and kidney.lowest < rule.threshold
    if rule.when == "lab-above":
        lab = latest(person, rule.word[0])
        return lab is not None and rule.threshold is not None and lab.value > rule.threshold
    if rule.when == "medicine":
        return bool(person.takes(*rule.word))
    return bool(set(rule.word) & set(person.conditions)) or any(
        word in text.casefold() for word in rule.word for text in person.not_understood if text.startswith("condition")
    )
