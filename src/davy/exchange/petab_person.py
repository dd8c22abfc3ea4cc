"""A person's own fit as a PEtab problem: labs under the products of their day, priors of people like them.

Between changes of product the body is followed on what an average day absorbs, a formula of the intake and of the
absorption capacity, so that both stay free.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from davy import __version__
from davy.body.model import Model
from davy.body.parameters import ParameterSet
from davy.body.read import read_model
from davy.errors import Fault, InputError
from davy.exchange.formula import two_way_formula
from davy.exchange.petab_model import COLLECTING, resting_sbml
from davy.exchange.petab_tables import BEFORE, Observable, Parameter, Problem, number
from davy.forecast.covariates import Covariates, covariates_of
from davy.forecast.outcome import Draws, Floats
from davy.forecast.present import present_magnesium
from davy.forecast.priors import PriorRow, error_of, intake_prior, parameter_row, prior_row, prior_rows
from davy.forecast.schedule import Pattern, timeline
from davy.inference.absorption import CAPACITY, absorption_of
from davy.people.labs import age_d
from davy.people.person import Lab, Person

INTAKE = "intake"
_OLDEST_D = 730
_FORMULAS = {
    "serum-magnesium": ("serum_magnesium", "serum magnesium [mmol/L]", "C"),
    "urine-magnesium-24h": ("urine_magnesium_24h", "24-h urine magnesium [mmol/d]", "kid_E"),
    "rbc-magnesium": ("red_cell_magnesium", "red-cell magnesium [mmol/L]", "rbc_RBC"),
}
_WIDEST = 4.0
"""How many standard deviations of its logarithm a parameter may lie from its median."""

_REACH = 2.5
"""Within so many standard deviations the formula of absorption is fitted."""


@dataclass(frozen=True)
class Era:
    """Days from `start` on, since the first day of the problem, on which the same products were taken."""

    start: int
    pattern: Pattern


def person_problem(person: Person, parameter_set: ParameterSet = "literature") -> Problem:
    """The fit of a person's labs.

    Raises
    ------
    InputError : no lab of magnesium informs it.
    """
    model = read_model(parameter_set=parameter_set)
    covariates = covariates_of(person)
    used, said = _labs(person)
    if not used:
        raise InputError([Fault(person.id, "no lab of magnesium informs a fit", "serum-magnesium is the usual one")])
    eras, first = _eras(person, used, parameter_set)
    unknown = _parameters(person, model, covariates, parameter_set)
    fixed = {name: model.defaults[name] * covariates.multiplier(name) for name in covariates.parameters}
    values = {name: value for name, value in (fixed | covariates.values).items() if name in model.parameters}
    problem = Problem(f"davy_{_identifier(person.id)}", resting_sbml(parameter_set, values), "", list(unknown))
    worst = _take(problem, eras, model, unknown)
    for lab in used:
        key, name, formula = _FORMULAS[lab.test]
        if key not in {one.id for one in problem.observables}:
            problem.observables.append(Observable(key, name, formula, error_of(lab.test), relative=True))
        problem.measure(key, "history", float((lab.date - first).days), lab.value)
    problem.variability.extend(_variability(parameter_set))
    problem.about = _about(person, said, first, worst, parameter_set)
    return problem


def _labs(person: Person) -> tuple[list[Lab], list[str]]:
    """The labs that a simulator can be held against, and why the others are left out."""
    used: list[Lab] = []
    said: list[str] = []
    for lab in sorted(person.labs, key=lambda one: one.date):
        if lab.test not in _FORMULAS:
            continue
        why = None
        if lab.comparator is not None:
            why = "it is a bound, and PEtab knows no bounds"
        elif lab.complete is False:
            why = "the collection was incomplete"
        elif age_d(lab, person.today) > _OLDEST_D:
            why = "it is more than two years old"
        if why is None:
            used.append(lab)
        else:
            said.append(f"- {lab.test} of {lab.date}: {why}")
    return used, said


def _eras(person: Person, labs: Sequence[Lab], parameter_set: str) -> tuple[tuple[Era, ...], date]:
    """The stretches between changes of product, and the day that counts as the first."""
    turns = {row.since for row in person.supplements if row.since is not None}
    turns |= {row.until + timedelta(days=1) for row in person.supplements if row.until is not None}
    days = sorted(day for day in turns if day <= labs[-1].date)
    first = min(labs[0].date, days[0]) if days else labs[0].date
    found = [Era(0, _pattern(person, first - timedelta(days=1), parameter_set))]
    for day in days:
        era = Era((day - first).days, _pattern(person, day, parameter_set))
        if era.pattern != found[-1].pattern:
            found.append(era)
    return tuple(found), first


def _pattern(person: Person, day: date, parameter_set: str) -> Pattern:
    """A day of the products that were taken on that day."""
    held = tuple(
        row.model_copy(update={"since": None, "until": None})
        for row in person.supplements
        if (row.since is None or row.since <= day) and (row.until is None or row.until >= day)
    )
    then = person.model_copy(update={"supplements": held})
    return timeline(present_magnesium(then).regimen, parameter_set)[0][1]


def _parameters(
    person: Person, model: Model, covariates: Covariates, parameter_set: ParameterSet
) -> tuple[Parameter, ...]:
    """The unknowns that labs can move, each about the median of people like this one."""
    median, spread = intake_prior(person)
    found = [_wide(INTAKE, "magnesium from food and water [mmol/d]", median, spread)]
    rows = [row for row in prior_rows("component") if "healthy" in row.key]
    rows += [*prior_rows("fitted"), *_nuisance(covariates)]
    for row in rows:
        if row.parameter is not None and row.parameter in model.parameters:
            table = parameter_row(row.parameter, parameter_set)
            usual = model.defaults[row.parameter] * covariates.multiplier(row.parameter)
            centre = covariates.values.get(row.parameter, usual) * (1.0 if row.median is None else row.median)
            width = row.spread if row.spread is not None else table.spread or 0.0
            found.append(_wide(row.parameter, f"{row.label} [{row.unit}]", centre, width))
    return tuple(found)


def _nuisance(covariates: Covariates) -> list[PriorRow]:
    """What labs hardly move; a filtration that is known has another row than one that is not."""
    gfr = prior_row("nuisance", "kid_GFR" if "kid_GFR" in covariates.values else "kid_GFR-unknown")
    return [row for row in prior_rows("nuisance") if row.parameter != "kid_GFR" or row.id == gfr.id]


def _wide(name: str, caption: str, median: float, spread: float) -> Parameter:
    reach = math.exp(_WIDEST * spread)
    return Parameter(name, caption, median, median / reach, median * reach, spread)


def _take(problem: Problem, eras: Sequence[Era], model: Model, unknown: Sequence[Parameter]) -> float:
    """Write the periods of the products; the largest error of a formula of absorption, as a share."""
    worst, periods = 0.0, list[tuple[str, str]]()
    for count, era in enumerate(eras):
        formula, error = _absorbed(model, era.pattern, unknown)
        worst = max(worst, error)
        name = f"products_{count}"
        problem.conditions[name] = {"avg_abs": formula}
        periods.append((BEFORE if count == 0 else number(float(era.start)), name))
    problem.conditions["watch"] = {COLLECTING: "1"}
    begun = [("0", "watch")]
    problem.experiments["history"] = sorted([*periods, *begun], key=lambda row: float(row[0]))
    return worst


def _absorbed(model: Model, pattern: Pattern, unknown: Sequence[Parameter]) -> tuple[str, float]:
    """What a day absorbs as a formula of intake and capacity, and how far it may err as a share."""
    intake = next(one for one in unknown if one.id == INTAKE)
    capacity = next(one for one in unknown if one.id == CAPACITY)
    absorbed = absorption_of(model, pattern)

    def log_absorbed(x: Floats, y: Floats) -> Floats:
        return np.log(absorbed(Draws((CAPACITY,), capacity.nominal * np.exp(y)[:, None], intake.nominal * np.exp(x))))

    return two_way_formula(
        log_absorbed,
        (f"log({INTAKE} / {number(intake.nominal)})", _REACH * (intake.spread or 0.0)),
        (f"log({CAPACITY} / {number(capacity.nominal)})", _REACH * (capacity.spread or 0.0)),
    )


def _variability(parameter_set: ParameterSet) -> list[dict[str, object]]:
    """How people differ: the two mixtures, and every other row of the priors, whatever the labs can move."""
    rows = [row for kind in ("component", "fitted", "nuisance", "drawn") for row in prior_rows(kind)]
    rates = {"wasting": prior_rows("wasting"), "malabsorption": prior_rows("malabsorption")}
    found: list[dict[str, object]] = []
    for row in rows:
        table = parameter_row(row.parameter or "", parameter_set)
        named = next((name for name in rates if name in row.key), None)
        found.append(
            {
                "parameterId": row.parameter,
                "parameterName": row.label,
                "component": row.key[0] if row.kind == "component" else row.kind,
                "weight": "" if named is None else rates[named][0].median,
                "distribution": "log-normal" if row.shape == "lognormal" else row.shape,
                "median": table.value * (1.0 if row.median is None else row.median),
                "spread": table.spread if row.spread is None else row.spread,
                "low": row.low,
                "high": row.high,
                "unit": row.unit,
                "source": ";".join(row.source),
                "verified": row.verified,
            }
        )
    return found


def _identifier(text: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in text)


def _about(person: Person, said: Sequence[str], first: date, worst: float, parameter_set: str) -> str:
    left = "\n".join(said) or "- none"
    return f"""The fit of the labs of {person.id}, as a PEtab 2.0 problem

Open problem.yaml. Time is days from {first}, amounts are mmol of elemental magnesium, concentrations mmol/L.
The experiment `history` starts where the products of before {first} lead to in the end (time -inf), and has a period
for each later change of product. A prior is that of a healthy person with this person's medicines, conditions and
kidney; bounds lie {_WIDEST:g} standard deviations away.

variability.tsv is a table of our own, which nobody has to understand: how people differ, with the wasting kidney and
the malabsorbing gut beside the healthy ones (weight: their share where nothing else is known). PEtab 2.0 has no
mixtures and no place for differences between people; Davy's own fit uses them.

What a day absorbs (avg_abs) is a formula of intake and absorption capacity, right to {100 * worst:.2g} % within
{_REACH:g} standard deviations. Bounds ("<0.3") and incomplete collections are left out:
{left}

Parameter set {parameter_set}. Written by Davy {__version__}; licence Apache-2.0.
"""
