"""All that happens to the lanes, in order of time: each lane reads its own row, or all read one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from davy.body.expression import Apply, Expression, Name, Number
from davy.engine.doses import Doses, Floats, Integers, Steps
from davy.engine.lanes import Lanes
from davy.errors import SolveError

_MOMENT = 2.0**-46
_ARITHMETIC: Mapping[str, Callable[..., Floats]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.divide,
}


@dataclass(frozen=True, eq=False)
class Change:
    """Values for one place at several times: added where the place is a state, set where it is a parameter.

    Attributes
    ----------
    what : how an error names it.
    time : (n,) or (lanes, n) [d].
    place : (n,) index of the state, or of the parameter column plus the number of states.
    value : (n,) or (lanes, n).
    """

    what: str
    time: Floats
    place: Integers
    value: Floats

    def only(self, chosen: NDArray[np.intp]) -> Change:
        """The changes of some lanes."""
        time, value = (part[chosen] if part.ndim == 2 else part for part in (self.time, self.value))
        return Change(self.what, time, self.place, value)


@dataclass(frozen=True, eq=False)
class Timetable:
    """Events in order of time; the last of each lane never comes.

    Attributes
    ----------
    time, place : (events,) shared, or (tiles, events, width).
    value : (events,) shared, or (tiles, events, width).
    """

    time: Floats
    place: Integers
    value: Floats

    def slots(self) -> Mapping[str, Any]:
        """What the generated code is handed: the arrays, and how far apart tiles, events and lanes lie in them."""
        found: dict[str, Any] = {"event_time": self.time, "event_place": self.place, "event_value": self.value}
        for name, array in (("time", self.time), ("value", self.value)):
            own = array.ndim == 3
            width = array.shape[-1] if own else 1
            found[f"{name}_per_tile"] = array.shape[1] * width if own else 0
            found[f"{name}_per_event"] = width
            found[f"{name}_per_lane"] = int(own)
        return found


def timetable(changes: Sequence[Change], lanes: Lanes, last_d: float) -> Timetable:
    """The changes merged; each lane has its own where any change is a lane's own. Shared ones end with `last_d`."""
    for change in changes:
        for part in (change.time, change.value):
            if part.ndim == 2 and len(part) != lanes.count:
                raise SolveError(f"{change.what}: rows for {len(part)} lanes, theta has {lanes.count}")
    places = np.concatenate([change.place for change in changes]).astype(np.int64)
    own = any(change.time.ndim == 2 for change in changes)
    time = _joined([change.time for change in changes], lanes.count if own else 0)
    alike = all(change.value.ndim == 1 for change in changes)
    value = _joined([change.value for change in changes], 0 if alike else lanes.count)
    if own:
        order = np.argsort(time, axis=1, kind="stable")
        rows = np.broadcast_to(value, time.shape)
        sorted_time, sorted_value = (np.take_along_axis(part, order, axis=1) for part in (time, rows))
        return Timetable(
            _tiled(lanes, sorted_time, np.inf),
            _tiled(lanes, np.asarray(places[order], dtype=np.int64), 0),
            _tiled(lanes, sorted_value, 1.0),
        )
    order = np.argsort(time, kind="stable")
    order = order[time[order] <= last_d]
    chosen = value[..., order]
    ended = np.append(chosen, 1.0) if alike else _tiled(lanes, chosen, 1.0)
    return Timetable(np.append(time[order], np.inf), np.append(places[order], 0), np.ascontiguousarray(ended))


def dose_change(doses: Doses, states: Integers, per_unit: Floats) -> Change:
    """Doses as changes; `per_unit` is what one unit of amount adds to each dose's state."""
    return Change("doses", doses.time_d, states, doses.amount_mmol * per_unit)


def step_change(what: str, steps: Steps, place: int) -> Change:
    """Steps of one input or covariate as changes."""
    count = int(steps.time_d.shape[-1])
    return Change(what, steps.time_d, np.array([place] * count, dtype=np.int64), steps.value)


def switch_change(switches: Sequence[Expression], values: Mapping[str, Floats], clock: int) -> Change:
    """Stops where a formula switches and a moment before, so that no step reaches across; nothing is added."""
    with np.errstate(all="ignore"):
        times = [np.asarray(_value(switch, values), dtype=np.float64) for switch in switches]
    times += [time * (1.0 - _MOMENT) for time in times]
    times = [np.where((time > 0.0) & np.isfinite(time), time, np.inf) for time in times]
    own = any(time.ndim for time in times)
    rows = np.stack(np.broadcast_arrays(*times), axis=-1) if own else np.array(times)
    places: Integers = np.full(len(switches) * 2, clock, dtype=np.int64)
    return Change("switches", rows, places, np.zeros(len(times)))


def _value(formula: Expression, values: Mapping[str, Floats]) -> Floats | float:
    """The value in each lane of a formula of parameters, by the four operations alone: the same bits in any batch."""
    if isinstance(formula, Number):
        return formula.value
    if isinstance(formula, Name):
        return values[formula.id]
    if not isinstance(formula, Apply):
        raise SolveError("a switch reads the time")
    parts = [_value(part, values) for part in formula.arguments]
    return np.negative(parts[0]) if len(parts) == 1 else _ARITHMETIC[formula.operation](parts[0], parts[1])


def _joined(parts: Sequence[Floats], count: int) -> Floats:
    """Side by side; with `count` lanes, those that all share are repeated."""
    if not count:
        return np.concatenate([part.reshape(-1) for part in parts])
    return np.concatenate([np.broadcast_to(part, (count, part.shape[-1])) for part in parts], axis=1)


def _tiled(lanes: Lanes, rows: NDArray[Any], last: float) -> NDArray[Any]:
    ended = np.concatenate((rows, np.full((len(rows), 1), last, dtype=rows.dtype)), axis=1)
    return lanes.tiled(ended)
