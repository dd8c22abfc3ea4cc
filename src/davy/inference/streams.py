"""Randomness that belongs to a person: the same numbers for the same seed, person and purpose, in any batch."""

from __future__ import annotations

import hashlib

import numpy as np

from davy.forecast.outcome import Floats


def normals(seed: int, person_id: str, purpose: str, shape: tuple[int, int]) -> Floats:
    """Standard normal numbers; the first rows do not depend on how many follow."""
    return _stream(seed, person_id, purpose).standard_normal(shape)


def uniforms(seed: int, person_id: str, purpose: str, count: int) -> Floats:
    """Numbers between 0 and 1."""
    return _stream(seed, person_id, purpose).random(count)


def _stream(seed: int, person_id: str, purpose: str) -> np.random.Generator:
    digest = hashlib.sha256(f"{seed}:{person_id}:{purpose}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "big")))
