"""One line of Cronometer's ``biometrics.csv``: a laboratory value or a measurement that Davy has a field for."""

from __future__ import annotations

import re

from davy.exchange.dates import Unreadable
from davy.exchange.diary.cells import number
from davy.exchange.diary.mapping import field_of_header
from davy.exchange.laboratory import believable
from davy.followup.records import Comparator, Kind, Moment, Record, kind_row, local_day
from davy.people.vocabulary import canonical_test
from davy.units import known_unit

METRICS = "Davy has no field for it; a metric named only HRV is not read, since SDNN is not RMSSD"
_FROM = re.compile(r"\s*\((?P<app>[^()]*)\)\s*$")
_LONGEST = 200
"""Characters of a metric's name that are looked at."""
_KINDS: dict[str, Kind] = {
    "resting_heart_rate": "resting_heart_rate",
    "hrv_sdnn_ms": "hrv_sdnn",
    "hrv_rmssd_ms": "hrv_rmssd",
    "asleep_min": "asleep",
    "asleep_h": "asleep",
}
_UNITS = {
    "bpm": "1/min",
    "1/min": "1/min",
    "ms": "ms",
    "min": "min",
    "minutes": "min",
    "h": "h",
    "hours": "h",
    "hrs": "h",
}
_BOUNDED = re.compile(r"([<>])=?\s*(.+)")


def measurement(metric: str, unit: str, amount: str, at: Moment, *, source: str) -> Record | None:
    """The record of a metric; None where Davy has no field for it; raises Unreadable where it cannot be believed."""
    test = canonical_test(metric)
    if test is not None:
        return _lab(test, unit, amount, at, source)
    field = field_of_header(metric) or field_of_header(_FROM.sub("", metric[:_LONGEST]))
    kind = _KINDS.get(field or "")
    if kind is None:
        return None
    wanted, given = kind_row(kind).unit, _UNITS.get(unit.casefold())
    if given is None or (given != wanted and (given, wanted) != ("h", "min")):
        raise Unreadable(f"{kind_row(kind).label} cannot be read in '{unit[:20]}'; it comes in {wanted}")
    value = number(amount, comma=None) * (60.0 if (given, wanted) == ("h", "min") else 1.0)
    start = local_day(at) if kind_row(kind).shape == "day" else at
    return Record(kind, start, value=value, source=source)


def _lab(test: str, unit: str, amount: str, at: Moment, source: str) -> Record:
    spelt = known_unit(unit)
    if spelt is None:
        raise Unreadable(f"'{unit[:20]}' is not a unit that Davy knows" if unit else "it has no unit")
    bounded = _BOUNDED.fullmatch(amount)
    value = number(bounded[2] if bounded else amount, comma=None)
    believable(test, value, spelt)
    comparator: Comparator | None = None if bounded is None else "<" if bounded[1] == "<" else ">"
    return Record("lab", at, value=value, unit=spelt, text=test, comparator=comparator, source=source)
