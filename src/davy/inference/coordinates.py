"""The coordinates of a fit: each unknown of a person as a standard normal number.

A healthy kidney is log-normal about its threshold, a wasting one uniform between bounds; in these coordinates both
priors are the same bell, so a fit is least squares in every component of the mixture. What a covariate does is an axis
of its own, as wide as its source leaves it; so are a laboratory's offset and the collected share of a urine.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from davy.forecast.covariates import LEAST_ACTIVITY
from davy.forecast.outcome import Draws, Floats
from davy.inference.axes import Axis

INTAKE = "intake"


@dataclass(frozen=True)
class Kind:
    """One combination of kidney, gut and structure, with its prior weight.

    Attributes
    ----------
    fixed : parameters without an axis that have another value than the model's own.
    """

    name: str
    structure: str
    weight: float
    axes: tuple[Axis, ...]
    fixed: dict[str, float]


@dataclass(frozen=True)
class _Tables:
    """The axes of all kinds as arrays."""

    kinds: tuple[Kind, ...]
    names: tuple[str, ...]

    @cached_property
    def bells(self) -> tuple[Floats, Floats, Floats]:
        """Each (kinds, axes): logarithm of the median, spread, skew."""

        def table(of: str) -> Floats:
            return np.array([[getattr(axis, of) for axis in kind.axes] for kind in self.kinds], dtype=np.float64)

        return np.log(table("median")), table("spread"), table("skew")

    @cached_property
    def most(self) -> Floats:
        """(kinds, inputs) logarithm of what no draw exceeds."""
        table = np.full((len(self.kinds), len(self.names)), np.inf)
        for number, kind in enumerate(self.kinds):
            for axis in kind.axes:
                if axis.parameter in self.names and math.isfinite(axis.most):
                    table[number, self.names.index(axis.parameter)] = math.log(axis.most)
        return table

    @cached_property
    def uniform(self) -> tuple[tuple[int, Axis, tuple[int, ...]], ...]:
        """(place, axis, kinds that have it) of each axis that is uniform between bounds."""
        found: dict[tuple[int, Axis], list[int]] = {}
        for number, kind in enumerate(self.kinds):
            for place, axis in enumerate(kind.axes):
                if axis.low is not None and axis.high is not None:
                    found.setdefault((place, axis), []).append(number)
        return tuple((place, axis, tuple(kinds)) for (place, axis), kinds in found.items())

    def bounded(self, table: Floats, z: Floats, kind: NDArray[np.intp], of: Callable[[Axis, Floats], Floats]) -> Floats:
        for place, axis, kinds in self.uniform:
            has = np.zeros(len(self.kinds), dtype=np.bool_)
            has[list(kinds)] = True
            rows = has[kind]
            table[rows, place] = of(axis, z[rows, place])
        return table

    @cached_property
    def constant(self) -> Floats:
        """(kinds, inputs) logarithm of what no axis holds."""
        own = {axis.parameter for axis in self.kinds[0].axes}
        table = np.zeros((len(self.kinds), len(self.names)))
        for number, kind in enumerate(self.kinds):
            for column, name in enumerate(self.names):
                if name not in own:
                    table[number, column] = math.log(kind.fixed[name]) if kind.fixed[name] else -math.inf
        return table


@dataclass(frozen=True)
class Coordinates:
    """Everything unknown about a person.

    Attributes
    ----------
    kinds : the components of the mixture; all have the same parameters in the same order.
    fitted : how many of the axes take part in the fit; the others are drawn from their priors.
    targets : by axis, the parameters that it multiplies; none for what belongs to a measurement.
    acts : (eras, axes) in which stretch of the past an effect acts; the last is today.
    """

    kinds: tuple[Kind, ...]
    fitted: int
    targets: tuple[tuple[str, ...], ...]
    acts: NDArray[np.bool_]

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes of the healthy kind; the other kinds differ in kidney, gut or structure alone."""
        return self.kinds[0].axes

    @cached_property
    def weight(self) -> Floats:
        """(kinds,) prior weights."""
        return np.array([kind.weight for kind in self.kinds])

    @cached_property
    def healthy(self) -> NDArray[np.intp]:
        """(kinds,) which kind has the same structure and healthy organs."""
        first = {kind.structure: number for number, kind in reversed(list(enumerate(self.kinds)))}
        return np.array([first[kind.structure] for kind in self.kinds], dtype=np.intp)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every input of the body that some axis or structure moves; the intake first."""
        moved = [name for own in self.targets for name in own]
        return tuple(dict.fromkeys((INTAKE, *moved, *(name for kind in self.kinds for name in kind.fixed))))

    def place(self, parameter: str) -> int:
        """Which axis a parameter has."""
        return [axis.parameter for axis in self.axes].index(parameter)

    def amounts(self, z: Floats, kind: NDArray[np.intp]) -> Floats:
        """(points, axes) logarithm of the value of each axis at z (points, axes), each point in its own kind."""
        middle, spread, skew = (table[kind] for table in self._tables.bells)
        found = middle + spread * z + skew * (np.sqrt(1 + z * z) - 1)
        return self._tables.bounded(found, z, kind, lambda axis, own: np.log(axis.value(own)))

    def slopes(self, z: Floats, kind: NDArray[np.intp]) -> Floats:
        """(points, axes) derivative of `amounts`."""
        _, spread, skew = (table[kind] for table in self._tables.bells)
        found = spread + skew * z / np.sqrt(1 + z * z)
        return self._tables.bounded(found, z, kind, lambda axis, own: axis.slope(own))

    def log_inputs(
        self, amounts: Floats, kind: NDArray[np.intp], era: int = -1, *, acts: NDArray[np.bool_] | None = None
    ) -> Floats:
        """(points, inputs) logarithm of each of `names` during one era; `acts` instead of the era's own."""
        on = self.acts[era] if acts is None else acts
        own = np.zeros((len(amounts), len(self.names)))
        effects = np.zeros_like(own)
        for place, targets in enumerate(self.targets):
            table = effects if self.axes[place].effect is not None else own
            for name in targets if on[place] else ():
                column = self.names.index(name)
                table[:, column] = table[:, column] + amounts[:, place]
        total = self._tables.constant[kind] + own + np.maximum(effects, math.log(LEAST_ACTIVITY))
        return np.minimum(total, self._tables.most[kind])

    def draws_at(self, log_inputs: Floats, taken: Floats | None = None) -> Draws:
        """Draws of these inputs."""
        values = np.exp(log_inputs)
        return Draws(self.names[1:], values[:, 1:], values[:, 0], taken)

    def draws(self, z: Floats, kind: NDArray[np.intp], taken: Floats | None = None) -> Draws:
        """Draws of today at z (draws, axes), each in its own kind."""
        return self.draws_at(self.log_inputs(self.amounts(z, kind), kind), taken)

    @cached_property
    def _tables(self) -> _Tables:
        return _Tables(self.kinds, self.names)
