"""Gathers what records say about each day, and judges at the end what of it is known."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache

from davy.followup.days import ONE_DAY, Amount, Day
from davy.followup.nights import Nights, Slept
from davy.followup.records import Kind, Record, local_day
from davy.followup.sources import MEASURED, STAGES, TOTAL, Sources, Told
from davy.people.file import ATC_PATTERN
from davy.people.vocabulary import classes_of

MEAN: frozenset[Kind] = frozenset(("intake", "hrv_sdnn", "hrv_rmssd", "resting_heart_rate"))
WORST: frozenset[Kind] = frozenset(("pain", "bristol", "headache"))
"""How several timed records of one day become one value; those that are in neither are added up."""
COUNTS_WORST: frozenset[Kind] = frozenset(("loose_stools", "bristol", "supplement"))
"""Of these the worst of two statements that contradict each other counts: a harm in doubt is a harm."""
MOST_SHOWN = 12
"""Of the values that a day's records disagree on."""
_SLEEP_RANK = {STAGES: 1, TOTAL: 2}
"""Sleep that was told in stages goes before sleep that was not."""


@dataclass
class _Timed:
    """Timed records of one kind and source on one day."""

    count: int = 0
    total: float = 0.0
    worst: float = 0.0

    def add(self, value: float) -> None:
        self.worst = value if self.count == 0 else max(self.worst, value)
        self.total += value
        self.count += 1

    def value(self, kind: Kind) -> float:
        if kind in WORST:
            return self.worst
        return self.total / self.count if kind in MEAN else self.total


@dataclass
class _Gathered:
    """What records say about one day."""

    said: dict[Kind, set[float]] = field(default_factory=dict[Kind, set[float]])
    devices: dict[Kind, dict[tuple[str, str], set[float]]] = field(
        default_factory=dict[Kind, dict[tuple[str, str], set[float]]]
    )
    timed: dict[Kind, dict[str, _Timed]] = field(default_factory=dict[Kind, dict[str, _Timed]])
    attacks: int = 0
    attack_pain: float | None = None
    reached: bool = False
    continuous: bool = False
    logged: bool = False
    medicines: set[str] = field(default_factory=set[str])
    no_medicine: bool = False
    symptoms: set[str] = field(default_factory=set[str])
    unquantified: Counter[str] = field(default_factory=Counter[str])


