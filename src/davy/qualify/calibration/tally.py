"""What many calibrated persons say together: the ranks of a design against their band, coverage, contraction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from davy.forecast.outcome import Floats
from davy.qualify.calibration.band import band, curve, p_value, places
from davy.qualify.calibration.ranks import covered

NOMINAL = (0.5, 0.8, 0.9, 0.95)
"""The central intervals whose coverage is counted."""

FAMILY = 0.05
"""Probability that any curve of a whole table leaves its band although everything is right (Bonferroni over curves)."""

CERTAIN = 0.001
"""The same probability for the verdict that something is wrong beyond chance, whatever the seed."""


@dataclass(frozen=True)
class Ranked:
    """The ranks of some persons of one design under one truth.

    Attributes
    ----------
    ranks : (persons, quantities); NaN where a person has no such quantity.
    """

    design: str
    names: tuple[str, ...]
    ranks: Floats


def joined(parts: Sequence[Ranked]) -> Ranked:
    """Several lots of persons of one design as one, with the quantities of all of them."""
    names = tuple(dict.fromkeys(name for part in parts for name in part.names))
    tables: list[Floats] = []
    for part in parts:
        table = np.full((len(part.ranks), len(names)), np.nan)
        table[:, [names.index(name) for name in part.names]] = part.ranks
        tables.append(table)
    return Ranked(parts[0].design, names, np.concatenate(tables))


@dataclass(frozen=True)
class Uniformity:
    """The ranks of one quantity against the uniform distribution.

    Attributes
    ----------
    n : persons.
    p_value : probability that uniform ranks leave as far, somewhere; `inside` : within the band of the whole family.
    excess : largest distance of the curve from the diagonal, and `at` which rank.
    difference, low, high : (points,) the curve and its band, less the diagonal, as shares.
    """

    design: str
    quantity: str
    n: int
    p_value: float
    inside: bool
    excess: float
    at: float
    difference: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


def uniformity(ranked: Iterable[Ranked], family: int) -> tuple[Uniformity, ...]:
    """Every quantity of every design.

    Parameters
    ----------
    family : how many curves are judged together.
    """
    return tuple(_uniform(one, place, family) for one in ranked for place in range(len(one.names)))


def _uniform(one: Ranked, place: int, family: int) -> Uniformity:
    numbers = one.ranks[:, place]
    numbers = numbers[~np.isnan(numbers)]
    n = len(numbers)
    limits, at = band(n, FAMILY / family), places()
    found = curve(numbers)
    off = found / n - at
    worst = int(np.argmax(np.abs(off)))
    return Uniformity(
        design=one.design,
        quantity=one.names[place],
        n=n,
        p_value=p_value(numbers),
        inside=bool(((found >= limits.low) & (found <= limits.high)).all()),
        excess=float(off[worst]),
        at=float(at[worst]),
        difference=_rounded(off),
        low=_rounded(limits.low / n - at),
        high=_rounded(limits.high / n - at),
    )


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)


@dataclass(frozen=True)
class Coverage:
    """How often a central interval held the truth; `low` to `high` is where nine of ten such studies would count."""

    design: str
    truth: str
    quantity: str
    nominal: float
    actual: float
    n: int
    low: float
    high: float


def coverage(ranked: Ranked, truth: str) -> tuple[Coverage, ...]:
    """Coverage of every quantity of a design under one truth."""
    found: list[Coverage] = []
    for place, name in enumerate(ranked.names):
        for nominal in NOMINAL:
            held = covered(ranked.ranks[:, place], nominal)
            held = held[~np.isnan(held)]
            found.append(counted(ranked.design, truth, name, nominal, held))
    return tuple(found)


def counted(design: str, truth: str, quantity: str, nominal: float, held: Floats) -> Coverage:
    """Coverage with the exact 90 % interval of its count (Clopper and Pearson)."""
    beta: Any = import_module("scipy.stats").beta
    n, k = len(held), int(held.sum())
    low = float(beta.ppf(0.05, k, n - k + 1)) if k else 0.0
    high = float(beta.ppf(0.95, k + 1, n - k)) if k < n else 1.0
    return Coverage(design, truth, quantity, nominal, k / n if n else float("nan"), n, low, high)
