"""Powers of small matrices and their sums, for one lane as for many: where n periods of a nearly linear map lead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from davy.engine.doses import Floats, Integers
from davy.errors import SolveError


@dataclass(frozen=True, eq=False)
class Powers:
    """The n-th power of matrices A, and U_p = sum of A^(n-1-k) k^p over k < n, for p = 0 to 3.

    Attributes
    ----------
    count : (lanes,) n.
    power : (lanes, size, size).
    sums : (lanes, 4, size, size).
    """

    count: Floats
    power: Floats
    sums: Floats

    @classmethod
    def first(cls, matrix: Floats) -> Powers:
        """For n = 1."""
        sums = np.zeros((len(matrix), 4, *matrix.shape[1:]))
        sums[:, 0] = np.eye(matrix.shape[1])
        return cls(np.ones(len(matrix)), matrix, sums)

    def then(self, other: Powers) -> Powers:
        """For the sum of both counts."""
        m = self.count[:, None, None]
        a, b, c, d = (other.sums[:, p] for p in range(4))
        shifted = np.stack((a, b + m * a, c + 2 * m * b + m**2 * a, d + 3 * m * c + 3 * m**2 * b + m**3 * a), axis=1)
        joined = np.concatenate((self.power[:, None], self.sums), axis=1)
        moved = times(other.power[:, None], joined)
        return Powers(self.count + other.count, moved[:, 0], moved[:, 1:] + shifted)

    def where(self, mask: NDArray[np.bool_], other: Powers) -> Powers:
        """Those of the other in the lanes of the mask."""
        return Powers(
            np.where(mask, other.count, self.count),
            np.where(mask[:, None, None], other.power, self.power),
            np.where(mask[:, None, None, None], other.sums, self.sums),
        )


def times(a: Floats, b: Floats) -> Floats:
    """Products of matrices, summed in order and without a library: the same bits for a lane in any batch."""
    return (a[..., :, :, None] * b[..., None, :, :]).sum(axis=-2)


def apply(matrix: Floats, vector: Floats) -> Floats:
    """Products of matrices and vectors."""
    return times(matrix, vector[..., None])[..., 0]


@dataclass(eq=False)
class Doublings:
    """Powers of one set of matrices for counts of 1, 2, 4 and so on, made when they are asked for."""

    found: list[Powers]

    @classmethod
    def of(cls, matrix: Floats) -> Doublings:
        """Of these matrices."""
        return cls([Powers.first(matrix)])

    def count(self, wanted: Integers) -> Powers:
        """Powers for each lane's own count, at least 1."""
        total: Powers | None = None
        begun = np.zeros(len(wanted), dtype=np.bool_)
        bit = 0
        while (wanted >> bit).any():
            if bit == len(self.found):
                self.found.append(self.found[-1].then(self.found[-1]))
            here = ((wanted >> bit) & 1).astype(np.bool_)
            step = self.found[bit]
            if total is None:
                total, begun = step, here
            else:
                both = total.then(step)
                total = total.where(here & begun, both).where(here & ~begun, step)
                begun = begun | here
            bit += 1
        if total is None:
            raise SolveError("no period to skip")
        return total
