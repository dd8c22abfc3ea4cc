"""A plan for the pathways: magnesium of today and at its end, what is taken then and now, and whom it is for."""

from __future__ import annotations

import numpy as np

from davy.forecast.outcome import Floats, Forecast
from davy.forecast.present import present_magnesium
from davy.pathways.draws import DRAWS
from davy.pathways.moment import Moment, Taken, Whom
from davy.pathways.rows import Compartment
from davy.pathways.touched import Touched, touched
from davy.people.person import Person
from davy.planning.result import Plan

_PLASMA: tuple[tuple[Compartment, str], ...] = (
    ("plasma-ionised", "ionised_mmol_per_L"),
    ("serum-total", "serum_mmol_per_L"),
)
_START, _END = 0, -1
_GLYCINATE = "glycinate"


def touched_by(plan: Plan, forecast: Forecast, person: Person, *, hypotheses: bool = False) -> Touched | None:
    """What the end of a plan means for each pathway, against today; None of a refusal, or with too few draws.

    The draws of the pathways are those that `davy pathways run` shows, whatever the seed of the plan: their response
    curves are kept for them.
    """
    if plan.regimen is None:
        return None
    now, then = _taken_now(person), _taken_then(plan)
    return touched(
        _moment(forecast, _START, now),
        _moment(forecast, _END, then),
        Whom(_words(plan, person), float(forecast.day[_END])),
        parameter_set=plan.parameter_set,
        hypotheses=hypotheses,
    )


def _moment(forecast: Forecast, at: int, taken: Taken | None) -> Moment:
    plasma: dict[Compartment, Floats] = {place: _lanes(forecast.series(output)[:, at]) for place, output in _PLASMA}
    store = None if forecast.muscle_store is None else _lanes(forecast.muscle_store[~forecast.failed, at])
    return Moment(plasma, store, taken)


def _lanes(draws: Floats) -> Floats:
    """The median person, then the draws."""
    return np.concatenate(([np.median(draws)], draws[:DRAWS]))


def _taken_now(person: Person) -> Taken | None:
    """None where the amount of a product is not known."""
    present = present_magnesium(person)
    if present.unquantified:
        return None
    intakes = [one for step in present.regimen.steps for one in step.intakes if one.form == _GLYCINATE]
    largest = max((one.elemental_mg for one in intakes), default=0.0)
    return Taken(present.regimen.elemental_mg_per_day, largest)


def _taken_then(plan: Plan) -> Taken:
    steps = () if plan.regimen is None else plan.regimen.steps[-1:]
    intakes = [one for step in steps for one in step.intakes if one.form == _GLYCINATE]
    return Taken(plan.total_nonfood_mg_per_day, max((one.elemental_mg for one in intakes), default=0.0))


def _words(plan: Plan, person: Person) -> frozenset[str]:
    forms = [] if plan.regimen is None else [f"form:{plan.regimen.form}"]
    return frozenset((*person.goals, *person.conditions, *forms))
