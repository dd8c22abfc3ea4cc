"""Files that were made or bent to do harm: read, set aside or refused by name; no fault of Davy's, nothing is lost."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rooms.exchange.health import bundle, medicine, observation
from tests.rooms.exchange.importing import TODAY, Brought, bring

from davy.cli.main import main
from davy.errors import InputError
from davy.exchange.dates import Unreadable
from davy.exchange.device import quantity
from davy.followup.days import days_of
from davy.followup.records import Record, implausible, record_of
from davy.people.vocabulary import lab_test
from davy.store import Folder
from davy.units import convert

QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
NAME = "given.csv"


def brought(content: bytes | str) -> Brought | None:
    """What an import gives; None where the file is refused, which names it."""
    with TemporaryDirectory() as folder:
        try:
            found = bring(Path(folder), content, name=NAME)
        except InputError as error:
            if not str(error).startswith(NAME):
                raise
            return None
    for record in found.records:
        believable(record)
    days_of(found.records)
    return found


def believable(record: Record) -> None:
    """A record that was kept is one that could be and comes back from the log as it was."""
    assert implausible(record) is None
    told = record.as_json()
    assert record_of(told) == record
    content = {name: value for name, value in told.items() if name not in ("id", "file", "line")}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    assert told["id"] == record.id == hashlib.sha256(canonical.encode()).hexdigest()
    day = record.start.date() if isinstance(record.start, datetime) else record.start
    assert record.kind == "medicine" or day <= date.fromordinal(TODAY.toordinal() + 1)
    if record.kind == "lab" and record.value is not None:
        row = lab_test(record.text)
        assert row.impossible_low <= convert(record.value, record.unit, row.unit, row.analyte) <= row.impossible_high


# Health records

PATIENT = {"resourceType": "Patient", "id": "p", "name": [{"family": "Nobody"}]}
DRUG = {"resourceType": "Medication", "id": "m", "code": {"text": "digoxin"}}
WHOLE = [
    PATIENT,
    observation(id="a", referenceRange=[{"low": {"value": 1.6, "unit": "mg/dL"}}], meta={"versionId": "1"}),
    observation("2823-3", 4.2, "mmol/L", status="corrected", component=[observation("17861-6", 9, "mg/dL")]),
    medicine(contained=[DRUG], medicationReference={"reference": "#m"}, medicationCodeableConcept=None),
    medicine(kind="MedicationRequest", dispenseRequest={"expectedSupplyDuration": {"value": 30, "code": "d"}}),
]
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(allow_nan=False), st.text(max_size=8),
    st.sampled_from(["2026-11-02", "2026", "0000-00-00", "9999-12-31T23:59:59+14:00", "#m", "Patient/q", "\ud800"]),
)  # fmt: skip
TREES = st.recursive(SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(
    ["value", "code", "system", "unit", "reference", "coding", "status", "start", "end", "resourceType", "x"]
), inner, max_size=3)), max_leaves=6)  # fmt: skip


def places(tree: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside a tree."""
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [here, *(place for step, inner in steps for place in places(inner, (*here, step)))]


PLACES = [place for place in places(WHOLE) if place]


@QUIET
@given(st.lists(st.tuples(st.sampled_from(PLACES), TREES), min_size=1, max_size=4))
def test_a_bundle_with_anything_in_any_place(changes):
    bent: Any = deepcopy(WHOLE)
    for (*way, last), value in changes:
        inner = bent
        try:
            for step in way:
                inner = inner[step]
            inner[last] = value
        except (KeyError, IndexError, TypeError):
            continue
    brought(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in bent]}))


@QUIET
@given(st.data())
def test_a_bundle_that_was_cut_or_overwritten(data):
    text = bundle(*WHOLE).encode()
    at = data.draw(st.integers(0, len(text)))
    bent = text[:at] + data.draw(st.binary(max_size=12)) + text[at + data.draw(st.integers(0, 40)) :]
    brought(bent)
    brought(text[:at])


