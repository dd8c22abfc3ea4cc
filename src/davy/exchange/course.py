"""One simulation that other programs can repeat: a body, what it eats and takes, and what it does day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from davy.body.model import Model
from davy.body.parameters import ParameterSet
from davy.body.read import read_model
from davy.errors import SolveError
from davy.forecast.lanes import Lanes, doses_of, lanes_of
from davy.forecast.orbit import rest_of
from davy.forecast.outcome import Draws, Floats
from davy.forecast.schedule import MEAL_STATE, MEALS, Pattern, timeline
from davy.people.regimen import NO_SUPPLEMENT, Regimen

SHOWN = ("C", "ECF", "kid_Uri", "gut_Abs", "tis_ST", "tis_MU", "bone_BS", "rbc_RBC", "csf_Csf")
"""What a course reports: quantities that no dose makes jump, so that a value at the time of a dose is one value."""

RTOL, ATOL = 1e-10, 1e-13
"""How tightly a course is integrated: relative, and absolute [mmol or mmol/L]."""

_HOURLY_UP_TO_D = 60


@dataclass(frozen=True)
class Course:
    """A regimen in one body, from the periodic steady state of what is eaten and taken before.

    Attributes
    ----------
    values : parameters that differ from the set's own values, as one person's.
    diet_mmol_per_d : magnesium from food and water, in three equal meals.
    taken_share : share of each labelled dose that is swallowed.
    before : what was taken until day 0.
    """

    regimen: Regimen
    days: int
    diet_mmol_per_d: float
    parameter_set: ParameterSet = "literature"
    values: Mapping[str, float] = field(default_factory=dict[str, float])
    taken_share: float = 1.0
    before: Regimen = NO_SUPPLEMENT

    @cached_property
    def model(self) -> Model:
        """The whole body."""
        return read_model("magnesium", parameter_set=self.parameter_set)

    @cached_property
    def lanes(self) -> Lanes:
        """The body as one lane of the engine."""
        row = np.array([list(self.values.values())])
        draws = Draws(tuple(self.values), row, np.array([self.diet_mmol_per_d]), np.array([self.taken_share]))
        return lanes_of(self.model, draws)

    @cached_property
    def patterns(self) -> tuple[tuple[int, Pattern], ...]:
        """(first day, what is taken on such a day) from day 0 on."""
        return timeline(self.regimen, self.parameter_set)

    @cached_property
    def start(self) -> dict[str, float]:
        """Each state at midnight of day 0; what only adds up starts at zero."""
        before = timeline(self.before, self.parameter_set)[0][1]
        rest = rest_of(self.lanes, before)
        if rest.failed.any():
            raise SolveError("this body finds no steady state on this diet")
        state = rest.orbit.midnight(rest.centre)[0]
        state[self.lanes.layout.sinks] = 0.0
        return {name: float(value) for name, value in zip(self.model.states, state, strict=True)}

    @property
    def meals(self) -> tuple[tuple[float, str, float], ...]:
        """(time of day [d], state, amount [mmol]) of each meal."""
        return tuple((at, MEAL_STATE, self.diet_mmol_per_d / len(MEALS)) for at in MEALS)

    @property
    def points(self) -> int:
        """How many equal steps the course is reported in: hours, or quarters of a day beyond two months."""
        return self.days * (24 if self.days <= _HOURLY_UP_TO_D else 4)

    @property
    def times_d(self) -> Floats:
        """(points + 1,) when the course is reported [d]."""
        return np.linspace(0.0, float(self.days), self.points + 1)

    def results(self) -> dict[str, Floats]:
        """(points + 1,) of each quantity of `SHOWN` [mmol, mmol/L], by the engine.

        Raises
        ------
        SolveError : the engine gave up.
        """
        state = np.array([list(self.start.values())])
        times, found = self.times_d, {name: np.empty(self.points + 1) for name in SHOWN}
        firsts = [day for day, _ in self.patterns]
        for (first, pattern), after in zip(self.patterns, [*firsts[1:], self.days], strict=True):
            end = min(after, self.days)
            if first >= end:
                continue
            lanes = self.lanes.for_pattern(pattern)
            last = times <= end if end == self.days else times < end
            mine = np.flatnonzero((times >= first) & last)
            asked = np.unique(np.append(times[mine] - first, float(end - first)))
            doses = doses_of(lanes, pattern, float(end - first))
            run = lanes.engine.solve(lanes.theta, doses, asked, initial=state, rtol=RTOL)
            if run.status.any():
                raise SolveError(run.sentence(0))
            for name in SHOWN:
                found[name][mine] = run.series(name)[0, : len(mine)]
            state = run.values[:, -1, : len(self.model.states)]
        return found
