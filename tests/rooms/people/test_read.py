"""The person file: the contract's own example reads, and every fault is told at once with its line and field."""

import json
from datetime import date

import pytest

from davy.errors import InputError
from davy.people.read import LARGEST_FILE, person_from_text, read_person

TODAY = date(2026, 11, 22)

CONTRACT = """\
davy: 1
id: ada
age_y: 58                         # or birth_date: 1968-03-02
sex: female                       # female | male, for reference ranges
weight_kg: 81                     # or weight: 178 lb
height_cm: 168                    # or height: 5 ft 6 in
pregnant: false
profile: personal                 # personal | clinician | research ; absent = personal
clinician: {role: nephrologist, date: 2026-11-01, indication: hypomagnesaemia}
jurisdiction: EU
goals: [neuropathy]
diet: {magnesium_mg_per_day: 230, method: food-frequency}
water: {magnesium_mg_per_L: 20, L_per_day: 1.5}
supplements:                      # what is taken now
  - {form: oxide, label_mg: 400, label_means: salt, per_day: 1}
conditions: [type-2-diabetes, peripheral-neuropathy]
symptoms: []
medicines: [{name: omeprazole, atc: A02BC01}, {name: metformin, atc: A10BA02}]
genotype: {rs2274924: CT}
baseline:
  {headache_days_per_28: 8, acute_medicine_days_per_28: 6, pain_0_10: 5, sleep_onset_min: 40, cramps_per_week: 3}
labs:
  - {date: 2026-09-02, test: serum-magnesium, value: 1.75, unit: mg/dL, reference_low: 1.6, reference_high: 2.6}
  - {date: 2026-09-02, test: egfr, value: 68, unit: mL/min/1.73m2}
  - {date: 2026-09-03, test: urine-magnesium-24h, value: 4.1, unit: mmol/24h}
"""


def read(text, name="p.yaml", today=TODAY):
    return person_from_text(text, name=name, today=today)


def faults(text):
    with pytest.raises(InputError) as caught:
        read(text)
    return [str(fault) for fault in caught.value.faults]


def lab(**entry):
    row = {"date": "2026-09-02", **entry}
    return json.dumps({"davy": 1, "id": "x", "labs": [row]})


def test_the_contracts_example_reads():
    person = read(CONTRACT)
    assert person.sex == "female"
    assert person.bmi == pytest.approx(28.7, abs=0.01)
    assert person.goals == ("neuropathy",)
    assert person.conditions == ("type-2-diabetes", "peripheral-neuropathy")
    assert [medicine.classes for medicine in person.medicines] == [("ppi",), ("metformin",)]
    assert person.clinician.role == "nephrologist"
    assert person.not_understood == person.doubts == ()
    serum = next(row for row in person.labs if row.test == "serum-magnesium")
    assert serum.value == pytest.approx(0.7200164575)
    assert serum.shown == (1.75, "mg/dL")
    assert serum.reference_low == pytest.approx(1.6 / 2.4305)
    assert person.labs[0].date == date(2026, 9, 3), "newest first"


def test_us_units_and_birth_date_give_the_same_person():
    person = read("id: a\nbirth_date: 1968-03-02\nweight: 178 lb\nheight: 5 ft 6 in\n")
    assert person.age_y == pytest.approx(58.73, abs=0.01)
    assert person.weight_kg == pytest.approx(80.739, abs=0.001)
    assert person.height_cm == pytest.approx(167.64)


@pytest.mark.parametrize(
    ("birth", "age"), [("2008-11-22", 18), ("2008-11-23", 17), ("1961-11-22", 65), ("2000-02-29", 26)]
)
def test_a_birthday_is_reached_on_the_day(birth, age):
    assert int(read(f"birth_date: {birth}").age_y) == age


def test_what_is_absent_is_unknown():
    person = read("davy: 1\nid: x\n")
    for name in ("age_y", "sex", "weight_kg", "pregnant", "diet", "water", "baseline", "smoker", "jurisdiction"):
        assert getattr(person, name) is None
    assert person.labs == person.medicines == person.conditions == ()
    assert person.profile == "personal"
    assert person.goals == ("general",)


def test_null_is_absent():
    assert read("id: x\nage_y:\nweight_kg: null\nlabs: ~\nconditions:\n") == read("id: x\n")


