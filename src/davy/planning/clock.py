"""Clock times for one to four intakes: at meals where the medicines leave room, else as near as they allow."""

from __future__ import annotations

from collections.abc import Sequence

from davy.people.person import Person
from davy.safety.clock import free_times
from davy.safety.interactions import MedicineWindow, windows

_AT_MEAL = {19: 0.0, 13: 0.2, 8: 0.3, 21: 1.0, 20: 1.0, 12: 1.0, 18: 1.0, 22: 1.2, 9: 1.2}
_ELSEWHEN, _AT_NIGHT, _NEAR_MEDICINE = 2.0, 10.0, 2.0
_WAKING = range(7, 23)
_NIGHT_BONUS = 3.0
_BESIDE_MAGNESIUM = 6.0
_LEAST_GAP_H, _PER_HOUR_CLOSER = 3, 0.2


def slots(
    person: Person, *, at_night: bool = False, beside: Sequence[str] = (), most: int = 4
) -> dict[int, tuple[str, ...]]:
    """Clock times by number of intakes; a number that the medicines leave no room for is absent.

    Times keep the hours that safety asks for, and where there is room also the hours that it advises to aim at.

    Parameters
    ----------
    at_night : the last hours of the day before meals, as the articles want it.
    beside : clock times of magnesium that stays; two products at once would be one large intake.
    """
    hours = sorted(int(at[:2]) for at in free_times(person, every_min=60))
    cost = {hour: _cost(hour, windows(person)) - (_NIGHT_BONUS if at_night and hour >= 21 else 0.0) for hour in hours}
    for hour in hours:
        if any(_distance_h(hour, at) < _LEAST_GAP_H for at in beside):
            cost[hour] += _BESIDE_MAGNESIUM
    found: dict[int, tuple[str, ...]] = {}
    for count in range(1, most + 1):
        best = min(_spaced(hours, count), key=lambda chosen: (_total(chosen, cost), chosen), default=None)
        if best is not None:
            found[count] = tuple(f"{hour:02d}:00" for hour in best)
    return found


def _spaced(hours: Sequence[int], count: int) -> list[tuple[int, ...]]:
    """Every choice of so many hours, rising, each at least the least gap from the next, round the clock too."""
    awake = [hour for hour in hours if hour in _WAKING] or list(hours)
    found: list[tuple[int, ...]] = [(hour,) for hour in awake]
    for _ in range(count - 1):
        found = [(*chosen, hour) for chosen in found for hour in awake if hour - chosen[-1] >= _LEAST_GAP_H]
    return [chosen for chosen in found if count == 1 or min(_gaps(chosen)) >= _LEAST_GAP_H]


def _gaps(chosen: tuple[int, ...]) -> list[int]:
    return [(after - before) % 24 or 24 for before, after in zip(chosen, (*chosen[1:], chosen[0]), strict=True)]


def _total(chosen: tuple[int, ...], cost: dict[int, float]) -> float:
    wanted = min(24 / len(chosen), 10.0)
    return sum(cost[hour] for hour in chosen) + _PER_HOUR_CLOSER * max(0.0, wanted - min(_gaps(chosen)))


def _cost(hour: int, kept_apart: Sequence[MedicineWindow]) -> float:
    place = _AT_MEAL.get(hour, _ELSEWHEN if hour in _WAKING else _AT_NIGHT)
    near = any(_distance_h(hour, at) < window.aim_h for window in kept_apart for at in window.at)
    return place + (_NEAR_MEDICINE if near else 0.0)


def _distance_h(hour: int, at: str) -> float:
    taken = int(at.split(":")[0]) + int(at.split(":")[1]) / 60
    gap = abs(hour - taken) % 24
    return min(gap, 24 - gap)
