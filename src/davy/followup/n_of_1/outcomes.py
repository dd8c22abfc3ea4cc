"""The outcomes that a trial of one person may have, as rows of `nof1_outcomes.csv`."""

from __future__ import annotations

from functools import cache
from typing import Literal

from davy.errors import Fault, InputError
from davy.followup.n_of_1.families import Kind
from davy.tables import SourcedRow, read_table


class OutcomeRow(SourcedRow):
    """One outcome.

    Attributes
    ----------
    unit : in which differences are told; a daily value times `daily_factor` is in it.
    baseline_field : of the person file, in `unit`.
    level : usual level where the person brings none [unit]; sd : of one day, blank for counts and yes or no.
    rho, rho_low, rho_high : day-to-day correlation of the daily tendency, and the range that is thought likely.
    missing_share : of days; period_rise_sd : rise around menstruation, in daily SD.
    smallest : the smallest difference that matters, unless the person says otherwise [unit].
    least, most : bounds of a daily value.
    """

    id: str
    words: str
    kind: Kind
    unit: str
    daily_factor: float
    better: Literal["lower", "higher"]
    baseline_field: str
    level: float
    sd: float | None = None
    rho: float
    rho_low: float
    rho_high: float
    missing_share: float
    period_rise_sd: float
    smallest: float
    least: float
    most: float


@cache
def outcomes() -> tuple[OutcomeRow, ...]:
    """Every outcome."""
    return read_table("nof1_outcomes.csv", OutcomeRow)


def outcome_named(name: str) -> OutcomeRow:
    """The outcome of that id; raises InputError that names all."""
    for row in outcomes():
        if row.id == name:
            return row
    known = ", ".join(row.id for row in outcomes())
    raise InputError([Fault(f"--outcome {name}", "this is no outcome of a trial of one person", f"one of: {known}")])
