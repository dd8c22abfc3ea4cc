"""The register of a trial: who enters, in which order; window by window, since each place depends on those before."""

from __future__ import annotations

from collections import Counter

import numpy as np

from davy.errors import Fault, InputError
from davy.trials.chunk import Enrolled
from davy.trials.cohort import Screened, reasons
from davy.trials.design import Trial
from davy.trials.folder import Tally

_LONGEST_SEARCH = 200_000
_PER_PERSON = 2000


class Register:
    """Places given so far; `tallies` has one entry a window, in order."""

    def __init__(self, trial: Trial, window: int) -> None:
        self.tallies: list[Tally] = []
        self.enrolled = 0
        self._trial, self._window = trial, window
        self._strata: Counter[str] = Counter()

    @property
    def full(self) -> bool:
        """Whether every place is taken."""
        return self.enrolled >= self._trial.people

    def continues(self, kept: Tally | None) -> bool:
        """Whether a kept window is the next one of this very register."""
        at = len(self.tallies) * self._window
        return kept is not None and (kept.first, kept.size, kept.start, kept.before) == (
            at,
            self._window,
            self.enrolled,
            dict(self._strata),
        )

    def add(self, tally: Tally) -> None:
        """Count a window."""
        self.tallies.append(tally)
        self.enrolled += tally.enrolled
        self._strata.update(tally.strata)

    def enrol(self, found: Screened) -> tuple[Tally, Enrolled]:
        """Give the places of the next window: its candidates in order, until the last place is taken.

        Raises
        ------
        InputError : hardly anybody may enter this trial.
        """
        places = self._trial.people - self.enrolled
        person, stratum = found.eligible[:places], found.stratum[:places]
        last = int(person[-1]) - found.first + 1 if len(person) == places else len(found.reason)
        kinds = np.unique(stratum)
        position = np.zeros(len(person), dtype=np.int64)
        for one in kinds:
            mine = np.flatnonzero(stratum == one)
            position[mine] = self._strata[str(one)] + np.arange(len(mine))
        refused = np.bincount(found.reason[:last], minlength=len(reasons(self._trial)) + 1)[1:]
        tally = Tally(
            first=found.first,
            size=self._window,
            start=self.enrolled,
            before=dict(self._strata),
            screened=last,
            enrolled=len(person),
            excluded=tuple(int(count) for count in refused),
            strata={str(one): int((stratum == one).sum()) for one in kinds},
        )
        numbers = self.enrolled + np.arange(len(person), dtype=np.int64)
        self.add(tally)
        self._check_search()
        return tally, Enrolled(found.first, self._window, person, numbers, stratum, position)

    def excluded(self) -> list[int]:
        """How many did not enter, by reason."""
        return [sum(column) for column in zip(*(one.excluded for one in self.tallies), strict=True)]

    def _check_search(self) -> None:
        looked_at = sum(one.screened for one in self.tallies)
        if self.full or looked_at < _LONGEST_SEARCH + _PER_PERSON * self.enrolled:
            return
        most = max(zip(self.excluded(), reasons(self._trial), strict=True))[1]
        what = f"only {self.enrolled} of the first {looked_at:,} candidates may enter"
        raise InputError([Fault("population", what, f"most fail {most}: widen it, or take another recipe")])
