"""Rules on how the tables fit: units, intervals, the arithmetic of salts and foods, and every name used elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from statistics import median

from davy.errors import KnowledgeError
from davy.evidence.ledger import Line
from davy.qualify.formula import atoms, mass
from davy.qualify.library import Knowledge, Rule
from davy.qualify.problem import Problem, at
from davy.units import MAGNESIUM_G_PER_MOL, known_unit

FRACTION_TOLERANCE = 5e-5
MASS_TOLERANCE = 5e-3

MODEL_UNITS = frozenset(
    {"-", "1", "1/d", "d", "L", "L/d", "mL", "h", "kg", "g", "g/d", "mg", "mg/d", "mmol", "mmol/d", "mmol/kg", "%",
     "L/h", "1/h", "mmol/L", "mL/min", "mL/min/1.73m2", "years", "months", "weeks", "days", "days/month", "kg/m2",
     "times", "stools/d", "mosm/mmol", "mmol/kg/d", "L/kg", "y", "mg/kg", "ratio", "fraction", "count", "weight",
     "d/month", "mmol/g", "L/mmol"}
)  # fmt: skip
"""Units of the models and of the rules, beside those that laboratories use (`davy.units`)."""

_UNIT_TABLES = (
    "limits.csv",
    "priors.csv",
    "labs.csv",
    "targets.csv",
    "parameters/literature.csv",
    "parameters/articles.csv",
)
_VALUES = ("value", "mg", "mg_per_portion", "estimate", "multiplier", "median")
_NO_LAB = ("diary",)  # what is watched without a laboratory
_REFERENCES = (
    ("products.csv", "form", "forms.csv"),
    ("benefits.csv", "goals", "goals.csv"),
    ("goals.csv", "trial_forms", "forms.csv"),
    ("articles_protocol.csv", "form", "forms.csv"),
    ("monitoring.csv", "test", "labs.csv"),
    ("condition_rules.csv", "id", "conditions.csv"),
    ("symptom_rules.csv", "id", "symptoms.csv"),
    ("interactions.csv", "id", "medicines.csv"),
)


def number(line: Line, column: str) -> float | None:
    """Read the number in a cell; None where it is blank or none."""
    try:
        return float(line.cells.get(column, ""))
    except ValueError:
        return None


def units_known(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that every unit that a rule or a model reads is known."""
    for file in _UNIT_TABLES:
        for line in knowledge.of(file):
            for column in ("unit", "units"):
                for unit in line.words(column):
                    if unit not in MODEL_UNITS and known_unit(unit) is None:
                        yield at(line, column, f"the unit {unit!r} is not known")


def intervals_hold(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a value lies inside its own interval."""
    for line in knowledge.all_lines():
        if line.file == "facts.csv":
            continue
        low, high = number(line, "low"), number(line, "high")
        if low is not None and high is not None and low > high:
            yield at(line, "low", f"{low:g} is above its own upper end {high:g}")
            continue
        for middle in _VALUES:
            value = number(line, middle)
            if value is not None and low is not None and value < low:
                yield at(line, middle, f"{value:g} lies below its own lower end {low:g}")
            if value is not None and high is not None and value > high:
                yield at(line, middle, f"{value:g} lies above its own upper end {high:g}")


def salts_add_up(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a salt's mass and magnesium follow from its formula, and its elemental fraction from both."""
    for line in knowledge.of("forms.csv"):
        weight, count = number(line, "molar_mass_g_per_mol"), number(line, "mg_atoms")
        fraction, worst = number(line, "elemental_fraction"), number(line, "worst_fraction")
        if weight is None or count is None or fraction is None or worst is None:
            continue
        try:
            by_formula, magnesium = mass(line.cells["formula"]), atoms(line.cells["formula"]).get("Mg", 0.0)
        except KnowledgeError as error:
            yield at(line, "formula", str(error))
            continue
        if abs(by_formula - weight) > MASS_TOLERANCE:
            yield at(line, "molar_mass_g_per_mol", f"the formula weighs {by_formula:.3f} g/mol, not {weight:g}")
        if abs(magnesium - count) > 1e-9:
            yield at(line, "mg_atoms", f"the formula holds {magnesium:g} magnesium, not {count:g}")
        share = count * MAGNESIUM_G_PER_MOL / weight
        if abs(share - fraction) > FRACTION_TOLERANCE:
            yield at(line, "elemental_fraction", f"{count:g} Mg in {weight:g} g/mol is {share:.4f}, not {fraction:g}")
        if worst < fraction:
            yield at(line, "worst_fraction", f"the worst case {worst:g} is below the salt's own {fraction:g}")


def labels_add_up(knowledge: Knowledge) -> Iterator[Problem]:
    """Check what a label states against what a unit holds: the same where elemental, by the fraction where salt."""
    salts = {line.name: line for line in knowledge.of("forms.csv")}
    for line in knowledge.of("products.csv"):
        held, salt = number(line, "elemental_mg_per_unit"), salts.get(line.cells.get("form", ""))
        stated = re.search(r"([\d,.]+) mg", line.cells.get("label_reads", ""))
        if held is None or salt is None:
            continue
        if stated is None:
            yield at(line, "label_reads", "a label states milligrams")
            continue
        label = float(stated[1].replace(",", ""))
        low, high = label, label
        if line.cells.get("label_means") == "salt":
            low = 0.9 * label * float(salt.cells["elemental_fraction"])
            high = 1.01 * label * float(salt.cells["worst_fraction"])
        if not low - 0.5 <= held <= high + 0.5:
            yield at(line, "elemental_mg_per_unit", f"the label means {low:.0f}-{high:.0f} mg, not {held:g}")


def food_groups_add_up(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a food belongs to a group or is water, and a group's portion is the median of its foods."""
    groups = {line.name: line for line in knowledge.of("food_groups.csv")}
    held: dict[str, list[float]] = {}
    for line in knowledge.of("foods.csv"):
        group, mg = line.cells.get("group", ""), number(line, "mg")
        if group not in groups and group != "water":
            yield at(line, "group", f"there is no food group {group!r}")
        if mg is not None:
            held.setdefault(group, []).append(mg)
    for name, line in groups.items():
        told = number(line, "mg_per_portion")
        if name in held and told is not None and abs(median(held[name]) - told) > 0.6:
            yield at(line, "mg_per_portion", f"the median of the group is {median(held[name]):.1f} mg, not {told:g}")


def names_are_known(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a form, goal, test, condition, symptom or medicine that a table names exists."""
    for file, column, home in _REFERENCES:
        known = knowledge.ids(home)
        for line in knowledge.of(file):
            for word in line.words(column):
                if word not in known and word not in _NO_LAB:
                    yield at(line, column, f"{word!r} is not in {home}")


def medicines_of_effects(knowledge: Knowledge) -> Iterator[Problem]:
    """Check that a covariate that is a medicine or a condition names one that people can have."""
    homes = {"medicine": "medicines.csv", "condition": "conditions.csv"}
    for line in knowledge.of("covariates.csv"):
        home, key = homes.get(line.cells.get("kind", "")), line.cells.get("key", "")
        if home is not None and key not in knowledge.ids(home):
            yield at(line, "key", f"{key!r} is not in {home}")


RULES: tuple[Rule, ...] = (
    units_known,
    intervals_hold,
    salts_add_up,
    labels_add_up,
    food_groups_add_up,
    names_are_known,
    medicines_of_effects,
)
