"""Blocks and cycles: how the arms were assigned, as the design says or as the diary shows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise


@dataclass(frozen=True)
class Blocks:
    """The assignment of arms to blocks.

    Attributes
    ----------
    arm : of each block, in order.
    day : (days,) the block that each day belongs to; -1 = on no arm.
    cycle : of each block: arms are shuffled within a cycle; all 0 = over the whole trial.
    known : whether the cycles come from a design.
    """

    arm: tuple[str, ...]
    day: tuple[int, ...]
    cycle: tuple[int, ...]
    known: bool = False

    @property
    def cycles(self) -> int:
        """How many times every arm has had a block."""
        count = Counter(self.arm)
        return min(count.values())

    @property
    def ways(self) -> int:
        """How many assignments there were."""
        total = 1
        for cycle in dict.fromkeys(self.cycle):
            arms = [arm for arm, own in zip(self.arm, self.cycle, strict=True) if own == cycle]
            ways = math.factorial(len(arms))
            for count in Counter(arms).values():
                ways //= math.factorial(count)
            total *= ways
        return total


def blocks_of(arms: Sequence[str | None], periods: Sequence[str | None]) -> Blocks:
    """The blocks that a diary shows.

    A block is a stretch of days on one arm; a named period divides stretches further, and without names a stretch
    that is a multiple of the usual block is read as several blocks. Where each run of as many blocks as there are
    arms holds every arm once, these are the cycles.
    """
    runs = _runs(arms, periods)
    if not any(periods):
        runs = _divided(runs)
    days = [-1] * len(arms)
    for number, (_, start, end) in enumerate(runs):
        days[start:end] = [number] * (end - start)
    order = tuple(arm for arm, _, _ in runs)
    count = len(set(order))
    groups = [order[k : k + count] for k in range(0, len(order), count)]
    whole = all(len(set(group)) == len(group) for group in groups) and count > 1
    cycle = tuple(number // count for number in range(len(order))) if whole else (0,) * len(order)
    return Blocks(order, tuple(days), cycle)


def block_length(said: Sequence[str | None]) -> int | None:
    """The longest block, counted from the first day, at whose edges alone the arms named change; None = there is none.

    It takes three changes, so that chance rarely makes one up.
    """
    named = [(day, arm.casefold()) for day, arm in enumerate(said) if arm is not None]
    windows = [(one + 1, other) for (one, arm), (other, later) in pairwise(named) if arm != later]
    if len(windows) < 3:
        return None
    shortest = min(after - before for (_, before), (after, _) in pairwise(windows))
    for length in range(windows[0][1], max(3, shortest) - 1, -1):
        if all(edge // length * length >= start for start, edge in windows):
            return length
    return None


def _runs(arms: Sequence[str | None], periods: Sequence[str | None]) -> list[tuple[str, int, int]]:
    runs: list[tuple[str, int, int]] = []
    label: str | None = None
    for day, arm in enumerate(arms):
        if arm is None:
            label = None
            continue
        named = periods[day]
        new = not runs or runs[-1][2] != day or runs[-1][0] != arm or (named and label and named != label)
        if new:
            runs.append((arm, day, day + 1))
            label = named
        else:
            runs[-1] = (arm, runs[-1][1], day + 1)
            label = label or named
    return runs


def _divided(runs: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Stretches as long as several blocks, divided; the usual block is the greatest common length."""
    inner = [end - start for _, start, end in runs[:-1]] or [runs[0][2] - runs[0][1]]
    usual = reduce(math.gcd, inner)
    if usual < 3 or usual < min(inner):
        return runs
    found: list[tuple[str, int, int]] = []
    for arm, start, end in runs:
        parts = max(1, round((end - start) / usual))
        edges = [start + usual * k for k in range(parts)] + [end]
        found += [(arm, low, high) for low, high in pairwise(edges) if high > low]
    return found