@pytest.mark.parametrize(
    "content",
    [
        "{" * 100_000,
        '{"resourceType":' * 50_000,
        '{"resourceType": "Bundle", "entry": [' + "[]," * 200_000 + "1]}",
        '{"resourceType": "Observation", "valueQuantity": {"value": 1' + "0" * 5000 + "}}",
        '{"resourceType": "Observation", "valueQuantity": {"value": 1e999}}',
        bundle(observation(value=1e308)),
        bundle(observation(contained=[{"resourceType": "Observation"}] * 50)),
        bundle(medicine(contained=[DRUG | {"ingredient": [{"itemReference": {"reference": "#m"}}]}],
                        medicationReference={"reference": "#m"}, medicationCodeableConcept=None)),
        bundle(medicine(name="x" * 100_000), observation(id="\x1b[2J")),
    ],
)  # fmt: skip
def test_json_that_was_made_to_hurt(content):
    brought(content)


def test_no_control_character_of_a_file_reaches_a_terminal(tmp_path, capsys):
    (tmp_path / "b.json").write_text(
        bundle(medicine(name="omep\u001b[2Jrazole"), observation("x\u0007", 3, "\u001b]0;"))
    )
    assert (
        main(["records", "import", str(tmp_path / "b.json"), "--into", str(tmp_path / "me"), "--today", "2026-11-22"])
        == 0
    )
    assert "\x1b" not in capsys.readouterr().out


# Food logs

HEADERS = {
    "servings": ["Day", "Time", "Group", "Food Name", "Amount", "Energy (kcal)", "Magnesium (mg)", "Category"],
    "dailysummary": ["Date", "Energy (kcal)", "Magnesium (mg)", "Protein (g)", "Completed"],
    "biometrics": ["Day", "Time", "Group", "Metric", "Unit", "Amount"],
    "myfitnesspal": ["Date", "Meal", "Calories", "Fat (g)", "Protein (g)", "Note"],
}
WORDS = [
    "", " ", "-", "0", "12.5", "1,5", "-3", "1e400", "nan", "inf", "true", "2026-11-01", "2012-9-10", "31/12/2025",
    "24:61", "08:14 AM", "=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "Magnesium", "eGFR", "mg/dL", "µg", '"', 'a"b',
    "a\nb", "\x00", "\u202e", "x" * 300, "9" * 400, "Supplements", "Total",
]  # fmt: skip
CELL = st.one_of(st.sampled_from(WORDS), st.text(max_size=10))


@QUIET
@given(st.data(), st.sampled_from(sorted(HEADERS)), st.sampled_from([",", ";", "\t"]))
def test_a_food_log_with_anything_in_any_cell(data, kind, delimiter):
    header = data.draw(st.permutations(HEADERS[kind]))
    width = st.integers(len(header) - 1, len(header) + 1)
    rows = data.draw(st.lists(width.flatmap(lambda n: st.lists(CELL, min_size=n, max_size=n)), max_size=4))
    dated = next(name for name in header if name in ("Day", "Date"))
    for row in rows:
        if data.draw(st.booleans()):
            row[min(header.index(dated), len(row) - 1)] = "2026-11-01"
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    found = brought(text.getvalue())
    if found is not None and kind in ("servings", "myfitnesspal"):
        assert all(one.value is None or one.value >= 0 for one in found.records)


@QUIET
@given(
    st.sampled_from(sorted(HEADERS)), st.binary(max_size=200), st.sampled_from(["utf-8", "utf-16", "utf-32", "cp1252"])
)
def test_any_bytes_below_a_header_in_any_encoding(kind, tail, encoding):
    head = (",".join(HEADERS[kind]) + "\n").encode(encoding)
    brought(head + tail)
    brought(head + "2026-11-01,é,\x80".encode(encoding, errors="replace"))


