"""The bodies of drawn people: one row a person, by the same priors and covariates as a person read from a file.

What a fit would call one of many plausible versions of a person is here the one true body of a drawn person.
"""

from __future__ import annotations

import math
from datetime import date

import numpy as np
from numpy.typing import NDArray

from davy.body.model import Model
from davy.forecast.covariates import (
    L_PER_D_OF_ML_PER_MIN,
    LEAST_ACTIVITY,
    LEAST_SWEAT_L_PER_D,
    SCALED_BY_SIZE,
    CovariateRow,
    covariate_rows,
)
from davy.forecast.future import parameter_set_of
from davy.forecast.outcome import Draws, Floats
from davy.forecast.priors import COMMUNITY, PriorRow, Trouble, parameter_row, prior_row, prior_rows
from davy.people.chance import shares, standard_normals
from davy.people.filtration import body_surfaces_m2
from davy.people.kidney import STANDARD_SURFACE_M2
from davy.people.population import FLAGS, Population
from davy.units import mmol_of_mg

FAR = 2.0
_UNWELL: dict[str, Trouble] = {"kid_fTm": "wasting", "gut_f_act": "malabsorption"}


def population_draws(model: Model, population: Population, *, today: date | None = None) -> Draws:
    """One row a person: the values of that person's parameters, and the usual intake.

    The row of a person does not depend on who else is drawn. All of a labelled dose is swallowed: whoever simulates
    a trial decides on adherence.

    Parameters
    ----------
    today : the day that counts for medicines; drawn people take theirs without beginning or end, so none differs.
    """
    del today
    moved, raised = multipliers(population), multipliers(population, neutral=True)
    columns = {name: _kidney_or_gut(model, population, name, moved, raised) for name in _UNWELL}
    rows = [*prior_rows("fitted"), *(row for row in prior_rows("nuisance") if row.id != _gfr_unknown().id)]
    rows += [row for row in prior_rows("drawn") if row.parameter in model.parameters]
    for row in rows:
        if row.parameter is not None:
            columns[row.parameter] = _drawn(model, population, row, moved)
    for name, factor in moved.items():
        if name not in columns:
            columns[name] = model.defaults[name] * factor
    if "sweat_L_per_day" in population.columns:
        columns["sweat"] = np.maximum(population.number("sweat_L_per_day"), LEAST_SWEAT_L_PER_D)
    intake = population.number("intake_mg_per_day") * mmol_of_mg(1.0)
    return Draws(tuple(columns), np.stack(list(columns.values()), axis=1), intake)


def multipliers(population: Population, *, neutral: bool = False) -> dict[str, Floats]:
    """Parameter to (people,) all covariate effects on it together, as `covariates_of` gives them one by one.

    Parameters
    ----------
    neutral : leave out all that lowers serum.
    """
    found: dict[str, Floats] = {}
    for row in covariate_rows():
        if neutral and row.lowers_serum:
            continue
        factor = _factor(row, population)
        for parameter in SCALED_BY_SIZE if row.kind == "weight" else (row.parameter,):
            found[parameter] = found.get(parameter, np.ones(len(population))) * factor
    return {name: np.maximum(factor, LEAST_ACTIVITY) for name, factor in found.items()}


def filtration_L_per_d(population: Population) -> Floats:
    """(people,) glomerular filtration [L/d] of their own body, as the creatinine equation tells it."""
    surface = body_surfaces_m2(population.number("weight_kg"), population.number("height_cm"))
    deindexed = population.number("egfr_mL_per_min_1p73m2") * surface / STANDARD_SURFACE_M2
    return L_PER_D_OF_ML_PER_MIN * deindexed


def base_rates(population: Population, kind: Trouble) -> Floats:
    """(people,) the rate of a kind of trouble in people like each: the largest of the settings that apply."""
    rate = np.zeros(len(population))
    for row in prior_rows(kind):
        applies = np.zeros(len(population), dtype=np.bool_)
        for trigger in row.key:
            applies |= _applies(trigger, population)
        rate = np.where(applies, np.maximum(rate, row.median or 0.0), rate)
    return rate


