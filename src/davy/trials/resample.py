"""Many virtual trials of one size from the simulated persons, drawn with replacement.

Number k of a trial is the same person in a trial of any size, so that power over sizes is a smooth curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from davy.forecast.outcome import Floats
from davy.people.chance import shares
from davy.trials.design import Method, Trial
from davy.trials.endpoints import Outcome, samples
from davy.trials.estimate import Effects, effects
from davy.trials.sums import Sums, sums_of
from davy.trials.timetable import shares_of

_AT_ONCE = 400_000


@dataclass(frozen=True, eq=False)
class Urn:
    """What virtual trials are drawn from: the rows of a method, and how many of each 1,000 persons they are.

    Attributes
    ----------
    method : of analysis.
    rows : one array a sample, (persons, columns).
    parts : by sample, its share of a trial's persons.
    paired : whether the samples are of the same persons.
    """

    method: Method
    rows: tuple[Floats, ...]
    parts: tuple[float, ...]
    paired: bool

    def part(self, number: int, of: int) -> Urn:
        """Every `of`-th person, from `number` on."""
        return Urn(self.method, tuple(rows[number::of] for rows in self.rows), self.parts, self.paired)

    def sizes(self, people: int) -> tuple[int, ...]:
        """How many of each sample a trial of so many persons has."""
        return tuple(max(round(people * part), 1) for part in self.parts)


def urn(trial: Trial, method: Method, treatment: str, outcome: Outcome) -> Urn:
    """The urn of one comparison."""
    rows = samples(trial, method, treatment, outcome)
    if trial.within_person:
        return Urn(method, rows, (1.0,) * len(rows), paired=True)
    weights = dict(zip(trial.arm_names, shares_of(trial), strict=True))
    total = sum(weights.values())
    arms = (treatment, trial.control_arm)[: len(rows)]
    return Urn(method, rows, tuple(weights[arm] / total for arm in arms), paired=False)


def virtual_sums(drawn: Urn, people: int, repeats: range, stream: str) -> list[Sums]:
    """By sample, the sums of each virtual trial: leading axis (repeats,)."""
    found: list[Sums] = []
    for place, (given, size) in enumerate(zip(drawn.rows, drawn.sizes(people), strict=True)):
        kind = 0 if drawn.paired else place
        rows = given if len(given) else np.full((1, given.shape[1]), np.nan)
        step = max(_AT_ONCE // (size * rows.shape[1]), 1)
        parts: list[Sums] = []
        for start in range(repeats.start, repeats.stop, step):
            some = range(start, min(start + step, repeats.stop))
            chosen = np.stack([shares(f"{stream}:{kind}:{one}", 0, size) for one in some])
            parts.append(sums_of(rows[(chosen * len(rows)).astype(np.int64)]))
        found.append(
            Sums(*(np.concatenate([getattr(one, name) for one in parts]) for name in ("count", "first", "second")))
        )
    return found


def virtual_trials(drawn: Urn, people: int, repeats: range, stream: str) -> Effects:
    """(repeats,) estimates of virtual trials of so many persons."""
    return effects(drawn.method, virtual_sums(drawn, people, repeats, stream))
