"""What would happen: regimens times draws, through time.

Days just after a change of intake are followed dose by dose, later days run on what such a day absorbs; `orbit`
joins the two. Regimens that begin alike share their beginning, and those that differ only in name share everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from davy.body.model import Model
from davy.errors import SolveError
from davy.forecast.lanes import Lanes, Run, lanes_of, running_total
from davy.forecast.orbit import (
    Orbit,
    Rest,
    absorbed_daily,
    orbit_of,
    rest_of,
    samples,
    steady_centre,
    still,
    uptake,
)
from davy.forecast.outcome import UNITS, Draws, Floats, Forecast
from davy.forecast.schedule import LOOK_IN_DAYS, Mode, Pattern, Stretch, stretches, timeline
from davy.people.regimen import Regimen

_LONGEST_RUN_D = 14.0
_SUMMED = (
    "serum_mmol_per_L",
    "rbc_mmol_per_L",
    "csf_mmol_per_L",
    "rbc_free_mmol_per_L",
    "ionised_mmol_per_L",
    "urine_mmol_per_d",
    "absorbed_mmol_per_d",
)


@dataclass(frozen=True)
class _Moment:
    """Where the lanes stand: at midnight of a day with doses, or at the centre of an averaged day."""

    state: Floats
    averaged: bool
    orbit: Orbit
    failed: NDArray[np.bool_]
    gap_mmol: Floats


@dataclass(frozen=True)
class _Track:
    """(times,) and, for each, (lanes, times, outputs) the integral of each output since the start."""

    time: Floats
    sums: Floats


def simulate(
    model: Model,
    draws: Draws,
    regimens: Sequence[Regimen],
    *,
    days: Floats,
    diet_mmol_per_d: Floats | float | None = None,
    start: Regimen,
    mode: Mode = "auto",
) -> tuple[Forecast, ...]:
    """One forecast a regimen, all of the same draws, from the steady state of the present diet and products.

    Parameters
    ----------
    days : interval ends [d], increasing; intervals shorter than a day are always run by events.
    diet_mmol_per_d : magnesium from food during the simulated days, one value or (draws,); None = as before.
    start : what is taken at present.
    mode : "auto" follows doses for four days after each change; "events" always; "averaged" never.

    Raises
    ------
    SolveError : the days do not increase from above 0.
    """
    ends = np.concatenate(([0.0], np.asarray(days, dtype=np.float64)[np.asarray(days) > 0]))
    if len(ends) < 2 or not (np.diff(ends) > 0).all():
        raise SolveError("a simulation needs days that increase from above 0")
    shortest = float(np.diff(ends).min())
    film = _Film(model, draws, ends, "events" if shortest < 1 - 1e-9 else mode)
    return film.forecasts(regimens, start, diet_mmol_per_d)


def steady_serum(model: Model, draws: Draws, regimens: Sequence[Regimen]) -> tuple[Forecast, ...]:
    """Where each regimen would lead if its largest daily dose went on for ever: day 0 = day 1 = the steady state.

    Cheap: three days of the gut and one root a lane. Serum, urine, red cells and CSF at steady state; for gates.
    """
    lanes = lanes_of(model, draws)
    found: dict[Pattern, Forecast] = {}
    largest: list[Pattern] = []
    for regimen in regimens:
        patterns = [pattern for _, pattern in timeline(regimen, parameter_set_of(model))]
        largest.append(max(patterns, key=lambda pattern: pattern.mmol_per_d))
        if largest[-1] not in found:
            values, failed = steady_state(lanes, largest[-1])
            found[largest[-1]] = Forecast(np.array([0.0, 1.0]), np.stack([values, values], axis=1), failed)
    return tuple(found[pattern] for pattern in largest)


def parameter_set_of(model: Model) -> str:
    """Which parameter set a model was read with: only the articles' gut has a fixed fraction."""
    return "articles" if "gut_fraction" in model.parameters else "literature"


def steady_state(lanes: Lanes, pattern: Pattern) -> tuple[Floats, NDArray[np.bool_]]:
    """(lanes, outputs of `UNITS`) where a pattern leads to in the end, and which lanes failed."""
    absorbed, _, failed = absorbed_daily(lanes, pattern)
    values, stuck = steady_on(lanes, absorbed)
    return values, failed | stuck


