"""Serum on the day that counts by option and draw, so that medians can be read again under other weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from davy.forecast.outcome import Floats
from davy.planning.choice import Option
from davy.planning.goals import Aim
from davy.planning.outlook import serum_on
from davy.planning.weighing import Weighed, options_of

Places = NDArray[np.intp]


@dataclass(frozen=True)
class Surface:
    """The forecasts at hand; `form` keeps only the products of one form where the articles' protocol drives."""

    weighed: tuple[Weighed, ...]
    aim: Aim | None
    form: str | None = None

    @cached_property
    def options(self) -> list[Option]:
        """The candidates as the rule sees them; of those that share dose and forecast the best in taste."""
        if self.aim is None:
            return []
        kept: dict[tuple[float, int, bool], Option] = {}
        for option in sorted(options_of(self.weighed, self.aim), key=lambda one: (one.dose_mg, one.rank, one.key)):
            one = self.weighed[option.key].candidate
            if self.form is not None and one.product is not None and one.form != self.form:
                continue
            alike = (option.dose_mg, id(self.weighed[option.key].central), option.permitted)
            kept.setdefault(alike, option)
        return list(kept.values())

    @cached_property
    def _rising(self) -> tuple[Floats, Places]:
        """(options + 1, draws) serum in rising order, a failed draw last, and which draw each is.

        Of each option on the day that counts, and at the end that of today.
        """
        day = 0 if self.aim is None else self.aim.by_day
        rows = [_serum(self.weighed[option.key], day) for option in self.options]
        table = np.stack([*rows, _serum(self.weighed[0], 0)])
        order = np.argsort(table, axis=1)
        return np.take_along_axis(table, order, axis=1), order

    def medians(self, weights: Floats) -> Floats:
        """(results, options + 1) weighted medians of serum, the last that of today; a failed draw has no weight.

        Parameters
        ----------
        weights : (results, draws) how well each draw of the choice explains each result.
        """
        serum, order = self._rising
        counted = np.where(np.isfinite(serum), weights[:, order], 0.0)
        passed = np.cumsum(counted, axis=2)
        middle = passed - counted / 2 - passed[:, :, -1:] / 2
        above = np.clip((middle < 0).sum(axis=2), 1, serum.shape[1] - 1)
        low, high = (np.take_along_axis(middle, (above - one)[:, :, None], axis=2)[:, :, 0] for one in (1, 0))
        options = np.arange(len(serum))
        share = np.clip(np.divide(-low, high - low, out=np.zeros_like(low), where=high > low), 0.0, 1.0)
        below, upper = serum[options, above - 1], serum[options, above]
        return np.where(np.isfinite(upper), below + share * (np.where(np.isfinite(upper), upper, 0.0) - below), below)

    @cached_property
    def unweighted(self) -> Floats:
        """(options + 1,) the medians as they are today."""
        even = np.ones((1, len(self.weighed[0].central.failed)))
        return self.medians(even)[0]


def _serum(one: Weighed, day: int) -> Floats:
    """(draws,) serum of a candidate on a day; infinite in a draw that failed."""
    central = one.central
    found = np.full(len(central.failed), np.inf)
    found[~central.failed] = serum_on(central, day)
    return found
