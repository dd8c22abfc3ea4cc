"""Whose body is handed over: the typical adult of a parameter set, or the most probable version of one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from davy.body.parameters import ParameterSet
from davy.body.read import read_model
from davy.exchange.course import Course
from davy.forecast.present import present_magnesium
from davy.inference.learning import fit
from davy.people.person import Person
from davy.people.regimen import NO_SUPPLEMENT, Regimen
from davy.units import mmol_of_mg

USUAL_DIET_MG = 300.0
"""What the typical adult eats where nothing else is asked for: the diet of the body's own targets [mg/d]."""


@dataclass(frozen=True)
class Body:
    """One body as parameters, with what it eats and takes.

    Attributes
    ----------
    values : parameters that differ from the set's own; empty for the typical adult.
    diet_mmol_per_d : magnesium from food and water.
    taken_share : share of a labelled dose that is swallowed.
    """

    parameter_set: ParameterSet
    values: Mapping[str, float] = field(default_factory=dict[str, float])
    diet_mmol_per_d: float = 0.0
    taken_share: float = 1.0
    before: Regimen = NO_SUPPLEMENT

    def course(self, regimen: Regimen, days: int, diet_mmol_per_d: float | None = None) -> Course:
        """A regimen in this body, from the steady state of what it eats and takes."""
        diet = self.diet_mmol_per_d if diet_mmol_per_d is None else diet_mmol_per_d
        return Course(regimen, days, diet, self.parameter_set, self.values, self.taken_share, self.before)


def typical_body(parameter_set: ParameterSet) -> Body:
    """The typical adult on a usual diet, taking nothing."""
    return Body(parameter_set, diet_mmol_per_d=mmol_of_mg(USUAL_DIET_MG))


def body_of(person: Person, parameter_set: ParameterSet, seed: int = 0) -> Body:
    """The median version of a person, as ``davy simulate --draws 1`` runs it."""
    draws = fit(read_model("magnesium", parameter_set=parameter_set), person, draws=1, seed=seed).draws
    values = {name: float(value) for name, value in zip(draws.names, draws.values[0], strict=True)}
    return Body(
        parameter_set,
        values,
        float(draws.intake_mmol_per_d[0]),
        float(draws.taken_share[0]),
        present_magnesium(person).regimen,
    )
