"""Traces a model into the graph: rates, outputs and initial values as nodes of states and parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from davy.body.expression import Expression, Name, Number, Time, names_in
from davy.body.model import Model
from davy.engine.graph import Graph, Node
from davy.errors import ModelError


@dataclass(frozen=True, eq=False)
class System:
    """What is integrated: the model's states, then the integrals asked for, then a clock where rates read time.

    Attributes
    ----------
    model : the model.
    integrals : outputs or states whose integral over time is carried along.
    """

    model: Model
    integrals: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = {*self.model.states, *self.model.outputs}
        for name in self.integrals:
            if name not in known:
                raise ModelError(f"{name!r} is neither a state nor an output, so it has no integral")

    @cached_property
    def clock(self) -> bool:
        """Whether a formula reads the time; a model without states is a clock alone."""
        if not self.model.states:
            return True
        formulas = (*self.model.rates, *self.model.assignments, *self.model.flows.values())
        return any(_reads_time(formula) for formula in formulas)

    @property
    def size(self) -> int:
        """How many states are integrated."""
        return len(self.model.states) + len(self.integrals) + self.clock

    @property
    def columns(self) -> int:
        """How many parameters a lane has: the model's, then one zero-order input for each of its states."""
        return len(self.model.parameters) + len(self.model.states)

    def rates(self, graph: Graph, states: Sequence[Node]) -> list[Node]:
        """Right-hand sides at these states, zero-order inputs added."""
        lowering = Lowering(graph, self.model, states[: len(self.model.states)], self._now(states))
        first_input = len(self.model.parameters)
        rates = [
            graph.add(lowering.node(rate), graph.node("parameter", first_input + index))
            for index, rate in enumerate(self.model.rates)
        ]
        rates += [lowering.named(name) for name in self.integrals]
        return [*rates, graph.constant(1.0)] if self.clock else rates

    def outputs(self, graph: Graph, states: Sequence[Node]) -> list[Node]:
        """Assigned quantities at these states."""
        lowering = Lowering(graph, self.model, states[: len(self.model.states)], self._now(states))
        return [lowering.named(name) for name in self.model.outputs]

    def initial(self, graph: Graph) -> list[Node]:
        """The model's own start; integrals and clock start at 0."""
        lowering = Lowering(graph, self.model, (), None)
        start = [lowering.node(formula) for formula in self.model.initial]
        return start + [graph.constant(0.0)] * (self.size - len(start))

    def leaves(self, graph: Graph) -> list[Node]:
        """The states as leaves."""
        return [graph.node("state", index) for index in range(self.size)]

    def _now(self, states: Sequence[Node]) -> Node | None:
        return states[-1] if self.clock else None


class Lowering:
    """Formulas of one model at given nodes for its states."""

    def __init__(self, graph: Graph, model: Model, states: Sequence[Node], now: Node | None) -> None:
        self.graph = graph
        self._nodes: dict[str, Node] = {key: graph.node("parameter", i) for i, key in enumerate(model.parameters)}
        if states:
            self._nodes |= dict(zip(model.states, states, strict=True))
        self._formulas: Mapping[str, Expression] = {
            **model.flows,
            **dict(zip(model.outputs, model.assignments, strict=True)),
        }
        self._open: set[str] = set()
        self._now = now

    def named(self, name: str) -> Node:
        """The node of a state, parameter, output or flow; what it rests on comes first, however long the chain."""
        waiting = [name]
        while waiting:
            here = waiting[-1]
            if here in self._nodes:
                waiting.pop()
                continue
            missing = [key for key in names_in(self._formulas[here]) if key not in self._nodes]
            if not missing:
                self._nodes[here] = self.node(self._formulas[here])
            elif here in self._open:
                raise ModelError(f"the rules define {here!r} in a circle")
            self._open.add(here)
            waiting.extend(missing)
        return self._nodes[name]

    def node(self, formula: Expression) -> Node:
        """The node of a formula."""
        if isinstance(formula, Number):
            return self.graph.constant(formula.value)
        if isinstance(formula, Name):
            return self.named(formula.id)
        if isinstance(formula, Time):
            return self.graph.constant(0.0) if self._now is None else self._now
        return self._applied(formula.operation, [self.node(argument) for argument in formula.arguments])

    def _applied(self, operation: str, arguments: list[Node]) -> Node:
        graph = self.graph
        if operation in ("neg", "add", "sub", "mul", "div"):
            return getattr(graph, operation)(*arguments)
        if operation == "pow":
            return graph.power(*arguments)
        return graph.node(operation, *arguments)


def _reads_time(formula: Expression) -> bool:
    if isinstance(formula, Name | Number):
        return False
    return isinstance(formula, Time) or any(_reads_time(part) for part in formula.arguments)
