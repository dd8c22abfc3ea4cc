"""Runs the experiments of a PEtab problem in libRoadRunner, as its tables ask, and nothing else of Davy's."""

from __future__ import annotations

import math

import petab.v2 as petab
import roadrunner
import sympy

_LONG_D = 1e6


def simulated(problem: petab.Problem) -> dict[str, float]:
    """What the model says for each measured observable, at the nominal values."""
    runner = roadrunner.RoadRunner(problem.model.to_sbml_str())
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-9, 1e-12
    runner.integrator.maximum_num_steps = 1_000_000
    nominal = {one.id: one.nominal_value for one in problem.parameters}
    formulas = {one.id: one.formula for one in problem.observables}
    found: dict[str, float] = {}
    for experiment in problem.experiments:
        runner.resetAll()
        for name in set(nominal) & set(runner.model.getGlobalParameterIds()):
            runner[name] = nominal[name]
        wanted = sorted(
            (one for one in problem.measurements if one.experiment_id == experiment.id), key=lambda one: one.time
        )
        now = 0.0
        periods = experiment.sorted_periods
        for period, after in zip(periods, [*(one.time for one in periods[1:]), math.inf], strict=True):
            if math.isfinite(period.time):
                now = _run(runner, now, period.time)
            for change in problem.get_changes_for_period(period):
                runner[change.target_id] = _value(change.target_value, runner, nominal)
            if not math.isfinite(period.time):
                _run(runner, 0.0, _LONG_D)
                continue
            for one in wanted:
                if period.time <= one.time < after:
                    now = _run(runner, now, one.time)
                    found[one.observable_id] = _value(formulas[one.observable_id], runner, nominal)
    return found


def _run(runner, now: float, until: float) -> float:
    if until > now:
        runner.simulate(now, until, 2)
    return until


def _value(formula: sympy.Basic, runner, nominal: dict[str, float]) -> float:
    known = {one: nominal.get(str(one)) if str(one) in nominal else runner[str(one)] for one in formula.free_symbols}
    return float(formula.subs(known))