def test_a_bare_per_cent_sign_is_answered_with_its_quotes():
    bare = "davy: 1\nid: ada\nlabs:\n  - {date: 2026-11-10, test: hba1c, value: 7, unit: %}\n"
    with pytest.raises(InputError, match=r'line 4.*in quotes: unit: "%"'):
        person_from_text(bare, name="ada.yaml", today=TODAY)


def test_json_is_the_same_as_yaml():
    file = {
        "davy": 1,
        "id": "x",
        "age_y": 58,
        "pregnant": False,
        "labs": [{"date": "2026-09-02", "test": "egfr", "value": 68, "unit": "mL/min/1.73m2"}],
    }
    assert read(json.dumps(file)) == read(json.dumps(file, indent="\t"))
    assert read(json.dumps({"id": "\U0001f600"})).id == "\U0001f600"
    assert read("id: x\nage_y: 58\nmedicines: [omeprazole]") == read(
        '{"id": "x", "age_y": 58, "medicines": ["omeprazole"]}'
    )


def test_one_word_where_a_list_may_stand():
    person = read("id: x\ngoal: sleep\nconditions: migraine\nmedicines: sumatriptan\nsymptoms: none\n")
    assert person.goals == ("sleep",)
    assert person.conditions == ("migraine",)
    assert person.medicines[0].classes == ("triptan",)
    assert person.symptoms == ()


def test_clock_times_are_not_read_in_base_sixty():
    person = read("id: x\nmedicines: [{name: omeprazole, at: [21:00, 7:30]}]")
    assert person.medicines[0].at == ("21:00", "07:30")


def test_every_fault_at_once_with_line_and_field():
    found = faults(
        "davy: 1\nid: x\nwieght_kg: 81\nheight_cm: 1.68\nsex: femal\nage_y: 58\nage_y: 59\n"
        "pregnant: maybe\ngoals: [migrane]\n"
        "labs:\n  - {date: 2027-09-02, test: serum-magnesium, value: 18, unit: mmol/L}\n"
        "  - {date: 02/09/2026, test: egfr, value: 68}\n"
        "  - {date: 2026-09-02, test: creatinine, value: 0.9, unit: umol/L}\n"
        "  - {date: 2026-09-02, test: serum-magnesum, value: 1, unit: mmol/L}\n"
        "medicines: [{since: 2026-01-01, until: 2025-01-01}]\n"
    )
    expected = [
        ("line 3, field wieght_kg", "did you mean weight_kg"),
        ("line 4, field height_cm", "metres"),
        ("line 5, field sex", "female"),
        ("line 7, field age_y", "already given on line 6"),
        ("line 8, field pregnant", "neither yes nor no"),
        ("line 9, field goals[0]", "migraine-prevention"),
        ("line 11, field labs[0].date", "future"),
        ("line 11, field labs[0].value", "mg/dL"),
        ("line 12, field labs[1].date", "2026-09-02"),
        ("line 13, field labs[2].value", "mg/dL"),
        ("line 14, field labs[3].test", "serum-magnesium"),
        ("line 15, field medicines[0]", "name or an ATC code"),
        ("line 15, field medicines[0].until", "before it begins"),
    ]
    assert len(found) == len(expected)
    for text, (where, what) in zip(found, expected, strict=True):
        assert text.startswith(f"p.yaml, {where}:")
        assert what in text


@pytest.mark.parametrize(
    ("test", "value", "unit", "likely"),
    [
        ("serum-magnesium", 18, "mmol/L", "mg/dL"),
        ("serum-magnesium", 180, "mg/dL", ""),
        ("creatinine", 0.9, "umol/L", "mg/dL"),
        ("creatinine", 90, "mg/dL", "umol/L"),
        ("hba1c", 7.1, "mmol/mol", "%"),
        ("hba1c", 53, "%", "mmol/mol"),
        ("glucose", 110, "mmol/L", "mg/dL"),
        ("albumin", 4.1, "g/L", "g/dL"),
        ("albumin", 41, "g/dL", "g/L"),
        ("calcium", 9.4, "mmol/L", "mg/dL"),
        ("potassium", 42, "mmol/L", ""),
        ("egfr", 680, "mL/min/1.73m2", ""),
        ("rbc-magnesium", 12, "mmol/L", "mg/dL"),
        ("phosphate", 35, "mg/dL", ""),
    ],
)
def test_an_impossible_value_names_the_likely_unit(test, value, unit, likely):
    (fault,) = faults(lab(test=test, value=value, unit=unit))
    assert "is not possible" in fault
    assert likely in fault


