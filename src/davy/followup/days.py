"""Records as days: one row a calendar day, where every field is known or None, and None is never zero.

The rules, in one place:

- A day is a calendar day by the person's own clock. A night counts to the day on which it ends.
- An attack makes a headache day of every day it reaches; one without an end only of the day on which it began. An end
  at midnight does not reach the next day. Its worst pain counts to the day on which it began.
- What the person said about a day as a whole goes before what an attack from the day before implies. Two statements
  about one day that contradict each other leave it unknown, and `disagreements` names them; of loose stools, stool
  form, medicines and magnesium besides food the worst counts all the same.
- Without a clock time a record speaks for its whole day; with one it is one of several, which are added up (counts and
  amounts), averaged (shares, heart rate) or of which the worst counts (pain, stool form).
- What devices measured (sleep, heart rate) is no statement that could contradict another: of several one counts, by the
  rule of `sources.py`. Two food apps that tell one day bound its magnesium together, unless one is preferred.
- An instant that was told twice by different clocks is one.
- Pain that does not stop and has no end goes on to the last day of which the records speak.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from davy.followup.records import Record

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Amount:
    """A sum of which parts may be unknown.

    Attributes
    ----------
    low : what is known of it; high : None where `unquantified` items could add anything.
    """

    low: float
    high: float | None
    unquantified: int = 0


@dataclass(frozen=True)
class Day:
    """What is known about one day; None is unknown everywhere.

    Attributes
    ----------
    headache_attacks : attacks that began on the day; pain_0_10 : the worst of the day; pain : any, not only headache.
    acute_medicines : as written; empty = the person said that none was taken. acute_classes : ids of medicines.csv.
    taken_share : the part of the planned magnesium that was taken, 0 to 1.
    dietary_mg : magnesium from food; supplement_mg : elemental magnesium besides food.
    asleep_min : of the night that ended on the day, in-bed time never counted.
    disagreements : fields that two records contradict each other about; such a field is None, or the worst for a harm.
    """

    date: date
    headache: bool | None = None
    headache_attacks: int | None = None
    pain: bool | None = None
    pain_0_10: float | None = None
    acute_medicines: tuple[str, ...] | None = None
    acute_classes: tuple[str, ...] | None = None
    sleep_onset_min: float | None = None
    asleep_min: float | None = None
    cramps: float | None = None
    loose_stools: float | None = None
    bristol: float | None = None
    taken_share: float | None = None
    dietary_mg: Amount | None = None
    supplement_mg: float | None = None
    hrv_sdnn_ms: float | None = None
    hrv_rmssd_ms: float | None = None
    resting_heart_rate_per_min: float | None = None
    menstruation: bool | None = None
    alcohol_g: float | None = None
    symptoms: tuple[str, ...] | None = None
    disagreements: tuple[str, ...] = ()

    @property
    def noted(self) -> bool:
        """Whether somebody wrote anything down that day; a watch that was worn is no diary."""
        said = any(getattr(self, name) is not None for name in FIELDS if name not in _WATCHED)
        return said or bool(self.disagreements)

    @property
    def known(self) -> bool:
        """Whether anything at all is known about the day."""
        return any(getattr(self, name) is not None for name in FIELDS) or bool(self.disagreements)


_WATCHED = frozenset(
    ("sleep_onset_min", "asleep_min", "dietary_mg", "hrv_sdnn_ms", "hrv_rmssd_ms", "resting_heart_rate_per_min")
)
"""What a device or a food log fills by itself: it tells nothing of how somebody was."""
FIELDS: tuple[str, ...] = tuple(name for name in Day.__dataclass_fields__ if name not in ("date", "disagreements"))
"""The fields of a day that a diary or a device can fill."""


def days_of(
    records: Iterable[Record],
    *,
    first: date | None = None,
    last: date | None = None,
    prefer: Sequence[str] = (),
) -> tuple[Day, ...]:
    """The days of which the records speak, in order.

    Parameters
    ----------
    records : in any order; they are read once and not kept.
    first, last : where one is given, days before or after it are left out, and where both are given, every day between
        them is there, also one of which nothing is known.
    prefer : sources in the order in which they are believed where several measured the same thing.
    """
    from davy.followup.gathering import Gathering

    gathering = Gathering(tuple(prefer))
    for record in records:
        gathering.add(record)
    found = {day.date: day for day in gathering.days()}
    if first is not None and last is not None:
        every = (first + k * ONE_DAY for k in range((last - first).days + 1))
        return tuple(found.get(day, Day(day)) for day in every)
    kept = (day for when, day in found.items() if (first is None or when >= first) and (last is None or when <= last))
    return tuple(sorted(kept, key=lambda day: day.date))
