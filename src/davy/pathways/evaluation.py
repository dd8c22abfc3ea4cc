"""Formulas over lanes: what a model assigns, computed for every lane by elementwise arithmetic alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from davy.body.expression import Apply, Expression, Name, Number, Time
from davy.body.model import Model
from davy.errors import SolveError

Floats = NDArray[np.float64]

_OPERATIONS: Mapping[str, Callable[..., Floats]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
    "neg": np.negative,
    "pow": np.power,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "min": np.minimum,
    "max": np.maximum,
    "floor": np.floor,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "lt": np.less,
    "le": np.less_equal,
    "eq": np.equal,
    "ne": np.not_equal,
    "and": np.logical_and,
    "or": np.logical_or,
    "not": np.logical_not,
}


def assigned(model: Model, given: Mapping[str, Floats]) -> dict[str, Floats]:
    """Every quantity that the model assigns, each (lanes,).

    Parameters
    ----------
    given : the value of each parameter, and of each state where a formula reads one, each (lanes,).

    Raises
    ------
    SolveError
        A formula reads what was not given, or the time.
    """
    lanes = _Lanes(model, given)
    return {name: np.asarray(lanes.of(name), dtype=np.float64) for name in model.outputs}


class _Lanes:
    def __init__(self, model: Model, given: Mapping[str, Floats]) -> None:
        self._name = model.name
        self._formulas = {**model.flows, **dict(zip(model.outputs, model.assignments, strict=True))}
        self._known: dict[str, Floats] = dict(given)
        self._shape = np.shape(next(iter(given.values()))) if given else (1,)

    def of(self, name: str) -> Floats:
        """The value of a quantity."""
        if name not in self._known:
            if name not in self._formulas:
                raise SolveError(f"{self._name}: {name!r} has no value")
            with np.errstate(all="ignore"):  # what has no value is NaN, and told by whoever reads the output
                self._known[name] = np.broadcast_to(self._value(self._formulas[name]), self._shape)
        return self._known[name]

    def _value(self, part: Expression) -> Floats:
        if isinstance(part, Number):
            return np.full(self._shape, part.value)
        if isinstance(part, Name):
            return self.of(part.id)
        if isinstance(part, Time):
            raise SolveError(f"{self._name}: a closed form reads no time")
        return self._applied(part)

    def _applied(self, part: Apply) -> Floats:
        arguments = [self._value(argument) for argument in part.arguments]
        if part.operation == "select":
            return np.where(arguments[0].astype(bool), arguments[1], arguments[2])
        return _OPERATIONS[part.operation](*arguments)
