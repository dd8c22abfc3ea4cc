"""Response curves: what an experiment gives on its grid, for the set's own values and every draw, kept on disk.

A curve bears the hash of the code and the parameters that it was made from, and that of its own numbers: one of other
code or parameters is not read, and one whose numbers were changed is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from davy.errors import SolveError
from davy.pathways.catalogue import Pathway, pathway
from davy.pathways.digest import curve_key, sealed, unsealed
from davy.pathways.draws import DRAWS, parameter_lanes
from davy.pathways.evaluation import Floats
from davy.pathways.homes import experiment, solved
from davy.pathways.inputs import defaults
from davy.pathways.rows import ParameterSet
from davy.tables import knowledge_file

FOLDER = "computed/curves"
_DIGITS = 6


@dataclass(frozen=True, eq=False)
class Curve:
    """What an experiment gives on a grid.

    Attributes
    ----------
    ports, grid : the inputs that vary, and the values of each.
    outputs : by port, (1 + draws, *grid); lane 0 is the set's own values.
    """

    key: str
    ports: tuple[str, ...]
    grid: tuple[Floats, ...]
    outputs: Mapping[str, Floats]

    @property
    def lanes(self) -> int:
        """How many lanes are kept."""
        return len(next(iter(self.outputs.values())))

    def covers(self, given: Mapping[str, Floats]) -> bool:
        """Whether the inputs lie within the grid."""
        return all(
            bool(np.all((given[port] >= axis[0]) & (given[port] <= axis[-1])))
            for port, axis in zip(self.ports, self.grid, strict=True)
        )

    def exact(self, given: Mapping[str, Floats]) -> bool:
        """Whether the inputs are points of the grid."""
        return all(bool(np.all(np.isin(given[port], axis))) for port, axis in zip(self.ports, self.grid, strict=True))

    def at(self, given: Mapping[str, Floats]) -> dict[str, Floats]:
        """Every output, (lanes,), linear between the points of the grid; NaN where a neighbour is not there."""
        count = len(next(iter(given.values())))
        lane = np.arange(count)
        sides = [_sides(axis, given[port]) for port, axis in zip(self.ports, self.grid, strict=True)]
        found: dict[str, Floats] = {}
        for name, values in self.outputs.items():
            total = np.zeros(count)
            for corner in product((0, 1), repeat=len(sides)):
                weight = np.ones(count)
                place: list[np.ndarray] = [lane]
                for (below, share), side in zip(sides, corner, strict=True):
                    weight = weight * (share if side else 1.0 - share)
                    place.append(np.minimum(below + side, values.shape[len(place)] - 1))
                total = total + np.where(weight > 0.0, weight * values[tuple(place)], 0.0)
            found[name] = total
        return found


def file_of(found: Pathway, parameter_set: ParameterSet, along: str = "") -> str:
    """Where the curve of a pathway along some of its inputs lies below `knowledge/`."""
    return f"{FOLDER}/{found.id}.{parameter_set}.{along or first_of(found, parameter_set)}.json"


def first_of(found: Pathway, parameter_set: ParameterSet) -> str:
    """Along what the first curve of a pathway goes, its magnesium."""
    return next(iter(experiment(found.home_of(parameter_set)).grids))


@cache
def stored_curve(found: Pathway, parameter_set: ParameterSet, along: str = "") -> Curve | None:
    """The curve of a pathway, or of its parent where that is the same one; None where none is kept that is fresh.

    Parameters
    ----------
    along : which of the curves of the experiment, by the inputs that vary; the first where blank.

    Raises
    ------
    KnowledgeError
        The file is not as it was computed.
    """
    along = along or first_of(found, parameter_set)
    key = key_of(found, parameter_set, along)
    places: list[tuple[Pathway, ParameterSet]] = [(found, parameter_set), *_alike(found, parameter_set)]
    for one, name in places:
        file = file_of(one, name, along)
        place = knowledge_file(file)
        if place.is_file():
            document = unsealed(place.read_bytes(), f"knowledge/{file}")
            if document is not None and document["key"] == key:
                return _curve(document)
    return None


def own_curves(found: Pathway, parameter_set: ParameterSet) -> tuple[str, ...]:
    """The curves of which no other is the same: a check may be another at its parameters, a set may add no value."""
    if found.home_of(parameter_set).endswith(".ant"):
        return ()
    home = found.home_of(parameter_set)
    alike = [pair for pair in _alike(found, parameter_set) if pair[0].home_of(pair[1]) == home]
    grids = experiment(home).grids
    keys = {along: key_of(found, parameter_set, along) for along in grids}
    return tuple(along for along, key in keys.items() if all(key_of(*one, along) != key for one in alike))


def key_of(found: Pathway, parameter_set: ParameterSet, along: str) -> str:
    """What a curve of a pathway rests on [hex]."""
    grid = experiment(found.home_of(parameter_set)).grids[along]
    return curve_key(found, parameter_set, tuple(grid))


def _alike(found: Pathway, parameter_set: ParameterSet) -> list[tuple[Pathway, ParameterSet]]:
    """The curves that come before this one and may be the same."""
    parent = pathway(found.row.parent) if found.row.parent is not None else None
    earlier: list[tuple[Pathway, ParameterSet]] = []
    for one in (parent, found):
        if one is not None:
            earlier.append((one, "literature"))
            earlier.append((one, parameter_set))
    alike = (one for one in dict.fromkeys(earlier) if one != (found, parameter_set))
    return [(one, name) for one, name in alike if not one.home_of(name).endswith(".ant")]


def made_curve(found: Pathway, parameter_set: ParameterSet, along: str = "") -> str:
    """Run the experiment of a pathway on a grid, for all draws: the text of its file."""
    along = along or first_of(found, parameter_set)
    grid = experiment(found.home_of(parameter_set)).grids[along]
    ports = tuple(grid)
    points = list(product(*grid.values()))
    lanes = 1 + DRAWS
    values = {name: np.full(lanes * len(points), value) for name, value in defaults(found).items()}
    values |= {
        port: np.tile(np.array([point[i] for point in points], dtype=np.float64), lanes) for i, port in enumerate(ports)
    }
    drawn = parameter_lanes(found, parameter_set, DRAWS)
    values |= {name: np.repeat(value, len(points)) for name, value in drawn.items()}
    try:
        outputs = solved(found, parameter_set, values)
    except SolveError as error:
        told = f"{found.id} ({parameter_set}), lane = draw * {len(points)} + point of the grid: {error}"
        raise SolveError(told) from error
    document = {
        "key": key_of(found, parameter_set, along),
        "pathway": found.id,
        "parameter_set": parameter_set,
        "draws": DRAWS,
        "grid": {port: list(axis) for port, axis in grid.items()},
        "outputs": {name: _rows(one.reshape(lanes, len(points))) for name, one in outputs.items()},
    }
    return sealed(document)


def _rows(values: Floats) -> list[list[float | None]]:
    return [[float(f"{one:.{_DIGITS}g}") if np.isfinite(one) else None for one in lane] for lane in values.tolist()]


def _curve(document: Mapping[str, Mapping[str, list[float]]]) -> Curve:
    grid = document["grid"]
    shape = tuple(len(axis) for axis in grid.values())
    outputs = {name: np.array(rows, dtype=np.float64).reshape(-1, *shape) for name, rows in document["outputs"].items()}
    axes = tuple(np.array(axis, dtype=np.float64) for axis in grid.values())
    return Curve(str(document["key"]), tuple(grid), axes, outputs)


def _sides(axis: Floats, values: Floats) -> tuple[np.ndarray, Floats]:
    """The point of the axis below each value, and how far the value lies toward the next."""
    below = np.clip(np.searchsorted(axis, values, side="right") - 1, 0, max(len(axis) - 2, 0))
    if len(axis) == 1:
        return below, np.zeros(len(values))
    return below, (values - axis[below]) / (axis[below + 1] - axis[below])