@pytest.mark.parametrize(
    ("test", "value", "unit"),
    [
        ("serum-magnesium", 1.75, "mmol/L"),
        ("serum-magnesium", 0.4, "mg/dL"),
        ("phosphate", 3.5, "mmol/L"),
    ],
)
def test_a_possible_value_that_would_be_usual_in_another_unit_is_read_and_doubted(test, value, unit):
    person = read(lab(test=test, value=value, unit=unit))
    assert len(person.labs) == 1
    assert len(person.doubts) == 1
    assert "check the unit" in person.doubts[0]


@pytest.mark.parametrize(
    ("said", "value", "comparator"),
    [
        ("<0.3", 0.3, "<"),
        ("> 90", 90, ">"),
        ("≤0.3", 0.3, "<"),
        (">=60", 60, ">"),
        ("0.72", 0.72, None),
        (0.72, 0.72, None),
    ],
)
def test_a_bound_stays_a_bound(said, value, comparator):
    test, unit = ("egfr", "mL/min/1.73m2") if value > 10 else ("serum-magnesium", "mmol/L")
    (row,) = read(lab(test=test, value=said, unit=unit)).labs
    assert (row.value, row.comparator) == (value, comparator)


def test_an_incomplete_collection_is_kept_as_such():
    assert read(lab(test="urine-magnesium-24h", value=4.1, unit="mmol/24h", complete=False)).labs[0].complete is False


@pytest.mark.parametrize(
    "bad", ["NaN", ".nan", "inf", ".inf", "-inf", "1e999", "true", "1,75", "about 2", "[1]", "{a: 1}", "''"]
)
def test_a_value_that_is_no_number(bad):
    assert faults(f"id: x\nlabs: [{{date: 2026-09-02, test: egfr, value: {bad}}}]")
    assert faults(f"id: x\nweight_kg: {bad}\n")


def test_a_missing_unit_is_asked_for():
    (fault,) = faults(lab(test="serum-magnesium", value=1.75))
    assert "unit" in fault
    assert "mmol/L or mg/dL" in fault
    assert read(lab(test="egfr", value=68, unit="mL/min/1.73 m2")).labs[0].unit == "mL/min/1.73m2"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("sex: male\npregnant: true", "contradict"),
        ("sex: male\nconditions: [lactation]", "contradict"),
        ("age_y: 40\nbirth_date: 1960-01-01", "disagree"),
        ("birth_date: 2030-01-01", "future"),
        ("birth_date: 1850-01-01", "120 years"),
        ("weight: 178 lb\nweight_kg: 60", "disagree"),
        ("height: 5 ft\nheight_cm: 190", "disagree"),
        ("goal: sleep\ngoals: [fatigue]", "disagree"),
        ("clinician: {role: gp, date: 2027-01-01, indication: low}", "future"),
        ("clinician: {role: gp}", "missing"),
        ("medicines: [{name: x, since: 2026-02-01, until: 2026-01-01}]", "before it begins"),
        ("supplements: [{form: oxide, since: 2026-02-01, until: 2026-01-01}]", "before it begins"),
        ("medicines: [{name: x, atc: 123}]", "ATC"),
        ("medicines: [{name: x, at: [25:00]}]", "clock"),
        ("medicines: [{name: x, days_per_month: 40}]", "not possible"),
        ("age_y: -1", "not possible"),
        ("age_y: 580", "not possible"),
        ("davy: 2", "not understood"),
        ("profile: doctor", "personal"),
        ("jurisdiction: UK", "US"),
        ("diet: {method: guess}", "missing"),
        ("diet: {magnesium_mg_per_day: 9000}", "not possible"),
        ("labs: {date: 2026-01-01}", "list"),
        ("baseline: 3", "keys"),
        ("id: x\nid: y", "already given"),
    ],
)
def test_contradictions_and_wrong_shapes_are_refused_by_name(text, word):
    assert any(word in fault for fault in faults(text)), faults(text)


def _two(first, second):
    rows = [{"date": "2026-09-02", **first}, {"date": "2026-09-02", **second}]
    return json.dumps({"id": "x", "labs": rows})


