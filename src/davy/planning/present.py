"""What is taken now, and what becomes of it: kept, replaced, reduced, or a question for the prescriber.

Davy never stops what was prescribed, and never a prenatal; both count in the total.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from davy.people.intake import NonFood, intake_of
from davy.people.person import Medicine, Person, Supplement
from davy.people.regimen import Intake
from davy.people.vocabulary import HIDDEN_MAGNESIUM, form
from davy.planning.candidates import SINGLE_MG, Candidate
from davy.planning.result import Bounds, CurrentItem

_MIXED = re.compile(r"prenatal|multi-?\s?vitamin|multi-?mineral|electrolyte", re.IGNORECASE)
_UNKNOWN_FORM = "citrate"
"""Stands for a form that is not known; a soluble one, as in the forecast."""


@dataclass(frozen=True)
class Present:
    """One product of today: the item as counted, and where it came from in the person's file."""

    item: NonFood
    entry: Supplement | Medicine

    @property
    def prescribed(self) -> bool:
        """Whether somebody else decides about it: prescribed, or a medicine."""
        return self.item.prescribed or self.item.source == "medicine"

    @property
    def mixed(self) -> bool:
        """Whether it is taken for more than its magnesium: a prenatal, a multivitamin, an electrolyte powder."""
        words = f"{self.item.label} {self.entry.name if isinstance(self.entry, Medicine) else self.entry.product or ''}"
        return "prenatal-vitamin" in self.entry.classes or _MIXED.search(words) is not None

    @property
    def stands(self) -> bool:
        """Whether it stays, whatever the plan."""
        return self.prescribed or self.mixed


def present(person: Person) -> tuple[Present, ...]:
    """Everything with magnesium that is taken now, besides food."""
    items = intake_of(person).nonfood
    entries: list[Supplement | Medicine] = [row for row in person.supplements if row.taken_on(person.today)]
    entries += person.takes(*HIDDEN_MAGNESIUM)
    return tuple(Present(item, entry) for item, entry in zip(items, entries, strict=True))


def intakes_of(products: Sequence[Present], slots: dict[int, tuple[str, ...]]) -> tuple[Intake, ...]:
    """Their intakes at the person's own times, else at a free time; an amount that is unknown is left out."""
    made: list[Intake] = []
    for product in products:
        best = product.item.best
        if not best:
            continue
        times = product.entry.at or slots.get(1, ("08:00",))
        known = product.item.form is not None and form(product.item.form) is not None
        name = product.item.form if known and product.item.form is not None else _UNKNOWN_FORM
        made += [Intake(at, name, best / len(times), product.item.label) for at in times]
    return tuple(made)


def may_go_on(intakes: Sequence[Intake]) -> bool:
    """Whether what is taken now may go on through the diary: forms that replete, no single intake above the limit."""
    rows = [form(intake.form) for intake in intakes]
    known = all(row is not None and row.repletion_candidate for row in rows)
    return known and all(intake.elemental_mg <= SINGLE_MG for intake in intakes)


def current_items(person: Person, chosen: Candidate | None, *, refused: bool, met: bool) -> tuple[CurrentItem, ...]:
    """What becomes of each product of today.

    Parameters
    ----------
    chosen : the candidate of the plan; None where nothing is planned.
    refused : the plan is a refusal.
    met : what the goal asks for is met.
    """
    why = (
        "Not needed for this goal: it can be left out." if met else "It is not part of this plan: leave it out for now."
    )
    left_out = "Leave it out until the question above is settled." if refused else why
    taken = None if refused or chosen is None or chosen.product is None else chosen
    return tuple(_current(product, person, taken, left_out, refused) for product in present(person))


def _current(product: Present, person: Person, chosen: Candidate | None, left_out: str, refused: bool) -> CurrentItem:
    item, label = product.item, product.item.label
    bounds = Bounds(round(item.low, 1), None if item.high is None else round(item.high, 1))
    if product.prescribed and refused:
        said = "Ask whoever prescribed or advised it before more is taken, and show them this page."
        return CurrentItem(label, bounds, "ask_prescriber", said)
    if product.prescribed:
        said = "Somebody prescribed or advised this. Go on with it, count it, and ask them about this plan."
        return CurrentItem(label, bounds, "ask_prescriber", said)
    if product.mixed:
        said = "Taken for more than its magnesium: it stays, and its magnesium counts."
        return CurrentItem(label, bounds, "keep", said)
    if chosen is None and person.pregnant:
        return CurrentItem(label, bounds, "ask_prescriber", "Show it to your midwife before the next one.")
    if chosen is None:
        return CurrentItem(label, bounds, "reduce", left_out)
    return _against(product, bounds, chosen)


def _against(product: Present, bounds: Bounds, chosen: Candidate) -> CurrentItem:
    label, best = product.item.label, product.item.best
    if product.item.form != chosen.form or best is None:
        said = f"Replaced by the {chosen.form} in this plan; do not take both."
        return CurrentItem(label, bounds, "replace", said)
    if abs(best - chosen.added_mg) < 1.0:
        return CurrentItem(label, bounds, "keep", "The same form and amount as in this plan.")
    if best > chosen.added_mg:
        said = f"Less of it: {chosen.added_mg:g} mg a day in place of about {best:.0f} mg."
        return CurrentItem(label, bounds, "reduce", said)
    return CurrentItem(label, bounds, "replace", "The same form, by the steps of this plan.")
