"""Health records in FHIR: what is believed, in which unit and of which day, and what is set aside and why."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.rooms.exchange.health import ATC, LOINC, MG, MG_MOLAR, MG_URINE, RXNORM, UCUM, bundle, medicine, observation
from tests.rooms.exchange.importing import Brought, bring

from davy.errors import InputError
from davy.exchange.fhir import shape
from davy.exchange.fhir.codes import code_rows, unit_of
from davy.followup.records import Record

SAMPLES = Path(*"/ work shared samples synthea_r4".split())


@pytest.fixture
def read(tmp_path):
    def told(*resources, mapping: str | None = None, **more) -> Brought:
        return bring(tmp_path, bundle(*resources, **more), name="bundle.json", mapping=mapping)

    return told


def lab(brought: Brought) -> Record:
    (one,) = brought.records
    assert one.kind == "lab"
    return one


def test_a_result_keeps_its_value_its_unit_its_time_and_the_range_of_its_laboratory(read):
    range_ = [{"low": {"value": 1.6, "unit": "mg/dL"}, "high": {"value": 2.6, "unit": "mg/dL"}}]
    one = lab(read(observation(referenceRange=range_)))
    assert (one.text, one.value, one.unit, one.comparator) == ("serum-magnesium", 1.75, "mg/dL", None)
    assert (one.reference_low, one.reference_high) == (1.6, 2.6)
    assert one.start.isoformat() == "2026-11-02T08:10:00+01:00"
    assert (one.file, one.line, one.source) == ("bundle.json", 1, "FHIR")


@pytest.mark.parametrize(
    ("code", "value", "unit", "spelt"),
    [
        (MG_MOLAR, 0.72, "mmol/L", "mmol/L"),
        (MG_MOLAR, 1.5, "meq/L", "mEq/L"),
        (MG_URINE, 96.0, "mg/(24.h)", "mg/24h"),
        ("2599-9", 4.1, "mmol/d", "mmol/24h"),
        ("98979-8", 61.0, "mL/min/{1.73_m2}", "mL/min/1.73m2"),
        ("98979-8", 61.0, "mL/min", "mL/min"),
        ("4548-4", 7.0, "%{of'Hb}", "%"),
        ("14959-1", 30.0, "mg/g{creat}", "mg/g"),
        ("3016-3", 2.0, "m[IU]/L", "mIU/L"),
    ],
)
def test_units_of_ucum_are_read_and_their_annotations_too_where_they_mean_something(read, code, value, unit, spelt):
    one = lab(read(observation(code, value, unit)))
    assert (one.value, one.unit) == (value, spelt)


@pytest.mark.parametrize(
    ("code", "value", "unit", "says"),
    [
        (MG, 0.8, "mmol/L", "comes in mg/dL"),
        (MG_MOLAR, 1.9, "mg/dL", "comes in mmol/L"),
        ("19124-7", 96.0, "mg/(24.h)", "the unit here is mg/24h"),
        ("59261-8", 7.0, "%", "comes in mmol/mol"),
        (MG, 19.0, "mg/L", None),
        (MG, 175.0, "mg/dL", "not possible"),
        ("14682-9", 1.1, "umol/L", "not possible"),
        (MG, 1.75, "furlong", "not a unit"),
        ("29900-7", 5.2, "mg/dL", None),
    ],
)
def test_a_code_and_a_unit_that_do_not_fit_are_set_aside_with_what_was_likely_meant(read, code, value, unit, says):
    brought = read(observation(code, value, unit))
    if says is None:  # a unit that fits, and a code that nobody confirms and whose name says nothing
        assert bool(brought.records) == (code == MG)
        assert not brought.quarantined
        return
    assert not brought.records
    ((line, shown, why),) = brought.why()
    assert line == 1
    assert f"{value:g}"[:2] in shown
    assert says in why


def test_a_number_without_a_unit_is_no_value(read):
    assert "no unit" in read(observation(valueQuantity={"value": 1.75})).why()[0][2]
    assert "no number" in read(observation(valueQuantity={"unit": "mg/dL"})).why()[0][2]


def test_words_and_code_of_one_unit_must_agree(read):
    quantity = {"value": 1.9, "unit": "mmol/L", "system": UCUM, "code": "mg/dL"}
    assert "only one can be right" in read(observation(valueQuantity=quantity)).why()[0][2]
    quantity["unit"] = "milligrams per deciliter"
    assert lab(read(observation(valueQuantity=quantity))).unit == "mg/dL"
    other = {"value": 0.9, "unit": "mmol/L", "system": "http://snomed.info/sct", "code": "258813002"}
    assert lab(read(observation(MG_MOLAR, valueQuantity=other))).unit == "mmol/L"


@pytest.mark.parametrize("status", ["registered", "preliminary", "entered-in-error", "unknown", "weird"])
def test_only_what_its_status_says_holds_is_believed(read, status):
    brought = read(observation(status=status))
    assert not brought.records
    (one,) = brought.quarantined
    assert "1.75" in one.value
    assert (status if status != "entered-in-error" else "entered in error") in one.why


def test_a_cancelled_measurement_and_one_without_a_value_are_no_values(read):
    absent = {"coding": [{"code": "not-performed", "display": "Not Performed"}]}
    brought = read(
        observation(status="cancelled"), observation(value=None, dataAbsentReason=absent), observation(value=None)
    )
    assert not brought.records + brought.quarantined
    assert [one.why for one in brought.ignored][1:] == ["Not Performed", "unknown, never zero"]


@pytest.mark.parametrize(("sign", "kept"), [("<", "<"), ("<=", "<"), (">", ">"), (">=", ">")])
def test_a_bound_stays_a_bound(read, sign, kept):
    quantity = {"value": 0.4, "unit": "mg/dL", "system": UCUM, "code": "mg/dL", "comparator": sign}
    one = lab(read(observation(valueQuantity=quantity)))
    assert (one.value, one.comparator) == (0.4, kept)
    text = lab(read(observation(value=None, valueString=f"{sign} 0.4 mg/dL")))
    assert text.id == one.id


def test_a_text_that_is_no_number_is_set_aside(read):
    assert "a text" in read(observation(value=None, valueString="haemolysed")).why()[0][2]
    ratio = {"numerator": {"value": 1}, "denominator": {"value": 128}}
    assert "Ratio" in read(observation(value=None, valueRatio=ratio)).why()[0][2]


def test_a_period_is_a_span_and_a_specimen_or_the_issue_gives_the_time_where_the_result_has_none(read):
    collected = {"start": "2026-11-01T08:00:00+01:00", "end": "2026-11-02T08:00:00+01:00"}
    one = lab(read(observation(MG_URINE, 96, "mg/d", effectiveDateTime=None, effectivePeriod=collected)))
    assert [one.start.isoformat(), one.end and one.end.isoformat()] == list(collected.values())
    specimen = {"resourceType": "Specimen", "id": "s", "collection": {"collectedDateTime": "2026-10-30"}}
    timed = observation(effectiveDateTime=None, specimen={"reference": "#s"}, contained=[specimen])
    assert lab(read(timed)).day == date(2026, 10, 30)
    issued = observation(effectiveDateTime=None, issued="2026-11-03T10:00:00+01:00")
    assert lab(read(issued)).day == date(2026, 11, 3)
    for when, says in (
        ("2026", "which day"),
        ("2026-11", "which day"),
        ("2027-11-02", "future"),
        ("1900-01-01", "before"),
    ):
        assert says in read(observation(effectiveDateTime=when)).why()[0][2]
    assert "when it was measured" in read(observation(effectiveDateTime=None)).why()[0][2]


def test_a_time_in_utc_is_said_and_read_by_the_own_clock_where_a_mapping_names_it(read):
    late = observation(effectiveDateTime="2026-11-02T23:30:00Z")
    brought = read(late)
    assert lab(brought).day == date(2026, 11, 2)
    assert [(one.what, one.count) for one in brought.ignored] == [("the place of times that are told in UTC", 1)]
    brought = read(late, mapping="davy: 1\nsource: clinic\nzone: Europe/Berlin\n")
    assert (lab(brought).day, brought.ignored) == (date(2026, 11, 3), [])


def test_parts_of_a_panel_are_read_each_with_its_own_code(read):
    parts = [
        {"code": {"coding": [{"system": LOINC, "code": code}]}, "valueQuantity": {"value": value, "unit": unit}}
        for code, value, unit in (("2823-3", 4.1, "mmol/L"), ("17861-6", 9.4, "mg/dL"), ("2951-2", 140, "mmol/L"))
    ]
    panel = observation("24323-8", None, component=parts)
    assert [one.text for one in read(panel).records] == ["potassium", "calcium"]


def test_two_codes_of_one_meaning_agree_and_of_two_meanings_do_not(read):
    both = {"coding": [{"system": LOINC, "code": MG}, {"system": LOINC, "code": MG_MOLAR}]}
    assert lab(read(observation(code=MG, **{}) | {"code": both})).value == 1.75
    assert lab(read(observation(MG, 0.8, "mmol/L") | {"code": both})).unit == "mmol/L"
    torn = {"coding": [{"system": LOINC, "code": MG}, {"system": LOINC, "code": "19124-7"}]}
    assert "mean different things" in read(observation() | {"code": torn}).why()[0][2]


def test_a_name_without_a_code_is_shown_and_not_guessed(read):
    local = {"coding": [{"system": "urn:oid:1.2.3", "code": "MGS"}], "text": "Magnesium"}
    assert "no code of it is known" in read(observation() | {"code": local}).why()[0][2]
    other = {"coding": [{"system": LOINC, "code": "2093-3", "display": "Cholesterol"}]}
    brought = read(observation(value=200) | {"code": other})
    assert (brought.records, brought.quarantined, brought.ignored[0].what) == ([], [], "LOINC 2093-3 Cholesterol")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"modifierExtension": [{"url": "http://x.org/not", "valueBoolean": True}]}, "modifierExtension"),
        ({"implicitRules": "http://x.org/rules"}, "implicitRules"),
        ({"focus": [{"reference": "Patient/unborn"}]}, "somebody or something else"),
        ({"valueQuantity": {"value": "much", "unit": "mg/dL"}}, "valueQuantity.value"),
        ({"effectiveDateTime": "2026-13-40"}, "effectiveDateTime"),
        ({"effectivePeriod": {"start": "2026-11-01"}}, "effective"),
        ({"code": {"coding": {"code": MG}}}, "what was measured"),
    ],
)
def test_what_changes_the_meaning_or_is_not_r4_is_set_aside(read, more, says):
    brought = read(observation() | more)
    assert not brought.records
    assert says in brought.why()[0][2]


def _faulty() -> Iterator[dict[str, Any]]:
    for moment in ("2026-02-30", "2026-11-02T25:10:00+01:00", "2026-11-02T08:10", "2026-13-02T08:10:00+01:00", 5, True):
        yield observation(effectiveDateTime=moment)
    for value in ("x", True, [1.75], {"value": 1.75}):
        quantity = observation()["valueQuantity"]
        yield observation(valueQuantity={**quantity, "value": value})
    for name in ("a b", "", 7, ["p"]):
        yield observation(subject={"reference": name})
        yield observation(performer=[{"reference": name}])


def test_what_was_found_well_before_hides_no_fault_of_the_next(monkeypatch):
    well = observation(performer=[{"reference": "Practitioner/p"}])
    for tree in _faulty():
        shape._well.clear()
        alone = shape.wrong_with(tree, "Observation")
        assert shape.wrong_with(well, "Observation") is None
        assert shape.wrong_with(observation(), "Observation") is None
        assert shape.wrong_with(tree, "Observation") == alone
    monkeypatch.setattr(shape, "_model", None)
    again = observation(effectiveDateTime="2025-07-31T23:59:59+02:00", value=2.01, subject={"reference": "Patient/x-1"})
    assert shape.wrong_with(again, "Observation") is None


def test_a_fault_in_a_field_that_nobody_reads_takes_nothing_away(read):
    assert lab(read(observation(contained=[{"resourceType": "OfAnotherRelease"}]))).value == 1.75
    assert lab(read(observation(category={"text": "one, not a list"}, subject=None))).value == 1.75


def test_a_result_held_by_a_report_falls_with_it(read):
    for status, kept in (("final", 1), ("entered-in-error", 0)):
        inner = observation(id="mg", effectiveDateTime=None)
        report = {
            "resourceType": "DiagnosticReport", "status": status, "code": {"text": "Electrolytes"},
            "effectiveDateTime": "2026-11-02", "contained": [inner], "result": [{"reference": "#mg"}],
        }  # fmt: skip
        assert len(read(report).records) == kept
        listed = report | {"contained": None, "result": [{"reference": "Observation/mg"}]}
        beside = {key: one for key, one in listed.items() if one is not None}
        assert len(read(beside, observation(id="mg")).records) == kept


def test_of_several_versions_the_newest_counts_and_what_was_deleted_does_not(tmp_path):
    old = observation(id="a", meta={"versionId": "1", "lastUpdated": "2026-11-02T10:00:00Z"})
    new = observation(
        value=1.57, id="a", status="corrected", meta={"versionId": "2", "lastUpdated": "2026-11-03T10:00:00Z"}
    )
    brought = bring(tmp_path, bundle(old, new), name="h.json")
    assert [one.value for one in brought.records] == [1.57]
    assert [one.kept for one in brought.retracted] == [brought.records[0].id]
    entries = [{"resource": old}, {"request": {"method": "DELETE", "url": "Observation/a"}}]
    text = json.dumps({"resourceType": "Bundle", "type": "history", "entry": entries})
    assert "deleted" in bring(tmp_path, text, name="h.json").why()[0][2]


def test_two_people_in_one_file_are_refused_by_name(tmp_path, read):
    with pytest.raises(InputError, match="speaks of 2 people"):
        read(observation(), observation(subject={"reference": "Patient/q"}))
    patient = {"resourceType": "Patient", "id": "p"}
    entries = [
        {"fullUrl": "https://a.org/fhir/Patient/p", "resource": patient},
        {"resource": observation()},
        {"resource": observation("2823-3", 4, "mmol/L", subject={"reference": "https://a.org/fhir/Patient/p"})},
    ]
    text = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})
    assert len(bring(tmp_path, text, name="one.json").records) == 2


def test_ndjson_and_a_single_resource_read_like_a_bundle(tmp_path):
    lines = "\n".join(json.dumps(one) for one in (observation(), medicine(), observation("2823-3", 4.2, "mmol/L")))
    brought = bring(tmp_path, lines + "\n", name="export.ndjson")
    assert [(one.kind, one.line) for one in brought.records] == [("lab", 1), ("medicine", 2), ("lab", 3)]
    assert lab(bring(tmp_path, json.dumps(observation()), name="one.json")).id == brought.records[0].id


def test_a_measurement_becomes_the_record_of_a_device(read):
    night = {"start": "2026-11-01T23:00:00+01:00", "end": "2026-11-02T06:00:00+01:00"}
    brought = read(
        observation("72514-3", 6, "{score}"),
        observation("93832-4", 6.5, "h", effectiveDateTime=None, effectivePeriod=night),
        observation("80404-7", 41, "ms"),
    )
    day = brought.day("2026-11-02")
    assert (day.pain_0_10, day.asleep_min, day.hrv_sdnn_ms, day.hrv_rmssd_ms) == (6, 390, 41, None)


# Medicines


def course(brought: Brought) -> tuple[str, str, str | None]:
    (one,) = brought.records
    assert one.kind == "medicine"
    return one.text, one.start.isoformat(), None if one.end is None else one.end.isoformat()


def test_a_statement_is_a_course_and_a_month_begins_on_its_first_and_ends_on_its_last_day(read):
    assert course(read(medicine())) == ("omeprazole 20 mg", "2026-03-01", None)
    over = medicine(status="completed", effectivePeriod={"start": "2025", "end": "2026-02"})
    assert course(read(over)) == ("omeprazole 20 mg", "2025-01-01", "2026-02-28")


@pytest.mark.parametrize("kind", ["MedicationStatement", "MedicationRequest"])
def test_a_medication_may_be_contained_or_referenced_and_its_ingredients_name_it(tmp_path, read, kind):
    drug = {
        "resourceType": "Medication", "id": "m", "code": {"text": "Brand X"},
        "ingredient": [{"itemCodeableConcept": {"coding": [{"system": ATC, "code": "C03AA03"}]}}],
    }  # fmt: skip
    own = {"medicationCodeableConcept": None, "medicationReference": {"reference": "#m"}, "contained": [drug]}
    assert course(read(medicine(kind=kind, **own)))[0] == "Brand X C03AA03"
    entries = [
        {"fullUrl": "urn:uuid:m", "resource": drug},
        {
            "resource": medicine(
                kind=kind, medicationCodeableConcept=None, medicationReference={"reference": "urn:uuid:m"}
            )
        },
    ]
    text = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})
    assert course(bring(tmp_path, text, name="b.json"))[0] == "Brand X C03AA03"
    lost = medicine(kind=kind, medicationCodeableConcept=None, medicationReference={"reference": "Medication/gone"})
    assert "not in this file" in read(lost).why()[0][2]
    lost["medicationReference"]["display"] = "Digoxin 0.125 mg"
    assert course(read(lost))[0] == "Digoxin 0.125 mg"


def test_a_code_alone_gives_the_name_and_a_code_against_its_name_is_set_aside(read):
    bare = {"coding": [{"system": RXNORM, "code": "197604"}]}
    assert course(read(medicine(medicationCodeableConcept=bare)))[0] == "digoxin"
    torn = {"coding": [{"system": RXNORM, "code": "197604"}], "text": "Omeprazole 20 mg"}
    assert "one of the two is wrong" in read(medicine(medicationCodeableConcept=torn)).why()[0][2]
    unknown = {"coding": [{"system": RXNORM, "code": "999"}]}
    assert course(read(medicine(medicationCodeableConcept=unknown)))[0] == "RxNorm 999"


@pytest.mark.parametrize(
    ("more", "kind", "says"),
    [
        ({"status": "not-taken"}, "MedicationStatement", "not to be taken"),
        ({"status": "intended"}, "MedicationStatement", "not yet taken"),
        ({"status": "on-hold"}, "MedicationRequest", "on hold"),
        ({"status": "draft"}, "MedicationRequest", "never ordered"),
        ({"status": "cancelled"}, "MedicationRequest", "cancelled"),
        ({"status": "stopped"}, "MedicationRequest", "nothing says when it ended"),
        ({"intent": "proposal"}, "MedicationRequest", "not an order"),
        ({"doNotPerform": True}, "MedicationRequest", "not to take it"),
    ],
)
def test_what_is_not_taken_is_no_course(read, more, kind, says):
    brought = read(medicine(kind=kind, **more))
    assert not brought.records + brought.quarantined
    assert says in brought.ignored[0].why


def test_a_prescription_without_an_end_holds_only_while_it_is_recent_its_supply_counted_in(read):
    old = medicine(kind="MedicationRequest", authoredOn="2010-12-31")
    assert "no end and was not renewed" in read(old).why()[0][2]
    assert course(read(medicine(authoredOn=None, effectivePeriod={"start": "2010-12-31"})))[2] is None
    supply = {"numberOfRepeatsAllowed": 3, "expectedSupplyDuration": {"value": 90, "system": UCUM, "code": "d"}}
    lasting = medicine(kind="MedicationRequest", authoredOn="2025-07-01", dispenseRequest=supply)
    assert course(read(lasting)) == ("omeprazole 20 mg", "2025-07-01", None)
    assert read(lasting | {"dispenseRequest": None}).quarantined
    timed = [{"timing": {"repeat": {"boundsPeriod": {"start": "2026-05-01", "end": "2026-05-10"}}}}]
    ended = medicine(kind="MedicationRequest", status="completed", authoredOn="2026-04-30", dosageInstruction=timed)
    assert course(read(ended)) == ("omeprazole 20 mg", "2026-05-01", "2026-05-10")


@pytest.mark.parametrize(
    ("status", "says"), [("unknown", "'unknown'"), ("entered-in-error", "in error"), ("wierd", "'wierd'")]
)
def test_a_course_of_which_nobody_says_that_it_holds_is_set_aside(read, status, says):
    assert says in read(medicine(status=status)).why()[0][2]


# The file


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"resourceType": "Bundle", "entry": [', "does not read as JSON"),
        ('{"resourceType": "Observation", "status": "final", "status": "entered-in-error"}', "stands twice"),
        ('{"resourceType": "Observation", "valueQuantity": {"value": NaN}}', "NaN"),
        ('{"resourceType": "Bundle", "entry": ' + "[" * 5000 + "]" * 5000 + "}", "too deep"),
        ('{"resourceType": "Bundle", "entry": ' + "[" * 90 + "]" * 90 + "}", "too deep"),
        ('{"resourceType": "Observation", "id": ' + "9" * 5000 + "}", "does not read"),
        ('<?xml version="1.0"?><Bundle xmlns="http://hl7.org/fhir"/>', "as JSON"),
        (b'{"resourceType": "Bundle"}'[:-1] + b', "x": "\xff"}', "UTF-8"),
        ('{"resourceType": "Bundle"}'.encode("utf-16"), "UTF-8"),
    ],
)
def test_a_file_that_does_not_read_is_refused_by_name(tmp_path, text, says):
    with pytest.raises(InputError, match=says) as caught:
        bring(tmp_path, text, name="bad.json")
    assert str(caught.value).startswith("bad.json")


def test_a_page_of_several_says_so(read):
    assert "one page of several" in read(observation(), link=[{"relation": "next", "url": "https://a.org"}]).remarks[0]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")
@pytest.mark.parametrize(("name", "labs"), [("Dennis_Durgan", 27), ("Morris_Lockman", 48)])
def test_synthetic_records_of_synthea_give_their_laboratory_values(tmp_path, name, labs):
    brought = bring(tmp_path, gzip.decompress((SAMPLES / f"{name}.json.gz").read_bytes()), name="s.json")
    found = [one for one in brought.records if one.kind == "lab"]
    assert len(found) == labs
    assert {one.text for one in found} >= {"creatinine", "potassium", "calcium", "glucose", "egfr", "bicarbonate"}
    assert not [one for one in brought.records if one.kind == "medicine"]  # "active" since 2010 and never renewed
    assert all("was not renewed" in one.why for one in brought.quarantined)


# A word as the value, another subject, another specimen


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ({"coding": [{"system": LOINC, "code": "LA15173-0"}]}, "pregnancy"),
        ({"coding": [{"system": "http://snomed.info/sct", "code": "77386006"}]}, "pregnancy"),
        ({"text": "Pregnant"}, "pregnancy"),
        ({"coding": [{"system": "http://snomed.info/sct", "code": "60001007"}]}, ""),
        ({"coding": [{"system": LOINC, "code": "LA4489-6"}]}, ""),
        ({"text": "Possibly"}, None),
        ({"text": "Pregnant", "coding": [{"system": LOINC, "code": "LA26683-5"}]}, ""),
    ],
)
def test_the_status_of_pregnancy_is_read_by_code_or_word_and_a_strange_one_is_set_aside(read, value, kept):
    brought = read(observation("82810-3", None, valueCodeableConcept=value))
    assert [(one.kind, one.text) for one in brought.records] == ([("symptom", kept)] if kept else [])
    assert bool(brought.quarantined) is (kept is None)
    assert bool(brought.ignored) is (kept == "")


def test_what_is_about_a_device_a_group_or_a_place_is_set_aside(read):
    for kind in ("Device", "Group", "Location"):
        brought = read(observation(), observation(value=3.0, subject={"reference": f"{kind}/7"}))
        assert lab(brought).value == 1.75
        assert f"its subject is a {kind}" in brought.why()[0][2]
        assert brought.quarantined[0].test == ""
    group = medicine(subject={"reference": "#g"}, contained=[{"resourceType": "Group", "id": "g"}])
    assert not read(group).records


@pytest.mark.parametrize(
    ("code", "unit", "specimen", "believed"),
    [(MG, "mg/dL", "Urine", False), (MG, "mg/dL", "Serum", True), ("19124-7", "mg/dL", "Blood", False)],
)
def test_a_code_of_blood_and_a_specimen_of_urine_are_set_aside(read, code, unit, specimen, believed):
    inner = {"resourceType": "Specimen", "id": "s", "type": {"text": specimen}}
    for told in ({"display": specimen}, {"reference": "#s"}):
        brought = read(observation(code, 1.75, unit, specimen=told, contained=[inner]))
        assert bool(brought.records) is believed
        assert believed or "the specimen is" in brought.why()[0][2]


# The tables


def test_every_code_is_told_in_units_that_davy_knows_and_cites_where_it_was_read():
    assert len(code_rows()) > 60
    for row in code_rows():
        assert row.verified_on >= date(2026, 11, 22)
        assert row.source
        assert row.verified != "memory"
        assert row.kind != "lab" or row.units


def test_filtration_per_surface_is_not_filtration():
    assert unit_of("mL/min/{1.73_m2}", "ucum") == ("mL/min/1.73m2", 1)
    assert unit_of("mL/min", "ucum") == unit_of("mL/min{whole}", "ucum") == ("mL/min", 1)
    assert unit_of("{anything}", "ucum") is None


@pytest.mark.parametrize(("words", "believed"), [("HRV (rMSSD)", False), ("HRV", True), ("SDNN of the night", True)])
def test_rmssd_under_the_code_of_sdnn_is_set_aside(read, words, believed):
    made = observation("80404-7", 45, "ms")
    made["code"]["text"] = words
    found = read(made)
    assert len(found.records) == believed
    assert len(found.quarantined) == (not believed)
