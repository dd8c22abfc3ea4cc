"""Oura, WHOOP, Garmin and Fitbit: what exports say of a night, and what they write where they measured nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rooms.exchange.devices import apple, brought, magnesium, written, zipped
from tests.rooms.exchange.importing import TODAY, Brought

from davy.errors import InputError
from davy.exchange.diary.mapping import mapping_from_text
from davy.exchange.importing import Asked

OURA_NIGHTS = """id;average_hrv;bedtime_end;bedtime_start;day;latency;lowest_heart_rate;total_sleep_duration;type
a;61;2026-03-02T07:00:00.000+01:00;2026-03-01T23:00:00.000+01:00;2026-03-02;30;48;26160;long_sleep
b;55;2026-03-02T15:00:00.000+01:00;2026-03-02T14:00:00.000+01:00;2026-03-02;;52;2400;late_nap
c;;2026-03-03T07:00:00.000+01:00;2026-03-02T23:00:00.000+01:00;2026-03-03;600;;27000;long_sleep
"""
OURA_TREND = """date,Sleep Score,Total Sleep Duration,Average HRV,Lowest Resting Heart Rate
2026-03-02,80,26160,61,48
2026-03-03,,,,
"""
OURA_JSON = json.dumps(
    {"sleep": [{"day": "2026-03-02", "bedtime_start": "2026-03-01T23:00:00+01:00", "type": "long_sleep",
                "total_sleep_duration": 26160, "average_hrv": 61, "lowest_heart_rate": 48, "hrv": {"items": [1]}}]}
)  # fmt: skip
WHOOP = """Cycle start time,Cycle end time,Cycle timezone,Recovery score %,Resting heart rate (bpm),\
Heart rate variability (ms),Sleep onset,Wake onset,Asleep duration (min),In bed duration (min)
2026-03-01 22:10:00,2026-03-02 22:30:00,UTC+01:00,66,52,61.5,2026-03-01 23:15:00,2026-03-02 06:30:00,420,450
2026-03-02 22:30:00,,UTC+01:00,,54,,2026-03-02 23:00:00,2026-03-03 06:00:00,400,430
"""
WHOOP_SLEEPS = """Nap,Cycle start time,Sleep onset,Wake onset,Asleep duration (min)
false,2026-03-01 22:10:00,2026-03-01 23:15:00,2026-03-02 06:30:00,420
true,2026-03-01 22:10:00,2026-03-02 14:00:00,2026-03-02 14:40:00,35
"""
GARMIN = {
    "DI_CONNECT/DI-Connect-Wellness/2026-01-01_2026-04-10_1_sleepData.json": json.dumps(
        [
            {"calendarDate": "2026-03-02", "sleepStartTimestampGMT": "2026-03-01T22:20:00.0", "deepSleepSeconds": 4320,
             "lightSleepSeconds": 16800, "remSleepSeconds": 5100, "awakeSleepSeconds": 600},
            {"calendarDate": "2026-03-03", "deepSleepSeconds": 0, "lightSleepSeconds": 0, "remSleepSeconds": 0},
            {"sleepScores": {}},
        ]
    ),
    "DI_CONNECT/DI-Connect-Wellness/1_healthStatusData.json": json.dumps(
        [{"calendarDate": "2026-03-02", "metrics": [{"type": "HRV", "value": 62.0}, {"type": "SPO2", "value": 97}]},
         {"calendarDate": "2026-03-03", "metrics": [{"type": "HRV", "value": 0.0, "status": "UNKNOWN"}]}]
    ),
    "DI_CONNECT/DI-Connect-Aggregator/UDSFile_2026-01-01_2026-04-10.json": json.dumps(
        [{"calendarDate": "2026-03-02", "restingHeartRate": 49, "totalSteps": 8000}]
    ),
}  # fmt: skip
FITBIT = {
    "Takeout/Fitbit/Global Export Data/sleep-2026-03-01.json": json.dumps(
        [{"dateOfSleep": "2026-03-02", "minutesAsleep": 438, "type": "stages", "mainSleep": True,
          "minutesToFallAsleep": 0},
         {"dateOfSleep": "2026-03-02", "minutesAsleep": 66, "type": "classic", "mainSleep": False},
         {"dateOfSleep": "2026-03-03", "minutesAsleep": 400, "type": "classic", "mainSleep": True}]
    ),
    "Takeout/Fitbit/Heart Rate Variability/Daily Heart Rate Variability Summary - 2026-03-(1).csv":
        "timestamp,rmssd,nremhr,entropy\n2026-03-02T00:00:00,39.9,56.1,2.9\n2026-03-03T00:00:00,,,\n",
    "Takeout/Fitbit/Sleep/Heart Rate Variability Details - 2026-03-01.csv":
        "timestamp,rmssd,coverage,low_frequency,high_frequency\n2026-03-01T01:05:00,38.2,0.93,512.1,301.2\n",
    "Takeout/Fitbit/Global Export Data/resting_heart_rate-2026-03-01.json": json.dumps(
        [{"dateTime": "03/02/26 00:00:00", "value": {"date": "03/02/26", "value": 61.37, "error": 7.2}},
         {"dateTime": "03/03/26 00:00:00", "value": {"date": None, "value": 0.0, "error": 0.0}}]
    ),
    "Takeout/Fitbit/Global Export Data/steps-2026-03-01.json": "[]",
}  # fmt: skip


def oura(path: Path) -> Brought:
    return brought(zipped(path, {"App Data/sleepmodel.csv": OURA_NIGHTS, "App Data/heartrate.csv": "timestamp;bpm\n"}))


def test_oura_gives_the_long_sleep_of_a_day(tmp_path):
    made = oura(tmp_path)
    night, next_night = made.day("2026-03-02"), made.day("2026-03-03")
    assert (night.asleep_min, night.hrv_rmssd_ms, night.hrv_sdnn_ms) == (436, 61, None)
    assert (night.resting_heart_rate_per_min, night.sleep_onset_min) == (48, 0)
    assert (next_night.asleep_min, next_night.hrv_rmssd_ms, next_night.sleep_onset_min) == (450, None, 10)
    assert [(one.what, one.count) for one in made.ignored] == [("Oura: sleep of the type late_nap", 1)]


@pytest.mark.parametrize(("name", "content"), [("oura_trends.csv", OURA_TREND), ("oura.json", OURA_JSON)])
def test_other_tables_of_oura_say_the_same(tmp_path, name, content):
    (tmp_path / "zip").mkdir()
    whole = {one.id for one in oura(tmp_path / "zip").records}
    made = brought(written(tmp_path, content, name))
    assert len(made.records) == 3
    assert {one.id for one in made.records} <= whole


def test_whoop_counts_a_night_to_the_day_of_waking_and_an_open_cycle_has_what_it_has(tmp_path):
    made = brought(zipped(tmp_path, {"physiological_cycles.csv": WHOOP, "sleeps.csv": WHOOP_SLEEPS}))
    first, last = made.day("2026-03-02"), made.day("2026-03-03")
    assert (first.asleep_min, first.hrv_rmssd_ms, first.resting_heart_rate_per_min) == (420, 61.5, 52)
    assert (last.asleep_min, last.hrv_rmssd_ms, last.resting_heart_rate_per_min) == (400, None, 54)
    assert len({one.id for one in made.records}) == len(made.records) - 1, "both tables tell the first night"
    assert sum(one.count for one in made.ignored) == 1


def test_whoop_in_another_order_of_columns_says_the_same(tmp_path):
    lines = [line.split(",") for line in WHOOP.splitlines()]
    turned = "\n".join(",".join(reversed(cells)) for cells in lines)
    assert {one.id for one in brought(written(tmp_path, turned, "cycles.csv")).records} == {
        one.id for one in brought(written(tmp_path, WHOOP, "physiological_cycles.csv")).records
    }


def test_a_whoop_column_without_its_unit_is_told_and_not_read(tmp_path):
    made = brought(written(tmp_path, WHOOP.replace("variability (ms)", "variability"), "physiological_cycles.csv"))
    assert "hrv_rmssd" not in {one.kind for one in made.records}
    assert [one.what for one in made.ignored if "column" in one.what] == ["WHOOP: column 'heart rate variability'"]


def test_whoop_without_a_wake_onset_takes_the_day_after_an_evening(tmp_path):
    text = "Cycle start time,Resting heart rate (bpm)\n2026-03-01 22:10:00,52\n2026-03-03 00:40:00,53\nsoon,50\n"
    made = brought(written(tmp_path, text, "cycles.csv"))
    assert sorted(made.days) == ["2026-03-02", "2026-03-03"]
    assert [(one.line, one.value) for one in made.quarantined] == [(4, "soon, ")]


def test_garmin_adds_up_stages_and_takes_no_zero_for_a_measurement(tmp_path):
    made = brought(zipped(tmp_path, GARMIN))
    assert list(made.days) == ["2026-03-02"]
    day = made.day("2026-03-02")
    assert (day.asleep_min, day.hrv_rmssd_ms, day.resting_heart_rate_per_min) == (437, 62, 49)
    assert sorted(one.what for one in made.ignored) == [
        "Garmin: HRV of 0",
        "Garmin: deepSleepSeconds + lightSleepSeconds + remSleepSeconds of 0",
    ]


def test_fitbit_takes_the_main_sleep_and_puts_nights_without_stages_behind(tmp_path):
    made = brought(zipped(tmp_path, FITBIT, "takeout.zip"))
    first, second = made.day("2026-03-02"), made.day("2026-03-03")
    assert (first.asleep_min, first.hrv_rmssd_ms, first.resting_heart_rate_per_min) == (438, 39.9, 61.37)
    assert (second.asleep_min, second.hrv_rmssd_ms, second.resting_heart_rate_per_min) == (400, None, None)
    assert first.sleep_onset_min is None, "Fitbit writes 0 for what it did not see"


def test_one_damaged_file_of_many_is_named_and_the_others_are_read(tmp_path):
    broken = dict.fromkeys(("a/sleepData.json", "b/UDSFile_1.json"), '[{"calendarDate": "2026-03-02"')
    deep = {"c/2_sleepData.json": "[" * 100_000, "d/3_sleepData.json": b"\xff\xfe\x00"}
    made = brought(zipped(tmp_path, {**GARMIN, **broken, **deep}))
    assert made.day("2026-03-02").asleep_min == 437
    assert len(made.quarantined) == 4
    assert {one.why.split(":")[0] for one in made.quarantined} == {"this file does not read"}


def test_a_damaged_file_that_stands_alone_is_refused_by_name(tmp_path):
    with pytest.raises(InputError, match="this file does not read: it does not read as JSON"):
        brought(written(tmp_path, '[{"calendarDate": "2026-03-02"', "1_sleepData.json"))


def test_a_table_that_is_cut_within_a_quote_is_one_of_many(tmp_path):
    cut = WHOOP + '2026-03-04 22:30:00,"'
    made = brought(zipped(tmp_path, {"physiological_cycles.csv": cut, "sleeps.csv": WHOOP_SLEEPS}))
    assert made.day("2026-03-02").asleep_min == 420
    assert [one.value for one in made.quarantined] == ["physiological_cycles.csv"]


@pytest.mark.parametrize(
    ("value", "why"), [("-3", "not possible"), ("99999999", "not possible"), ("=1+1", "is not a number")]
)
def test_what_cannot_be_is_set_aside_and_the_rest_of_the_night_kept(tmp_path, value, why):
    made = brought(written(tmp_path, OURA_TREND.replace("26160", value), "oura.csv"))
    assert [(one.line, why in one.why) for one in made.quarantined] == [(2, True)]
    assert made.day("2026-03-02").hrv_rmssd_ms == 61


def test_two_devices_are_one_night_and_the_preferred_one_counts(tmp_path):
    both = brought(written(tmp_path, OURA_TREND, "oura.csv")).records + brought(zipped(tmp_path, GARMIN)).records
    assert Brought(both).day("2026-03-02").asleep_min == 437
    assert Brought(both).day("2026-03-02").disagreements == ()


def test_a_mapping_of_columns_is_refused(tmp_path):
    asked = Asked(mapping_from_text("columns: {date: date}", name="map.yaml"))
    with pytest.raises(InputError, match="whose fields are known"):
        brought(written(tmp_path, OURA_TREND, "oura.csv"), asked)


FIELDS = st.sampled_from(
    ["calendarDate", "metrics", "type", "value", "HRV", "dateOfSleep", "minutesAsleep", "mainSleep", "deepSleepSeconds",
     "lightSleepSeconds", "day", "bedtime_start", "total_sleep_duration", "date", "stages", "2026-03-02", "03/02/26"]
)  # fmt: skip
PLAIN = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=12) | FIELDS
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
TREES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=5), max_leaves=10
)


NAMES = [*(name.rpartition("/")[2] for name in [*GARMIN, *FITBIT] if name.endswith(".json")), "oura.json"]


@settings(max_examples=40, deadline=None)
@given(tree=TREES, name=st.sampled_from(NAMES))
def test_any_json_ends_in_facts_or_a_refusal(tmp_path_factory, tree, name):
    path = written(tmp_path_factory.mktemp("json"), json.dumps([tree, tree]), name)
    try:
        made = brought(path)
    except InputError:
        return
    assert all(one.value is not None and one.day <= TODAY for one in made.records)


@settings(max_examples=40, deadline=None)
@given(
    cells=st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=10) | PLAIN.map(str), min_size=5, max_size=5
    ),
    header=st.sampled_from([OURA_TREND, WHOOP, WHOOP_SLEEPS, OURA_NIGHTS]),
)
def test_any_cells_end_in_facts_or_a_refusal(tmp_path_factory, cells, header):
    text = header.splitlines()[0] + "\n" + (";" if ";" in header else ",").join(cells) + "\n"
    path = written(tmp_path_factory.mktemp("csv"), text.encode(), "table.csv")
    try:
        made = brought(path)
    except InputError:
        return
    assert all(one.day.year > 1970 for one in made.records)


FITBIT_NIGHTS = next(text for name, text in FITBIT.items() if "/sleep-" in name)
GARMIN_NIGHTS = next(text for name, text in GARMIN.items() if "sleepData" in name)


@pytest.mark.parametrize(
    ("name", "content", "minutes"),
    [
        ("export.json", OURA_JSON, 436),
        ("nights.json", GARMIN_NIGHTS, 437),
        ("nights.json", FITBIT_NIGHTS, 438),
    ],
)
def test_a_file_that_was_renamed_is_known_by_what_it_holds(tmp_path, name, content, minutes):
    assert brought(written(tmp_path, content, name)).day("2026-03-02").asleep_min == minutes


def test_a_renamed_table_of_fitbit_is_rmssd_and_other_json_is_refused_by_its_name(tmp_path):
    table = written(tmp_path, "timestamp,rmssd,nremhr,entropy\n2026-03-02T00:00:00,35.5,55,2.1\n", "hrv.csv")
    assert brought(table).day("2026-03-02").hrv_rmssd_ms == 35.5
    with pytest.raises(InputError, match="JSON, and no export that Davy reads"):
        brought(written(tmp_path, '{"steps": [1, 2]}', "steps.json"))


def test_of_one_device_the_longest_sleep_of_a_day_is_the_night_where_naps_are_not_marked(tmp_path):
    logs = [
        {"dateOfSleep": "2026-03-02", "minutesAsleep": 400, "type": "classic"},
        {"dateOfSleep": "2026-03-02", "minutesAsleep": 50, "type": "stages"},
    ]
    assert brought(written(tmp_path, json.dumps(logs), "sleep-2026-03-01.json")).day("2026-03-02").asleep_min == 400


@pytest.mark.parametrize("packed", [True, False])
def test_an_archive_or_a_folder_of_several_formats_gives_them_all(tmp_path, packed):
    foods = "Day,Time,Group,Food Name,Amount,Energy (kcal),Magnesium (mg)\n2026-03-01,,,Oats,80 g,300,110\n"
    fhir = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Observation", "status": "final", "effectiveDateTime": "2026-03-01",
                      "code": {"coding": [{"system": "http://loinc.org", "code": "2601-3"}]},
                      "valueQuantity": {"value": 0.8, "unit": "mmol/L"}}}]})  # fmt: skip
    files = {"servings.csv": foods, "oura.json": OURA_JSON, "whoop.csv": WHOOP, "labs.json": fhir}
    if packed:
        place = zipped(tmp_path, files)
    else:
        place = tmp_path / "all"
        place.mkdir()
        for name, content in files.items():
            written(place, content, name)
    found = brought(place)
    assert {one.source for one in found.records} == {"Cronometer", "Oura", "WHOOP", "FHIR"}
    beside = zipped(tmp_path, {**files, "apple_health_export/export.xml": apple(magnesium(AT, "80"))}, "more.zip")
    assert {one.source for one in brought(beside).records} == {"Cronometer", "Oura", "WHOOP", "FHIR", "Food app"}


AT = "2026-03-01 08:00:00 +0100"
