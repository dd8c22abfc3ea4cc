"""Sums over persons that do not depend on how the persons came in: taken in blocks of the order of enrolment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from davy.forecast.outcome import Floats
from davy.trials.chunk import Chunk

BLOCK = 4096
"""Persons of a block; every sum is one of blocks, whatever the chunks."""


@dataclass(frozen=True, eq=False)
class Sums:
    """Of some columns of complete rows: how many, their sums, the sums of their products; leading axes are trials.

    Attributes
    ----------
    count : (...,); first : (..., columns); second : (..., columns, columns).
    """

    count: Floats
    first: Floats
    second: Floats

    @property
    def mean(self) -> Floats:
        """(..., columns)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.first / self.count[..., None]

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.count + other.count, self.first + other.first, self.second + other.second)


def nothing(columns: int) -> Sums:
    """The sums of no rows."""
    return Sums(np.zeros(()), np.zeros(columns), np.zeros((columns, columns)))


def sums_of(rows: Floats) -> Sums:
    """The sums of (..., rows, columns) over rows; a row with a gap does not count."""
    whole: NDArray[np.bool_] = np.asarray(np.isfinite(rows).all(axis=-1))
    kept = np.where(whole[..., None], rows, 0.0)
    columns = [np.ascontiguousarray(kept[..., place]) for place in range(rows.shape[-1])]
    first = np.stack([column.sum(axis=-1) for column in columns], axis=-1)
    second = np.empty((*first.shape, rows.shape[-1]))
    for one, left in enumerate(columns):
        for two in range(one, len(columns)):
            second[..., one, two] = second[..., two, one] = (left * columns[two]).sum(axis=-1)
    return Sums(whole.sum(axis=-1).astype(np.float64), first, second)


def blocks(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """The same persons in blocks of `BLOCK`, counted from the first enrolled; the last may be shorter."""
    waiting: Chunk | None = None
    for chunk in chunks:
        waiting = chunk if waiting is None else _joined(waiting, chunk)
        while len(waiting.number) >= BLOCK:
            yield _cut(waiting, 0, BLOCK)
            waiting = _cut(waiting, BLOCK, len(waiting.number))
    if waiting is not None and len(waiting.number):
        yield waiting


def _joined(one: Chunk, two: Chunk) -> Chunk:
    return Chunk(**{f.name: np.concatenate((getattr(one, f.name), getattr(two, f.name))) for f in fields(Chunk)})


def _cut(chunk: Chunk, start: int, stop: int) -> Chunk:
    return Chunk(**{f.name: getattr(chunk, f.name)[start:stop] for f in fields(Chunk)})


class Histogram:
    """Counts of values in bins of a fixed width: quantiles of millions of values at constant memory."""

    WIDTH = 0.001

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}

    def add(self, values: Floats) -> None:
        """Count these values; those that are not finite are left out."""
        bins: NDArray[np.int64] = np.floor(values[np.isfinite(values)] / self.WIDTH).astype(np.int64)
        found, counts = np.unique(bins, return_counts=True)
        for place, count in zip(found.tolist(), counts.tolist(), strict=True):
            self._counts[place] = self._counts.get(place, 0) + count

    def quantile(self, share: float) -> float | None:
        """The middle of the bin in which this share of the values is reached; None where there are none."""
        total = sum(self._counts.values())
        reached = 0
        for place in sorted(self._counts):
            reached += self._counts[place]
            if reached >= share * total:
                return round((place + 0.5) * self.WIDTH, 6)
        return None
