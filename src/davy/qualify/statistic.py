"""A statistic by its name: mean, sd, share (of a flag), share<X, share>X or pNN."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from davy.errors import KnowledgeError
from davy.forecast.outcome import Floats

_NAME = re.compile(r"^(?:(?P<plain>mean|sd|share)|p(?P<percent>[0-9.]+)|share(?P<sign>[<>])(?P<bound>[0-9.]+))$")


def parts_of(name: str, place: str) -> re.Match[str]:
    """The parts of a name: `plain`, or `percent`, or `sign` and `bound`.

    Raises
    ------
    KnowledgeError : there is no such statistic; `place` says where it stands.
    """
    told = _NAME.match(name)
    if told is None:
        raise KnowledgeError(f"{place}: {name!r} is no statistic")
    return told


def statistic_of(name: str, place: str) -> Callable[[Floats], Floats]:
    """The function from (samples, values) to (samples,)."""
    told = parts_of(name, place)
    if told["percent"] is not None:
        percent = float(told["percent"])
        return lambda values: np.percentile(values, percent, axis=-1)
    if told["plain"] == "sd":
        return lambda values: np.std(values, axis=-1, ddof=1)
    if told["plain"] is not None:
        return lambda values: np.mean(values, axis=-1)
    bound = float(told["bound"])
    if told["sign"] == "<":
        return lambda values: np.mean(values < bound, axis=-1)
    return lambda values: np.mean(values > bound, axis=-1)
