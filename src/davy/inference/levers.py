"""How what each test shows moves with each axis of a fit, from few runs of the body.

Axes that move the same input of the body share its derivative: a covariate's effect on the kidney threshold acts as
the threshold itself does. So one nudge an input is enough, and the slope of each axis is known in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from davy.forecast.outcome import Floats
from davy.inference.case import Case

_STEP = 0.02
_LEAST_STEP = 5e-4


@dataclass(frozen=True)
class _Lever:
    """Inputs of the body that move together, in the eras in which they do."""

    inputs: tuple[str, ...]
    eras: tuple[bool, ...]


@dataclass(frozen=True)
class Curve:
    """What each test shows as a function of the fitted axes; the drawn ones are at their medians."""

    case: Case

    def shown(self, z: Floats, kind: NDArray[np.intp]) -> Floats:
        """(points, observations) what each test shows at z (points, fitted axes)."""
        return self.case.told(self._amounts(z, kind), kind)

    def sloped(self, z: Floats, kind: NDArray[np.intp], *, central: bool) -> tuple[Floats, Floats]:
        """What each test shows, and (points, observations, fitted axes) its derivatives, in one batch.

        Parameters
        ----------
        central : differences to both sides; one side is quicker and good enough to find a peak.
        """
        levers = len(self.levers)
        sides = (0.0, 1.0, -1.0) if central else (0.0, 1.0)
        nudges = np.concatenate([np.zeros((1, levers)), *(side * np.diag(self._steps) for side in sides[1:])])
        amounts = self._amounts(z, kind)

        def nudged(inputs: Floats, era: int) -> Floats:
            table = np.zeros((len(nudges), inputs.shape[1]))
            for place, lever in enumerate(self.levers):
                if lever.eras[era]:
                    for name in lever.inputs:
                        column = self.case.coordinates.names.index(name)
                        table[:, column] = table[:, column] + nudges[:, place]
            return (inputs[:, None, :] + table[None]).reshape(-1, inputs.shape[1])

        found = self.case.told(amounts, kind, nudged=nudged).reshape(len(z), len(nudges), -1)
        shown, up = found[:, 0], found[:, 1 : levers + 1]
        down, width = (found[:, levers + 1 :], 2.0) if central else (shown[:, None], 1.0)
        by_lever = (up - down) / (width * self._steps[:, None])
        return shown, self._by_axis(np.where(np.isfinite(by_lever), by_lever, 0.0), z, kind)

    @cached_property
    def levers(self) -> tuple[_Lever, ...]:
        """Each set of inputs that is nudged, once."""
        return tuple(dict.fromkeys(lever for lever in self._lever_of if lever is not None))

    @cached_property
    def _lever_of(self) -> tuple[_Lever | None, ...]:
        """By fitted axis, what it moves; None where no observation can tell."""
        coordinates, used = self.case.coordinates, self.case.design.used
        cells = any(one.quantity.startswith("rbc") for one in self.case.evidence.observations)
        found: list[_Lever | None] = []
        for place in range(coordinates.fitted):
            targets = coordinates.targets[place]
            blind = not targets or targets[0].startswith("csf_") or (targets[0].startswith("rbc_") and not cells)
            acts = coordinates.acts[:, place]
            throughout = all(acts[era] for era in used)
            if blind or not any(acts[era] for era in used):
                found.append(None)
            else:
                found.append(_Lever(targets, tuple(bool(throughout or on) for on in acts)))
        return tuple(found)

    @cached_property
    def _steps(self) -> Floats:
        """(levers,) how far each is nudged, on the logarithm."""
        axes = self.case.coordinates.axes
        sizes = {lever: _LEAST_STEP for lever in self.levers}
        for axis, lever in zip(axes, self._lever_of, strict=False):
            if lever is not None:
                sizes[lever] = max(sizes[lever], _STEP * abs(axis.spread))
        return np.array([sizes[lever] for lever in self.levers])

    def _by_axis(self, by_lever: Floats, z: Floats, kind: NDArray[np.intp]) -> Floats:
        """(points, observations, fitted axes) from (points, levers, observations)."""
        coordinates = self.case.coordinates
        slopes = coordinates.slopes(self._whole(z), kind)
        found = np.zeros((len(z), by_lever.shape[2], coordinates.fitted))
        for place, lever in enumerate(self._lever_of):
            if lever is not None:
                found[:, :, place] = by_lever[:, self.levers.index(lever)] * slopes[:, place, None]
        for place, axes in enumerate(self.case.measuring):
            for axis in axes:
                found[:, place, axis] = slopes[:, axis]
        return found

    def _amounts(self, z: Floats, kind: NDArray[np.intp]) -> Floats:
        return self.case.coordinates.amounts(self._whole(z), kind)

    def _whole(self, z: Floats) -> Floats:
        return np.concatenate((z, np.zeros((len(z), len(self.case.coordinates.axes) - z.shape[1]))), axis=1)
