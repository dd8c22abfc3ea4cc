"""The daily orbit: where a day of doses and meals starts, how far it swings, what it leaves to an averaged day.

On a steady pattern serum circles once a day. An averaged run follows the centre of that circle. The centre is the
state less its offset at midnight; two things go with it: what the day absorbs, and what the swing alone adds to the
urine, since the kidney spills more at the crest than it saves in the trough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from davy.forecast.lanes import Lanes, Run
from davy.forecast.outcome import Floats
from davy.forecast.schedule import Pattern

SAMPLES_PER_DAY = 24
GUT_DAYS = 2
"""After one day the gut repeats itself, since all of it but the colon empties within hours; the next is measured."""

ORBIT_DAYS = 3
"""How long the body is followed before its last day counts as an orbit [d]."""


@dataclass(frozen=True)
class Orbit:
    """One day of a pattern, once it repeats itself.

    Attributes
    ----------
    offset : (lanes, states) state at midnight less the centre; zero in the gut.
    lumen : (lanes, states) content of the gut at midnight; zero elsewhere.
    absorbed : (lanes,) what a day would absorb at the reference serum [mmol/d].
    spill : (lanes,) urine that the swing adds to that of the centre [mmol/d].
    """

    offset: Floats
    lumen: Floats
    absorbed: Floats
    spill: Floats

    def centre(self, state: Floats) -> Floats:
        """From a state at midnight to the centre of its day, with an empty gut."""
        return state - self.offset - self.lumen

    def midnight(self, centre: Floats) -> Floats:
        """From the centre of a day to its midnight, with food in the gut."""
        return centre + self.offset + self.lumen


@dataclass(frozen=True)
class Rest:
    """The steady state under a pattern: its centre and its orbit."""

    centre: Floats
    orbit: Orbit
    failed: NDArray[np.bool_]


def samples(day: float) -> Floats:
    """The times at which one day is looked at, from `day` to the next [d]."""
    return day + np.arange(SAMPLES_PER_DAY + 1) / SAMPLES_PER_DAY


def orbit_of(lanes: Lanes, run: Run, last_day: Floats) -> Orbit:
    """The orbit of the last day of a run, which was looked at at the times `last_day`.

    A drift that is left over is taken out: the centre is that of the middle of the day, so midnight counts half of
    the start and half of the end.
    """
    states = len(lanes.model.states)
    places = np.searchsorted(run.time, last_day - 1e-8)
    day = run.values[:, places, :states]
    mean = (day[:, 0] + day[:, -1]) / 2
    for hour in range(1, SAMPLES_PER_DAY):
        mean = mean + day[:, hour]
    mean = mean / SAMPLES_PER_DAY
    serum = run.integrals[:, places[-1], 0] - run.integrals[:, places[0], 0]
    mean[:, lanes.layout.column["ECF"]] = serum * lanes.parameter(
        "Vecf"
    )  # exact, where samples miss the crest after a meal
    offset = (day[:, 0] + day[:, -1]) / 2 - mean
    lumen = np.zeros_like(offset)
    lumen[:, lanes.layout.lumen] = day[:, -1][:, lanes.layout.lumen]
    offset[:, lanes.layout.lumen + lanes.layout.sinks] = 0.0
    whole_day = day[:, -1] - day[:, 0]
    urine, absorbed = whole_day[:, lanes.layout.column["kid_Uri"]], whole_day[:, lanes.layout.column["gut_Abs"]]
    (at_centre,) = lanes.outputs(("kid_E",), mean)
    return Orbit(offset, lumen, absorbed / uptake(lanes, mean), urine - at_centre)


def still(lumen: Floats, absorbed: Floats) -> Orbit:
    """A day that does not swing, for runs that never follow doses."""
    none = np.zeros_like(absorbed)
    return Orbit(np.zeros_like(lumen), lumen, absorbed, none)


def uptake(lanes: Lanes, state: Floats) -> Floats:
    """(lanes,) how far the bowel wall is open at a state, relative to the reference serum."""
    return lanes.outputs(("gut_open",), state)[0] if "gut_open" in lanes.model.outputs else np.ones(len(state))


def absorbed_daily(lanes: Lanes, pattern: Pattern) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """What a day of this pattern absorbs once it repeats itself [mmol/d]; the gut at midnight; which lanes failed.

    Absorbed at the reference serum, where the gut does not depend on the rest of the body: any body serves, and
    lanes with the same gut and food are run once.
    """
    few, place = lanes.distinct_guts
    few = few.for_pattern(pattern).with_parameter("avg_abs", 0.0)
    if "gut_a_low" in few.model.parameters:
        few = few.with_parameter("gut_a_low", 0.0)
    run = few.follow(pattern, few.engine.initial(few.theta), np.array([0.0, GUT_DAYS - 1.0, float(GUT_DAYS)]))
    at = lanes.layout.column["gut_Abs"]
    absorbed = run.values[:, 2, at] - run.values[:, 1, at]
    lumen = np.zeros((len(absorbed), len(lanes.model.states)))
    lumen[:, lanes.layout.lumen] = run.values[:, 2][:, lanes.layout.lumen]
    return absorbed[place], lumen[place], run.failed[place]


def steady_centre(lanes: Lanes, absorbed: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """(lanes, states) the steady state on a mean absorption [mmol/d], with an empty gut; which lanes failed."""
    steady = lanes.engine.steady(lanes.with_parameter("avg_abs", absorbed).theta)
    state = steady.values.copy()
    state[:, lanes.layout.lumen + lanes.layout.sinks] = 0.0
    return state, steady.status != 0


def rest_of(lanes: Lanes, pattern: Pattern) -> Rest:
    """The periodic state that this pattern leads to.

    The steady state on the mean absorption is first followed for some days, which shows the orbit; what the swing
    spills is then part of the balance.
    """
    lanes = lanes.for_pattern(pattern)
    absorbed, lumen, failed = absorbed_daily(lanes, pattern)
    centre, stuck = steady_centre(lanes, absorbed)
    last_day = samples(ORBIT_DAYS - 1.0)
    run = lanes.with_parameter("avg_abs", 0.0).follow(pattern, centre + lumen, np.concatenate(([0.0], last_day)))
    orbit = orbit_of(lanes, run, last_day)
    centre, still_stuck = steady_centre(lanes, absorbed - orbit.spill / uptake(lanes, centre))
    muscle = lanes.layout.column["tis_MU"]
    centre[:, muscle] = centre[:, muscle] * (1.0 - lanes.parameter("tis_short"))
    return Rest(centre, orbit, failed | stuck | run.failed | still_stuck)
