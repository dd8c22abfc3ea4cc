"""Several trials of one person each, pooled: what holds for people like these, and each of them in that light.

The effects are pooled as studies are (`evidence.meta`, REML with Knapp-Hartung); each person's effect is then drawn
towards the pooled one by how little it says itself against how much people differ.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from davy.errors import Fault, InputError
from davy.evidence.meta.pooling import pool
from davy.followup.n_of_1.result import Analysis

_Z = 1.959964


@dataclass(frozen=True)
class Person:
    """One trial: its own effect, and the effect in the light of the others, with 95 % intervals."""

    name: str
    effect: float
    low: float
    high: float
    with_others: float
    with_others_low: float
    with_others_high: float


@dataclass(frozen=True)
class PooledTrials:
    """Several trials together.

    Attributes
    ----------
    estimate, low, high : the mean effect; None where one trial stands alone.
    between_sd : how much persons differ.
    next_low, next_high : 95 % prediction for another such person; None where it cannot be made.
    """

    contrast: str
    unit: str
    estimate: float
    low: float | None
    high: float | None
    between_sd: float
    next_low: float | None
    next_high: float | None
    persons: tuple[Person, ...]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.nof1-pool/1)."""
        return {"schema": "davy.nof1-pool/1", **asdict(self)}


def pool_trials(made: Mapping[str, Analysis]) -> PooledTrials:
    """Pools analyses by name.

    Raises
    ------
    InputError : none or one, or trials of other arms or units.
    """
    if len(made) < 2:
        raise InputError([Fault("trials", f"{len(made)} trial", "two at least, one a person")])
    contrasts = {f"{one.main.second} minus {one.main.first}" for one in made.values()}
    units = {one.unit for one in made.values()}
    if len(contrasts) > 1 or len(units) > 1:
        what = f"they do not compare the same: {'; '.join(sorted(contrasts | units))}"
        raise InputError([Fault("trials", what, "the same arms and the same outcome in every file")])
    rows = [{"study": name, "yi": repr(one.main.effect), "vi": repr(_variance(one))} for name, one in made.items()]
    pooled = pool(rows, measure="GEN", method="REML", test="knha")
    if pooled.estimate is None:
        raise InputError([Fault("trials", "no pooled effect can be made of them", "trials with a finite interval")])
    between = max(pooled.tau2 or 0.0, 0.0)
    mean_error = pooled.se or 0.0
    persons = tuple(_drawn_in(name, one, pooled.estimate, between, mean_error) for name, one in made.items())
    low, high = pooled.ci if pooled.ci is not None else (None, None)
    next_low, next_high = pooled.pi if pooled.pi is not None else (None, None)
    return PooledTrials(
        contrasts.pop(), units.pop(), pooled.estimate, low, high, math.sqrt(between), next_low, next_high, persons,
        tuple(pooled.warnings),
    )  # fmt: skip


def _variance(one: Analysis) -> float:
    return ((one.main.high - one.main.low) / (2 * _Z)) ** 2


def _drawn_in(name: str, one: Analysis, mean: float, between: float, mean_error: float) -> Person:
    """The person's effect given the others: their own weight is the share of what persons differ by."""
    own = _variance(one)
    weight = between / (between + own)
    value = weight * one.main.effect + (1 - weight) * mean
    reach = _Z * math.sqrt(weight * own + (1 - weight) ** 2 * mean_error**2)
    return Person(name, one.main.effect, one.main.low, one.main.high, value, value - reach, value + reach)
