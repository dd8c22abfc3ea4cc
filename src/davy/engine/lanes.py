"""Rows of parameters laid out in tiles: one tile is as many lanes as a vector holds."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from threading import Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray

from davy.engine import llvm
from davy.engine.job import Job

Floats = NDArray[np.float64]


class Lanes:
    """Rows of parameters in tiles; the last tile is filled up with copies of the last lane."""

    def __init__(self, rows: Floats, width: int) -> None:
        self.count = len(rows)
        self.width = width
        self.tiles = -(-self.count // width)
        self.rows = rows
        self.bad = not_finite(rows)
        self.theta: Floats = self.tiled(rows)

    def only(self, chosen: NDArray[np.intp]) -> Lanes:
        """Some of the lanes, in tiles of their own."""
        return Lanes(self.rows[chosen], self.width)

    def tiled(self, rows: NDArray[Any]) -> NDArray[Any]:
        """(lanes, columns) as (tiles, columns, width)."""
        full = np.empty((self.tiles * self.width, rows.shape[1]), dtype=rows.dtype)
        full[: self.count] = rows
        full[self.count :] = rows[-1:]
        return np.ascontiguousarray(full.reshape(self.tiles, self.width, -1).transpose(0, 2, 1))

    def untiled(self, tiled: NDArray[Any]) -> NDArray[Any]:
        """(tiles, ..., width) as (lanes, ...)."""
        moved = np.moveaxis(tiled, -1, 1)
        return moved.reshape(self.tiles * self.width, *moved.shape[2:])[: self.count]


def not_finite(rows: Floats) -> NDArray[np.bool_]:
    """(lanes,) where a row holds something that is not a finite number."""
    return np.array(~np.isfinite(rows).all(axis=1), dtype=np.bool_)


def run(function: llvm.Compiled, tiles: int, table: Job, threads: int) -> None:
    """Run a compiled function over all tiles, on so many threads."""
    address = int(table[0].ctypes.data)
    if threads <= 1 or tiles <= 1:
        function(0, tiles, address)
        return
    pieces = min(tiles, threads * 4)
    edges = [tiles * k // pieces for k in range(pieces + 1)]
    waiting = deque(pairwise(edges))

    def work() -> None:
        while True:
            try:
                first, last = waiting.popleft()
            except IndexError:
                return
            function(first, last, address)

    others: list[Thread] = []
    try:
        for _ in range(threads - 1):
            others.append(Thread(target=work))
            others[-1].start()
        work()
    finally:  # whoever still runs writes into the arrays of the job
        for other in others:
            if other.ident is not None:
                other.join()
