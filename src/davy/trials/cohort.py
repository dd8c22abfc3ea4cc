"""Who may enter: candidates drawn by number, judged by the columns of the population and by screening labs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from davy.body.model import Model
from davy.body.read import read_model
from davy.forecast.future import steady_serum
from davy.forecast.outcome import UNITS, Draws, Floats
from davy.forecast.population import population_draws
from davy.forecast.priors import prior_rows
from davy.forecast.structures import structure
from davy.people.chance import standard_normals
from davy.people.population import DRAWN_ON, Population, draw_population
from davy.people.regimen import NO_SUPPLEMENT
from davy.people.vocabulary import lab_test
from davy.trials.design import USUAL, Screening, Trial
from davy.trials.timetable import MEASURED_BY
from davy.units import convert

Ints = NDArray[np.int64]
_ROWS = 4096
"""How many candidates are simulated at a time for a screening lab."""


@dataclass(frozen=True, eq=False)
class Screened:
    """A window of candidates.

    Attributes
    ----------
    first : number of the first candidate; reason : (candidates,) 0 = may enter, else 1 + the place in `reasons`.
    eligible : (eligible,) numbers of those who may enter; stratum : (eligible,) of each.
    """

    first: int
    reason: Ints
    eligible: Ints
    stratum: Ints


@cache
def body(name: str = USUAL) -> Model:
    """The body model under a structural alternative, read once in each process."""
    usual = read_model()
    return usual if name == USUAL else replace(usual, defaults={**usual.defaults, **structure(name).settings})


def reasons(trial: Trial) -> tuple[str, ...]:
    """Why a candidate may not enter, in the order in which it is looked at."""
    labs = [f"screening {one.test}" for one in trial.population.screening]
    return (*trial.population.eligibility, *labs, "no trustworthy simulation")


def population_of(trial: Trial, first: int, size: int) -> Population:
    """Candidates of a trial by number."""
    return draw_population(trial.population.recipe, size, trial.seed, first=first)


def column_of(population: Population, name: str) -> Floats:
    """(candidates,) a column as numbers; yes is 1. What a recipe does not draw, nobody has."""
    return np.asarray(population.columns.get(name, np.zeros(len(population))), dtype=np.float64)


def draws_of(trial: Trial, population: Population) -> Draws:
    """One row a candidate: their true body."""
    return population_draws(body(trial.structure), population, today=DRAWN_ON)


def some(draws: Draws, chosen: Ints) -> Draws:
    """Some rows of the draws."""
    return Draws(draws.names, draws.values[chosen], draws.intake_mmol_per_d[chosen], draws.taken_share[chosen])


def assay_error(trial: Trial, test: str) -> float:
    """Standard deviation of the logarithm of a result."""
    if test in trial.assay:
        return trial.assay[test]
    row = next((row for row in prior_rows("error") if test in row.key), None)
    return 0.0 if row is None or row.spread is None else row.spread


def in_test_unit(test: str, value: float, unit: str | None) -> float:
    """A value in the canonical unit of a test."""
    if unit is None or unit == unit_of(test):
        return value
    row = lab_test(test)
    return convert(value, unit, row.unit, row.analyte)


def unit_of(test: str) -> str:
    """The unit in which a test is told."""
    try:
        return lab_test(test).unit
    except (KeyError, StopIteration):
        return UNITS[MEASURED_BY[test]]


def screen(trial: Trial, first: int, size: int) -> Screened:
    """Judge a window of candidates; a later reason is looked at only where no earlier one holds."""
    population = population_of(trial, first, size)
    reason = np.zeros(size, dtype=np.int64)
    for place, (name, bounds) in enumerate(trial.population.eligibility.items(), start=1):
        column = column_of(population, name)
        if isinstance(bounds, bool):
            fits = column == bounds
        else:
            fits = (column >= bounds[0]) & (column <= bounds[1])
        reason[(reason == 0) & ~fits] = place
    if trial.population.screening:
        _measure(trial, population, reason)
    eligible = np.flatnonzero(reason == 0)
    return Screened(first, reason, first + eligible, stratum_of(trial, population)[eligible])


def stratum_of(trial: Trial, population: Population) -> Ints:
    """(candidates,) the stratum of each; 0 for all where nothing is stratified."""
    found = np.zeros(len(population), dtype=np.int64)
    if trial.randomisation.kind != "stratified":
        return found
    for factor in trial.randomisation.strata:
        column = column_of(population, factor.column)
        cuts = factor.cuts or (0.5,)
        found = found * (len(cuts) + 1) + np.searchsorted(np.array(cuts), column, side="right")
    return found


def _measure(trial: Trial, population: Population, reason: Ints) -> None:
    """Mark who fails a screening lab, or cannot be simulated."""
    draws = draws_of(trial, population)
    waiting = np.flatnonzero(reason == 0)
    for start in range(0, len(waiting), _ROWS):
        chosen = waiting[start : start + _ROWS]
        (steady,) = steady_serum(body(trial.structure), some(draws, chosen), [NO_SUPPLEMENT])
        for place, lab in enumerate(trial.population.screening, start=1 + len(trial.population.eligibility)):
            true = steady.values[:, 0, tuple(UNITS).index(MEASURED_BY[lab.test])]
            error = standard_normals(f"trial:{trial.seed}:screening:{lab.test}", population.first, len(population))
            measured = true * np.exp(assay_error(trial, lab.test) * error[chosen])
            fails = (reason[chosen] == 0) & ~_fits(lab, measured)
            reason[chosen[fails]] = place
        reason[chosen[steady.failed]] = len(reasons(trial))


def _fits(lab: Screening, measured: Floats) -> NDArray[np.bool_]:
    least = -np.inf if lab.at_least is None else in_test_unit(lab.test, lab.at_least, lab.unit)
    most = np.inf if lab.at_most is None else in_test_unit(lab.test, lab.at_most, lab.unit)
    return np.array((measured >= least) & (measured <= most))
