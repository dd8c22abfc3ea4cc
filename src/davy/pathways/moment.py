"""What a plan changes for the pathways: magnesium of plasma and muscle at one time, and what is taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from davy.evidence.effects import benefits
from davy.pathways.catalogue import Pathway, pathway
from davy.pathways.evaluation import Floats
from davy.pathways.inputs import out_of_range
from davy.pathways.local import Local
from davy.pathways.rows import PeopleRow
from davy.tables import read_table

DOSE = "dose"
_SINCE = "t_d"
"""The port of a trial effect that holds how long the magnesium has been taken [d]."""
_YEARS, _DAYS_A_YEAR = "years", 365.25
_OF_A_FORM = "form:"
_OF_ONE_INTAKE = frozenset({"P15a_glycine_dose"})
"""Whose dose is that of the largest intake as bisglycinate, and not of the day."""


@dataclass(frozen=True)
class Taken:
    """Elemental magnesium beyond food [mg]: of a day, and of the largest intake as bisglycinate."""

    day_mg: float
    glycinate_intake_mg: float = 0.0


@dataclass(frozen=True)
class Moment:
    """A person's magnesium at one time.

    Attributes
    ----------
    plasma : ``plasma-ionised`` and ``serum-total``, each (1 + draws,): the median person, then the draws [mmol/L].
    muscle_store : (1 + draws,) of muscle against the reference; None where no forecast follows it.
    taken : None where it is not known.
    """

    plasma: Local
    muscle_store: Floats | None = None
    taken: Taken | None = None

    @property
    def draws(self) -> int:
        """How many draws there are beside the median person."""
        return len(next(iter(self.plasma.values()))) - 1

    @property
    def others(self) -> dict[str, Floats]:
        """What else adapters read, by port."""
        return {} if self.muscle_store is None else {"muscle_store_fraction": self.muscle_store}


@dataclass(frozen=True)
class Whom:
    """Whom a plan is for: goals and conditions, ``form:`` of what is taken, and the last day of the plan [d]."""

    words: frozenset[str] = frozenset()
    end_d: float = 84.0

    def told(self) -> dict[Pathway, tuple[str, ...]]:
        """The trial effects that concern this person, each with the outputs that they are told."""
        found: dict[Pathway, tuple[str, ...]] = {}
        for row in read_table("pathway_people.csv", PeopleRow):
            one = pathway(row.pathway)
            if self.words.issuperset(row.people) and row.output not in found.get(one, ()):
                found[one] = (*found.get(one, ()), row.output)
        return found

    def asks_for(self, one: Pathway) -> bool:
        """Whether it bears on a goal or a condition of this person, by the rows that tie it to one."""
        named = {row.benefit for row in one.outcomes if row.benefit is not None}
        goals = {goal for row in benefits() if row.id in named for goal in row.goals}
        own = [row.people for row in read_table("pathway_people.csv", PeopleRow) if row.pathway == one.id]
        return not goals.isdisjoint(self.words) or any(
            self.words.issuperset(people) and not all(word.startswith(_OF_A_FORM) for word in people) for people in own
        )


def doses_of(one: Pathway, taken: Taken) -> Mapping[str, float] | None:
    """The dose inputs of a pathway; None where the dose is outside what it holds for."""
    found = {
        name: taken.glycinate_intake_mg if one.id in _OF_ONE_INTAKE else taken.day_mg
        for name, port in one.inputs.items()
        if port.compartment == DOSE
    }
    return None if any(out_of_range(one.inputs[name], value) for name, value in found.items()) else found


def since(one: Pathway, end_d: float) -> dict[str, float]:
    """How long the magnesium has been taken by the end of the plan, where a pathway asks for it and holds that long."""
    spans = {_SINCE: end_d, _YEARS: end_d / _DAYS_A_YEAR}
    return {
        name: value for name, value in spans.items() if name in one.inputs and not out_of_range(one.inputs[name], value)
    }
