"""Rosenbrock methods: one step of the whole system as operations, error estimate included.

ros3 is of Sandu et al., Atmospheric Environment 31 (1997); rodas4 of Hairer and Wanner, Solving ODEs II (1996).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from davy.engine.differentiate import jacobian
from davy.engine.factor import factorised
from davy.engine.graph import Graph, Node
from davy.engine.poles import divisors
from davy.engine.strength import reduced
from davy.engine.trace import System

_SUMS = 4  # side by side, so that none waits long for the one before
BELOW_ZERO = 30.0  # how much worse an error is that takes a state below 0, towards a pole of the rates

Coefficients = Mapping[tuple[int, int], float]


@dataclass(frozen=True)
class Method:
    """A method in the transformed form, where each stage solves (1/(gamma h) - J) u = f + sum(c u)/h."""

    name: str
    order: int
    gamma: float
    argument: Coefficients
    coupling: Coefficients
    new_rates: tuple[bool, ...]
    weights: tuple[float, ...]
    errors: tuple[float, ...]


ROS3 = Method(
    name="ros3",
    order=3,
    gamma=0.43586652150845899941601945119356,
    argument={(1, 0): 1.0, (2, 0): 1.0},
    coupling={
        (1, 0): -1.0156171083877702091975600115545,
        (2, 0): 4.0759956452537699824805835358067,
        (2, 1): 9.2076794298330791242156818474003,
    },
    new_rates=(True, True, False),
    weights=(1.0, 6.1697947043828245592553615689730, -0.42772256543218573326238373806514),
    errors=(0.5, -2.9079558716805469821718236208017, 0.22354069897811569627360909276199),
)

_LAST = {0: 1.221224509226641, 1: 6.019134481288629, 2: 12.53708332932087, 3: -0.6878860361058950}
RODAS4 = Method(
    name="rodas4",
    order=4,
    gamma=0.25,
    argument={
        (1, 0): 1.544,
        (2, 0): 0.9466785280815826,
        (2, 1): 0.2557011698983284,
        (3, 0): 3.314825187068521,
        (3, 1): 2.896124015972201,
        (3, 2): 0.9986419139977817,
        **{(4, j): value for j, value in _LAST.items()},
        **{(5, j): value for j, value in _LAST.items()},
        (5, 4): 1.0,
    },
    coupling={
        (1, 0): -5.6688,
        (2, 0): -2.430093356833875,
        (2, 1): -0.2063599157091915,
        (3, 0): -0.1073529058151375,
        (3, 1): -9.594562251023355,
        (3, 2): -20.47028614809616,
        (4, 0): 7.496443313967647,
        (4, 1): -10.24680431464352,
        (4, 2): -33.99990352819905,
        (4, 3): 11.70890893206160,
        (5, 0): 8.083246795921522,
        (5, 1): -7.981132988064893,
        (5, 2): -31.52159432874371,
        (5, 3): 16.31930543123136,
        (5, 4): -6.058818238834054,
    },
    new_rates=(True,) * 6,
    weights=(*_LAST.values(), 1.0, 1.0),
    errors=(0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
)


@dataclass(frozen=True)
class Step:
    """A traced step.

    Attributes
    ----------
    after : states at the end of the step.
    scales : largest size of each state since its last dose; a local error is judged against it.
    error : sum over states of (local error / scale)^2, within 25 %; not finite where any state is not.
    """

    graph: Graph
    after: Sequence[Node]
    scales: Sequence[Node]
    error: Node


def traced_step(system: System, method: Method) -> Step:
    """One step from the ``state`` leaves over the ``step`` leaf."""
    graph = Graph()
    before = system.leaves(graph)
    size = graph.node("step", 0)
    per_step = graph.div(graph.constant(1.0), size)
    rates = system.rates(graph, before)
    guarded = divisors(graph, rates)
    slopes = jacobian(graph, rates)
    shift = graph.div(graph.constant(1.0 / method.gamma), size)
    matrix = {key: graph.neg(slope) for key, slope in slopes.items() if key[0] != key[1]}
    for i in range(system.size):
        matrix[i, i] = graph.sub(shift, slopes[i, i]) if (i, i) in slopes else shift
    factors = factorised(graph, system.size, matrix)

    stages: list[list[Node]] = []
    for stage, new in enumerate(method.new_rates):
        if stage and new:
            rates = system.rates(graph, _combined(graph, before, stages, method.argument, stage))
        right = _coupled(graph, rates, stages, method.coupling, stage, per_step)
        stages.append(factors.solve(graph, right))

    after, wrong = list(before), [graph.constant(0.0)] * system.size
    for stage, increments in enumerate(stages):
        after = _plus(graph, after, method.weights[stage], increments)
        wrong = _plus(graph, wrong, method.errors[stage], increments)
    return _judged(graph, system, after, wrong, guarded)


def _plus(graph: Graph, base: Sequence[Node], factor: float, increments: Sequence[Node]) -> list[Node]:
    scale = graph.constant(factor)
    return [graph.fma(scale, u, b) for u, b in zip(increments, base, strict=True)] if factor else list(base)


def _combined(
    graph: Graph, before: Sequence[Node], stages: Sequence[Sequence[Node]], table: Coefficients, stage: int
) -> list[Node]:
    states = list(before)
    for earlier, increments in enumerate(stages):
        states = _plus(graph, states, table.get((stage, earlier), 0.0), increments)
    return states


def _coupled(
    graph: Graph,
    rates: Sequence[Node],
    stages: Sequence[Sequence[Node]],
    table: Coefficients,
    stage: int,
    per_step: Node,
) -> list[Node]:
    right = list(rates)
    for earlier, increments in enumerate(stages):
        factor = graph.mul(graph.constant(table[stage, earlier]), per_step)
        right = [graph.fma(factor, u, r) for u, r in zip(increments, right, strict=True)]
    return right


def _judged(graph: Graph, system: System, after: Sequence[Node], wrong: Sequence[Node], guarded: Sequence[int]) -> Step:
    """The step with its error measure, made cheap."""
    scales = [graph.node("max", graph.node("scale", i), graph.node("abs", state)) for i, state in enumerate(after)]
    weights = [graph.node("about_inverse", scale) for scale in scales]
    counted = range(system.size - system.clock)  # the clock is exact and does not count
    errors = [graph.mul(wrong[i], weights[i]) for i in counted]
    errors += [graph.mul(_undershoot(graph, i, after[i]), weights[i]) for i in guarded]
    sums = [graph.constant(0.0)] * _SUMS
    for i, error in enumerate(errors):
        sums[i % _SUMS] = graph.fma(error, error, sums[i % _SUMS])
    while len(sums) > 1:
        sums = [graph.add(a, b) for a, b in zip(sums[::2], sums[1::2], strict=True)]
    cheap, roots = reduced(graph, [*after, *scales, sums[0]])
    size = system.size
    return Step(cheap, roots[:size], roots[size : 2 * size], roots[2 * size])


def _undershoot(graph: Graph, index: int, after: Node) -> Node:
    """How far a state that was not negative has fallen below 0, as an error; one that is negative may double."""
    before = graph.node("state", index)
    lowest = graph.node("min", graph.add(before, before), graph.constant(0.0))
    below = graph.node("max", graph.sub(lowest, after), graph.constant(0.0))
    return graph.mul(graph.constant(BELOW_ZERO), below)