def _applies(trigger: str, population: Population) -> NDArray[np.bool_]:
    """(people,) whether a setting like "condition:coeliac" or "medicine:ppi" is theirs; nobody has symptoms or labs."""
    kind, _, key = trigger.partition(":")
    flag = _flag_of(kind, key)
    if flag is not None:
        return population.flag(flag)
    return np.full(len(population), trigger == COMMUNITY)


def _flag_of(kind: str, key: str) -> str | None:
    return next((flag for flag, meaning in FLAGS.items() if meaning == (kind, key)), None)


def _factor(row: CovariateRow, population: Population) -> Floats:
    """(people,) what one row multiplies its parameter by; 1 for whom it is not about."""
    if row.kind == "weight" and row.threshold is not None:
        return np.power(population.number("weight_kg") / row.threshold, row.multiplier)
    if row.kind == "kidney" and row.threshold is not None:
        share = population.number("egfr_mL_per_min_1p73m2") / row.threshold
        return np.where(share < 1.0, np.power(share, row.multiplier), 1.0)
    if row.kind == "alcohol" and row.threshold is not None and "alcohol_g_per_day" in population.columns:
        return np.where(population.number("alcohol_g_per_day") >= row.threshold, row.multiplier, 1.0)
    flag = _flag_of(row.kind, row.key)
    if flag is None:
        return np.ones(len(population))
    return np.where(population.flag(flag), row.multiplier, 1.0)


def _kidney_or_gut(
    model: Model, population: Population, name: str, moved: dict[str, Floats], raised: dict[str, Floats]
) -> Floats:
    """(people,) the threshold of the kidney or the capacity of the gut: healthy, or ill at its base rate.

    The bounds of an ill one already hold what lowers serum.
    """
    trouble = _UNWELL[name]
    rows = [row for row in prior_rows("component") if row.parameter == name]
    ill = next(row for row in rows if trouble in row.key)
    one = np.ones(len(population))
    table = parameter_row(name, "literature")
    z = standard_normals(_stream(population, name), population.first, len(population))
    healthy = model.defaults[name] * moved.get(name, one) * np.exp((table.spread or 0.0) * z)
    share = shares(_stream(population, f"{name}-ill"), population.first, len(population))
    low, high = ill.low or 0.0, ill.high or 1.0
    unwell = model.defaults[name] * raised.get(name, one) * (low + (high - low) * share)
    return np.where(_ill(population, trouble), unwell, healthy)


def _ill(population: Population, trouble: Trouble) -> NDArray[np.bool_]:
    """(people,) who has a kind of trouble: as the recipe draws it, or by the base rates of people who come asking."""
    if trouble in population.columns:
        return population.flag(trouble)
    chance = shares(_stream(population, trouble), population.first, len(population))
    return chance < base_rates(population, trouble)


def _drawn(model: Model, population: Population, row: PriorRow, moved: dict[str, Floats]) -> Floats:
    """(people,) a log-normal parameter about the median of each person."""
    name = row.parameter or ""
    table = parameter_row(name, parameter_set_of(model))
    centre = filtration_L_per_d(population) if name == "kid_GFR" else model.defaults[name] * moved.get(name, 1.0)
    median = centre * (row.median if row.median is not None else 1.0)
    spread = row.spread if row.spread is not None else table.spread or 0.0
    z = standard_normals(_stream(population, name), population.first, len(population))
    most = math.inf if table.high is None else FAR * np.maximum(table.high, median)
    return np.minimum(median * np.exp(spread * z), most)


def _gfr_unknown() -> PriorRow:
    return prior_row("nuisance", "kid_GFR-unknown")


def _stream(population: Population, purpose: str) -> str:
    return f"population:{population.recipe}:{population.seed}:parameter:{purpose}"
