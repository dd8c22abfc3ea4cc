"""Every slow pathway coupled to the body in one model: magnesium through the adapters, feeds through their ports.

A port that nothing feeds is held at its default. A chain may lead back into the body (glucose to the kidney); a chain
without a state in it that leads back to itself is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from davy.body.expression import Expression, Name, Number, apply
from davy.body.model import Model
from davy.body.read import read_model
from davy.errors import Fault, InputError, KnowledgeError
from davy.pathways.catalogue import BODY, Pathway, body_feeds, catalogue, pathway
from davy.pathways.curves import stored_curve
from davy.pathways.draws import parameter_lanes
from davy.pathways.evaluation import Floats
from davy.pathways.homes import module
from davy.pathways.joining import Part, joined
from davy.pathways.rows import Compartment, ParameterSet

ADAPTER = "P00"
_PLASMA: Mapping[Compartment, str] = {"plasma-ionised": "kid_Cfree", "serum-total": "C"}
_DERIVED: Mapping[str, Expression] = {"muscle_store_fraction": apply("div", Name("tis_MU"), Name("tis_M_mu"))}
"""What a feed may name of the body beside its own quantities."""


@dataclass(frozen=True, eq=False)
class Coupled:
    """The body with pathways round it.

    Attributes
    ----------
    pathways : those that are in it, upstream ones before what they feed.
    held : ports that nothing feeds, as their names in the model.
    """

    model: Model
    pathways: tuple[Pathway, ...]
    held: tuple[str, ...]
    parameter_set: ParameterSet

    def name(self, of: str, quantity: str) -> str:
        """What a port or parameter of a pathway is called in the model."""
        return f"{_prefix(pathway(of))}{quantity}"

    def theta(self, draws: int, seed: int = 0, body: Mapping[str, Floats | float] | None = None) -> Floats:
        """(1 + draws, parameters): lane 0 the set's own values, then drawn; the body's own where it is given."""
        model = self.model
        lanes = {name: np.full(1 + draws, model.defaults[name]) for name in model.parameters}
        for one in self.pathways:
            for name, values in parameter_lanes(one, self.parameter_set, draws, seed).items():
                lanes[f"{_prefix(one)}{name}"] = values
        for name, value in (body or {}).items():
            lanes[name] = np.broadcast_to(np.asarray(value, dtype=np.float64), (1 + draws,))
        return np.stack([lanes[name] for name in model.parameters], axis=1)


def coupled(
    names: Iterable[str] | None = None, *, parameter_set: ParameterSet = "literature", hypotheses: bool = False
) -> Coupled:
    """The body with these pathways and all that feeds them; None = every slow one.

    Parameters
    ----------
    hypotheses : whether pathways of grade D are among them, or may feed them.

    Raises
    ------
    InputError
        A pathway is a hypothesis and none are wanted, or is an experiment, which has no model.
    """
    asked = tuple(pathway(name) for name in names) if names is not None else tuple(_slow(hypotheses))
    for one in asked:
        if one.hypothesis and not hypotheses:
            raise InputError([Fault(one.id, "is a hypothesis (grade D)", "ask for hypotheses to couple it")])
        if one.experiment:
            raise InputError([Fault(one.id, "is a micro-experiment, which has no model to couple")])
    return _coupled(asked, parameter_set, hypotheses)


@cache
def _coupled(asked: tuple[Pathway, ...], parameter_set: ParameterSet, hypotheses: bool) -> Coupled:
    weaver = _Weaver(parameter_set, hypotheses)
    for one in asked:
        weaver.add(one)
    return weaver.whole()


class _Weaver:
    """Adds pathways one by one, each after what feeds it."""

    def __init__(self, parameter_set: ParameterSet, hypotheses: bool) -> None:
        self.body = read_model(parameter_set=parameter_set)
        self._set: ParameterSet = parameter_set
        self._hypotheses = hypotheses
        self._parts: dict[str, Part] = {}
        self._found: dict[str, Pathway] = {}
        self._under_way: set[str] = set()
        self._held: list[str] = []

    def add(self, one: Pathway) -> None:
        """Add a pathway, and what feeds it."""
        if one.id in self._found or one.id in self._under_way:
            return
        self._under_way.add(one.id)
        model = module(one, self._set)
        wires: dict[str, Expression] = {}
        for port in one.inputs:
            wire = self._wire(one, port)
            if wire is None:
                self._held.append(f"{_prefix(one)}{port}")
            elif port in model.parameters:
                wires[port] = wire
        self._under_way.discard(one.id)
        self._found[one.id] = one
        self._parts[one.id] = Part(_prefix(one), model, wires)

    def whole(self) -> Coupled:
        """The body and all parts as one model."""
        back: dict[str, Expression] = {}
        for feed in body_feeds():
            source, _, output = feed.feed.partition(".")
            if source in self._found:
                back[feed.port] = Name(f"{_prefix(self._found[source])}{output}")
        parts = (Part("", self.body, back), *self._parts.values())
        model = joined("magnesium_with_pathways", parts)
        return Coupled(model, tuple(self._found.values()), tuple(self._held), self._set)

    def _wire(self, one: Pathway, port: str) -> Expression | None:
        """What feeds a port; None where it is held."""
        feed = one.feeds.get(port)
        if feed is not None:
            return self._fed(one, feed.feed)
        compartment = one.inputs[port].compartment
        if compartment is None or compartment == "dose":
            return None
        if compartment in _PLASMA:
            return Name(_PLASMA[compartment])
        for adapter in catalogue():
            if adapter.id.startswith(ADAPTER) and adapter.row.parent is None and not adapter.hypothesis:
                given = [name for name, out in adapter.outputs.items() if out.compartment == compartment]
                if given:
                    return self._output(adapter, given[0])
        return None

    def _fed(self, one: Pathway, feed: str) -> Expression | None:
        source, _, output = feed.partition(".")
        if source == BODY:
            return self._of_body(one, output)
        upstream = pathway(source)
        if upstream.hypothesis and not self._hypotheses:
            return None
        return self._output(upstream, output)

    def _of_body(self, one: Pathway, name: str) -> Expression:
        if name in _DERIVED:
            return _DERIVED[name]
        if name not in (*self.body.states, *self.body.outputs, *self.body.parameters):
            raise KnowledgeError(f"pathway_feeds.csv: {one.id}: the body model has no {name!r}")
        return Name(name)

    def _output(self, upstream: Pathway, output: str) -> Expression | None:
        if upstream.experiment:
            return self._from_curve(upstream, output)
        self.add(upstream)
        return Name(f"{_prefix(upstream)}{output}")

    def _from_curve(self, upstream: Pathway, output: str) -> Expression | None:
        """The response curve of an experiment as a formula of its one magnesium, other inputs at their defaults."""
        curve = stored_curve(upstream, self._set)
        if curve is None or len(curve.ports) != 1:
            return None
        wire = self._wire(upstream, curve.ports[0])
        values = curve.outputs[output][0]
        if wire is None or not np.all(np.isfinite(values)):
            return None
        return _polyline(wire, curve.grid[0].tolist(), values.tolist())


def _polyline(of: Expression, xs: list[float], ys: list[float]) -> Expression:
    """Straight lines from point to point, level beyond the ends."""
    inside = apply("min", apply("max", of, Number(xs[0])), Number(xs[-1]))
    slopes = [(b - a) / (right - left) for (left, right), (a, b) in zip(pairwise(xs), pairwise(ys), strict=True)]
    found: Expression = Number(ys[0])
    for start, turn in zip(xs[:-1], np.diff([0.0, *slopes]).tolist(), strict=True):
        bend = apply("max", apply("sub", inside, Number(start)), Number(0.0))
        found = apply("add", found, apply("mul", Number(turn), bend))
    return found


def _slow(hypotheses: bool) -> Iterator[Pathway]:
    for one in catalogue():
        if one.kind == "slow" and not one.experiment and one.row.parent is None and (hypotheses or not one.hypothesis):
            yield one


def _prefix(one: Pathway) -> str:
    return f"{one.id.partition('_')[0]}__"
