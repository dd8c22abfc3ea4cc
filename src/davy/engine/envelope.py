"""Years of a regimen that repeats itself: some periods are simulated, many are skipped.

A period maps the states at its start to those at its end. The map and its Jacobian, from lanes that start a little
aside, tell where n periods lead: the linear part exactly, by sums of powers; the rest from how far the map departs
from it half-way and at the end. How many periods are skipped follows from that departure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from davy.engine.doses import Floats, Integers
from davy.engine.integration import Integration, Setting
from davy.engine.lanes import Lanes
from davy.engine.powers import Doublings, apply
from davy.engine.program import Program
from davy.engine.status import BAD_INPUT, TOO_MANY
from davy.engine.timetable import Change

_ASIDE = 1e-3
_PERIOD = 1e-2
"""Of the tolerance, for a simulated period: the Jacobian is made of differences of such periods."""
_SKIP = 1.0
"""Of the tolerance, for one skip."""
_STILL = 1e-2
"""Of the tolerance: a state that changes less in a period keeps its column of the Jacobian."""
_FIRST, _FEWEST = 8, 4
_ORDER = 4.0
_LOOKS = 16
_LEAD_IN = 6
"""Periods before the first skip, in which what is fast comes to repeat itself."""
_MOST_ROUNDS = 2000


@dataclass(eq=False)
class Walk:
    """Where the lanes stand.

    Attributes
    ----------
    state : (lanes, size) at the start of a period.
    size : (lanes, size) largest size of each so far.
    jacobian, known : of the period map, (lanes, size, size), and which of its columns have been made.
    done : (lanes,) periods behind.
    skip : (lanes,) how many to skip next.
    status : (lanes,).
    simulated : (lanes,) periods simulated, lanes aside included.
    """

    state: Floats
    size: Floats
    jacobian: Floats
    known: NDArray[np.bool_]
    done: Integers
    skip: Integers
    status: Integers
    simulated: Integers


@dataclass(frozen=True, eq=False)
class _Local:
    """The period map around the present states of some lanes: `after` = map of them, and powers of its Jacobian."""

    chosen: NDArray[np.intp]
    state: Floats
    after: Floats
    jacobian: Floats
    powers: Doublings

    @property
    def change(self) -> Floats:
        """(lanes, size) what one period changes."""
        return self.after - self.state


@dataclass(frozen=True, eq=False)
class _Skip:
    """A skip of `count` periods: its linear part, and the departure a k^2 + b k^3 of the map after k periods."""

    count: Integers
    a: Floats
    b: Floats

    def lead(self, local: _Local) -> Floats:
        """(lanes, size) how far the states have moved at its end."""
        sums = local.powers.count(self.count).sums
        return apply(sums[:, 0], local.change) + apply(sums[:, 2], self.a) + apply(sums[:, 3], self.b)


@dataclass(frozen=True, eq=False)
class Envelope:
    """Lanes under a cycle.

    Attributes
    ----------
    moving : states that act on others or on themselves; the others only sum up.
    """

    program: Program
    lanes: Lanes
    changes: Sequence[Change]
    period_d: float
    moving: Sequence[int]
    rtol: float
    threads: int

    def walked(self, start: Floats, wanted: Integers) -> tuple[Floats, Walk]:
        """(lanes, wanted, size) states after so many periods each, and how the lanes got there."""
        count = self.lanes.count
        values = np.full((count, len(wanted), start.shape[1]), np.nan)
        status = np.where(self.lanes.bad, BAD_INPUT, 0)
        none = np.zeros(count, dtype=np.int64)
        size = start.shape[1]
        jacobian = np.tile(np.eye(size), (count, 1, 1))
        known = np.zeros((count, size), dtype=np.bool_)
        walk = Walk(start.copy(), np.abs(start), jacobian, known, none, none + _FIRST, status, none.copy())
        values[:, wanted == 0] = start[:, None]
        for _ in range(_LEAD_IN):
            self._follow(walk, wanted, values)
        for _ in range(_MOST_ROUNDS):
            chosen = np.flatnonzero((walk.status == 0) & (walk.done < wanted[-1]))
            if not chosen.size:
                break
            local = self._local(walk, chosen)
            if local.chosen.size:
                self._advance(walk, local, wanted, values)
        walk.status[(walk.status == 0) & (walk.done < wanted[-1])] = TOO_MANY
        values[walk.status != 0] = np.nan
        return values, walk

    def _follow(self, walk: Walk, wanted: Integers, values: Floats) -> None:
        """One period without a skip, which also shows how large each state becomes."""
        chosen = np.flatnonzero((walk.status == 0) & (walk.done < wanted[-1]))
        if not chosen.size:
            return
        walk.state[chosen] = self._periods(walk, chosen, walk.state[chosen])
        walk.done[chosen] += 1
        values[np.ix_(chosen, wanted == walk.done[chosen[0]])] = walk.state[chosen][:, None]

    def _periods(self, walk: Walk, rows: NDArray[np.intp], starts: Floats) -> Floats:
        """(rows, size) after one period from each start; `rows` tells whose start it is."""
        size = starts.shape[1]
        times = self.period_d * np.arange(1, _LOOKS + 1) / _LOOKS
        changes = [change.only(rows) for change in self.changes]
        integration = Integration(self.program, self.lanes.only(rows), starts, times, changes)
        found = integration.found(Setting.of(self.rtol * _PERIOD), self.threads)
        values = found.values[:, :, :size]
        np.maximum.at(walk.status, rows, found.status)
        np.fmax.at(walk.size, rows, np.abs(values).max(axis=1))
        np.add.at(walk.simulated, rows, 1)
        return values[:, -1]

    def _local(self, walk: Walk, chosen: NDArray[np.intp]) -> _Local:
        """The map and its Jacobian; a column is made anew, by a lane that starts aside, where its state still moves."""
        after = self._periods(walk, chosen, walk.state[chosen])
        size = walk.size[chosen]
        still = np.abs(after - walk.state[chosen]) <= _STILL * self.rtol * size
        needed = np.argwhere(~(still & walk.known[chosen])[:, list(self.moving)])
        who, column = needed[:, 0], np.array(self.moving)[needed[:, 1]]
        aside = _ASIDE * np.where(size > 0, size, size.max(axis=1, keepdims=True))
        starts = walk.state[chosen[who]]
        each = np.arange(len(who))
        starts[each, column] += aside[who, column]
        length = starts[each, column] - walk.state[chosen[who], column]
        ends = self._periods(walk, chosen[who], starts) if len(who) else starts
        walk.jacobian[chosen[who], :, column] = (ends - after[who]) / length[:, None]
        walk.known[chosen[who], column] = True
        good = walk.status[chosen] == 0
        here = chosen[good]
        return _Local(here, walk.state[here], after[good], walk.jacobian[here], Doublings.of(walk.jacobian[here]))

    def _advance(self, walk: Walk, local: _Local, wanted: Integers, values: Floats) -> None:
        """Skip as many periods as the tolerance lets; one at least, which has been simulated."""
        chosen = local.chosen
        following = np.searchsorted(wanted, walk.done[chosen], side="right")
        count = np.minimum(walk.skip[chosen], wanted[following] - walk.done[chosen])
        waiting = np.ones(len(chosen), dtype=np.bool_)
        while (waiting & (count >= _FEWEST)).any():
            trying = waiting & (count >= _FEWEST)
            skip, error = self._try(walk, local, np.where(trying, count, 1), trying)
            with np.errstate(divide="ignore", invalid="ignore"):
                factor = np.clip(0.9 * (self.rtol * _SKIP / error) ** (1 / _ORDER), 0.25, 4.0)
            good = trying & (error <= self.rtol * _SKIP)
            self._land(walk, local, skip, good, (wanted, values))
            next_ = np.maximum((count * np.nan_to_num(factor, nan=0.25)).astype(np.int64), _FEWEST)
            kept = np.where(good, np.maximum(next_, np.minimum(walk.skip[chosen], 4 * count)), next_)
            walk.skip[chosen] = np.where(trying, kept, walk.skip[chosen])
            count = np.where(trying & ~good, np.where(count == _FEWEST, 1, next_), count)
            waiting &= ~good & (walk.status[chosen] == 0)
        one = np.ones(len(chosen), dtype=np.int64)
        nothing = np.zeros_like(local.state)
        self._land(walk, local, _Skip(one, nothing, nothing), waiting, (wanted, values))

    def _try(self, walk: Walk, local: _Local, count: Integers, trying: NDArray[np.bool_]) -> tuple[_Skip, Floats]:
        """A skip, and how much its last term changes where it leads, relative to the sizes."""
        half = np.maximum(count // 2, 1)
        linear = [apply(local.powers.count(n).sums[:, 0], local.change) for n in (half, count)]
        starts = local.state[:, None] + np.stack(linear, axis=1)
        ends = np.full_like(starts, np.nan)
        flat = starts[trying].reshape(-1, starts.shape[2])
        ends[trying] = self._periods(walk, np.repeat(local.chosen[trying], 2), flat).reshape(-1, *starts.shape[1:])
        first, second = (
            (ends[:, place] - local.after - apply(local.jacobian, moved)) / n[:, None].astype(np.float64) ** 2
            for place, (moved, n) in enumerate(zip(linear, (half, count), strict=True))
        )
        b = (second - first) / np.maximum(count - half, 1)[:, None]
        a = second - b * count[:, None]
        powers = local.powers.count(count)
        change = apply(powers.sums[:, 3], b) - apply(powers.sums[:, 2], b) * count[:, None]
        size = np.maximum(walk.size[local.chosen], np.abs(starts[:, 1]))
        error = (np.abs(change) / np.where(size > 0, size, 1.0)).max(axis=1)
        return _Skip(count, a, b), error

    def _land(
        self, walk: Walk, local: _Local, skip: _Skip, good: NDArray[np.bool_], into: tuple[Integers, Floats]
    ) -> None:
        """Take the skip in the lanes of the mask; keep where it leads if that is wanted."""
        wanted, values = into
        moved = skip.lead(local)
        chosen = local.chosen[good]
        walk.state[chosen] = (local.state + moved)[good]
        walk.done[chosen] += skip.count[good]
        for lane in chosen:
            values[lane, wanted == walk.done[lane]] = walk.state[lane]
