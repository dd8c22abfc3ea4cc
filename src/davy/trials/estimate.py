"""What a trial estimates: a difference between treatments with its interval and p value, from sums alone.

Every formula takes sums with any leading axes, so one trial and a thousand virtual ones go the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from davy.forecast.outcome import Floats
from davy.trials.design import Method
from davy.trials.sums import Sums

METHODS: dict[Method, str] = {
    "ancova": "difference adjusted for the value on day 0",
    "difference": "difference in means (Welch)",
    "before-after": "change within the treated arm, without the control (naive)",
    "paired": "difference within persons, adjusted for the period",
    "paired-naive": "difference within persons, periods ignored (naive)",
    "unpaired": "difference in means as if of different persons (naive)",
}
"""Every method, in words."""


@dataclass(frozen=True, eq=False)
class Effects:
    """Estimates of one or many trials: (...,) each, NaN where a trial has too few persons."""

    estimate: Floats
    se: Floats
    df: Floats

    def p_value(self) -> Floats:
        """(...,) two-sided, of no difference."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return 2 * _special().stdtr(self.df, -np.abs(self.estimate / self.se))

    def half_width(self, level: float = 0.95) -> Floats:
        """(...,) half of the interval at this level."""
        return _special().stdtrit(self.df, 1 - (1 - level) / 2) * self.se


def _special() -> Any:
    return import_module("scipy.special")


def effects(method: Method, sums: Sequence[Sums]) -> Effects:
    """The estimate of a method from the sums of its samples (`endpoints.samples`)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        if method == "ancova":
            found = _ancova(sums[0], sums[1])
        elif method in ("difference", "unpaired"):
            found = _welch(sums[0], sums[1])
        elif method == "paired":
            found = _periods(sums[0])
        else:
            found = _one_sample(sums[0])
    enough = (found.df > 0) & (found.se > 0)
    nan = np.nan
    return Effects(*(np.where(enough, one, nan) for one in (found.estimate, found.se, found.df)))


def spread(sums: Sums, column: int = 0) -> Floats:
    """(...,) standard deviation of one column."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(_variance(sums, column))


def _variance(sums: Sums, column: int = 0) -> Floats:
    about = sums.second[..., column, column] - sums.first[..., column] ** 2 / sums.count
    return np.maximum(about, 0.0) / (sums.count - 1)


def _one_sample(rows: Sums) -> Effects:
    return Effects(rows.mean[..., 0], np.sqrt(_variance(rows) / rows.count), rows.count - 1)


def _welch(treated: Sums, control: Sums) -> Effects:
    one, two = _variance(treated) / treated.count, _variance(control) / control.count
    df = (one + two) ** 2 / (one**2 / (treated.count - 1) + two**2 / (control.count - 1))
    return Effects(treated.mean[..., 0] - control.mean[..., 0], np.sqrt(one + two), df)


def _ancova(treated: Sums, control: Sums) -> Effects:
    """Two arms, one slope on the starting value (column 0), from the sums within arms."""
    within = sum(
        (
            one.second - one.first[..., :, None] * one.first[..., None, :] / one.count[..., None, None]
            for one in (treated, control)
        ),
        start=np.zeros(()),
    )
    xx, xy, yy = within[..., 0, 0], within[..., 0, 1], within[..., 1, 1]
    slope = xy / xx
    gap = treated.mean - control.mean
    df = treated.count + control.count - 3
    residual = np.maximum(yy - slope * xy, 0.0) / df
    se = np.sqrt(residual * (1 / treated.count + 1 / control.count + gap[..., 0] ** 2 / xx))
    return Effects(gap[..., 1] - slope * gap[..., 0], se, df)


def _periods(rows: Sums) -> Effects:
    """Least squares of the difference (column 0) on 1 and the period contrasts; the first coefficient."""
    cross, reach = rows.second[..., 1:, 1:], rows.second[..., 1:, 0]
    inverse = np.linalg.pinv(cross, hermitian=True)
    rank = np.linalg.matrix_rank(cross, hermitian=True)
    solved = (inverse * reach[..., None, :]).sum(axis=-1)
    df = rows.count - rank
    residual = np.maximum(rows.second[..., 0, 0] - (solved * reach).sum(axis=-1), 0.0) / df
    return Effects(solved[..., 0], np.sqrt(residual * inverse[..., 0, 0]), df.astype(np.float64))
