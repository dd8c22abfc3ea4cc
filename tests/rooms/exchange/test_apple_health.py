"""Apple Health: what an export says, in an archive, a folder or alone, whole or broken."""

from __future__ import annotations

import json

import pytest
from tests.rooms.exchange.devices import apple, brought, entry, headache, magnesium, sleep, written, zipped

from davy.cli.main import main
from davy.errors import InputError
from davy.exchange.diary.mapping import mapping_from_text
from davy.exchange.importing import Asked
from davy.followup.days import days_of

SDNN = "HKQuantityTypeIdentifierHeartRateVariabilitySDNN"
RMSSD = "HKQuantityTypeIdentifierHeartRateVariabilityRMSSD"
EXPORT = apple(
    entry("HKQuantityTypeIdentifierStepCount", "2026-11-01 10:00:00 +0100", "100", unit="count"),
    magnesium("2026-11-01 12:00:00 +0100", "0.12", "g"),
    magnesium("2026-11-01 19:00:00 +0100", "80"),
    magnesium("2026-11-02 12:00:00 +0100", "150000", "mcg"),
    entry(SDNN, "2026-11-01 03:00:00 +0100", "42", unit="ms", source="Watch"),
    entry(RMSSD, "2026-11-01 03:00:00 +0100", "31", unit="ms", source="Watch"),
    sleep("2026-11-01 23:30:00 +0100", "2026-11-02 03:30:00 +0100", "AsleepCore"),
    sleep("2026-11-02 03:30:00 +0100", "2026-11-02 05:00:00 +0100", "AsleepREM"),
    sleep("2026-11-01 22:30:00 +0100", "2026-11-02 06:30:00 +0100", "InBed"),
    headache("2026-11-02 14:00:00 +0100", "2026-11-02 18:00:00 +0100", "Moderate"),
    headache("2026-11-03 14:00:00 +0100", "2026-11-03 14:00:00 +0100", "NotPresent"),
)


def test_an_export_becomes_days(tmp_path):
    made = brought(written(tmp_path, EXPORT))
    assert not made.quarantined
    first, second, third = (made.day(f"2026-11-0{day}") for day in (1, 2, 3))
    assert (first.dietary_mg.low, first.dietary_mg.high) == (pytest.approx(200), pytest.approx(200))
    assert (first.hrv_sdnn_ms, first.hrv_rmssd_ms) == (42, 31)
    assert second.dietary_mg.low == pytest.approx(150)
    assert second.asleep_min == 330
    assert (second.headache, third.headache, first.headache) == (True, False, None)
    assert [(one.what, one.count) for one in made.ignored] == [("records HKQuantityTypeIdentifierStepCount", 1)]


@pytest.mark.parametrize("name", ["apple_health_export/export.xml", "apple_health_export/Exportar.xml", "导出.xml"])
def test_an_archive_and_a_folder_say_what_the_file_says(tmp_path, name):
    alone = {one.id for one in brought(written(tmp_path, EXPORT)).records}
    clinical = "<?xml version='1.0'?><ClinicalDocument/>"
    archive = zipped(
        tmp_path, {name: EXPORT, "apple_health_export/export_cda.xml": clinical, "a/b/c/route.gpx": "<gpx/>"}
    )
    assert {one.id for one in brought(archive).records} == alone
    (tmp_path / "unpacked").mkdir()
    written(tmp_path / "unpacked", EXPORT)
    assert {one.id for one in brought(tmp_path / "unpacked").records} == alone


def test_the_command_takes_an_archive_and_a_second_time_adds_nothing(tmp_path, capsys):
    archive = zipped(tmp_path, {"apple_health_export/export.xml": EXPORT})
    call = ["records", "import", str(archive), "--into", str(tmp_path / "me"), "--json", "--today", "2026-11-22"]
    told = []
    for _ in range(2):
        assert main(call) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert (told[0]["added"], told[1]["added"], told[1]["duplicate"]) == (10, 0, 10)
    assert told[0]["days"] == told[1]["days"]
    assert told[0]["days"]["2026-11-02"]["asleep_min"] == 330


def test_a_part_of_a_correlation_counts_once_and_what_stands_twice_at_the_top_twice(tmp_path):
    def eaten(*elements: str) -> float:
        return brought(written(tmp_path, apple(*elements))).day("2026-11-01").dietary_mg.low

    oats = magnesium("2026-11-01 08:00:00 +0100", "60")
    whole = f'<Correlation type="HKCorrelationTypeIdentifierFood">{oats}</Correlation>'
    assert [eaten(oats, whole), eaten(whole, oats), eaten(whole)] == [60, 60, 60]
    assert [eaten(oats, oats, whole), eaten(oats, whole, oats), eaten(whole, oats, whole, oats)] == [120, 120, 120]
    two = f'<Correlation type="HKCorrelationTypeIdentifierFood">{oats}{oats}</Correlation>'
    assert eaten(two, oats, oats) == 120