class Gathering:
    """Every day so far; `prefer` orders the sources that measured the same thing."""

    def __init__(self, prefer: tuple[str, ...]) -> None:
        self.sources = Sources(prefer)
        self._days: defaultdict[date, _Gathered] = defaultdict(_Gathered)
        self._nights = Nights()
        self._instants: set[int] = set()
        self._spans: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
        self._unended: set[date] = set()
        self._without: set[date] = set()
        self._last: date | None = None

    def add(self, record: Record) -> None:
        """Take in one record."""
        if record.kind in ("note", "lab", "medicine"):
            return
        day = record.day
        last = day if record.end is None else local_day(record.end)
        self._last = last if self._last is None else max(self._last, last)
        if record.kind == "sleep":
            self._nights.add(record)
        elif record.kind in ("attack", "continuous_pain", "headaches_logged"):
            self._span(record)
        elif record.kind == "acute_medicine":
            self._medicine(record, self._days[day])
        elif record.kind == "symptom":
            self._days[day].symptoms.add(record.text)
        elif record.value is not None and record.comparator is None:
            self._value(record, record.value, self._days[day])
        elif record.kind == "dietary":
            self._days[day].unquantified[record.source] += 1

    def _value(self, record: Record, value: float, day: _Gathered) -> None:
        if record.kind in MEASURED and record.text in (STAGES, TOTAL):
            by_device = day.devices.setdefault(record.kind, {})
            by_device.setdefault((record.source, record.text), set()).add(value)
        elif self._again(record):
            return
        elif isinstance(record.start, datetime) or record.kind == "dietary" or record.nth:
            by_source = day.timed.setdefault(record.kind, {})
            by_source.setdefault(record.source, _Timed()).add(value)
        else:
            day.said.setdefault(record.kind, set()).add(value)

    def _again(self, record: Record) -> bool:
        """Whether the same instant was told before by another clock, as when a phone that moved exports anew."""
        at = record.start
        if not isinstance(at, datetime) or at.tzinfo is None or record.kind in MEAN or record.kind in WORST:
            return False
        same = hash((record.kind, record.source, at.timestamp(), record.value, record.text, record.nth))
        if same in self._instants:
            return True
        self._instants.add(same)
        return False

    def _medicine(self, record: Record, day: _Gathered) -> None:
        if record.value == 0 and not record.text:
            day.no_medicine = True
        elif record.value != 0 and record.text:
            day.medicines.add(record.text)

    def _span(self, record: Record) -> None:
        first, last = local_day(record.start), last_day(record)
        if record.kind == "attack":
            began = self._days[first]
            began.attacks += 1
            if record.value is not None:
                began.attack_pain = max(record.value, began.attack_pain or 0.0)
            first += ONE_DAY
        elif record.kind == "continuous_pain" and record.value == 0:
            self._without.add(first)
            return
        elif record.kind == "continuous_pain" and record.end is None:
            self._unended.add(first)
            return
        if last >= first:
            self._spans[record.kind].add((first.toordinal(), last.toordinal()))

    def days(self) -> Iterator[Day]:
        """Every day of which something is known, in no order."""
        for first in self._unended:
            stop = min((day for day in self._without if day > first), default=None)
            last = self._last if stop is None else stop - ONE_DAY
            if last is not None and last >= first:
                self._spans["continuous_pain"].add((first.toordinal(), last.toordinal()))
        for day in covered(self._spans["attack"]):
            self._days[day].reached = True
        for day in covered(self._spans["continuous_pain"]):
            self._days[day].continuous = True
        for day in covered(self._spans["headaches_logged"]):
            self._days[day].logged = True
        asleep = self._nights.asleep()
        for day in self._days.keys() | asleep.keys():
            made = self._day(day, self._days[day], asleep.get(day, ()))
            if made.known:
                yield made

    def _day(self, day: date, gathered: _Gathered, nights: Sequence[Slept]) -> Day:
        torn: list[str] = []

        def value(kind: Kind) -> float | None:
            said = gathered.said.get(kind, set())
            if len(said) > 1:
                values = [f"{one:g}" for one in sorted(said)[:MOST_SHOWN]]
                more = [f"{len(said) - MOST_SHOWN:,} more values"] if len(said) > MOST_SHOWN else []
                torn.append(f"{kind}: {' or '.join([*values, *more])}")
                return max(said) if kind in COUNTS_WORST else None
            return next(iter(said)) if said else self._measured(kind, gathered, nights)

        headache = self._headache(gathered, torn)
        pain = value("pain")
        worst = max((one for one in (pain, gathered.attack_pain) if one is not None), default=None)
        names = self._medicines(gathered, torn)
        return Day(
            date=day,
            headache=headache,
            headache_attacks=gathered.attacks or (0 if headache is False else None),
            pain=(True if gathered.continuous else None) if pain is None else pain > 0,
            pain_0_10=worst,
            acute_medicines=names,
            acute_classes=None if names is None else tuple(dict.fromkeys(c for name in names for c in acute(name))),
            sleep_onset_min=value("sleep_onset"),
            asleep_min=value("asleep"),
            cramps=value("cramps"),
            loose_stools=value("loose_stools"),
            bristol=value("bristol"),
            taken_share=value("intake"),
            dietary_mg=self._dietary(gathered, value("dietary_day")),
            supplement_mg=value("supplement"),
            hrv_sdnn_ms=value("hrv_sdnn"),
            hrv_rmssd_ms=value("hrv_rmssd"),
            resting_heart_rate_per_min=value("resting_heart_rate"),
            menstruation=_yes(value("menstruation")),
            alcohol_g=value("alcohol"),
            symptoms=tuple(sorted(gathered.symptoms)) or None,
            disagreements=tuple(torn),
        )

    def _measured(self, kind: Kind, gathered: _Gathered, nights: Sequence[Slept]) -> float | None:
        """What devices and timed records say; of several sources one."""
        told = [Told(source, timed.value(kind)) for source, timed in gathered.timed.get(kind, {}).items()]
        for (source, text), values in gathered.devices.get(kind, {}).items():
            value = max(values) if kind == "asleep" else sum(sorted(values)) / len(values)
            told.append(Told(source, value, _SLEEP_RANK[text] if kind == "asleep" else 0))
        if kind == "asleep":
            told = list({one.source: one for one in sorted(told, key=lambda one: (one.value, -one.rank))}.values())
            told += [
                Told(slept.source, slept.minutes, _SLEEP_RANK[STAGES if slept.staged else TOTAL]) for slept in nights
            ]
        return self.sources.choose(kind, told)

    def _headache(self, gathered: _Gathered, torn: list[str]) -> bool | None:
        said = gathered.said.get("headache", set())
        if len(said) > 1 or (said == {0.0} and gathered.attacks):
            torn.append("headache: yes or no")
            return None
        if said:
            return said == {1.0}
        at_times = gathered.timed.get("headache", {})
        if gathered.attacks or gathered.reached or any(one.worst > 0 for one in at_times.values()):
            return True
        return False if gathered.logged or at_times else None

    def _medicines(self, gathered: _Gathered, torn: list[str]) -> tuple[str, ...] | None:
        """The acute medicines; what was named counts also where the same day says none, since overuse harms."""
        if gathered.medicines and gathered.no_medicine:
            torn.append(f"acute_medicine: none or {', '.join(sorted(gathered.medicines))}")
        if gathered.medicines:
            return tuple(sorted(gathered.medicines))
        return () if gathered.no_medicine else None

    def _dietary(self, gathered: _Gathered, total: float | None) -> Amount | None:
        """Magnesium from food: items and a total of the day are two statements of one thing, and bound it together.

        So do two sources: what both hold may be the same meal told twice or two meals, unless one is preferred. A total
        that an app adds up counts what it does not know as nothing, so it bounds no day with such an item.
        """
        items = {source: timed.total for source, timed in gathered.timed.get("dietary", {}).items()}
        unquantified = gathered.unquantified
        preferred = self.sources.preferred({**items, **unquantified})
        if preferred is not None:
            items = {preferred: items.get(preferred, 0.0)}
            unquantified = Counter({preferred: unquantified[preferred]})
        if not items and not unquantified:
            return None if total is None else Amount(total, total)
        low, high = max(items.values(), default=0.0), sum(items[source] for source in sorted(items))
        if total is not None:
            most = None if unquantified.total() else max(high, total)
            return Amount(min(low, total) if items else total, most, unquantified.total())
        return Amount(low, None if unquantified.total() else high, unquantified.total())


@lru_cache(maxsize=4096)
def acute(medicine: str) -> tuple[str, ...]:
    """The medicine classes of an acute medicine, by name or by ATC code."""
    code = next((word for word in medicine.upper().split() if ATC_PATTERN.fullmatch(word) and len(word) > 2), None)
    return classes_of(medicine, code)


def last_day(record: Record) -> date:
    """The last day that a span reaches."""
    if record.end is None:
        return local_day(record.start)
    last = local_day(record.end)
    at_midnight = isinstance(record.end, datetime) and record.end.time() == time(0)
    return last - ONE_DAY if at_midnight and last > local_day(record.start) else last


def covered(spans: Iterable[tuple[int, int]]) -> Iterator[date]:
    """The days that any of these spans reaches, each once; spans are first and last day, as ordinals."""
    reached = 0
    for first, last in sorted(spans):
        for number in range(max(first, reached + 1), last + 1):
            yield date.fromordinal(number)
        reached = max(reached, last)


def _yes(value: float | None) -> bool | None:
    return None if value is None else value > 0