def steady_on(lanes: Lanes, absorbed: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """(lanes, outputs of `UNITS`) the steady state on a daily absorption [mmol/d], and which lanes failed."""
    centre, stuck = steady_centre(lanes, absorbed)
    return _levels_at(lanes, centre, absorbed), stuck


def _levels_at(lanes: Lanes, centre: Floats, absorbed: Floats, spill: Floats | float = 0.0) -> Floats:
    serum, rbc, urine, ionised, free = lanes.outputs(("C", "rbc_RBC", "kid_E", "kid_Cfree", "rbc_free"), centre)
    found = {
        "serum_mmol_per_L": serum,
        "rbc_mmol_per_L": rbc,
        "urine_mmol_per_d": urine + spill,
        "absorbed_mmol_per_d": absorbed * uptake(lanes, centre),
        "csf_mmol_per_L": centre[:, lanes.layout.column["csf_Csf"]],
        "ionised_mmol_per_L": ionised,
        "rbc_free_mmol_per_L": free,
    }
    return np.stack([found[name] for name in UNITS], axis=-1)


def _muscle_of(lanes: Lanes, state: Floats) -> Floats:
    return state[:, lanes.layout.column["tis_MU"]] / lanes.parameter("tis_M_mu")


class _Film:
    """All regimens of one call; remembers each beginning that several of them share."""

    def __init__(self, model: Model, draws: Draws, ends: Floats, mode: Mode) -> None:
        self.lanes = lanes_of(model, draws)
        self.ends = ends
        self.mode: Mode = mode
        self.set = parameter_set_of(model)
        self.seen: dict[tuple[Stretch, ...], tuple[_Track, _Moment]] = {}

    def forecasts(
        self, regimens: Sequence[Regimen], start: Regimen, diet: Floats | float | None
    ) -> tuple[Forecast, ...]:
        before = timeline(start, self.set)[0][1]
        rest = rest_of(self.lanes, before)
        same_diet = diet is None
        if diet is not None:
            self.lanes = self.lanes.with_intake(np.broadcast_to(diet, self.lanes.meal_mmol.shape).astype(np.float64))
        look_in = LOOK_IN_DAYS if self.set == "articles" else ()
        made: dict[tuple[Stretch, ...], Forecast] = {}
        plans: list[tuple[Stretch, ...]] = []
        for regimen in regimens:
            changes = timeline(regimen, self.set)
            unchanged = same_diet and changes[0][1] == before
            plan = stretches(changes, float(self.ends[-1]), mode=self.mode, look_in=look_in, unchanged=unchanged)
            plans.append(plan)
            if plan not in made:
                made[plan] = self._forecast(plan, rest)
        return tuple(made[plan] for plan in plans)

    def _forecast(self, plan: tuple[Stretch, ...], rest: Rest) -> Forecast:
        none = np.zeros(len(rest.failed))
        moment = _Moment(rest.centre, averaged=True, orbit=rest.orbit, failed=rest.failed, gap_mmol=none)
        tracks: list[_Track] = []
        for count in range(1, len(plan) + 1):
            key = plan[:count]
            if key not in self.seen:
                self.seen[key] = self._run(key[-1], moment)
            track, moment = self.seen[key]
            tracks.append(track)
        at_start = _levels_at(self.lanes, rest.centre, rest.orbit.absorbed, rest.orbit.spill)
        values = np.concatenate((at_start[:, None], intervals(joined(tracks), self.ends)), axis=1)
        good = moment.gap_mmol[~moment.failed]
        gap = float(good.max()) if good.size else 0.0
        stores = np.stack([_muscle_of(self.lanes, state) for state in (rest.centre, moment.state)], axis=1)
        return Forecast(self.ends, values, moment.failed, gap, stores)

    def _run(self, stretch: Stretch, moment: _Moment) -> tuple[_Track, _Moment]:
        lanes = self.lanes.for_pattern(stretch.pattern)
        return self._glide(lanes, stretch, moment) if stretch.averaged else self._follow(lanes, stretch, moment)

    def _follow(self, lanes: Lanes, stretch: Stretch, moment: _Moment) -> tuple[_Track, _Moment]:
        """Every dose and meal of the stretch, in runs that do not fill the memory."""
        lanes = lanes.with_parameter("avg_abs", 0.0)
        state = moment.state
        if moment.averaged:
            state = moment.orbit.midnight(state)
        tracks: list[_Track] = []
        failed, gap, orbit, at = moment.failed, moment.gap_mmol, moment.orbit, stretch.start
        while at < stretch.end:
            until = min(at + _LONGEST_RUN_D, stretch.end)
            last_day = samples(until - 1.0) if until - 1.0 >= at and float(until).is_integer() else np.array([until])
            time = _times(at, np.array([at, until]), self._nodes(at, until), last_day)
            run = lanes.follow(stretch.pattern, state, time)
            tracks.append(_track(lanes, run, at, 0.0))
            if len(last_day) > 1:
                orbit = orbit_of(lanes, run, last_day - at)
            failed, gap = failed | run.failed, gap + _gap(lanes, run, state)
            state, at = run.values[:, -1, : state.shape[1]], until
        return joined(tracks), _Moment(state, averaged=False, orbit=orbit, failed=failed, gap_mmol=gap)

    def _glide(self, lanes: Lanes, stretch: Stretch, moment: _Moment) -> tuple[_Track, _Moment]:
        """The stretch on its mean absorption, less what the swing of its days spills."""
        orbit, state, failed = moment.orbit, moment.state, moment.failed
        if self.mode == "averaged":
            absorbed, lumen, stuck = absorbed_daily(lanes, stretch.pattern)
            failed, orbit = failed | stuck, still(lumen, absorbed)
        elif not moment.averaged:
            state = orbit.centre(state)
        lanes = lanes.with_parameter("avg_abs", orbit.absorbed - orbit.spill / uptake(lanes, state))
        ends = np.array([stretch.start, stretch.end])
        run = lanes.glide(state, _times(stretch.start, ends, self._nodes(stretch.start, stretch.end)))
        track, gap = _track(lanes, run, stretch.start, orbit.spill), moment.gap_mmol + _gap(lanes, run, state)
        end = run.values[:, -1, : state.shape[1]]
        return track, _Moment(end, averaged=True, orbit=orbit, failed=failed | run.failed, gap_mmol=gap)

    def _nodes(self, start: float, end: float) -> Floats:
        return self.ends[(self.ends >= start) & (self.ends <= end)]


def _times(start: float, *times: Floats) -> Floats:
    """All these days, once each, counted from `start`; what differs by rounding alone is the same moment."""
    return np.unique(np.round(np.concatenate(times) - start, 9))


def _track(lanes: Lanes, run: Run, start: float, spill: Floats | float) -> _Track:
    """The integrals of a run; `spill` is urine that an averaged run leaves out of its balance [mmol/d]."""
    extra = np.broadcast_to(spill, (len(run.values),))[:, None] * run.time
    urine = run.values[:, :, lanes.layout.column["kid_Uri"]] + extra
    absorbed = run.values[:, :, lanes.layout.column["gut_Abs"]] + extra
    ionised = run.integrals[:, :, 0] * lanes.parameter("kid_fu")[:, None]
    summed = np.concatenate((run.integrals, np.stack([ionised, urine, absorbed], axis=-1)), axis=-1)
    return _Track(run.time + start, summed)


def _gap(lanes: Lanes, run: Run, state: Floats) -> Floats:
    """(lanes,) what a run lost or made up [mmol]: given less what left and stayed."""
    begin = state.copy()
    begin[:, lanes.layout.sinks] = 0.0
    change = run.values[:, -1][:, lanes.layout.balanced] - begin[:, lanes.layout.balanced]
    return np.abs(run.fed_mmol - running_total(change))


def joined(tracks: Sequence[_Track]) -> _Track:
    """Tracks that follow each other as one; each goes on from where the one before ended."""
    sums = [tracks[0].sums]
    for track in tracks[1:]:
        sums.append(track.sums + sums[-1][:, -1:])
    return _Track(np.concatenate([track.time for track in tracks]), np.concatenate(sums, axis=1))


def intervals(track: _Track, ends: Floats) -> Floats:
    """(lanes, intervals, outputs) means over (ends[k-1], ends[k]], in the order of `UNITS`."""
    at = np.searchsorted(track.time, ends - 1e-8)
    mean = np.diff(track.sums[:, at], axis=1) / np.diff(ends)[:, None]
    return mean[:, :, [_SUMMED.index(name) for name in UNITS]]