def test_a_meal_that_is_broken_is_not_counted_twice(tmp_path):
    parts = [magnesium("2026-11-01 08:00:00 +0100", value) for value in ("60", "40", "20")]
    meal = ["<Correlation>", parts[0], '<Record a="<"/>', *parts[1:], "</Correlation>"]
    made = brought(written(tmp_path, apple(*parts, *meal, magnesium("2026-11-01 09:00:00 +0100", "7"))))
    assert made.day("2026-11-01").dietary_mg.low == 127
    assert len(made.quarantined) == 2


def test_an_address_of_a_device_and_the_letters_of_a_name_make_no_new_source(tmp_path):
    when = "2026-11-01 03:00:00 +0100"
    first = entry(SDNN, when, "42", unit="ms", source="Ada’s Apple\u00a0Watch", device="&lt;&lt;HKDevice: 0x281&gt;")
    second = entry(SDNN, when, "42", unit="ms", source="Ada's Apple Watch", device="&lt;&lt;HKDevice: 0x9f7&gt;")
    made = brought(written(tmp_path, apple(first, second)))
    assert len({one.id for one in made.records}) == 1
    assert made.records[0].source == "Ada's Apple Watch"


@pytest.mark.parametrize(
    ("value", "unit", "why"),
    [
        ("12", "kcal", "'kcal' is not a unit of"),
        ("", "mg", "there is no number"),
        ("120 mg", "mg", "is not a number"),
        ("nan", "mg", "is not a number"),
        ("5", "g", "is not possible"),
        ("-4", "mg", "is not possible"),
        ("120", "", "it has no unit"),
    ],
)
def test_what_cannot_be_is_set_aside_with_its_line(tmp_path, value, unit, why):
    good = magnesium("2026-11-01 12:00:00 +0100", "90")
    made = brought(written(tmp_path, apple(magnesium("2026-11-01 08:00:00 +0100", value, unit), good)))
    assert [(one.line, why in one.why) for one in made.quarantined] == [(12, True)]
    assert made.day("2026-11-01").dietary_mg.low == 90


def test_an_entity_is_refused_before_anything_is_read(tmp_path):
    bomb = '<!DOCTYPE HealthData [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    with pytest.raises(InputError, match="line 2: this declares an entity"):
        brought(written(tmp_path, apple(magnesium("2026-11-01 12:00:00 +0100", "&b;"), doctype=bomb)))
    outer = '<!DOCTYPE HealthData [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    with pytest.raises(InputError, match="declares an entity"):
        brought(zipped(tmp_path, {"export.xml": apple(doctype=outer)}))


def test_overlapping_sources_of_sleep_are_one_night(tmp_path):
    app = sleep("2026-11-01 22:10:00 +0100", "2026-11-02 07:20:00 +0100", "AsleepUnspecified", "A phone app")
    phone = [sleep("2026-11-01 22:00:00 +0100", "2026-11-02 07:30:00 +0100", "InBed", "Phone"), app]
    watch = [sleep("2026-11-01 23:00:00 +0100", "2026-11-02 03:00:00 +0100", "AsleepCore", "Watch"),
             sleep("2026-11-02 02:00:00 +0100", "2026-11-02 06:00:00 +0100", "AsleepDeep", "Watch"),
             sleep("2026-11-02 06:00:00 +0100", "2026-11-02 06:30:00 +0100", "Awake", "Watch")]  # fmt: skip
    ring = [sleep("2026-11-01 23:20:00 +0100", "2026-11-02 05:20:00 +0100", "AsleepREM", "Ring")]
    path = written(tmp_path, apple(*phone, *watch, *ring))
    for prefer, minutes in (((), 360), (("watch",), 420), (("Ring",), 360), (("A phone app", "Watch"), 420)):
        assert days_of(brought(path).records, prefer=prefer)[0].asleep_min == minutes
    assert days_of(brought(written(tmp_path, apple(phone[0]))).records) == (), "in bed is not asleep"


