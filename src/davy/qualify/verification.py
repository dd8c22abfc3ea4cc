"""Verification: whether the equations are solved right. Every line is worked out when a qualification runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from davy.body.model import Model
from davy.body.read import bundled_sbml, read_model
from davy.body.sbml import with_values
from davy.engine import Doses, Engine, build
from davy.forecast.future import simulate
from davy.forecast.lanes import lanes_of
from davy.forecast.orbit import absorbed_daily
from davy.forecast.outcome import Draws, Floats
from davy.forecast.population import population_draws
from davy.forecast.schedule import day_pattern
from davy.inference.absorption import absorption_of
from davy.people.population import draw_population
from davy.people.regimen import NO_SUPPLEMENT, Intake, Regimen, Step

_BODIES: tuple[dict[str, float], ...] = (
    {},
    {"kid_GFR": 40.0, "gut_f_act": 0.8},
    {"kid_fTm": 0.8},
    {"Vecf": 9.0, "tis_k_st": 12.0, "rbc_life": 90.0, "gut_kge": 40.0},
)
_DAYS = [1.0, 2.5, 4.0, 30.0]
_DOSES = [
    (day + hour / 24, state, mmol)
    for day in range(4)
    for hour, state, mmol in ((7.0, "gut_GS", 4.1), (8.0, "gut_GU", 8.2), (12.5, "gut_GS", 4.1), (19.0, "gut_GS", 4.1))
]
_CITRATE = Regimen((Step(0, None, (Intake("08:00", "citrate", 150), Intake("21:00", "citrate", 150))),))
_RECIPE = "us-adults"
_LEAST_GUT_MMOL = 12.0


@dataclass(frozen=True)
class Check:
    """One thing verified.

    Attributes
    ----------
    factor : the credibility factor that it speaks to.
    value, limit : what came out, and the most that it may be [unit]; value None where it was not run here.
    """

    id: str
    factor: str
    what: str
    value: float | None
    limit: float
    unit: str
    note: str = ""

    @property
    def held(self) -> bool | None:
        """Whether it is as it has to be; None where it was not run."""
        return None if self.value is None else self.value <= self.limit


@dataclass(frozen=True)
class Verification:
    """Every check, run now."""

    checks: tuple[Check, ...]

    def rows(self) -> list[dict[str, Any]]:
        """One a check."""
        return [{**asdict(one), "held": one.held} for one in self.checks]

    def unexpected(self) -> tuple[str, ...]:
        """What does not hold."""
        return tuple(f"{one.what}: {one.value} {one.unit}" for one in self.checks if one.held is False)


def verification(seed: int, full: bool) -> Verification:
    """Every check; the long form looks at more people."""
    people = 400 if full else 60
    model = read_model()
    made: list[Callable[[], tuple[Check, ...]]] = [
        lambda: _convergence(model),
        lambda: _road_runner(model),
        lambda: _alone(model, seed, people),
        lambda: _through_time(model, seed, people),
        lambda: _absorption(model, seed, people),
        _knowledge,
        _claims,
    ]
    return Verification(tuple(check for run in made for check in run()))


def _path(model: Model, engine: Engine, changes: dict[str, float], rtol: float) -> Floats:
    """(times, states) of one body over the doses."""
    values = {**model.defaults, **changes}
    theta = np.array([[values[name] for name in model.parameters]])
    times, states, amounts = zip(*_DOSES, strict=True)
    return engine.solve(theta, Doses(times, states, amounts), _DAYS, rtol=rtol).values[0][:, : len(model.states)]


def _scaled(model: Model, off: Floats, wanted: Floats) -> float:
    """The largest error of a state, relative to the largest that it reaches; the gut's to a day's food."""
    least = [_LEAST_GUT_MMOL if name.startswith("gut_") else 0.0 for name in model.states]
    return float(np.max(np.abs(off) / np.maximum(np.abs(wanted).max(axis=0), least)))


def _convergence(model: Model) -> tuple[Check, ...]:
    engine = build(model)
    finest = [_path(model, engine, changes, 1e-10) for changes in _BODIES]
    found: list[Check] = []
    for rtol in (1e-3, 1e-4, 1e-6, 1e-8):
        paths = zip(_BODIES, finest, strict=True)
        worst = max(_scaled(model, _path(model, engine, body, rtol) - fine, fine) for body, fine in paths)
        what = f"error at a relative tolerance of {rtol:g}, against 1e-10"
        found.append(Check(f"convergence-{rtol:g}", "Numerical solver error", what, worst, rtol, "1"))
    return tuple(found)


def _road_runner(model: Model) -> tuple[Check, ...]:
    """The same body through libRoadRunner, where it is installed."""
    what, factor = "difference from libRoadRunner (CVODE, 1e-11) at a tolerance of 1e-6", "Numerical code verification"
    if find_spec("roadrunner") is None:
        told = "libRoadRunner is not installed here; the project's tests hold stored values of it to the tolerance"
        return (Check("roadrunner", factor, what, None, 1e-6, "1", told),)
    runner_of: Any = import_module("roadrunner")
    engine = build(model)
    worst = 0.0
    for body in _BODIES:
        wanted = _run_elsewhere(runner_of, model, engine, body)
        worst = max(worst, _scaled(model, _path(model, engine, body, 1e-6) - wanted, wanted))
    return (Check("roadrunner", factor, what, worst, 1e-6, "1", f"libRoadRunner {runner_of.__version__}"),)


def _run_elsewhere(runner_of: Any, model: Model, engine: Engine, changes: dict[str, float]) -> Floats:
    values = {**model.defaults, **changes}
    runner: Any = runner_of.RoadRunner(with_values(bundled_sbml(), values))
    runner.integrator.absolute_tolerance, runner.integrator.relative_tolerance = 1e-14, 1e-11
    runner.integrator.maximum_num_steps = 1_000_000
    start = engine.initial(np.array([[values[name] for name in model.parameters]]))[0]
    for name, value in zip(model.states, start, strict=True):
        runner[name] = float(value)
    now = 0.0
    rows: list[list[float]] = []
    for time, state, amount in sorted([*_DOSES, *((day, "", 0.0) for day in _DAYS)]):
        if time > now:
            runner.simulate(now, time, 2)
            now = time
        if state:
            runner[state] = runner[state] + amount
        else:
            rows.append([float(runner[name]) for name in model.states])
    return np.array(rows)


def _alone(model: Model, seed: int, people: int) -> tuple[Check, ...]:
    """How many of the people have other bits in a crowd than alone."""
    draws = population_draws(model, draw_population(_RECIPE, people, seed))
    days = np.array([1.0, 7.0, 28.0])
    (crowd,) = simulate(model, draws, [_CITRATE], days=days, start=NO_SUPPLEMENT)
    other = 0
    for number in range(0, people, max(people // 12, 1)):
        (alone,) = simulate(model, _only(draws, number), [_CITRATE], days=days, start=NO_SUPPLEMENT)
        other += alone.values[0].tobytes() != crowd.values[number].tobytes()
    what = "people whose forecast has other bits in a crowd than alone"
    return (Check("bits", "Software quality assurance", what, float(other), 0.0, "people"),)


def _only(draws: Draws, number: int) -> Draws:
    at = slice(number, number + 1)
    return Draws(draws.names, draws.values[at], draws.intake_mmol_per_d[at], draws.taken_share[at])


def _through_time(model: Model, seed: int, people: int) -> tuple[Check, ...]:
    draws = population_draws(model, draw_population(_RECIPE, people, seed))
    days = np.arange(1.0, 61.0)
    averaged, followed = (
        simulate(model, draws, [_CITRATE], days=days, start=NO_SUPPLEMENT, mode=mode)[0] for mode in ("auto", "events")
    )
    apart = float(np.nanmax(np.abs(averaged.values[:, :, 0] - followed.values[:, :, 0])))
    (still,) = simulate(model, draws, [NO_SUPPLEMENT], days=np.array([1.0, 365.0, 3650.0]), start=NO_SUPPLEMENT)
    drift = float(np.nanmax(np.ptp(still.values[:, :, 0], axis=1)))
    gap = max(one.mass_balance_mmol for one in (averaged, followed, still))
    return (
        Check("balance", "Numerical code verification", "magnesium lost or made up by a run", gap, 1e-6, "mmol"),
        Check(
            "two-ways",
            "Discretization error",
            "24-h mean serum: averaged days against every dose and meal, on each of 60 days",
            apart,
            0.001,
            "mmol/L",
        ),
        Check(
            "rest",
            "Discretization error",
            "drift of serum in ten years in which nothing changes",
            drift,
            0.001,
            "mmol/L",
        ),
    )


def _absorption(model: Model, seed: int, people: int) -> tuple[Check, ...]:
    draws = population_draws(model, draw_population(_RECIPE, people, seed))
    pattern = day_pattern([Intake("08:00", "citrate", 150), Intake("21:00", "citrate", 150)])
    capacity = Draws(("gut_f_act",), draws.parameter("gut_f_act")[:, None], draws.intake_mmol_per_d)
    told = absorption_of(model, pattern)(capacity)
    true, _, failed = absorbed_daily(lanes_of(model, capacity), pattern)
    worst = float(np.abs(told / true - 1)[~failed].max())
    what = "absorption as the fit tabulates it against the gut itself"
    return (Check("absorption-table", "Discretization error", what, worst, 0.0015, "1"),)


def _knowledge() -> tuple[Check, ...]:
    from davy.qualify.knowledge import check_knowledge

    what = "rows of the knowledge without unit, source or sense, or models that do not balance"
    return (Check("knowledge", "Software quality assurance", what, float(len(check_knowledge())), 0.0, "problems"),)


def _claims() -> tuple[Check, ...]:
    from davy.qualify.audit import audit

    checks = audit()
    wrong = float(sum(not one.agreement for one in checks))
    what = f"of {len(checks)} checks of claims, those that do not give what is on record"
    return (Check("claims", "Software quality assurance", what, wrong, 0.0, "checks"),)
