"""What magnesium goes in now: food, water, and everything else, each as an interval with the unknown counted.

Nothing unknown becomes zero: an unknown amount has no upper end, and the total says how many items are uncounted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from davy.people.person import Medicine, Person, Supplement
from davy.people.vocabulary import HIDDEN_MAGNESIUM, FormRow, canonical_form, form, forms, products
from davy.tables import SourcedRow, read_table


class DietMethodRow(SourcedRow):
    """How far a day's food magnesium may lie from what a method of asking found: factors on the value."""

    id: str
    label: str
    low_factor: float
    high_factor: float


@dataclass(frozen=True)
class Amount:
    """Elemental magnesium [mg/d]; `high` None = no upper end is known."""

    low: float
    best: float | None
    high: float | None


@dataclass(frozen=True)
class NonFood:
    """One thing besides food that holds magnesium.

    Attributes
    ----------
    low, best, high : readings of its label [mg elemental/d]; best and high None = unknown.
    worst_mg : what caps judge, the most that the label can mean [mg elemental/d]; None = unknown, no upper end.
    """

    label: str
    form: str | None
    low: float
    best: float | None
    high: float | None
    worst_mg: float | None
    source: Literal["supplement", "medicine"]
    prescribed: bool = False


@dataclass(frozen=True)
class Intake:
    """All magnesium that goes in now; `food_mg` None = the diet is unknown."""

    food_mg: Amount | None
    water_native_mg: float | None
    nonfood: tuple[NonFood, ...]

    @property
    def unquantified(self) -> int:
        """How many items besides food have no known amount."""
        return sum(item.worst_mg is None for item in self.nonfood)

    @property
    def nonfood_total(self) -> Amount:
        """Everything but food and the water's own [mg/d]; no upper end where one item has none."""
        low = sum((item.low for item in self.nonfood), 0.0)
        return Amount(low, _sum(item.best for item in self.nonfood), _sum(item.high for item in self.nonfood))

    @property
    def worst_nonfood_mg(self) -> float | None:
        """The most that everything but food can come to [mg/d]; None = unknown."""
        return _sum(item.worst_mg for item in self.nonfood)


def _sum(values: Iterable[float | None]) -> float | None:
    """A sum that is unknown where one part is."""
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total


UNKNOWN = Amount(0.0, None, None)


def diet_methods() -> tuple[DietMethodRow, ...]:
    """The methods of asking about food, each with its spread."""
    return read_table("diet_methods.csv", DietMethodRow)


def food_of(person: Person) -> Amount | None:
    """Magnesium from food [mg/d] with the spread of the method, or None where the diet is unknown."""
    if person.diet is None:
        return None
    spread = next(row for row in diet_methods() if row.id == person.diet.method)
    best = person.diet.magnesium_mg_per_day
    return Amount(best * spread.low_factor, best, best * spread.high_factor)


def _fractions(row: FormRow | None) -> tuple[float, float]:
    """Least and greatest elemental fraction that a salt weight of this form may stand for."""
    rows = forms() if row is None else (row,)
    return min(entry.elemental_fraction for entry in rows), max(entry.worst_fraction for entry in rows)


def label_amount(label_mg: float, means: Literal["elemental", "salt", "unknown"], form_id: str | None) -> Amount:
    """Elemental magnesium in one unit [mg] by what its label says.

    A salt label of glycinate may be buffered with oxide, so its worst fraction counts for the high end. A label of
    unknown meaning is anything from salt to the whole label as elemental; its best reading is their geometric mean.
    """
    row = form(form_id) if form_id is not None else None
    least, most = _fractions(row)
    if means == "elemental":
        return Amount(label_mg, label_mg, label_mg)
    if means == "salt":
        best = label_mg * row.elemental_fraction if row is not None else label_mg * math.sqrt(least * most)
        return Amount(label_mg * least, best, label_mg * most)
    return Amount(label_mg * least, label_mg * math.sqrt(least), label_mg)


def _times(amount: Amount, per_day: float) -> Amount:
    best, high = (None if end is None else end * per_day for end in (amount.best, amount.high))
    return Amount(amount.low * per_day, best, high)


def _known_product(name: str | None) -> Amount | None:
    said = (name or "").strip().lower()
    row = next((entry for entry in products() if said in (entry.id, entry.label.lower())), None)
    if row is None:
        return None
    return Amount(row.elemental_mg_per_unit, row.elemental_mg_per_unit, row.elemental_mg_per_unit)


def _item(
    label: str, form_id: str | None, amount: Amount, source: Literal["supplement", "medicine"], prescribed: bool
) -> NonFood:
    return NonFood(label, form_id, amount.low, amount.best, amount.high, amount.high, source, prescribed)


def _supplement_item(supplement: Supplement) -> NonFood:
    label = supplement.product or f"magnesium {supplement.form or 'of unknown form'}"
    if supplement.label_mg is not None:
        unit = label_amount(supplement.label_mg, supplement.label_means, supplement.form)
    else:
        unit = _known_product(supplement.product)
    if unit is None or supplement.per_day is None:
        nothing = supplement.label_mg == 0 or supplement.per_day == 0
        amount = Amount(0.0, 0.0, 0.0) if nothing else UNKNOWN
    else:
        amount = _times(unit, supplement.per_day)
    return _item(label, supplement.form, amount, "supplement", supplement.prescribed)


def _times_a_day(said: str) -> int:
    """How many times a day, as in "97 mg three times daily" or "2 x a day"; 0 where it is not told."""
    counted = re.search(
        r"\b(once|twice|one|two|three|four|[1-6])\s*(?:x|times?)?\s*(?:an?|per|each)?\s*(?:daily|day)\b", said.lower()
    )
    if counted is None:
        return 0
    words = {"once": 1, "one": 1, "twice": 2, "two": 2, "three": 3, "four": 4}
    return words.get(counted[1]) or int(counted[1])


def _medicine_item(medicine: Medicine) -> NonFood:
    """A medicine that holds magnesium; counted only where it gives milligrams of magnesium and how often a day."""
    said = f"{medicine.name or ''} {medicine.dose or ''}"
    strength = re.search(r"(\d+(?:\.\d+)?)\s*mg\b", said.lower())
    named = canonical_form(re.sub(r"\d+(\.\d+)?\s*mg\b.*", "", medicine.name or ""))
    amount = UNKNOWN
    often = len(medicine.at) or _times_a_day(said)
    if strength is not None and often and "magnesium" in said.lower():
        amount = _times(label_amount(float(strength[1]), "unknown", named), often)
    return _item(medicine.label, named, amount, "medicine", prescribed=False)


def intake_of(person: Person) -> Intake:
    """What goes into this person today, by their own account.

    Supplements and medicines that ended before today are left out; native magnesium in water is told apart, since
    upper levels do not count it.
    """
    items = [_supplement_item(row) for row in person.supplements if row.taken_on(person.today)]
    items += [_medicine_item(row) for row in person.takes(*HIDDEN_MAGNESIUM)]
    water = None if person.water is None else person.water.magnesium_mg_per_L * person.water.L_per_day
    return Intake(food_of(person), water, tuple(items))
