"""Sparse LU written out as operations: the pattern is known when the engine is built, so nothing is searched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from davy.engine.graph import Graph, Node

Entries = Mapping[tuple[int, int], Node]


def elimination_order(size: int, pattern: set[tuple[int, int]]) -> list[int]:
    """Pivots by least fill (Markowitz), ties by index."""
    filled = pattern | {(i, i) for i in range(size)}
    left = set(range(size))
    order: list[int] = []
    while left:
        rows = {k: [i for i in left if i != k and (i, k) in filled] for k in left}
        columns = {k: [j for j in left if j != k and (k, j) in filled] for k in left}
        pivot = min(left, key=lambda k: (len(rows[k]) * len(columns[k]), k))
        filled |= {(i, j) for i in rows[pivot] for j in columns[pivot]}
        left.remove(pivot)
        order.append(pivot)
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
    one = graph.constant(1.0)
    reciprocal: dict[int, Node] = {}
    for position, pivot in enumerate(order):
        reciprocal[pivot] = graph.div(one, entries[pivot, pivot])
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