def test_clocks_that_change_and_places_that_change_leave_the_night_as_long_as_it_was(tmp_path):
    def slept(start: str, end: str, zone: str = "") -> dict[str, float | None]:
        below = f'<MetadataEntry key="HKTimeZone" value="{zone}"/>' if zone else ""
        kind, value = "HKCategoryTypeIdentifierSleepAnalysis", "HKCategoryValueSleepAnalysisAsleepCore"
        made = brought(written(tmp_path, apple(entry(kind, start, value, end=end, below=below))))
        return {day: one.asleep_min for day, one in made.days.items()}

    assert slept("2026-03-28 23:00:00 +0100", "2026-03-29 07:00:00 +0200") == {"2026-03-29": 420}
    assert slept("2026-10-24 23:00:00 +0200", "2026-10-25 07:00:00 +0100") == {"2026-10-25": 540}
    assert slept("2026-10-24 17:00:00 -0400", "2026-10-25 07:00:00 +0100") == {"2026-10-25": 540}, "a flight"
    back = slept("2026-10-25 02:58:00 +0200", "2026-10-25 02:06:00 +0100", "Europe/Berlin")
    assert back == {"2026-10-25": 8}, "the hour that comes twice"
    assert slept("2026-11-01 16:00:00 +0100", "2026-11-01 22:00:00 +0100", "Asia/Tokyo") == {"2026-11-02": 360}
    assert slept("2026-11-01 23:00:00 +0100", "2026-11-02 06:00:00 +0100", "Nowhere/Atall") == {"2026-11-02": 420}


def test_a_time_without_an_offset_is_read_as_it_stands_and_told(tmp_path):
    made = brought(written(tmp_path, apple(magnesium("2026-11-01 23:59:00", "90"), magnesium("soon", "90"))))
    assert made.day("2026-11-01").dietary_mg.low == 90
    assert any("1 records have a time without an offset" in one for one in made.remarks)
    assert [(one.line, "is not a date" in one.why) for one in made.quarantined] == [(13, True)]
    half = headache("2026-11-01 23:59:00 +0100", "2026-11-02 03:00:00", "Mild")
    assert "one has an offset" in brought(written(tmp_path, apple(half))).quarantined[0].why


def test_a_zone_that_the_person_gives_moves_the_days(tmp_path):
    asked = Asked(mapping_from_text("{source: devices, zone: Asia/Tokyo}", name="zone.yaml"))
    path = written(tmp_path, apple(magnesium("2026-11-01 23:30:00 +0100", "90")))
    assert list(brought(path).days) == ["2026-11-01"]
    assert list(brought(path, asked).days) == ["2026-11-02"]


def test_what_a_plan_asks_about_comes_with_it(tmp_path):
    day, prefix = "2026-11-01 20:00:00 +0100", "HKCategoryTypeIdentifier"
    made = brought(
        written(
            tmp_path,
            apple(
                entry(f"{prefix}MenstrualFlow", day, "HKCategoryValueVaginalBleedingLight"),
                entry(f"{prefix}MenstrualFlow", "2026-11-02 20:00:00 +0100", "HKCategoryValueMenstrualFlowNone"),
                entry(f"{prefix}Diarrhea", day, "HKCategoryValueSeverityMild"),
                entry(f"{prefix}Vomiting", day, "HKCategoryValueSeverityNotPresent"),
                entry("HKQuantityTypeIdentifierNumberOfAlcoholicBeverages", day, "2", unit="count"),
                entry("HKQuantityTypeIdentifierNumberOfAlcoholicBeverages", day, "2", unit="mL"),
                entry(f"{prefix}Headache", day, "HKCategoryValueSeverityUnheardOf"),
            ),
        )
    )
    first = made.day("2026-11-01")
    assert (first.menstruation, made.day("2026-11-02").menstruation) == (True, False)
    assert (first.symptoms, first.alcohol_g, first.headache) == (("diarrhoea",), 28, None)
    assert [one.line for one in made.quarantined] == [17, 18]
    assert [one.what for one in made.ignored] == ["vomiting: not present"]


def test_a_pregnancy_is_taken_over_and_only_a_positive_test_is(tmp_path):
    prefix, test = "HKCategoryTypeIdentifier", "HKCategoryValuePregnancyTestResult"
    going_on = entry(f"{prefix}Pregnancy", "2026-11-01 00:00:00 +0100", "HKCategoryValueNotApplicable")
    tests = [entry(f"{prefix}PregnancyTestResult", f"2026-11-0{day} 09:00:00 +0100", f"{test}{result}")
             for day, result in ((2, "Positive"), (3, "Negative"), (4, "Indeterminate"))]  # fmt: skip
    made = brought(written(tmp_path, apple(going_on, *tests)))
    assert [(day.date.day, day.symptoms) for day in days_of(made.records)] == [(1, ("pregnancy",)), (2, ("pregnancy",))]
    assert sum(one.count for one in made.ignored) == 2