def test_a_formula_is_kept_as_text_and_leaves_as_text(tmp_path):
    log = ",".join(HEADERS["servings"]) + '\n2026-11-01,,Lunch,"=HYPERLINK(""http://x.org"")",1 cup,2,30,\n'
    (tmp_path / "s.csv").write_text(log)
    assert (
        main(["records", "import", str(tmp_path / "s.csv"), "--into", str(tmp_path / "me"), "--today", "2026-11-22"])
        == 0
    )
    (one,) = Folder(tmp_path / "me").records()
    assert one.text.startswith("=HYPERLINK")
    assert (
        main(["records", "export", str(tmp_path / "me"), "--out", str(tmp_path / "out"), "--today", "2026-11-22"]) == 0
    )
    table = list(csv.DictReader((tmp_path / "out/records.csv").read_text(encoding="utf-8").splitlines()))
    assert table[0]["text"].startswith("'=")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'Day,Food Name,Amount,Magnesium (mg)\n2026-11-01,"Soup,1 cup,30\n', "never closed"),
        (b"Day,Food Name,Amount,Magnesium (mg)\n" + b"x" * 300_000, "longer than"),
        (b'Date,Meal,Calories,Protein (g),"Oats\n2026-11-01,Dinner,1,1",x\n', "no header of MyFitnessPal"),
        (b"PK\x03\x04" + b"Day,Food Name,Amount", "zip|archive"),
        (b"Day,Food Name,Amount,Magnesium (mg)\n2026-11-01,\x00,1,2\n", "neither UTF-8"),
    ],
)
def test_a_log_that_does_not_read_is_refused_by_name(tmp_path, content, says):
    with pytest.raises(InputError, match=says) as caught:
        bring(tmp_path, content, name=NAME)
    assert str(caught.value).startswith(NAME)


CYCLES = "Cycle start time,Wake onset,Asleep duration (min)"
ROWS = {
    "diary.csv": ("date,pain_0_10", "2026-11-{day:02},{n}"),
    "servings.csv": ("Day,Food Name,Amount,Magnesium (mg)", "2026-11-{day:02},Oats,{n} g,{n}"),
    "mfp.csv": ("Date,Meal,Calories,Protein (g)", "2026-11-{day:02},Dinner,{n},1"),
    "cycles.csv": (CYCLES, "2026-11-{day:02} 00:10:00,2026-11-{day:02} 07:00:00,30{n}"),
}


@pytest.mark.parametrize("name", sorted(ROWS))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_table_longer_than_any_life_is_refused_before_anything_is_kept(tmp_path, monkeypatch, capsys, name, end):
    header, row = ROWS[name]
    lines = [header, *(row.format(day=n % 20 + 1, n=n % 9 + 1) for n in range(30))]
    monkeypatch.setattr("davy.exchange.delimited.MOST_LINES", len(lines))
    import_it = ["records", "import", str(tmp_path / name), "--into", str(tmp_path / "me"), "--today", "2026-11-22"]
    (tmp_path / name).write_bytes(end.join([*lines, lines[-1], ""]).encode())
    assert main(import_it) == 2
    told = capsys.readouterr().err
    assert name in told
    assert "this table has more than 31 lines" in told
    assert "in parts" in told
    assert not list(Folder(tmp_path / "me").records())
    (tmp_path / name).write_bytes(end.join([*lines, ""]).encode())
    assert main(import_it) == 0
    assert list(Folder(tmp_path / "me").records())


def test_a_number_that_no_unit_can_hold_is_no_number():
    with pytest.raises(Unreadable, match="no mass that can be"):
        quantity("dietary", "1e306", "g")


@pytest.mark.parametrize("name", ["bundle.json", "night_sleepData.json"])
def test_a_json_text_of_too_many_values_is_refused_before_it_is_read(tmp_path, monkeypatch, name):
    monkeypatch.setattr("davy.exchange.device.MOST_VALUES", 100)
    monkeypatch.setattr("davy.exchange.device.json.loads", None)
    monkeypatch.setattr("davy.exchange.fhir.document.json.loads", None)
    content = '{"resourceType":"Bundle","entry":[' + "{}," * 100 + '{"calendarDate":1}]}'
    with pytest.raises(InputError, match=r"more than .* values"):
        bring(tmp_path, content, name=name)


BLANKS = " " * 100_000
PATIENTS = '{"resource":{"resourceType":"Patient"}},' * 10_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("diary.csv", f"date,medicine\n2026-11-01,a{BLANKS}b\n"),
        ("biometrics.csv", f"Day,Metric,Unit,Amount\n2026-11-01,a{BLANKS}b,ms,1\n"),
        ("bundle.json", f'{{"resourceType":"Bundle","entry":[{PATIENTS}{{}}]}}'),
        ("export.xml", "<HealthData>\n<Record\n" + "\n" * 200_000 + "</HealthData>\n"),
    ],
)
def test_no_pattern_looks_at_a_long_text_again_and_again(tmp_path, name, content):
    found = bring(tmp_path, content, name=name)  # else this takes minutes or hours
    assert found.records or found.quarantined or found.ignored
