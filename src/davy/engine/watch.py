"""Gathers, step by step, what a window asks for: every lane looks at its own step and adds to its own sums."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from davy.engine.assembly import Assembly
from davy.engine.binning import PARTS, Binning
from davy.engine.dense import Dense
from davy.engine.emission import Emission
from davy.engine.graph import Graph, Node
from davy.engine.job import SOLVE_SLOTS, Slots, spread
from davy.engine.reductions import BEGIN, Cell, starts
from davy.engine.room import Room
from davy.engine.rosenbrock import Step
from davy.engine.tiles import row_of, smaller
from davy.engine.trace import System

_SHARES = (0.25, 0.5, 0.75, 1.0)
_BOOLE = (7 / 90, 32 / 90, 12 / 90, 32 / 90, 7 / 90)


def cells_of(signature: str) -> tuple[Cell, ...]:
    """The cells that a signature names."""
    found = [part.partition(".") for part in signature.split("+") if part]
    return tuple((kind, quantity) for kind, _, quantity in found)


class Watch:
    """Writes what is gathered from each accepted step; five points of its cubic stand for the step."""

    def __init__(self, assembly: Assembly, system: System, room: Room, cells: Sequence[Cell]) -> None:
        self.write = assembly
        self.system = system
        self.room = room
        self.cells = cells
        self.slots = Slots(assembly, SOLVE_SLOTS)
        self.binning = Binning(assembly, self.slots, room, sum(kind == "bins" for kind, _ in cells))
        self.points: dict[str, list[Node]] = {}
        self.tile = ""

    def plan(self, step: Step, dense: Dense) -> list[Node]:
        """The nodes of every watched quantity at the start of the step, at its quarters and at its end."""
        graph = step.graph
        before = self.system.leaves(graph)
        for share in (0.0, *_SHARES):
            states = before if not share else step.after if share == 1 else _at(graph, before, dense, share)
            for quantity in dict.fromkeys(quantity for _, quantity in self.cells):
                self.points.setdefault(quantity, []).append(self._node(graph, states, quantity))
        return [node for nodes in self.points.values() for node in nodes]

    def _node(self, graph: Graph, states: Sequence[Node], quantity: str) -> Node:
        model = self.system.model
        if quantity in model.states:
            return states[model.states.index(quantity)]
        return self.system.outputs(graph, states)[model.outputs.index(quantity)]

    def look(self, emission: Emission, good: str, now: str, length: str) -> None:
        """Add one step to the sums, in the lanes of the mask."""
        seen = {quantity: emission.emit(nodes) for quantity, nodes in self.points.items()}
        kinds = {"area": self._area, "high": self._extreme, "low": self._extreme, "range": self._range}
        ranges = binned = 0
        for at, (kind, quantity) in zip(starts(self.cells), self.cells, strict=True):
            if kind == "bins":
                self.binning.spread(self.tile, seen[quantity], good, length, binned)
                binned += 1
                continue
            self._bound = ranges
            kinds[kind](at, seen[quantity], good, (now, length, kind))
            ranges += kind == "range"

    def _at_sum(self, index: int) -> str:
        total = sum(len(BEGIN[kind]) for kind, _ in self.cells)
        return row_of(self.write, self.tile, str(total), index)

    def _sum(self, index: int) -> str:
        return self.write.load(self.write.types.real, self.slots.pointer("sums"), self._at_sum(index))

    def _keep(self, index: int, value: str) -> None:
        self.write.store(self.write.types.real, value, self.slots.pointer("sums"), self._at_sum(index))

    def _area(self, at: int, seen: Sequence[str], good: str, step: tuple[str, str, str]) -> None:
        """Boole's rule."""
        write, t = self.write, self.write.types
        total = write.real("fmul", seen[0], t.constant(_BOOLE[0]))
        for weight, value in zip(_BOOLE[1:], seen[1:], strict=True):
            total = write.real("fadd", total, write.real("fmul", value, t.constant(weight)))
        area = write.real("fmul", total, step[1])
        before = self._sum(at)
        self._keep(at, write.choose(good, write.real("fadd", before, area), before))

    def _extreme(self, at: int, seen: Sequence[str], good: str, step: tuple[str, str, str]) -> None:
        """The largest or smallest of the points and of the tops of parabolas through three of them."""
        write, t, (now, length, kind) = self.write, self.write.types, step
        how = "ogt" if kind == "high" else "olt"
        best, when = self._sum(at), self._sum(at + 1)
        for k, value in enumerate(seen):
            top, offset = value, t.constant(0.0)
            if 0 < k < PARTS:
                top, offset = self._top(seen[k - 1], value, seen[k + 1], kind)
            share = write.real("fmul", write.real("fadd", offset, t.constant(float(k))), t.constant(1.0 / PARTS))
            moment = write.real("fadd", now, write.real("fmul", share, length))
            better = write.masks("and", good, write.compare(how, top, best))
            best, when = write.choose(better, top, best), write.choose(better, moment, when)
        self._keep(at, best)
        self._keep(at + 1, when)

    def _top(self, left: str, middle: str, right: str, kind: str) -> tuple[str, str]:
        """The top of a parabola where it lies between its outer points, and its place from -1 to 1; else the middle."""
        write, t = self.write, self.write.types
        twice = write.real("fmul", middle, t.constant(2.0))
        bend = write.real("fadd", write.real("fsub", left, twice), right)
        slope = write.real("fmul", write.real("fsub", right, left), t.constant(0.5))
        bent = write.compare("olt" if kind == "high" else "ogt", bend, t.constant(0.0))
        size = f"llvm.fabs.{t.suffix}"
        near = write.compare("ole", write.call(size, slope), write.call(size, bend))
        inside = write.masks("and", bent, near)
        offset = write.real("fdiv", slope, write.choose(inside, bend, t.constant(1.0)))
        offset = write.choose(inside, write.real("fsub", t.constant(0.0), offset), t.constant(0.0))
        gain = write.real("fmul", write.real("fmul", slope, offset), t.constant(0.5))
        return write.real("fadd", middle, gain), offset

    def _range(self, at: int, seen: Sequence[str], good: str, step: tuple[str, str, str]) -> None:
        """The share of each quarter, taken as straight, that lies between the limits."""
        write, t = self.write, self.write.types
        bounds = self.slots.pointer("bounds")
        low, high = (spread(write, write.load("double", bounds, str(2 * self._bound + k))) for k in (0, 1))
        total = t.constant(0.0)
        for a, b in pairwise(seen):
            bottom, top = smaller(write, a, b), write.larger(a, b)
            inside = write.real("fsub", smaller(write, top, high), write.larger(bottom, low))
            inside = write.larger(inside, t.constant(0.0))
            span = write.real("fsub", top, bottom)
            flat = write.compare("ole", span, t.constant(0.0))
            within = write.masks("and", write.compare("oge", a, low), write.compare("ole", a, high))
            still = write.choose(within, t.constant(1.0), t.constant(0.0))
            part = write.real("fdiv", inside, write.choose(flat, t.constant(1.0), span))
            total = write.real("fadd", total, write.choose(flat, still, part))
        spent = write.real("fmul", write.real("fmul", total, t.constant(1.0 / PARTS)), step[1])
        before = self._sum(at)
        self._keep(at, write.choose(good, write.real("fadd", before, spent), before))


def _at(graph: Graph, before: Sequence[Node], dense: Dense, share: float) -> list[Node]:
    """The states at a share of the step."""
    found: list[Node] = []
    at = graph.constant(share)
    for state, (first, second, third) in zip(before, dense.cubic, strict=True):
        slope = graph.fma(graph.fma(third, at, second), at, first)
        found.append(graph.fma(slope, at, state))
    return found