def test_no_stretch_of_sleep_is_longer_than_a_day(tmp_path):
    long = sleep("2026-11-01 22:00:00 +0100", "2026-11-02 22:30:00 +0100", "AsleepCore", "Watch")
    made = brought(written(tmp_path, apple(long)))
    assert ([one.why[:18] for one in made.quarantined], list(days_of(made.records))) == (["it lasts 24.5 hour"], [])


def test_every_type_of_headache_entry(tmp_path):
    for severity, found in (("Unspecified", True), ("Mild", True), ("Severe", True), ("NotPresent", False)):
        at = "2026-11-01 09:00:00 +0100"
        made = brought(written(tmp_path, apple(headache(at, at, severity))))
        assert made.day("2026-11-01").headache is found
    both = [headache("2026-11-01 09:00:00 +0100", "2026-11-01 09:00:00 +0100", "NotPresent"),
            headache("2026-11-01 19:00:00 +0100", "2026-11-02 01:00:00 +0100", "Mild")]  # fmt: skip
    made = brought(written(tmp_path, apple(*both)))
    assert [made.day(f"2026-11-0{day}").headache for day in (1, 2)] == [True, True]


def test_the_preferred_source_is_kept_and_a_silent_choice_is_told(tmp_path, capsys):
    night = [sleep("2026-11-01 23:00:00 +0100", "2026-11-02 06:00:00 +0100", "AsleepCore", "Watch"),
             sleep("2026-11-01 23:00:00 +0100", "2026-11-02 05:00:00 +0100", "AsleepCore", "Ring")]  # fmt: skip
    path, into = written(tmp_path, apple(*night)), tmp_path / "me"

    def asleep(*more: str) -> tuple[float, bool]:
        assert main([*more, "--json", "--today", "2026-11-22"]) == 0
        told = json.loads(capsys.readouterr().out)
        return told["days"]["2026-11-02"]["asleep_min"], any("--prefer" in one for one in told["warnings"])

    bring = ["records", "import", str(path), "--into", str(into)]
    assert asleep(*bring) == (360, True)
    assert asleep(*bring, "--prefer", "watch", "--prefer", "Ring") == (420, False)
    assert asleep("records", "show", str(into)) == (420, False)
    assert asleep("records", "show", str(into), "--prefer", "Ring") == (360, False)


def test_clinical_records_beside_the_export_are_read_under_the_name_of_who_wrote_them(tmp_path):
    lab = {
        "resourceType": "Observation",
        "id": "mg",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2601-3", "display": "Magnesium"}]},
        "effectiveDateTime": "2026-10-01T08:00:00+02:00",
        "valueQuantity": {"value": 0.79, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"},
    }
    element = (
        '<ClinicalRecord type="HKClinicalTypeIdentifierLabResultRecord" sourceName="A practice" '
        'resourceFilePath="/clinical-records/Observation-1.json"/>'
    )
    folder = "apple_health_export"
    files = {
        f"{folder}/export.xml": apple(element),
        f"{folder}/clinical-records/Observation-1.json": json.dumps(lab),
        f"{folder}/clinical-records/Broken-2.json": "{",
    }
    made = brought(zipped(tmp_path, files))
    assert [(one.kind, one.value, one.unit, one.source) for one in made.records] == [
        ("lab", 0.79, "mmol/L", "A practice")
    ]
    assert [one.value for one in made.quarantined] == ["Broken-2.json"]
    alone = brought(written(tmp_path, apple(element)))
    assert [(one.what, one.count) for one in alone.ignored] == [("elements ClinicalRecord", 1)]


def test_who_wrote_down_every_headache_says_so_and_the_other_days_are_free_of_it(tmp_path):
    text = "{source: devices, headaches_logged: {first: 2026-10-01, last: 2026-11-03}}"
    asked = Asked(mapping_from_text(text, name="devices.yaml"))
    path = written(tmp_path, apple(headache("2026-11-02 09:00:00 +0100", "2026-11-02 10:00:00 +0100", "Mild")))
    days = brought(path, asked).days.values()
    assert [day.headache for day in days].count(False) == 33
    assert [day.date.isoformat() for day in days if day.headache] == ["2026-11-02"]


def test_the_terminal_says_what_the_devices_told(tmp_path, capsys):
    path = written(tmp_path, EXPORT)
    assert main(["records", "import", str(path), "--into", str(tmp_path / "me"), "--today", "2026-11-22"]) == 0
    out = capsys.readouterr().out
    told = (
        "Asleep: known on 1 day, median 330 min.",
        "SDNN: known on 1 day, median 42 ms.",
        "RMSSD: known on 1 day, median 31 ms.",
        "Magnesium in food: known on 2 days, median 175 mg.",
    )
    assert [line for line in told if line not in out] == []