def test_contradicting_labs_are_refused():
    serum = {"test": "serum-magnesium", "unit": "mmol/L"}
    (fault,) = faults(_two({**serum, "value": 0.6}, {**serum, "value": 0.95}))
    assert "contradict" in fault
    assert read(_two({**serum, "value": 0.8}, {**serum, "value": 0.82})).labs
    (fault,) = faults(_two({**serum, "value": 0.6}, {"test": "ionised-magnesium", "value": 0.7, "unit": "mmol/L"}))
    assert "ionised magnesium above total" in fault


def test_a_reference_range_upside_down_is_refused():
    (fault,) = faults(lab(test="serum-magnesium", value=1.75, unit="mg/dL", reference_low=2.6, reference_high=1.6))
    assert "upside down" in fault


def test_a_lab_before_birth_is_refused():
    assert any(
        "before the birth date" in fault
        for fault in faults("birth_date: 1990-01-01\nlabs: [{date: 1980-01-01, test: egfr, value: 90}]")
    )


def test_unknown_words_are_kept_and_named():
    person = read(
        "id: x\nconditions: [frobnitis]\nsymptoms: [gloom]\nmedicines: [xyzzymab]\nsupplements: [{form: unobtainate}]"
    )
    assert person.not_understood == (
        "condition: frobnitis",
        "symptom: gloom",
        "form: unobtainate",
        "medicine: xyzzymab",
    )
    assert person.medicines[0].classes == ()
    assert person.supplements[0].form == "unobtainate"


def test_a_repeated_goal_counts_once():
    person = read("id: x\ngoals: [sleep, fatigue, sleep]")
    assert person.goals == ("sleep", "fatigue")
    assert person.doubts


def test_a_supplement_that_is_no_magnesium_is_heard_as_a_medicine():
    person = read("id: x\nsupplements: [{form: vitamin D}, {form: iron, per_day: 1}, {form: citrate}]")
    assert [row.form for row in person.supplements] == ["citrate"]
    assert [row.classes for row in person.medicines] == [("oral-other",), ("iron",)]


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x",
        "id: !!python/object:os.system x",
        "--- {}\n--- {}",
        "id: [",
        "\x00",
        "- a",
        "just words",
        "? [a]\n: b",
        "id: " + "[" * 500,
        "{" * 5000,
        "[" * 100_000,
        "labs: [" + "{}," * 30_000 + "]",
        "\tid: x",
    ],
)
def test_hostile_or_broken_yaml_is_one_plain_fault(text):
    assert faults(text)


def test_a_billion_laughs_never_expand():
    laughs = "a: &a [x,x]\n" + "".join(f"{c}: &{c} [*{b},*{b}]\n" for b, c in zip("abcdefgh", "bcdefghi", strict=True))
    (fault,) = faults(laughs)
    assert "anchors" in fault


def test_faults_in_reading_the_file_itself(tmp_path):
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * (LARGEST_FILE + 1))
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("id: caf\xe9".encode("latin-1"))
    for path in (tmp_path / "none.yaml", tmp_path, big, latin):
        with pytest.raises(InputError) as caught:
            read_person(path, today=TODAY)
        assert str(path) in str(caught.value)
    marked = tmp_path / "bom.yaml"
    marked.write_text("\ufeffid: x\n", encoding="utf-8")
    assert read_person(str(marked), today=TODAY).id == "x"


def test_an_unknown_example_names_those_that_exist():
    with pytest.raises(InputError, match="neuropathy"):
        read_person("example:nobody", today=TODAY)
    with pytest.raises(InputError):
        read_person("example:../labs", today=TODAY)


def test_long_words_are_cut_in_faults():
    (fault,) = faults(f"id: x\n{'k' * 5000}: 1")
    assert len(fault) < 2000


def test_medicines_in_time():
    person = read(
        "id: x\nmedicines:\n  - {name: omeprazole, until: 2026-11-21}\n  - {name: metformin, until: 2026-11-22}\n"
        "  - {name: doxycycline, since: 2026-12-01}\n"
    )
    assert [medicine.name for medicine in person.medicines_now()] == ["metformin", "doxycycline"]
    assert person.takes("ppi") == ()
    assert person.takes("metformin", "ppi")[0].label == "metformin"


def test_a_word_in_the_wrong_list_is_understood_where_it_belongs():
    person = read("id: x\nconditions: [fainting, none]\nsymptoms: [myasthenia gravis]")
    assert person.symptoms == ("fainting",)
    assert person.conditions == ("myasthenia-gravis",)
    assert person.not_understood == ()
