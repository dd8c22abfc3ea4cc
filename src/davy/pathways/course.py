"""A slow pathway through time: its model on the engine, ports held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from davy.body.model import Model
from davy.engine import Doses, Engine, build
from davy.errors import SolveError
from davy.pathways.evaluation import Floats

_RTOL = 1e-6


def course(model: Model, given: Mapping[str, Floats], times_d: Sequence[float]) -> dict[str, Floats]:
    """Every state and assigned quantity, (lanes, times).

    Parameters
    ----------
    given : value of each parameter, ports among them, (lanes,).

    Raises
    ------
    SolveError
        A parameter has no value, or a lane could not be integrated: which, and why.
    """
    missing = [name for name in model.parameters if name not in given]
    if missing:
        raise SolveError(f"{model.name}: nothing gives {', '.join(missing)}")
    theta = np.stack([given[name] for name in model.parameters], axis=1)
    path = _engine(model).solve(theta, Doses.none(), times_d, rtol=_RTOL)
    failed = np.flatnonzero(path.status)
    if len(failed):
        raise SolveError(f"{model.name}: {path.sentence(int(failed[0]))}")
    names = (*model.states, *model.outputs)
    return {name: path.values[:, :, i] for i, name in enumerate(names)}


@cache
def _engine(model: Model) -> Engine:
    return build(model)
