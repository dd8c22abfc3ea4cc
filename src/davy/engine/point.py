"""What a model says at one point: its own start, and the rates and outputs at given states."""

from __future__ import annotations

from davy.engine.assembly import Assembly
from davy.engine.emission import Emission
from davy.engine.graph import Graph, Node
from davy.engine.job import POINT_SLOTS, Slots
from davy.engine.tiles import row_of, tile_function
from davy.engine.trace import System


def emit_start(assembly: Assembly, system: System) -> None:
    """Write ``start``: the model's own initial states from parameters."""
    graph = Graph()
    _emit(assembly, system, "start", graph, system.initial(graph))


def emit_rates(assembly: Assembly, system: System) -> None:
    """Write ``rates``: right-hand sides, then outputs, at given states."""
    graph = Graph()
    states = system.leaves(graph)
    _emit(assembly, system, "rates", graph, [*system.rates(graph, states), *system.outputs(graph, states)])


def _emit(assembly: Assembly, system: System, name: str, graph: Graph, roots: list[Node]) -> None:
    slots, real = Slots(assembly, POINT_SLOTS), assembly.types.real

    def tile_body(tile: str) -> None:
        theta, states, values = (slots.pointer(slot) for slot in POINT_SLOTS)

        def leaf(operation: str, index: int) -> str:
            if operation == "state":
                return assembly.load(real, states, row_of(assembly, tile, str(system.size), index))
            return assembly.load(real, theta, row_of(assembly, tile, str(system.columns), index))

        for i, value in enumerate(Emission(assembly, graph, leaf).emit(roots)):
            assembly.store(real, value, values, row_of(assembly, tile, str(len(roots)), i))

    tile_function(assembly, name, lambda: None, tile_body)
