"""Stages of sleep as nights: overlapping sources counted once, time in bed never counted as sleep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from davy.followup.records import Record, local_day

STAGES = frozenset(("core", "deep", "rem", "light"))
UNSPECIFIED = "asleep"
APART = timedelta(hours=3)
"""A gap from which on two stretches of sleep are two nights, or a night and a nap."""

_Stretch = tuple[datetime, datetime, str]


class Nights:
    """Every stretch of sleep, by source."""

    def __init__(self, prefer: tuple[str, ...]) -> None:
        self._prefer = prefer
        self._stretches: defaultdict[str, list[_Stretch]] = defaultdict(list)

    def add(self, record: Record) -> None:
        """Take in one stage of sleep; one without clock times says nothing about minutes."""
        if isinstance(record.start, datetime) and isinstance(record.end, datetime):
            self._stretches[record.source].append((record.start, record.end, record.text))

    def asleep(self) -> dict[date, float]:
        """Minutes asleep in the night that ended on each day.

        Of several sources one with stages goes before one without, then the preferred one; of several stretches that
        end on one day the longest is the night.
        """
        best: dict[date, tuple[tuple[bool, int, str], float]] = {}
        for source in sorted(self._stretches):
            nights: dict[date, tuple[float, bool]] = {}
            for night in _nights(self._stretches[source]):
                minutes, staged = _asleep(night)
                day = local_day(max(stretch[1] for stretch in night))
                if minutes > nights.get(day, (0.0, False))[0]:
                    nights[day] = minutes, staged
            for day, (minutes, staged) in nights.items():
                at = self._prefer.index(source) if source in self._prefer else len(self._prefer)
                rank = (not staged, at, source)
                if day not in best or rank < best[day][0]:
                    best[day] = rank, minutes
        return {day: minutes for day, (_, minutes) in best.items()}


def _nights(stretches: list[_Stretch]) -> Iterator[list[_Stretch]]:
    """Stretches that follow each other closely."""
    night: list[_Stretch] = []
    until: datetime | None = None
    for stretch in sorted(stretches, key=lambda one: (_clock(one[0]), _clock(one[1]))):
        if until is not None and _clock(stretch[0]) - _clock(until) >= APART:
            yield night
            night, until = [], None
        night.append(stretch)
        until = stretch[1] if until is None or _clock(stretch[1]) > _clock(until) else until
    if night:
        yield night


def _clock(at: datetime) -> datetime:
    """A time that can be ordered beside others; one without an offset is taken as it stands."""
    return at.replace(tzinfo=None) if at.tzinfo is None else (at - (at.utcoffset() or timedelta())).replace(tzinfo=None)


def _asleep(night: list[_Stretch]) -> tuple[float, bool]:
    """Minutes that stretches of sleep cover, and whether stages were told; with stages the unspecified do not count."""
    staged = any(stage in STAGES for _, _, stage in night)
    counted = STAGES if staged else frozenset((UNSPECIFIED,))
    minutes, covered = 0.0, None
    for start, end, stage in night:
        if stage not in counted:
            continue
        begin = _clock(start) if covered is None else max(_clock(start), covered)
        if _clock(end) > begin:
            minutes += (_clock(end) - begin).total_seconds() / 60
            covered = _clock(end)
    return minutes, staged
