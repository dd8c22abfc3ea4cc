"""What each test would show without error: at a steady state, on the way between two, or under a load.

A lab of a time when nothing had changed for long is that of a steady state, one root a lane. Any other is followed
from the steady state before, era by era, each day on what it absorbs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from davy.body.model import Model
from davy.engine import Doses, Steps
from davy.forecast.lanes import Lanes, lanes_of
from davy.forecast.outcome import Draws, Floats
from davy.inference.absorption import Absorption
from davy.inference.evidence import LINEAR
from davy.inference.history import SETTLED_D, Era, era_at, settled_at
from davy.inference.likelihood import Observation

LOAD_MMOL, LOAD_D, LOAD_URINE_D = 30.0, 8 / 24, 1.0
"""The load behind a retention: 30 mmol into a vein over 8 h, urine of 24 h from its start (f-109)."""

OUTPUT = {
    "serum-magnesium": "C",
    "rbc-magnesium": "rbc_RBC",
    "urine-magnesium-24h": "kid_E",
    "ionised-magnesium": "kid_Cfree",
    "rbc-magnesium-free": "rbc_free",
}
_LOADS = ("magnesium-load-retention", "magnesium-load-retention-corrected")
QUANTITIES = (*OUTPUT, "urine-magnesium-spot", "faecal-magnesium-24h", "magnesium-balance-24h", *_LOADS)

DrawsOf = Callable[[int], Draws]
"""The draws as they were during one era."""


@dataclass(frozen=True)
class _Standing:
    """Where lanes stand at a moment.

    Attributes
    ----------
    outputs : by name, (lanes,) each output of the model.
    absorbed, eaten : (lanes,) what a day absorbs at the reference serum, and what is swallowed [mmol/d].
    """

    lanes: Lanes
    state: Floats
    outputs: Mapping[str, Floats]
    absorbed: Floats
    eaten: Floats


@dataclass(frozen=True)
class Design:
    """What is measured when, in which history: all of a fit but the results.

    Attributes
    ----------
    absorptions : what a day of each era absorbs.
    """

    model: Model
    eras: tuple[Era, ...]
    absorptions: tuple[Absorption, ...]
    observations: tuple[Observation, ...]

    @cached_property
    def used(self) -> tuple[int, ...]:
        """The eras that some observation needs."""
        needed = {self._era(one) for one in self.observations}
        if self.moving:
            needed |= set(range(self._first, 1 + max(self._era(self.observations[at]) for at in self.moving)))
        return tuple(sorted(needed))

    @cached_property
    def moving(self) -> tuple[int, ...]:
        """Which observations were made between steady states."""
        days = [one.day for one in self.observations]
        return tuple(at for at, day in enumerate(days) if not settled_at(self.eras, day))

    def expected(self, draws_of: DrawsOf) -> Floats:
        """(lanes, observations) what each test would show, on the scale of `log_value`; NaN where nothing is."""
        columns: dict[int, Floats] = {}
        for era in {self._era(one) for at, one in enumerate(self.observations) if at not in self.moving}:
            standing = self._settled(draws_of(era), era)
            for at, one in enumerate(self.observations):
                if at not in self.moving and self._era(one) == era:
                    columns[at] = _shown(standing, one.quantity)
        columns |= self._followed(draws_of) if self.moving else {}
        with np.errstate(invalid="ignore", divide="ignore"):
            found = [
                columns[at] if one.quantity in LINEAR else np.log(columns[at])
                for at, one in enumerate(self.observations)
            ]
        return np.stack(found, axis=-1)

    def _era(self, one: Observation) -> int:
        return era_at(self.eras, one.day)

    @property
    def _first(self) -> int:
        """The era whose steady state everything that moves starts from."""
        earliest = min(self.observations[at].day for at in self.moving)
        return era_at(self.eras, earliest - SETTLED_D)

    def _fed(self, draws: Draws, era: int) -> tuple[Lanes, Floats, Floats]:
        """Lanes on the mean absorption of an era, that absorption, and all that is swallowed [mmol/d]."""
        absorbed = self.absorptions[era](draws)
        eaten = draws.intake_mmol_per_d + self.eras[era].pattern.mmol_per_d * draws.taken_share
        return lanes_of(self.model, draws).with_parameter("avg_abs", absorbed), absorbed, eaten

    def _settled(self, draws: Draws, era: int) -> _Standing:
        lanes, absorbed, eaten = self._fed(draws, era)
        steady = lanes.engine.steady(lanes.theta)
        return _Standing(lanes, steady.values, steady.outputs, absorbed, eaten)

    def _followed(self, draws_of: DrawsOf) -> dict[int, Floats]:
        """Observations on the way, from the steady state before the first change that still acts."""
        state = self._settled(draws_of(self._first), self._first).state
        state = np.where(np.isfinite(state), state, np.nan)
        last = max(self._era(self.observations[at]) for at in self.moving)
        found: dict[int, Floats] = {}
        for era in range(self._first + 1, last + 1):
            here = [at for at in self.moving if self._era(self.observations[at]) == era]
            start = self.eras[era].start
            ends = [self.eras[era + 1].start] if era < last else []
            days = sorted({0.0, *(self.observations[at].day - start for at in here), *(end - start for end in ends)})
            lanes, absorbed, eaten = self._fed(draws_of(era), era)
            run = lanes.glide(_started(lanes, state), np.array(days))
            names = (*self.model.states, *self.model.outputs)
            for at in here:
                values = run.values[:, days.index(self.observations[at].day - start)]
                outputs = {name: values[:, column] for column, name in enumerate(names)}
                standing = _Standing(lanes, values[:, : len(self.model.states)], outputs, absorbed, eaten)
                found[at] = np.where(run.failed, np.nan, _shown(standing, self.observations[at].quantity))
            state = np.where(run.failed[:, None], np.nan, run.values[:, -1, : len(self.model.states)])
        return found


def _started(lanes: Lanes, state: Floats) -> Floats:
    """A state to run from, with an empty gut; lanes without one start anywhere, since they have failed already."""
    found = np.where(np.isfinite(state), state, 1.0)
    found[:, lanes.layout.lumen + lanes.layout.sinks] = 0.0
    return found


def known(model: Model, quantity: str) -> bool:
    """Whether a model predicts a quantity."""
    return quantity in QUANTITIES and (quantity not in OUTPUT or OUTPUT[quantity] in model.outputs)


def _shown(at: _Standing, quantity: str) -> Floats:
    """(lanes,) what a test shows of lanes that stand somewhere."""
    if quantity in OUTPUT:
        return at.outputs[OUTPUT[quantity]]
    if quantity == "urine-magnesium-spot":
        return at.outputs["kid_E"] / at.lanes.parameter("kid_GFR")
    absorbed = at.absorbed * at.outputs.get("gut_open", 1.0)
    stool = at.eaten - absorbed + at.lanes.parameter("gut_CLend") * at.outputs["C"]
    if quantity == "faecal-magnesium-24h":
        return stool
    if quantity == "magnesium-balance-24h":
        return at.eaten - at.outputs["kid_E"] - stool
    urine = _loaded(at)
    if quantity == "magnesium-load-retention-corrected":
        urine = urine - at.outputs["kid_E"] * LOAD_URINE_D
    return urine / LOAD_MMOL


def _loaded(at: _Standing) -> Floats:
    """(lanes,) urine of the day of a loading test [mmol]."""
    given = Steps([0.0, LOAD_D], [LOAD_MMOL / LOAD_D, 0.0])
    lanes = at.lanes
    run = lanes.engine.solve(
        lanes.theta,
        Doses.none(),
        np.array([0.0, LOAD_URINE_D]),
        initial=_started(lanes, at.state),
        inputs={"ECF": given},
        rtol=lanes.rtol,
    )
    failed = (run.status != 0) | ~np.isfinite(at.state[:, 0])
    return np.where(failed, np.nan, run.values[:, -1, lanes.layout.column["kid_Uri"]])
