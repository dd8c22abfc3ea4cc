"""Random numbers that belong to the people of a population: number i is the same whatever part is asked for."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

_BLOCK = 4
_STEP = 2.0**-53


def shares(stream: str, first: int, size: int) -> NDArray[np.float64]:
    """(size,) numbers strictly between 0 and 1, for the people `first` and on.

    A counter decides each number, so any part can be had without the ones before.

    Parameters
    ----------
    stream : what the numbers are for, as recipe, seed and quantity; other streams are independent.
    """
    key = int.from_bytes(hashlib.sha256(stream.encode()).digest()[:16], "big")
    ahead = first % _BLOCK
    bits = np.random.Philox(key=key, counter=first // _BLOCK).random_raw(size + ahead)[ahead:]
    return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * _STEP


def standard_normals(stream: str, first: int, size: int) -> NDArray[np.float64]:
    """(size,) standard normal numbers, for the people `first` and on."""
    return normal_quantile(shares(stream, first, size))


def normal_quantile(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """The standard normal number below which each share of them lies."""
    from scipy.special import ndtri

    return np.asarray(ndtri(share), dtype=np.float64)


def normal_share(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of standard normal numbers that lie below each z."""
    from scipy.special import ndtr

    return np.asarray(ndtr(z), dtype=np.float64)
