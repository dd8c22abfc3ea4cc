"""Before and after a plan, without a comparison: how much of a change needs no treatment to explain it.

Who begins on a bad month gets better by regression to the mean, and who takes anything gets better on placebo. Both
enter as ranges from trial data (`outside_changes.csv`), never fitted to this person.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, Literal

from davy.errors import Fault, InputError
from davy.followup.n_of_1.outcomes import OutcomeRow, outcome_named
from davy.tables import SourcedRow, read_table

MONTH_D = 28.0
DAYS_A_MONTH = 30.44
_Z = 1.959964


class OutsideRow(SourcedRow):
    """What trials say of a change that no active treatment made.

    Attributes
    ----------
    kind : placebo (change on placebo), retest (correlation of one month with the next), usual (mean level).
    scale : absolute [unit], a share of the baseline, or a correlation.
    """

    id: str
    outcome: str
    kind: Literal["placebo", "retest", "usual"]
    what: str
    unit: str
    low: float
    middle: float
    high: float
    scale: Literal["absolute", "share", "correlation"]


@dataclass(frozen=True)
class Range:
    """A range with what is likeliest in it [unit of the outcome], positive = better."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class BeforeAfter:
    """A change, and what explains it without the treatment.

    Attributes
    ----------
    improvement : before minus after where lower is better [unit]; low, high : 95 % by chance alone.
    placebo : the improvement in placebo arms; it holds regression to the mean and time as well. None: no data.
    regression : the improvement by regression to the mean alone; None without data.
    explained_low, explained_high : share of the improvement that these explain, 0 to 1; None where none improved.
    """

    outcome: str
    unit: str
    before: float
    after: float
    before_days: int
    after_days: int
    improvement: float
    low: float
    high: float
    placebo: Range | None
    regression: Range | None
    explained_low: float | None
    explained_high: float | None
    sentence: str
    sources: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The document (schema davy.before-after/1)."""
        return {"schema": "davy.before-after/1", **asdict(self)}


@cache
def _rows(outcome: str) -> tuple[OutsideRow, ...]:
    return tuple(row for row in read_table("outside_changes.csv", OutsideRow) if row.outcome == outcome)


def before_after(outcome: str, before: float, after: float, *, before_days: int, after_days: int) -> BeforeAfter:
    """How much of a change from one stretch of days to another needs no treatment to explain it.

    Parameters
    ----------
    outcome : id of `nof1_outcomes.csv`; before, after : levels in its unit.
    before_days, after_days : days that each rests on.

    Raises
    ------
    InputError : an unknown outcome, or no days.
    """
    row = outcome_named(outcome)
    if before_days < 1 or after_days < 1:
        raise InputError([Fault("before and after", "a stretch without a day", "days on both sides")])
    if not (math.isfinite(before) and math.isfinite(after)):
        raise InputError([Fault("before and after", "a level that is no number", "numbers on both sides")])
    sign = 1.0 if row.better == "lower" else -1.0
    improvement = sign * (before - after)
    error = _Z * chance_sd(row, before, before_days, after_days)
    placebo, regression = expected(row, before, before_days)
    low, high = _explained(improvement, placebo, regression)
    sources = tuple(dict.fromkeys(name for one in _rows(outcome) for name in one.source))
    made = BeforeAfter(
        outcome, row.unit, before, after, before_days, after_days, improvement, improvement - error,
        improvement + error, placebo, regression, low, high, "", sources,
    )  # fmt: skip
    return replace(made, sentence=_sentence(made))


def expected(row: OutcomeRow, before: float, before_days: int) -> tuple[Range | None, Range | None]:
    """What placebo arms and regression to the mean would bring to somebody who begins there [unit]."""
    rows = _rows(row.id)
    placebo = [_placebo(one, row, before) for one in rows if one.kind == "placebo"]
    found = None
    if placebo:
        middle = math.fsum(one.middle for one in placebo) / len(placebo)
        found = Range(min(one.low for one in placebo), middle, max(one.high for one in placebo))
    retest = next((one for one in rows if one.kind == "retest"), None)
    usual = next((one for one in rows if one.kind == "usual"), None)
    if retest is None or usual is None:
        return found, None
    above = before - usual.middle * _month(usual, row)
    backs = sorted(above * (1 - _over(r, before_days)) for r in (retest.low, retest.middle, retest.high))
    return found, Range(*backs)


def _placebo(one: OutsideRow, row: OutcomeRow, before: float) -> Range:
    factor = before if one.scale == "share" else _month(one, row)
    return Range(one.low * factor, one.middle * factor, one.high * factor)


def _month(one: OutsideRow, row: OutcomeRow) -> float:
    """From days a calendar month to days in 28."""
    return MONTH_D / DAYS_A_MONTH if one.unit == "days a month" and row.daily_factor == MONTH_D else 1.0


def _over(retest: float, days: int) -> float:
    """The correlation for a baseline of another length than a month: chance shrinks with its days."""
    noise = (1 - retest) * MONTH_D / days
    return retest / (retest + noise)


def chance_sd(row: OutcomeRow, level: float, before_days: int, after_days: int) -> float:
    """Standard deviation of a change by chance alone [unit], days being as alike as the outcome's prior says."""
    daily = level / row.daily_factor
    if row.kind == "binary":
        share = min(max(daily, 0.02), 0.98)
        spread = math.sqrt(share * (1 - share))
    elif row.kind == "count":
        spread = math.sqrt(max(daily, 0.02))
    else:
        spread = row.sd or 1.0
    alike = (1 + row.rho) / (1 - row.rho)
    return row.daily_factor * spread * math.sqrt(alike * (1 / before_days + 1 / after_days))


def _explained(
    improvement: float, placebo: Range | None, regression: Range | None
) -> tuple[float | None, float | None]:
    known = [one for one in (placebo, regression) if one is not None]
    if improvement <= 0 or not known:
        return None, None
    shares = (min(one.low for one in known) / improvement, max(one.high for one in known) / improvement)
    return min(max(shares[0], 0.0), 1.0), min(max(shares[1], 0.0), 1.0)


def _sentence(made: BeforeAfter) -> str:
    unit = made.unit
    if made.improvement <= 0:
        return f"It did not get better: from {made.before:.3g} to {made.after:.3g} {unit}."
    told = f"From {made.before:.3g} to {made.after:.3g} {unit}. "
    if made.low <= 0:
        told += "A change of this size comes about by chance alone. "
    if made.explained_low is None or made.explained_high is None:
        return told + "No trial data on placebo or on regression to the mean are at hand for this outcome."
    if made.placebo is not None:
        told += f"On placebo, trials saw an improvement of {made.placebo.low:.2g} to {made.placebo.high:.2g}. "
    if made.regression is not None and made.regression.high > 0:
        told += f"Regression to the mean alone brings {made.regression.low:.2g} to {made.regression.high:.2g}. "
    return told + (
        f"Together they explain {made.explained_low:.0%} to {made.explained_high:.0%} of the improvement; "
        "a comparison within the person is needed to know more."
    )
