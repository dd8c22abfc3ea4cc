"""Hands out the work of a trial and keeps what comes back, whichever order it comes in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass
from typing import Any

from davy.trials.chunk import follow
from davy.trials.cohort import Screened, screen
from davy.trials.design import Trial
from davy.trials.enrolment import Register
from davy.trials.executor import Executor, gone, lost, told
from davy.trials.folder import RunFolder, Tally
from davy.trials.identity import alike, surroundings

Progress = Callable[[int, int], None]
"""Told (persons done, persons in all)."""


@dataclass
class _Task:
    """One task under way, and what to ask again if its worker is lost; `tally` where it follows persons."""

    number: int
    ask: tuple[Any, ...]
    tally: Tally | None = None


class Conductor:
    """Screening and following, window by window.

    Enrolment numbers are given in the order of windows, so a window is followed only after all before it are screened.
    """

    def __init__(self, trial: Trial, folder: RunFolder, executor: Executor, progress: Progress | None) -> None:
        self._trial, self._folder, self._executor = trial, folder, executor
        self._progress = progress
        self._register = Register(trial, folder.window)
        self._screened: dict[int, Screened] = {}
        self._asked: set[int] = set()
        self._under_way: dict[Future[Any], _Task] = {}
        self._done = 0

    def run(self) -> Register:
        """The register when the last place is taken; all chunks are then kept in the folder."""
        while not self._register.full or self._under_way:
            self._enrol()
            self._look_ahead()
            self._settle()
        return self._register

    def _enrol(self) -> None:
        """Give places from the windows that are screened or kept, in order."""
        while not self._register.full and len(self._under_way) <= 2 * self._executor.width:
            number = len(self._register.tallies)
            kept = self._folder.tally(number) if number not in self._screened else None
            if kept is not None and self._register.continues(kept):
                self._register.add(kept)
                self._finished(kept.enrolled)
            elif number in self._screened:
                tally, enrolled = self._register.enrol(self._screened.pop(number))
                self._submit(_Task(number, (follow, self._trial, enrolled), tally))
            elif not self._trial.population.screening:
                self._screened[number] = screen(*self._window(number))
            else:
                self._look_at(number)
                return

    def _look_ahead(self) -> None:
        """Have further windows screened where that takes a simulation."""
        ahead = len(self._register.tallies)
        screened = bool(self._trial.population.screening)
        while screened and not self._register.full and len(self._under_way) <= self._executor.width:
            if self._folder.tally(ahead) is None:
                self._look_at(ahead)
            ahead += 1

    def _window(self, number: int) -> tuple[Trial, int, int]:
        return self._trial, number * self._folder.window, self._folder.window

    def _look_at(self, number: int) -> None:
        """Have a window screened, once."""
        if number not in self._asked:
            self._asked.add(number)
            self._submit(_Task(number, (screen, *self._window(number))))

    def _submit(self, task: _Task) -> None:
        self._under_way[self._executor.submit(alike, surroundings(), *task.ask)] = task

    def _settle(self) -> None:
        """Wait for something to be done, and keep it."""
        if not self._under_way:
            return
        done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
        for future in done:
            task = self._under_way.pop(future)
            error = CancelledError() if future.cancelled() else future.exception()
            if error is None:
                self._keep(task, future.result())
            elif lost(error):
                self._begin_again(task)
                return
            else:
                raise told(error)

    def _keep(self, task: _Task, found: Any) -> None:
        if task.tally is None:
            self._screened[task.number] = found
            return
        self._folder.write(task.number, task.tally, found)
        self._finished(task.tally.enrolled)

    def _finished(self, persons: int) -> None:
        self._done += persons
        if self._progress is not None:
            self._progress(self._done, self._trial.people)

    def _begin_again(self, task: _Task) -> None:
        """Ask anew for everything that was under way, of new workers."""
        waiting = [task, *self._under_way.values()]
        self._under_way.clear()
        if not self._executor.revive():
            raise gone()
        for one in waiting:
            self._submit(one)
