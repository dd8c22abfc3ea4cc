"""The order of arms: shuffled in every cycle from a seed, with a neutral label on every pack."""

from __future__ import annotations

import hashlib
import json

import numpy as np

from davy.followup.n_of_1.design_file import DesignArm, DesignBlock


def shuffled(arms: int, cycles: int, seed: int, purpose: str) -> list[list[int]]:
    """The arms of each cycle, in order; every cycle is shuffled, the first too."""
    key = int.from_bytes(hashlib.sha256(f"{purpose}:{seed}".encode()).digest()[:8], "big")
    source = np.random.default_rng(key)
    return [[int(arm) for arm in source.permutation(arms)] for _ in range(cycles)]


def blocks(
    arms: tuple[DesignArm, ...], cycles: int, block_days: int, seed: int, person: str
) -> tuple[DesignBlock, ...]:
    """The blocks of a trial; pack labels tell nothing of the arm."""
    order = shuffled(len(arms), cycles, seed, f"nof1:{person}:order")
    made: list[DesignBlock] = []
    for cycle, chosen in enumerate(order, start=1):
        for arm in chosen:
            number = len(made) + 1
            first = 1 + (number - 1) * block_days
            made.append(
                DesignBlock(
                    block=number, cycle=cycle, label=f"PACK-{number:02d}", arm=arms[arm].id, from_day=first,
                    to_day=first + block_days - 1,
                )
            )  # fmt: skip
    return tuple(made)


def sealed(made: tuple[DesignBlock, ...]) -> str:
    """SHA-256 of the code, which anyone can keep: it shows later that the code was not changed [hex]."""
    code = json.dumps([[one.label, one.arm] for one in made], separators=(",", ":"))
    return hashlib.sha256(code.encode()).hexdigest()
