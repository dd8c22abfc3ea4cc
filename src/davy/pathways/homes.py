"""How a pathway is run at given inputs and parameters: a closed form, a course in time, or a micro-experiment.

Every function here maps values by name, each (lanes,), to outputs by port, each (lanes,); a lane is computed as if it
were alone. NaN stands for what is not there, such as the speed of a wave that does not run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import numpy as np

from davy.body.model import Model
from davy.body.read import read_module
from davy.errors import KnowledgeError, ModelError
from davy.pathways.catalogue import Pathway
from davy.pathways.course import course
from davy.pathways.evaluation import Floats, assigned
from davy.pathways.rows import ParameterSet

Values = Mapping[str, Floats]
_ROOM = "davy.pathways.experiments"


def solved(
    pathway: Pathway, parameter_set: ParameterSet, given: Values, at_d: float | None = None
) -> dict[str, Floats]:
    """Every output port, each (lanes,), and what an experiment keeps beside them.

    Parameters
    ----------
    given : each input and each parameter of the set, (lanes,).
    at_d : the day at which a slow pathway is read; its horizon where None.

    Raises
    ------
    SolveError
        A lane could not be integrated, or an experiment did not converge.
    """
    home = pathway.home_of(parameter_set)
    if home.endswith(".ant"):
        return ports_of(pathway, home, _of_model(pathway, parameter_set, given, at_d))
    own = experiment(home)
    return ports_of(pathway, home, own.run(given), own.kept)


@cache
def module(pathway: Pathway, parameter_set: ParameterSet) -> Model:
    """The model file of a pathway, with the values of the literature and its default inputs."""
    home = pathway.home_of(parameter_set)
    if not home.endswith(".ant"):
        raise ModelError(f"{pathway.id} is a micro-experiment ({home}), which has no model file")
    values = {name: row.value for name, row in pathway.parameters[parameter_set].items()}
    values |= {name: port.value for name, port in pathway.inputs.items() if port.value is not None}
    return read_module(home.removesuffix(".ant"), values)


@cache
def experiment(name: str) -> Experiment:
    """The micro-experiment of that name."""
    home = f"{_ROOM}.{name}"
    if not name.isidentifier() or find_spec(home) is None:
        raise KnowledgeError(f"pathways.csv: {name!r} is neither a model file (.ant) nor an experiment of {_ROOM}")
    return Experiment(import_module(home))


class Experiment:
    """A module of `davy.pathways.experiments`, with what it has to say.

    Attributes
    ----------
    grid : the values of the input ports along which its response curve is kept, the first of `grids`.
    grids : by the ports that vary, other inputs at their defaults.
    kept : what a curve holds beside the output ports.
    near : answers where no more than `near_ports` moved, from the lanes (parameters, inputs) and what a curve holds.
    quick : whether a run takes less than half a second, so that nothing is read between the points of a curve.
    at_once : lanes to run together where nothing is kept, so that it can be told how far it is.
    equations : as displayed.
    anchors : measures that are no output, by name.
    """

    def __init__(self, home: ModuleType) -> None:
        self.name = home.__name__.rpartition(".")[2]
        self.grid: Mapping[str, tuple[float, ...]] = home.GRID
        also: tuple[Mapping[str, tuple[float, ...]], ...] = getattr(home, "ALSO", ())
        self.grids = {"_".join(one): one for one in (self.grid, *also)}
        self.kept: tuple[str, ...] = getattr(home, "KEPT", ())
        self.near: Callable[[Values, Values], dict[str, Floats]] | None = getattr(home, "near", None)
        self.near_ports: frozenset[str] = frozenset(getattr(home, "NEAR", ()))
        self.quick: bool = getattr(home, "QUICK", False)
        self.at_once: int = getattr(home, "AT_ONCE", 1000)
        self.equations: tuple[str, ...] = home.EQUATIONS
        self.anchors: Mapping[str, Callable[[], float]] = getattr(home, "ANCHORS", {})
        self._run: Callable[[Values], Values] = home.run

    def run(self, given: Values) -> dict[str, Floats]:
        """Outputs by port; raises SolveError where a lane does not converge."""
        return dict(self._run(given))


def _of_model(pathway: Pathway, parameter_set: ParameterSet, given: Values, at_d: float | None) -> dict[str, Floats]:
    model = module(pathway, parameter_set)
    if not model.states:
        return assigned(model, given)
    day = at_d if at_d is not None else pathway.row.horizon_d
    if day is None:
        raise KnowledgeError(f"pathways.csv: {pathway.id} changes with time, so it has a horizon_d")
    return {name: values[:, 0] for name, values in course(model, given, (day,)).items()}


def ports_of(pathway: Pathway, home: str, found: Values, beside: tuple[str, ...] = ()) -> dict[str, Floats]:
    """Each output port of what a model gives, and what is named beside them."""
    missing = [name for name in pathway.outputs if name not in found]
    if missing:
        raise KnowledgeError(f"{pathway.id}: {home} gives no {', '.join(missing)}, which pathway_ports.csv names")
    return {name: np.asarray(found[name], dtype=np.float64) for name in (*pathway.outputs, *beside)}
