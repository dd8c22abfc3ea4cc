"""A window over many lanes: in portions, so that what is held in memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from davy.engine.doses import Floats, Integers
from davy.engine.integration import Integration, Setting
from davy.engine.lanes import Lanes
from davy.engine.program import Program
from davy.engine.reductions import BINS, Gathering, Reduced, Reduction, Window
from davy.engine.timetable import Change

_PORTION = 4096
_BINNED = 1 << 22
"""At most so many bins at once."""


@dataclass(frozen=True, eq=False)
class Summary:
    """What a window asks for, of one program."""

    program: Program
    window: Window
    setting: Setting

    def reduced(self, lanes: Lanes, start: Floats, changes: Sequence[Change], threads: int) -> Reduced:
        """The reductions of every lane; how lanes are portioned does not show."""
        gathering = Gathering(self.window)
        binned = sum(kind == "bins" for kind, _ in gathering.cells)
        portion = max(lanes.width, min(_PORTION, _BINNED // (BINS * binned) if binned else _PORTION))
        times = np.array([self.window.start_d, self.window.end_d])
        model = self.program.system.model
        names = {name: i for i, name in enumerate(model.states)}
        names |= {name: self.program.system.size + i for i, name in enumerate(model.outputs)}
        values: dict[Reduction, list[Floats]] = {one: [] for one in self.window.of}
        moments: dict[Reduction, list[Floats]] = {}
        status, steps, retried = list[Integers](), list[Integers](), list[NDArray[np.bool_]]()
        for first in range(0, lanes.count, portion):
            chosen = np.arange(first, min(first + portion, lanes.count))
            part = lanes.only(chosen)
            part.bad[:] = lanes.bad[chosen]
            integration = Integration(
                self.program, part, start[chosen], times, [change.only(chosen) for change in changes], gathering
            )
            found = integration.found(self.setting, threads)
            final = {name: found.values[:, -1, at] for name, at in names.items()}
            for into, made in zip((values, moments), gathering.read(final, found.sums, found.bins), strict=True):
                for one, numbers in made.items():
                    into.setdefault(one, []).append(numbers)
            status.append(found.status)
            steps.append(found.steps)
            retried.append(found.retried)
        return Reduced(
            {one: np.concatenate(parts) for one, parts in values.items()},
            {one: np.concatenate(parts) for one, parts in moments.items()},
            np.concatenate(status),
            np.concatenate(steps),
            np.concatenate(retried),
        )
