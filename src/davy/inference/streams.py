"""Randomness that belongs to a person: the same numbers for the same seed, person and purpose, in any batch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from davy.forecast.outcome import Floats


def normals(seed: int, person_id: str, purpose: str, shape: tuple[int, int]) -> Floats:
    """Standard normal numbers; the first rows do not depend on how many follow."""
    return _stream(seed, person_id, purpose).standard_normal(shape)


def columns(seed: int, person_id: str, purpose: str, names: Sequence[str], count: int) -> Floats:
    """(count, names) standard normal numbers, each name with its own: none depends on which others there are."""
    return np.concatenate([normals(seed, person_id, f"{purpose}:{name}", (count, 1)) for name in names], axis=1)


def uniforms(seed: int, person_id: str, purpose: str, count: int) -> Floats:
    """Numbers between 0 and 1."""
    return _stream(seed, person_id, purpose).random(count)


def _stream(seed: int, person_id: str, purpose: str) -> np.random.Generator:
    digest = hashlib.sha256(f"{seed}:{person_id}:{purpose}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "big")))
