"""Any bytes and any table: read, set aside or refused by name; never a fault of Davy's, and nothing is lost."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rooms.exchange.importing import Brought, bring

from davy.errors import InputError
from davy.exchange.dates import DateRule, Unreadable, when_of
from davy.exchange.diary.cells import is_blank
from davy.exchange.diary.mapping import fields, mapping_from_text
from davy.exchange.importing import Asked, reading_of
from davy.exchange.source_file import source_file
from davy.followup.days import days_of
from davy.followup.records import KINDS, Record, implausible, kind_row, record_of
from davy.store import Folder
from davy.store.exported import export

QUIET = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
TODAY = date(2026, 11, 22)
FIELDS = [name for name in fields() if name != "pain_0_100"]
WORDS = [
    "", "-", "0", "1", "7", "10", "55", "2.5", "2,5", "1,500", "yes", "no", "none", "missed", "1/2", "22:30", "02:00",
    "25:00", "2026-03-01", "2026-03-02 23:00", "13/02/2026", "ibuprofen", "2x triptan; N02CC01", "=1+1", "@x", "6 h",
    "300 mg", "2 tablets", "'x", 'a"b', "a\nb", "é–", "\u202e", "1" * 40, "x" * 300,
]  # fmt: skip
CELL = st.one_of(st.sampled_from(WORDS), st.text(max_size=12))


def brought(content: bytes | str, mapping: str | None = None) -> Brought | None:
    with TemporaryDirectory() as folder:
        try:
            return bring(Path(folder), content, mapping=mapping)
        except InputError as error:
            if not str(error).startswith("diary.csv"):
                raise
            return None


@QUIET
@given(st.binary(max_size=300))
def test_any_bytes(content):
    brought(content)
    brought(b"date,pain\n2026-03-01,3\n" + content)


@QUIET
@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-32"]))
def test_any_text(content, encoding):
    brought(content.encode(encoding, errors="replace"))
    brought(("date;medicine\n" + content).encode(encoding, errors="replace"))


def table(header: list[str], rows: list[list[str]], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return text.getvalue()


@QUIET
@given(st.data(), st.sampled_from([",", ";", "\t"]))
def test_any_table_of_known_columns_is_told_whole(data, delimiter):
    """Each line with a day and a cell that is not blank becomes something; each record could be; days can be made."""
    header = ["date", *data.draw(st.lists(st.sampled_from(FIELDS[1:]), min_size=1, max_size=6, unique=True))]
    rows = data.draw(
        st.lists(st.lists(CELL, min_size=len(header) - 1, max_size=len(header) - 1), min_size=1, max_size=5)
    )
    dated = [[(TODAY - timedelta(days=k + 1)).isoformat(), *row] for k, row in enumerate(rows)]
    found = brought(table(header, dated, delimiter))
    if found is None:
        return
    for record in found.records:
        assert implausible(record) is None
        assert record_of(record.as_json()) == record
    told = {record.line for record in found.records} | {one.line for one in found.quarantined}
    lines, at = [], 2
    for row in dated:
        lines.append(at)
        at += len(table([], [row], delimiter).replace("\r\n", "\n").split("\n")) - 2 or 1
    if not any("\n" in cell or "\r" in cell for row in dated for cell in row):
        for line, row in zip(lines, dated, strict=True):
            said = [name for name, cell in zip(header[1:], row[1:], strict=True) if not is_blank(cell)]
            if any(name not in ("time", "symptom") for name in said):
                assert line in told, (line, row)
    days = days_of(found.records)
    assert [day.date for day in days] == sorted({day.date for day in days})


@QUIET
@given(st.text(max_size=60))
def test_any_mapping_reads_or_is_refused_by_name(text):
    try:
        mapping_from_text(text, name="map.yaml")
    except InputError as error:
        if "map.yaml" not in str(error):
            raise


@QUIET
@given(
    st.one_of(
        st.text(max_size=24),
        st.from_regex(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}[T ]?[0-9:]{0,8}(Z|[+-][0-9]{4})?", fullmatch=True),
    )
)
def test_any_date_is_read_or_left(text):
    for order in (None, "day-first", "month-first", "year-first"):
        try:
            found = when_of(text, DateRule(order, TODAY))
        except Unreadable:
            continue
        if isinstance(found, date):
            day = found.date() if isinstance(found, datetime) else found
            assert date(1971, 1, 1) <= day <= TODAY + timedelta(days=1)


MOMENTS = st.one_of(
    st.dates(date(1980, 1, 1), TODAY),
    st.datetimes(datetime(1980, 1, 1), datetime(2026, 11, 1), timezones=st.sampled_from([None])),
)
VALUES = st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))
TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=40)
RECORDS = st.builds(
    Record,
    kind=st.sampled_from(KINDS),
    start=MOMENTS,
    end=st.one_of(st.none(), MOMENTS),
    value=VALUES,
    text=TEXTS,
    comparator=st.sampled_from([None, "<", ">"]),
    source=st.sampled_from(["diary", "watch", "=ring"]),
    file=st.sampled_from(["", "a.csv", "+b.csv"]),
    line=st.integers(0, 10**6),
    nth=st.integers(0, 3),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(RECORDS, max_size=8))
def test_whatever_is_kept_comes_back_from_the_log_and_from_the_export(records):
    with TemporaryDirectory() as place:
        folder = Folder(Path(place) / "me")
        folder.append(records)
        kept = list(folder.records())
        assert {record.id for record in kept} == {record.id for record in records}
        if not records:
            return
        export(folder, Path(place) / "out")
        reading = reading_of(source_file(str(Path(place) / "out/records.csv"), today=TODAY), Asked())
        back = list(reading.found())
        could_be = [record for record in kept if implausible(record) is None]
        assert [one for one in back if isinstance(one, Record)] == could_be
        assert len(back) == len(kept)


@QUIET
@given(st.lists(RECORDS.filter(lambda record: implausible(record) is None), max_size=10), st.randoms())
def test_days_do_not_depend_on_the_order_of_the_records(records, random):
    recent = [record for record in records if record.end is None or abs((_day(record.end) - record.day).days) < 400]
    shuffled = list(recent)
    random.shuffle(shuffled)
    assert days_of(shuffled) == days_of(recent)


def _day(at: date) -> date:
    return at.date() if isinstance(at, datetime) else at


def test_every_kind_has_its_row():
    assert [kind_row(kind).id for kind in KINDS] == list(KINDS)
