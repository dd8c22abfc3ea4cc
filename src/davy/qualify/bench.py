"""A body with its engine, and the moves that published experiments share: meals, rest, a course, a load.

Amounts are mmol, volumes L, time days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from davy.body.model import Model
from davy.engine import Doses, Engine, build

Floats = NDArray[np.float64]
Figures = dict[str, float]
Changes = Mapping[str, float]

MEALS = (7 / 24, 12.5 / 24, 19 / 24)
"""When three meals are eaten."""
DIET = 12.3
"""The usual diet, 300 mg/d [mmol/d]."""
RTOL = 1e-6


@dataclass(frozen=True, eq=False)
class Bench:
    """A model with its engine under some changes of its parameters, and the experiments' common moves."""

    model: Model
    changes: Changes = field(default_factory=dict[str, float])

    @cached_property
    def engine(self) -> Engine:
        """The compiled model."""
        return build(self.model, integrals=("C",))

    def theta(self, changes: Changes | None = None) -> Floats:
        """(1, parameters) defaults with some parameters changed."""
        values = {**self.model.defaults, **self.changes, **(changes or {})}
        return np.array([[values[name] for name in self.model.parameters]])

    def absorbed(self, diet: Floats, extra: ArrayLike = 0.0, f_act: ArrayLike = 1.0) -> Floats:
        """What a third day of three meals that share `diet` and `extra` [mmol/d] absorbs at the reference serum."""
        lanes = np.broadcast_shapes(diet.shape, np.shape(extra), np.shape(f_act))
        theta = np.repeat(self.theta(), lanes[0], axis=0)
        theta[:, self.model.parameters.index("gut_f_act")] = f_act
        theta[:, self.model.parameters.index("gut_a_low")] = 0.0
        meal = (np.broadcast_to(diet, lanes) + np.broadcast_to(extra, lanes)) / 3
        times = [day + at for day in range(3) for at in MEALS]
        doses = Doses(times, ["gut_GS"] * len(times), np.repeat(meal[:, None], len(times), axis=1))
        gross = self.engine.solve(theta, doses, [2.0, 3.0], rtol=RTOL).series("gut_Abs")
        return gross[:, 1] - gross[:, 0]

    def fraction(self, amounts: Sequence[float]) -> Floats:
        """Share absorbed of single dissolved amounts taken into an empty gut."""
        theta = np.repeat(self.theta(), len(amounts), axis=0)
        doses = Doses([0.0], ["gut_GS"], np.array(amounts)[:, None])
        return self.engine.solve(theta, doses, [3.0], rtol=RTOL).series("gut_Abs")[:, 0] / np.array(amounts)

    def steady(self, absorbed: float, changes: Changes | None = None) -> tuple[Floats, Mapping[str, float]]:
        """States and outputs at which nothing changes while `absorbed` [mmol/d] comes in."""
        found = self.engine.steady(self.theta({**(changes or {}), "avg_abs": absorbed}))
        if found.status.any():
            raise ArithmeticError(found.sentence(0))
        return found.values[0], {name: float(value[0]) for name, value in found.outputs.items()}

    def course(self, start: Floats, absorbed: float, times: ArrayLike, iv: float = 0.0) -> Mapping[str, Floats]:
        """Every state and output over time from `start`, with even absorption and an even infusion [mmol/d]."""
        path = self.engine.solve(
            self.theta({"avg_abs": absorbed}), Doses.none(), times, initial=start, inputs={"ECF": iv}, rtol=RTOL
        )
        if path.status.any():
            raise ArithmeticError(path.sentence(0))
        return {name: path.series(name)[0] for name in path.names} | {"last": path.values[0, -1, : len(start)]}

    def loaded(self, start: Floats, absorbed: float, amount: float, hours: float) -> tuple[float, float]:
        """Urine [mmol] on the day of an infusion of `amount` mmol over some hours, and on the day after."""
        at = self.model.states.index("kid_Uri")
        given = self.course(start, absorbed, [hours / 24], iv=24 * amount / hours)["last"]
        after = self.course(given, absorbed, [1.0 - hours / 24, 2.0 - hours / 24])["kid_Uri"]
        return float(after[0] - start[at]), float(after[1] - after[0])

    def parameter(self, name: str) -> float:
        """The value of one parameter."""
        return float(self.theta()[0, self.model.parameters.index(name)])

    def usual(self) -> float:
        """What the usual diet gives [mmol/d]."""
        return float(self.absorbed(np.array([DIET]))[0])

    def changed(self, changes: Changes) -> Bench:
        """The same body with other values of some parameters."""
        return replace(self, changes={**self.changes, **changes})
