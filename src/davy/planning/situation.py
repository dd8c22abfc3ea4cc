"""Which rows of the planning tables hold for this person: a set of words, each one fact.

Monitoring, stop rules, disagreements and the articles' protocol name the word that makes a row relevant.
"""

from __future__ import annotations

from dataclasses import dataclass

from davy.people.intake import intake_of
from davy.people.kidney import kidney_function
from davy.people.labs import latest
from davy.people.person import Person
from davy.planning.goals import Aim, goal_row, serum_low_limit

DEPLETING_CLASSES = (
    "ppi", "thiazide-like", "loop-diuretic", "calcineurin-inhibitor", "platinum", "egfr-antibody", "amphotericin",
    "aminoglycoside", "foscarnet", "pentamidine",
)  # fmt: skip
"""Medicines that can lower magnesium (f-152, f-233)."""

NERVE_SERUM_MMOL_PER_L, NERVE_RED_CELL_MMOL_PER_L = 0.85, 2.2
"""Where the articles start their nerve protocol (c-002-059, c-002-105)."""
FERTILE_TO_Y = 55
"""Up to this age a pregnancy is asked about (CLINICAL.md, section 3)."""


@dataclass(frozen=True)
class Dosing:
    """What of the chosen regimen decides which rows hold; `serum_early` = safety asks for serum within five weeks."""

    planned: bool
    above_upper_level: bool
    serum_early: bool
    parameter_set: str


def words_of(person: Person, aim: Aim, dosing: Dosing) -> frozenset[str]:
    """Every word that holds for this person and this plan."""
    tests = {
        **_of_goal(person, aim),
        **_of_kidney(person),
        **_of_medicines(person),
        **_of_status(person, aim),
        **_of_plan(person, aim, dosing),
    }
    return frozenset(word for word, holds in tests.items() if holds)


def _of_goal(person: Person, aim: Aim) -> dict[str, bool]:
    goal, conditions = aim.goal.id, set(person.conditions)
    return {
        "always": True,
        "neuropathy": goal == "neuropathy" or "peripheral-neuropathy" in conditions,
        "migraine": goal == "migraine-prevention",
        "sleep": goal == "sleep",
        "cramps": goal == "muscle-cramps" or "muscle-cramps" in conditions,
        "athlete": (person.training_h_per_week or 0) >= 5 or goal == "muscle-recovery",
        "longevity": goal == "longevity",
        "goal-longevity": goal == "longevity",
        "goal-fatigue": goal == "fatigue",
        "genotype": bool(person.genotype),
        "pain-leads": goal == "neuropathy" and person.baseline is not None and (person.baseline.pain_0_10 or 0) >= 4,
    }


def _of_kidney(person: Person) -> dict[str, bool]:
    kidney = kidney_function(person)
    lowest = None if kidney is None else kidney.lowest
    low = lowest is not None and lowest < 60
    return {
        "egfr-below-30": lowest is not None and lowest < 30,
        "egfr-30-60": lowest is not None and 30 <= lowest < 60,
        "egfr-below-60": low,
        "kidney": low or "chronic-kidney-disease" in person.conditions,
    }


def _of_medicines(person: Person) -> dict[str, bool]:
    diuretic = bool(person.takes("thiazide-like", "loop-diuretic"))
    return {
        "diuretic": diuretic,
        "loop-or-thiazide": diuretic,
        "triptan": bool(person.takes("triptan")),
        "depleting": bool(person.takes(*DEPLETING_CLASSES)),
        "levothyroxine": bool(person.takes("levothyroxine")),
    }


def _of_status(person: Person, aim: Aim) -> dict[str, bool]:
    serum, red_cell = latest(person, "serum-magnesium"), latest(person, "rbc-magnesium")
    red_cell_low = red_cell is not None and red_cell.value < NERVE_RED_CELL_MMOL_PER_L
    serum_low = serum is not None and serum.value <= NERVE_SERUM_MMOL_PER_L
    return {
        "nerve-low": aim.goal.id == "neuropathy" and (serum_low or red_cell_low),
        "neuropathy-or-rbc": red_cell is not None or aim.goal.id == "neuropathy",
        "serum-low": serum is not None and serum.value < serum_low_limit(person, goal_row("repletion")),
    }


def _of_plan(person: Person, aim: Aim, dosing: Dosing) -> dict[str, bool]:
    above = dosing.planned and dosing.above_upper_level
    constipated = "constipation" in person.conditions or "constipation" in person.symptoms
    kidney = kidney_function(person)
    low_kidney = kidney is not None and kidney.lowest < 60
    old = person.age_y is not None and person.age_y >= 65
    early = low_kidney or old or constipated or above or dosing.serum_early
    return {
        "supplement": dosing.planned,
        "magnesium-taken": dosing.planned or bool(intake_of(person).nonfood),
        "may-conceive": dosing.planned and person.sex != "male" and not (person.age_y or 0) > FERTILE_TO_Y,
        "try": aim.kind == "try" and dosing.planned,
        "diary": aim.kind == "try" and aim.diary_d > 0 and dosing.planned,
        "restore": aim.kind == "restore" and dosing.planned,
        "keep": aim.kind == "keep",
        "early": dosing.planned and early,
        "constipation": dosing.planned and constipated and (old or low_kidney),
        "lab-goal": aim.kind == "restore",
        "long": dosing.planned and aim.kind != "try",
        "above-upper-level": above,
        "oxide": dosing.planned and any(row.form == "oxide" and not row.prescribed for row in person.supplements),
        "articles": dosing.parameter_set == "articles",
    }
