"""Dates and times of FHIR: a year or a month alone is no day, and a time keeps the offset it was written with."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from davy.exchange.dates import EARLIEST, Unreadable, local
from davy.exchange.fhir.context import Context
from davy.exchange.fhir.document import Tree, text, tree_of
from davy.followup.records import Moment, local_day

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?")


def moment_of(written: str, context: Context) -> Moment:
    """A day or a time; raises Unreadable where it is none, only a month, in the future or before there were clocks."""
    if _PARTIAL.fullmatch(written):
        raise Unreadable(f"'{written}' does not say which day")
    try:
        found = date.fromisoformat(written) if len(written) == 10 else datetime.fromisoformat(written)
        if isinstance(found, datetime) and found.tzinfo is not None and context.zone is not None:
            found = local(found, context.zone)
    except (ValueError, OverflowError):
        raise Unreadable(f"'{written[:40]}' is not a day or a time of the calendar") from None
    day = local_day(found)
    if day > context.today + timedelta(days=1):  # a time zone may be ahead of this machine
        raise Unreadable(f"{day} lies in the future; today is {context.today}")
    if day < EARLIEST:
        raise Unreadable(f"{day} lies before {EARLIEST}: a clock that was not set?")
    return found


def course_day(written: str, *, last: bool = False) -> date:
    """The first or the last day that a date of a course can mean; raises Unreadable where it is none."""
    partial = _PARTIAL.fullmatch(written)
    try:
        if partial is None:
            return date.fromisoformat(written[:10])
        year, month = int(partial[1]), int(partial[2] or (12 if last else 1))
        if not last:
            return date(year, month, 1)
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    except (ValueError, OverflowError):
        raise Unreadable(f"'{written[:40]}' is not a day of the calendar") from None


def span_of(tree: Tree, stem: str, context: Context) -> tuple[Moment, Moment | None] | None:
    """When something was, from ``stemDateTime``, ``stemInstant`` or ``stemPeriod``; None where it is not said."""
    single = text(tree, f"{stem}DateTime") or text(tree, f"{stem}Instant")
    if single:
        return moment_of(single, context), None
    period = tree_of(tree, f"{stem}Period")
    start, end = text(period, "start"), text(period, "end")
    if not start and not end:
        return None
    first = moment_of(start or end, context)
    return first, moment_of(end, context) if start and end else None


def is_utc(at: Moment) -> bool:
    """Whether a time is told by no clock of a place."""
    return isinstance(at, datetime) and at.tzinfo is not None and at.utcoffset() == timedelta(0)
