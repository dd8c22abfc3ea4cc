"""From the prior to the posterior by steps: for the few persons whose posterior no bell resembles.

Particles of the prior meet the likelihood little by little. After each step those that fit are copied and all are
moved by proposals that leave the prior as it is, so that only the likelihood decides what is accepted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from davy.errors import FitError
from davy.forecast.outcome import Floats
from davy.inference.case import Case, Points, placed, taken_share
from davy.inference.importance import Informed
from davy.inference.mixture import NO_STEADY_STATE, squares
from davy.inference.quality import Quality
from davy.inference.streams import normals, uniforms

_PARTICLES = 1000
_MOVES = 6
_LAST_MOVES = 20
_MOST_STEPS = 40
_WANTED_SHARE = 0.5
_ANOTHER_KIND = 0.2
_ACCEPTED = 0.25
_LEAST_STRIDE, _MOST_STRIDE = 0.02, 1.0


def tempered(case: Case, failed: Informed, seed: int, own: str) -> Informed:
    """Versions of a person by steps; `failed` is what the bells gave.

    Raises
    ------
    FitError : the model has no steady state near the labs.
    """
    swarm = _Swarm(case, seed, own)
    heat = 0.0
    for step in range(_MOST_STEPS):
        nearer = swarm.next_heat(heat)
        swarm.select((nearer - heat) * swarm.level, step)
        heat = nearer
        for move in range(_LAST_MOVES if heat == 1.0 else _MOVES):
            swarm.move(heat, f"{step}:{move}")
        if heat == 1.0:
            break
    different = len(np.unique(swarm.state, axis=0))
    quality = Quality("tempered", failed.quality.pareto_k, float(different))
    weight = np.full(_PARTICLES, 1 / _PARTICLES)
    axes = len(case.coordinates.axes)
    points = Points(swarm.state[:, :axes], swarm.kind, taken_share(swarm.state[:, axes:]))
    return Informed(points, weight, swarm.level, quality, failed.bells)


class _Swarm:
    """The particles: standard normal numbers, a component, and how well each fits."""

    def __init__(self, case: Case, seed: int, own: str) -> None:
        self.case, self.seed, self.own = case, seed, own
        self.axes = len(case.coordinates.axes)
        self.stride = _MOST_STRIDE / 2
        self.state = normals(seed, own, "tempered", (_PARTICLES, self.axes + 2))
        self.kind = placed(case.coordinates.weight, uniforms(seed, own, "tempered-kind", _PARTICLES))
        self.level = self._level(self.state, self.kind)
        if not np.isfinite(self.level).any():
            raise FitError(NO_STEADY_STATE)

    def next_heat(self, heat: float) -> float:
        """How far the likelihood may count next, so that half of the particles go on being worth something."""
        if self._worth(1.0 - heat) >= _WANTED_SHARE:
            return 1.0
        low, high = 0.0, 1.0 - heat
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if self._worth(middle) >= _WANTED_SHARE else (low, middle)
        return min(1.0, heat + max(low, 1e-6))

    def select(self, log_weight: Floats, step: int) -> None:
        """Copy the particles as often as their weights ask."""
        share = float(uniforms(self.seed, self.own, f"tempered-kept:{step}", 1)[0])
        kept = placed(_weights(log_weight), (np.arange(_PARTICLES) + share) / _PARTICLES)
        self.state, self.kind, self.level = self.state[kept], self.kind[kept], self.level[kept]

    def move(self, heat: float, name: str) -> None:
        """One proposal a particle: a step that leaves the prior as it is, now and then into another component."""
        noise = normals(self.seed, self.own, f"tempered-move:{name}", self.state.shape)
        chance = uniforms(self.seed, self.own, f"tempered-chance:{name}", 3 * _PARTICLES).reshape(3, _PARTICLES)
        tried = np.sqrt(1 - self.stride**2) * self.state + self.stride * noise
        elsewhere = placed(self.case.coordinates.weight, chance[0])
        kind = np.where(chance[1] < _ANOTHER_KIND, elsewhere, self.kind)
        level = self._level(tried, kind)
        taken = np.log(chance[2]) < heat * (level - self.level)
        self.state = np.where(taken[:, None], tried, self.state)
        self.kind = np.where(taken, kind, self.kind)
        self.level = np.where(taken, level, self.level)
        more = np.exp(float(np.mean(taken)) - _ACCEPTED)
        self.stride = float(np.clip(self.stride * more, _LEAST_STRIDE, _MOST_STRIDE))

    def _worth(self, difference: float) -> float:
        weight = _weights(difference * self.level)
        return float(1 / np.sum(weight**2)) / _PARTICLES

    def _level(self, state: Floats, kind: NDArray[np.intp]) -> Floats:
        points = Points(state[:, : self.axes], kind, taken_share(state[:, self.axes :]))
        level = -squares(self.case.misfit(points)) / 2
        return np.where(np.isfinite(level), level, -np.inf)


def _weights(log_weight: Floats) -> Floats:
    weight = np.exp(log_weight - log_weight.max())
    return weight / np.sum(weight)
