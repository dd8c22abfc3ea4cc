"""Sparse LU written out as operations: the pattern is known when the engine is built, so nothing is searched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from davy.engine.graph import Graph, Node

Entries = Mapping[tuple[int, int], Node]


def elimination_order(size: int, pattern: set[tuple[int, int]]) -> list[int]:
    """Pivots by least fill (Markowitz), ties by index."""
    rows: list[set[int]] = [set() for _ in range(size)]
    columns: list[set[int]] = [set() for _ in range(size)]
    for i, j in pattern:
        if i != j:
            rows[j].add(i)
            columns[i].add(j)
    left = set(range(size))
    order: list[int] = []
    while left:
        pivot = min(left, key=lambda k: (len(rows[k]) * len(columns[k]), k))
        left.remove(pivot)
        order.append(pivot)
        for i in rows[pivot]:
            columns[i] |= columns[pivot] - {i}
            columns[i].discard(pivot)
        for j in columns[pivot]:
            rows[j] |= rows[pivot] - {j}
            rows[j].discard(pivot)
    return order


@dataclass(frozen=True)
class Factors:
    """L and U of a matrix in one set of entries, with the reciprocals of the pivots."""

    order: Sequence[int]
    entries: Entries
    reciprocal: Mapping[int, Node]

    def solve(self, graph: Graph, right: Sequence[Node]) -> list[Node]:
        """The nodes of x where the matrix times x is `right`."""
        x = list(right)
        for position, pivot in enumerate(self.order):
            for row in self.order[position + 1 :]:
                if (row, pivot) in self.entries:
                    x[row] = graph.fnma(self.entries[row, pivot], x[pivot], x[row])
        for position in range(len(self.order) - 1, -1, -1):
            pivot = self.order[position]
            for column in self.order[position + 1 :]:
                if (pivot, column) in self.entries:
                    x[pivot] = graph.fnma(self.entries[pivot, column], x[column], x[pivot])
            x[pivot] = graph.mul(x[pivot], self.reciprocal[pivot])
        return x


def factorised(graph: Graph, size: int, matrix: Entries) -> Factors:
    """LU of a sparse matrix whose diagonal is full, without exchange of pivots.

    A shifted Jacobian of a compartment model is diagonally dominant by columns, so no exchange is needed.
    """
    order = elimination_order(size, set(matrix))
    entries = dict(matrix)
    reciprocal: dict[int, Node] = {}
    for position, pivot in enumerate(order):
        reciprocal[pivot] = graph.inverse(entries[pivot, pivot])
        later = order[position + 1 :]
        for row in later:
            if (row, pivot) not in entries:
                continue
            factor = entries[row, pivot] = graph.mul(entries[row, pivot], reciprocal[pivot])
            for column in later:
                if (pivot, column) in entries:
                    before = entries.get((row, column), graph.constant(0.0))
                    entries[row, column] = graph.fnma(factor, entries[pivot, column], before)
    return Factors(order, entries, reciprocal)


@dataclass(frozen=True)
class Plan:
    """The same elimination as tables, for loops that carry it out; places count the entries of the filled matrix.

    Attributes
    ----------
    place : of each entry, by (row, column).
    order : pivots.
    lower, upper : by pivot, the rows below it and the columns beyond it.
    """

    place: Mapping[tuple[int, int], int]
    order: Sequence[int]
    lower: Sequence[Sequence[int]]
    upper: Sequence[Sequence[int]]


def elimination_plan(size: int, pattern: set[tuple[int, int]]) -> Plan:
    """What fills when the matrix is eliminated in the order of least fill."""
    order = elimination_order(size, pattern)
    rank = {pivot: position for position, pivot in enumerate(order)}
    filled = pattern | {(i, i) for i in range(size)}
    rows: list[set[int]] = [set() for _ in range(size)]
    columns: list[set[int]] = [set() for _ in range(size)]
    for i, j in filled:
        rows[j].add(i)
        columns[i].add(j)
    lower: list[list[int]] = []
    upper: list[list[int]] = []
    for pivot in order:
        lower.append(sorted(i for i in rows[pivot] if rank[i] > rank[pivot]))
        upper.append(sorted(j for j in columns[pivot] if rank[j] > rank[pivot]))
        for i in lower[-1]:
            columns[i].update(upper[-1])
        for j in upper[-1]:
            rows[j].update(lower[-1])
    entries = sorted((i, j) for i in range(size) for j in columns[i])
    return Plan({entry: index for index, entry in enumerate(entries)}, order, lower, upper)
