"""The body model asked a question: what a diet brings in, where that settles, and what happens after a change.

One lane is one body: its parameters, and how much it eats. Amounts are mmol, times days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from davy.body.read import read_model
from davy.engine import Doses, Engine, build
from davy.errors import SolveError
from davy.pathways.evaluation import Floats
from davy.units import mmol_of_mg

Places = NDArray[np.intp]

MEALS_D = (7 / 24, 12.5 / 24, 19 / 24)
"""When three meals are eaten, the supplement with them."""
DIET_MG = 300.0
"""The usual diet of the body model's reference person [mg/d]."""
_RTOL = 1e-6
_ABSORBED = "avg_abs"


@dataclass(frozen=True, eq=False)
class Bodies:
    """Bodies side by side.

    Attributes
    ----------
    theta : (bodies, parameters) of the body model.
    """

    theta: Floats

    def absorbed(self, intake_mmol: Floats) -> Floats:
        """(bodies,) what a third day of three meals that share an intake brings in, at the reference serum [mmol/d]."""
        times = [day + at for day in range(3) for at in MEALS_D]
        share = np.repeat(intake_mmol[:, None] / 3.0, len(times), axis=1)
        doses = Doses(times, ["gut_GS"] * len(times), share)
        path = _engine().solve(self.theta, doses, [2.0, 3.0], rtol=_RTOL)
        _check(path.status)
        gross = path.series("gut_Abs")
        return gross[:, 1] - gross[:, 0]

    def steady(self, absorbed: Floats) -> Floats:
        """(bodies, states) where nothing changes while so much comes in."""
        found = _engine().steady(self._fed(absorbed))
        _check(found.status)
        return found.values

    def course(self, start: Floats, absorbed: Floats, times_d: Floats) -> Mapping[str, Floats]:
        """Every state and output, (bodies, times), while so much comes in evenly."""
        path = _engine().solve(self._fed(absorbed), Doses.none(), times_d, initial=start, rtol=_RTOL)
        _check(path.status)
        return {name: path.series(name) for name in path.names}

    def state(self, name: str) -> int:
        """The column of a state."""
        return _engine().model.states.index(name)

    def parameter(self, name: str) -> Floats:
        """(bodies,) the values of a parameter."""
        return self.theta[:, _engine().model.parameters.index(name)]

    def _fed(self, absorbed: Floats) -> Floats:
        theta = self.theta.copy()
        theta[:, _engine().model.parameters.index(_ABSORBED)] = absorbed
        return theta


def bodies(given: Mapping[str, Floats]) -> Bodies:
    """Reference bodies, with every parameter of the body model that `given` names put in."""
    model = _engine().model
    lanes = len(next(iter(given.values())))
    theta = np.tile([model.defaults[name] for name in model.parameters], (lanes, 1))
    for column, name in enumerate(model.parameters):
        if name in given:
            theta[:, column] = given[name]
    return Bodies(theta)


def diet(lanes: int, more_mg: Floats | float = 0.0) -> Floats:
    """(lanes,) the usual diet, and so much more [mmol/d]."""
    more = np.asarray(more_mg, dtype=np.float64) * mmol_of_mg(1.0)
    return np.broadcast_to(mmol_of_mg(DIET_MG) + more, (lanes,)).copy()


def at_day(values: Floats, times_d: Floats, day: Floats) -> Floats:
    """(lanes,) each lane's course, straight between its points, on the lane's own day."""
    found = np.empty(len(day))
    for lane in range(len(day)):
        found[lane] = np.interp(day[lane], times_d, values[lane])
    return found


def alike(given: Mapping[str, Floats], apart: frozenset[str]) -> tuple[dict[str, Floats], Places]:
    """The lanes that differ in more than the inputs named, once each, and for every lane which of them it is."""
    names = [name for name in given if name not in apart]
    table = np.stack([given[name] for name in names], axis=1)
    once, which = np.unique(table, axis=0, return_inverse=True)
    return {name: np.ascontiguousarray(once[:, k]) for k, name in enumerate(names)}, which.reshape(-1)


@cache
def _engine() -> Engine:
    return build(read_model())


def _check(status: NDArray[np.int64]) -> None:
    failed = np.flatnonzero(status)
    if len(failed):
        raise SolveError(f"the body model could not be integrated in lane {int(failed[0])}")
