"""Stages of sleep as nights: overlapping sources counted once, time in bed never counted as sleep."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from davy.followup.records import Record, local_day

STAGES = frozenset(("core", "deep", "rem", "light"))
UNSPECIFIED = "asleep"
APART = timedelta(hours=3)
"""A gap from which on two stretches of sleep are two nights, or a night and a nap."""

_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
_APART = APART // _MICROSECOND
_MINUTE = timedelta(minutes=1) // _MICROSECOND
_DAY = timedelta(days=1) // _MICROSECOND
_STAGED, _UNSPECIFIED, _OTHER = 0, 1, 2

_Stretch = tuple[int, int, int]
"""Start and end [microseconds], and the day on which it ends with what it is: ordinal * 3 + kind."""
_Days = defaultdict[int, "array[int]"]
"""Stretches by the day of their start, three numbers each."""


@dataclass(frozen=True, slots=True)
class Slept:
    """How long one source says that a night was [min], and whether it told stages."""

    source: str
    minutes: float
    staged: bool


class Nights:
    """Every stretch of sleep, by source and the day of its start, in 24 bytes each; of one day at a time in order."""

    def __init__(self) -> None:
        self._stretches: defaultdict[str, _Days] = defaultdict(lambda: defaultdict(lambda: array("q")))

    def add(self, record: Record) -> None:
        """Take in one stage of sleep; one without clock times says nothing about minutes."""
        if isinstance(record.start, datetime) and isinstance(record.end, datetime):
            kind = _STAGED if record.text in STAGES else _UNSPECIFIED if record.text == UNSPECIFIED else _OTHER
            ends = local_day(record.end).toordinal() * 3 + kind
            start = _clock(record.start)
            self._stretches[record.source][start // _DAY].extend((start, _clock(record.end), ends))

    def asleep(self) -> dict[date, list[Slept]]:
        """The night that ended on each day, as each source tells it; of several stretches the longest is the night."""
        told: defaultdict[date, list[Slept]] = defaultdict(list)
        for source in sorted(self._stretches):
            nights: dict[date, Slept] = {}
            for night in _nights(self._stretches[source]):
                minutes, staged = _asleep(night)
                day = date.fromordinal(max((end, ends) for _, end, ends in night)[1] // 3)
                if minutes > (nights[day].minutes if day in nights else 0.0):
                    nights[day] = Slept(source, minutes, staged)
            for day, slept in nights.items():
                told[day].append(slept)
        return told


def _nights(days: _Days) -> Iterator[list[_Stretch]]:
    """Stretches that follow each other closely."""
    night: list[_Stretch] = []
    until = 0
    for stretch in _in_order(days):
        if night and stretch[0] - until >= _APART:
            yield night
            night = []
        until = max(until, stretch[1]) if night else stretch[1]
        night.append(stretch)
    if night:
        yield night


def _in_order(days: _Days) -> Iterator[_Stretch]:
    for _, told in sorted(days.items()):
        yield from sorted(zip(told[0::3], told[1::3], told[2::3], strict=True))


def _clock(at: datetime) -> int:
    """A time that can be ordered beside others [microseconds]; one without an offset is taken as it stands."""
    return (at.replace(tzinfo=None) - (at.utcoffset() or timedelta()) - _EPOCH) // _MICROSECOND


def _asleep(night: list[_Stretch]) -> tuple[float, bool]:
    """Minutes that stretches of sleep cover, and whether stages were told; with stages the unspecified do not count."""
    staged = any(ends % 3 == _STAGED for _, _, ends in night)
    counted = _STAGED if staged else _UNSPECIFIED
    asleep, covered = 0, night[0][0]
    for start, end, ends in night:
        if ends % 3 == counted and end > covered:
            asleep += end - max(start, covered)
            covered = end
    return asleep / _MINUTE, staged
