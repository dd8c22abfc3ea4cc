"""The numbers that a follow-up uses, each a row of `followup_rules.csv`, and the words of the stop rules."""

from __future__ import annotations

from davy.planning.monitoring import StopRow, stop_rows
from davy.tables import SourcedRow, read_table


class FollowUpRow(SourcedRow):
    """One number of the follow-up, with its unit and what it is for."""

    id: str
    value: float
    unit: str
    what: str


def number(name: str) -> float:
    """The number of that row, in its own unit."""
    return next(row.value for row in read_table("followup_rules.csv", FollowUpRow) if row.id == name)


def days(name: str) -> int:
    """The number of that row as whole days."""
    return round(number(name))


def stop_row(name: str) -> StopRow:
    """What a stop rule says, and its sources."""
    return next(row for row in stop_rows() if row.id == name)
