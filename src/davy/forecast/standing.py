"""Where drawn people stand: serum, urine and stores at the steady state of what each of them eats and takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from davy.body.model import Model
from davy.forecast.future import parameter_set_of
from davy.forecast.lanes import Lanes, lanes_of
from davy.forecast.orbit import absorbed_daily, steady_centre
from davy.forecast.outcome import Floats
from davy.forecast.population import multipliers, population_draws
from davy.forecast.priors import prior_row
from davy.forecast.schedule import timeline
from davy.people.chance import standard_normals
from davy.people.population import Population
from davy.people.regimen import NO_SUPPLEMENT, Regimen

CHUNK = 8192
"""How many people stand in memory at once; nobody's numbers depend on it."""

STORES = {
    "red-cells": (("rbc_RBC",), ("rbc_R0",)),
    "muscle": (("tis_MU",), ("tis_M_mu",)),
    "bone": (("bone_BS", "bone_BD"), ("bone_M_bs", "bone_M_bd")),
}
"""By store: the states and outputs that hold it, and the parameters that say what it holds at the reference serum."""


@dataclass(frozen=True)
class Standing:
    """One number a person; NaN where the engine found no steady state.

    Attributes
    ----------
    serum_mmol_per_L, urine_mmol_per_d : at the steady state.
    of_own : by store, its content over what this person's own store holds at the reference serum.
    of_usual : by store, its content over what the store of an average person of that size holds there.
    """

    serum_mmol_per_L: Floats
    urine_mmol_per_d: Floats
    of_own: dict[str, Floats]
    of_usual: dict[str, Floats]

    @property
    def failed(self) -> NDArray[np.bool_]:
        """(people,) for whom no steady state was found."""
        return np.isnan(self.serum_mmol_per_L)


def standing_of(
    model: Model, population: Population, *, regimen: Regimen = NO_SUPPLEMENT, added_mmol_per_d: Floats | None = None
) -> Standing:
    """Where each person stands on the usual diet and a regimen that goes on for ever.

    Parameters
    ----------
    added_mmol_per_d : (people,) magnesium that fortified food adds to the meals.
    """
    parts = [
        _part(model, population.part(start, start + CHUNK), regimen, _slice(added_mmol_per_d, start))
        for start in range(0, len(population), CHUNK)
    ]
    if not parts:
        none = np.zeros(0)
        return Standing(none, none, dict.fromkeys(STORES, none), dict.fromkeys(STORES, none))
    return Standing(
        np.concatenate([part.serum_mmol_per_L for part in parts]),
        np.concatenate([part.urine_mmol_per_d for part in parts]),
        {store: np.concatenate([part.of_own[store] for part in parts]) for store in parts[0].of_own},
        {store: np.concatenate([part.of_usual[store] for part in parts]) for store in parts[0].of_usual},
    )


def reported_serum(population: Population, standing: Standing) -> Floats:
    """(people,) the serum of each as one report of a laboratory would give it: day-to-day variation and assay error."""
    stream = f"population:{population.recipe}:{population.seed}:reported:serum"
    error = prior_row("error", "serum-magnesium").spread or 0.0
    z = standard_normals(stream, population.first, len(population))
    return standing.serum_mmol_per_L * np.exp(error * z)


def _slice(values: Floats | None, start: int) -> Floats | None:
    return None if values is None else values[start : start + CHUNK]


def _part(model: Model, people: Population, regimen: Regimen, added: Floats | None) -> Standing:
    draws = population_draws(model, people)
    lanes = lanes_of(model, draws)
    if added is not None:
        lanes = lanes.with_intake(draws.intake_mmol_per_d + added)
    patterns = [pattern for _, pattern in timeline(regimen, parameter_set_of(model))]
    absorbed, _, failed = absorbed_daily(lanes, max(patterns, key=lambda pattern: pattern.mmol_per_d))
    centre, stuck = steady_centre(lanes, absorbed)
    lost = failed | stuck
    serum, urine = (np.where(lost, np.nan, found) for found in lanes.outputs(("C", "kid_E"), centre))
    size = multipliers(people)
    of_own: dict[str, Floats] = {}
    of_usual: dict[str, Floats] = {}
    for store, (held, full) in STORES.items():
        content, own, usual = (np.zeros(len(people)) for _ in range(3))
        for name in held:
            content = content + _quantity(lanes, name, centre)
        for name in full:
            own = own + lanes.parameter(name)
            usual = usual + model.defaults[name] * size.get(name, 1.0)
        of_own[store] = np.where(lost, np.nan, content / own)
        of_usual[store] = np.where(lost, np.nan, content / usual)
    return Standing(serum, urine, of_own, of_usual)


def _quantity(lanes: Lanes, name: str, centre: Floats) -> Floats:
    """(people,) a state, or an output at that state."""
    if name in lanes.model.states:
        return centre[:, lanes.model.states.index(name)]
    (found,) = lanes.outputs((name,), centre)
    return found
