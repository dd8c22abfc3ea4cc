"""The walk over tiles: one tile is as many lanes as a vector holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from davy.engine.assembly import Assembly
from davy.engine.emission import Emission
from davy.engine.graph import Graph, Node


def tile_function(assembly: Assembly, name: str, prepare: Callable[[], None], body: Callable[[str], None]) -> None:
    """Write ``void name(i64 first, i64 last, ptr job)`` which runs `body` for each tile in [first, last)."""
    assembly.lines.append(f"define void @{name}(i64 %first, i64 %last, ptr %job) nounwind {{")
    assembly.block("entry")
    counter = assembly.place("i64")
    prepare()
    assembly.say(f"store i64 %first, ptr {counter}")
    head, inside, after = (assembly.fresh(label) for label in ("tiles", "tile", "end"))
    assembly.say(f"br label %{head}")
    assembly.block(head)
    tile = assembly.load("i64", counter)
    more = assembly.value(f"icmp slt i64 {tile}, %last")
    assembly.say(f"br i1 {more}, label %{inside}, label %{after}")
    assembly.block(inside)
    body(tile)
    following = assembly.whole("add", tile, "1")
    assembly.say(f"store i64 {following}, ptr {counter}")
    assembly.say(f"br label %{head}")
    assembly.block(after)
    assembly.say("ret void")
    assembly.lines.append("}")


def loop(assembly: Assembly, start: str, stop: str, body: Callable[[str], None], counter: str) -> None:
    """Run `body` for each integer in [start, stop); `counter` is room for one integer."""
    head, inside, after = (assembly.fresh(label) for label in ("loop", "round", "done"))
    assembly.say(f"store i64 {start}, ptr {counter}")
    assembly.say(f"br label %{head}")
    assembly.block(head)
    index = assembly.load("i64", counter)
    more = assembly.value(f"icmp slt i64 {index}, {stop}")
    assembly.say(f"br i1 {more}, label %{inside}, label %{after}")
    assembly.block(inside)
    body(index)
    following = assembly.whole("add", index, "1")
    assembly.say(f"store i64 {following}, ptr {counter}")
    assembly.say(f"br label %{head}")
    assembly.block(after)


def guarded(assembly: Assembly, condition: str, body: Callable[[], None]) -> None:
    """Run `body` where the scalar condition holds."""
    inside, after = assembly.fresh("then"), assembly.fresh("join")
    assembly.say(f"br i1 {condition}, label %{inside}, label %{after}")
    assembly.block(inside)
    body()
    assembly.say(f"br label %{after}")
    assembly.block(after)


def smaller(assembly: Assembly, a: str, b: str) -> str:
    """The smaller of two; `b` where either is NaN."""
    return assembly.choose(assembly.compare("olt", a, b), a, b)


def row_of(assembly: Assembly, tile: str, rows: str, row: int | str) -> str:
    """Where a row of a tiled array starts, in elements."""
    first = assembly.whole("mul", tile, rows)
    at = assembly.whole("add", first, str(row))
    return assembly.whole("mul", at, str(assembly.types.width))


class Hoisted:
    """What depends on parameters alone is computed once a lane and kept."""

    def __init__(self, graph: Graph, roots: Sequence[Node]) -> None:
        self.graph = graph
        constant: set[Node] = set()
        steady: set[Node] = set()
        frontier: set[Node] = set()
        for node in graph.needed(roots):
            operation, arguments = graph.entries[node][0], graph.arguments(node)
            if operation == "constant":
                constant.add(node)
            elif operation == "parameter" or (arguments and all(a in steady or a in constant for a in arguments)):
                steady.add(node)
            else:
                frontier.update(argument for argument in arguments if argument in steady)
        frontier.update(root for root in roots if root in steady)
        self.nodes = sorted(frontier)

    def keep(self, assembly: Assembly, emission: Emission, room: str) -> None:
        """Compute the frontier and put it into `room`."""
        names = emission.emit(self.nodes)
        for index, name in enumerate(names):
            assembly.store(assembly.types.real, name, room, str(index * assembly.types.width))

    def fetched(self, assembly: Assembly, room: str) -> dict[Node, str]:
        """Names of the frontier's values, loaded from `room`."""
        width, real = assembly.types.width, assembly.types.real
        return {node: assembly.load(real, room, str(i * width)) for i, node in enumerate(self.nodes)}
