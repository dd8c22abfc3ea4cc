"""Dates and clock times as diaries write them; what could be two different days is never guessed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Order = Literal["year-first", "day-first", "month-first"]
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EARLIEST = date(1971, 1, 1)
"""A day before this is a clock that was never set, not a diary."""

LONGEST = 100
_NUMERIC = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\.?")
_BARE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NAMED = re.compile(
    r"(?:[A-Za-z]{2,9},?\s+)?(?:(\d{1,2})[.\s-]+([A-Za-z]{3,9})|([A-Za-z]{3,9})\s+(\d{1,2}))[.,\s-]+(\d{4})"
)
_HALF = r"\s*(?P<half>[AaPp]\.?\s?[Mm]\.?)"
_CLOCK = re.compile(
    rf"(?P<hours>\d{{1,2}}):(?P<minutes>\d{{2}})(?::(?P<seconds>\d{{2}})(?:[.,]\d{{1,9}})?)?(?:{_HALF})?"
)
_HOUR = re.compile(rf"(?P<hours>\d{{1,2}}){_HALF}")
_OFFSET = re.compile(r"\s*(?:([Zz]|UTC|GMT)|([+-])(\d{2}):?(\d{2})?)$")
_SERIAL = re.compile(r"[2-6]\d{4}(\.\d+)?")


class Unreadable(ValueError):
    """A cell that says nothing Davy may believe; the message is why."""


@dataclass(frozen=True)
class DateRule:
    """How the dates of a file read.

    Attributes
    ----------
    order : what numeric dates begin with where the year is last; None = not known, and then none is read.
    zone : the person's time zone; times in UTC need it, others are by the person's own clock already.
    """

    order: Order | None
    today: date
    zone: tzinfo | None = None


def zone_of(name: str) -> tzinfo:
    """A time zone by its name, like Europe/Berlin, or by its offset, like +01:00; raises Unreadable."""
    offset = re.fullmatch(r"([+-])(\d{2}):?(\d{2})", name.strip())
    if offset is not None:
        minutes = int(offset[2]) * 60 + int(offset[3])
        if minutes > 14 * 60 or int(offset[3]) > 59:
            raise Unreadable(f"'{name}' is not an offset that any place has")
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    try:
        return ZoneInfo(name.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Unreadable(f"'{name}' is not a time zone known here; write it like Europe/Berlin or +01:00") from None


def local(at: datetime, zone: tzinfo) -> datetime:
    """The same instant by the clock of a zone, with its offset fixed.

    Two times that share a zone are compared by their clocks, so that in the night in which clocks go back an end at
    2:06 would come before a start at 2:58; with fixed offsets they are compared as instants.
    """
    there = at.astimezone(zone)
    return there.replace(tzinfo=timezone(there.utcoffset() or timedelta()), fold=0)


@dataclass
class DateSurvey:
    """What the numeric dates of a file show about their order."""

    seen: Counter[str] = field(default_factory=Counter[str])
    first: dict[str, tuple[int, str]] = field(default_factory=dict[str, tuple[int, str]])

    def add(self, text: str, line: int) -> None:
        """Look at one cell."""
        kind = _shape(_split(text)[0]) if len(text) <= LONGEST else None
        if kind is not None:
            self.seen[kind] += 1
            self.first.setdefault(kind, (line, text))


@lru_cache(maxsize=4096)
def _shape(text: str) -> str | None:
    """Which order a numeric date with the year last can have; None for all other texts."""
    match = _NUMERIC.fullmatch(text)
    if match is None or len(match[1]) > 2:
        return None
    first, second = int(match[1]), int(match[3])
    if len(match[4]) < 4:
        return "either"
    if first > 12 >= second:
        return "day-first"
    if second > 12 >= first:
        return "month-first"
    return "same" if first == second else "either"


def _split(text: str) -> tuple[str, str]:
    """A cell as its date and its clock time, either of them perhaps empty."""
    text = text.strip()
    if _CLOCK.fullmatch(text) or _HOUR.fullmatch(text):
        return "", text
    for pattern in (_NUMERIC, _NAMED, _BARE):
        match = pattern.match(text)
        if match is not None:
            rest = text[match.end() :]
            if not rest or rest[0] in "Tt ,":
                return text[: match.end()], rest.lstrip("Tt ,")
    return text, ""


def day_of(text: str, rule: DateRule) -> date:
    """The day of a cell, whatever clock time stands beside it; raises Unreadable."""
    when = when_of(text, rule)
    if isinstance(when, datetime):
        return when.date()
    if isinstance(when, date):
        return when
    raise Unreadable(f"'{text.strip()}' has no date")


@lru_cache(maxsize=65_536)
def when_of(text: str, rule: DateRule) -> date | datetime | time:
    """A day, a day with its clock time, or a clock time alone; raises Unreadable."""
    if len(text) > LONGEST:
        raise Unreadable(f"'{text[:20]}...' is not a date, like 2026-03-01")
    head, tail = _split(text)
    if not head:
        return _clock(tail)
    day = _day(head, rule)
    if not tail:
        return day
    offset = _OFFSET.search(tail)
    if offset is None:
        return datetime.combine(day, _clock(tail))
    naive = datetime.combine(day, _clock(tail[: offset.start()]))
    if offset[1]:
        if rule.zone is None:
            raise Unreadable(
                f"'{text.strip()}' is a time in UTC, and which day that is for you depends on where you live: "
                "say zone: Europe/Berlin, or yours, in a mapping file"
            )
        return _within(local(naive.replace(tzinfo=UTC), rule.zone), rule)
    minutes = int(offset[3]) * 60 + int(offset[4] or 0)
    if minutes > 14 * 60:
        raise Unreadable(f"'{text.strip()}' has an offset that no place has")
    return naive.replace(tzinfo=timezone(timedelta(minutes=-minutes if offset[2] == "-" else minutes)))


def _within(at: datetime, rule: DateRule) -> datetime:
    if at.date() > rule.today + timedelta(days=1):
        raise Unreadable(f"{at.date()} lies in the future")
    return at


def _day(text: str, rule: DateRule) -> date:
    try:
        day = _numbers(text, rule)
    except (ValueError, OverflowError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"'{text}' is not a day of the calendar") from None
    if day > rule.today + timedelta(days=1):  # a time zone may be ahead of this machine
        raise Unreadable(f"{day} lies in the future; today is {rule.today}")
    if day < EARLIEST:
        raise Unreadable(f"{day} lies before {EARLIEST}: a clock that was not set?")
    return day


def _numbers(text: str, rule: DateRule) -> date:
    bare = _BARE.fullmatch(text)
    if bare is not None:
        return date(int(bare[1]), int(bare[2]), int(bare[3]))
    named = _NAMED.fullmatch(text)
    if named is not None:
        return date(int(named[5]), _month(named[2] or named[3]), int(named[1] or named[4]))
    match = _NUMERIC.fullmatch(text)
    if match is None:
        serial = "; if it is a day number of a spreadsheet, format the column as a date"
        raise Unreadable(f"'{text}' is not a date{serial if _SERIAL.fullmatch(text) else ', like 2026-03-01'}")
    first, second, third = match[1], match[3], match[4]
    if len(first) == 4:
        return date(int(first), int(second), int(third))
    if len(third) == 3 or len(first) == 3:
        raise Unreadable(f"'{text}' is not a date, like 2026-03-01")
    if rule.order is None and not (_shape(text) == "same"):
        raise Unreadable(f"'{text}' could be two days: say dates: day-first or month-first in a mapping file")
    if rule.order == "year-first":
        if len(third) == 4:
            raise Unreadable(f"'{text}' does not begin with the year, as the mapping says")
        return date(2000 + int(first), int(second), int(third))
    year = int(third) if len(third) == 4 else 2000 + int(third)
    day, month = (first, second) if rule.order != "month-first" else (second, first)
    return date(year, int(month), int(day))


def _month(name: str) -> int:
    if name[:3].lower() not in MONTHS:
        raise Unreadable(f"'{name}' is not a month")
    return MONTHS.index(name[:3].lower()) + 1


def _clock(text: str) -> time:
    text = text.strip()
    match = _CLOCK.fullmatch(text) or _HOUR.fullmatch(text)
    if match is None:
        raise Unreadable(f"'{text}' is not a clock time, like 22:30")
    hours, half = int(match["hours"]), match["half"]
    if half is not None:
        if not 1 <= hours <= 12:
            raise Unreadable(f"'{text}' is not a clock time of twelve hours")
        hours = hours % 12 + (12 if half[0] in "Pp" else 0)
    rest = match.groupdict()
    minutes, seconds = int(rest.get("minutes") or 0), int(rest.get("seconds") or 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        raise Unreadable(f"'{text}' is not a clock time, like 22:30")
    return time(hours, minutes, seconds)
