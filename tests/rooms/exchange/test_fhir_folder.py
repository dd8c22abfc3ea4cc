"""Health records in a person's folder: kept once, corrected where they were corrected, and seen by ``davy follow``."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.rooms.exchange.health import bundle, medicine, observation

from davy.cli.main import main
from davy.followup.visit_person import as_told
from davy.people.person import Person
from davy.store import Folder

TODAY = ["--today", "2026-11-22"]
PERSON = """\
davy: 1
id: told
age_y: 58
sex: female
weight_kg: 81
height_cm: 168
goals: [general]
diet: {magnesium_mg_per_day: 230, method: food-frequency}
medicines: [{name: Furosemide, atc: C03CA01}]
"""


@pytest.fixture
def bring(tmp_path, capsys):
    """Imports resources into the folder; gives what the command says."""

    def brought(*resources, name: str = "b.json", more: tuple[str, ...] = ()) -> dict:
        (tmp_path / name).write_text(bundle(*resources), encoding="utf-8")
        arguments = ["records", "import", str(tmp_path / name), "--into", str(tmp_path / "me"), "--json", *TODAY, *more]
        assert main(arguments) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    return brought


def labs(tmp_path: Path) -> list[tuple[str, float | None]]:
    return [(one.text, one.value) for one in Folder(tmp_path / "me").records() if one.kind == "lab"]


def person(tmp_path: Path) -> Person:
    (tmp_path / "me" / "person.yaml").write_text(PERSON, encoding="utf-8")
    folder = Folder(tmp_path / "me")
    found = folder.person(today=date(2026, 11, 22))
    assert found is not None
    return as_told(found, (), folder.records(), None).person


def test_the_same_records_again_add_nothing(tmp_path, bring):
    assert bring(observation(), medicine())["added"] == 2
    again = bring(medicine(), observation(), name="other.json")
    assert (again["added"], again["duplicate"], again["withdrawn"]) == (0, 2, 0)
    assert bring(observation(value=1.8), more=("--dry-run",))["added"] == 1
    assert labs(tmp_path) == [("serum-magnesium", 1.75)]


@pytest.mark.parametrize("value", [1.57, None])
def test_what_was_entered_in_error_is_taken_back_for_good(tmp_path, bring, value):
    bring(observation())
    wrong = observation(value=value, status="entered-in-error", meta={"lastUpdated": "2026-11-05T08:00:00Z"})
    assert bring(wrong)["withdrawn"] == 1
    assert labs(tmp_path) == []
    assert bring(observation(), name="an-old-export.json")["added"] == 0
    assert labs(tmp_path) == []


def test_a_correction_counts_whichever_export_comes_first(tmp_path, bring):
    new = observation(value=1.57, status="corrected", meta={"lastUpdated": "2026-11-05T08:00:00Z"})
    assert bring(new)["added"] == 1
    assert bring(observation(), name="an-old-export.json")["added"] == 0
    assert labs(tmp_path) == [("serum-magnesium", 1.57)]
    newest = observation(value=1.66, status="amended", meta={"lastUpdated": "2026-11-06T08:00:00Z"})
    assert bring(newest)["withdrawn"] == 1
    assert bring(new)["withdrawn"] == 0
    assert labs(tmp_path) == [("serum-magnesium", 1.66)]


def test_a_course_that_was_stopped_goes_on_no_more(tmp_path, bring):
    bring(medicine())
    over = medicine(status="completed", effectivePeriod={"start": "2026-03-01", "end": "2026-10-01"})
    told = bring(over)
    assert (told["added"], told["withdrawn"]) == (1, 1)
    (found,) = [one for one in person(tmp_path).medicines if one.name == "omeprazole 20 mg"]
    assert (found.until, found.classes) == (date(2026, 10, 1), ("ppi",))


def test_the_person_of_a_follow_up_has_the_labs_the_ranges_and_the_medicines(tmp_path, bring):
    range_ = [{"low": {"value": 1.6, "unit": "mg/dL"}, "high": {"value": 2.6, "unit": "mg/dL"}}]
    german = {"coding": [{"system": "http://www.whocc.no/atc", "code": "A02BC01", "display": "Omeprazol"}]}
    renewed = [
        medicine("24 HR Metformin 500 MG", effectivePeriod={"start": day}) for day in ("2026-01-01", "2026-04-01")
    ]
    furosemide = medicine("10 ML Furosemide 10 MG/ML")
    bring(observation(referenceRange=range_), medicine(medicationCodeableConcept=german), *renewed, furosemide)
    told = person(tmp_path)
    (lab,) = told.labs
    assert (lab.test, lab.unit, lab.shown, round(lab.value, 4)) == ("serum-magnesium", "mmol/L", (1.75, "mg/dL"), 0.72)
    assert (round(lab.reference_low or 0, 3), round(lab.reference_high or 0, 3)) == (0.658, 1.07)
    assert [(one.name, one.classes, one.since) for one in told.medicines] == [
        ("Furosemide", ("loop-diuretic",), None),
        ("Omeprazol A02BC01", ("ppi",), date(2026, 3, 1)),
        ("24 HR Metformin 500 MG", ("metformin",), date(2026, 1, 1)),
    ]


def test_follow_sees_a_laboratory_value_that_came_in_with_a_bundle(tmp_path, bring, capsys):
    bring(observation("98979-8", 24, "mL/min/{1.73_m2}"), observation())
    (tmp_path / "me" / "person.yaml").write_text(PERSON, encoding="utf-8")
    assert main(["follow", str(tmp_path / "me"), "--json", *TODAY]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {lab["test"] for lab in told["labs"]} == {"egfr", "serum-magnesium"}
    assert told["action"] in ("stop", "refer")


def test_an_export_takes_the_ranges_along(tmp_path, bring):
    bring(observation(referenceRange=[{"high": {"value": 2.6, "unit": "mg/dL"}}]))
    out = tmp_path / "out"
    assert main(["records", "export", str(tmp_path / "me"), "--out", str(out), *TODAY]) == 0
    assert main(["records", "import", str(out), "--into", str(tmp_path / "two"), *TODAY]) == 0
    (one,) = Folder(tmp_path / "two").records()
    assert one.reference_high == 2.6


def test_an_export_of_an_earlier_version_still_reads(tmp_path, bring):
    bring(observation(), medicine())
    out = tmp_path / "out"
    assert main(["records", "export", str(tmp_path / "me"), "--out", str(out), *TODAY]) == 0
    lines = (out / "records.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "old.csv").write_text("\n".join(line.rsplit(",", 2)[0] for line in lines), encoding="utf-8")
    assert main(["records", "import", str(tmp_path / "old.csv"), "--into", str(tmp_path / "three"), *TODAY]) == 0
    kept = [one.id for one in Folder(tmp_path / "me").records()]
    assert [one.id for one in Folder(tmp_path / "three").records()] == kept


def test_records_of_somebody_of_another_age_are_refused_and_nothing_is_written(tmp_path, capsys, bring):
    folder = tmp_path / "me"
    folder.mkdir()
    (folder / "person.yaml").write_text(PERSON, encoding="utf-8")
    mine = {"resourceType": "Patient", "id": "p", "birthDate": "1968-03-02"}
    assert bring(mine, observation())["added"] == 1
    before = (folder / "records.jsonl").read_bytes()
    path = tmp_path / "other.json"
    path.write_text(bundle({**mine, "birthDate": "1990"}, observation(value=1.5)), encoding="utf-8")
    assert main(["records", "import", str(path), "--into", str(folder), *TODAY]) == 2
    assert "other.json: this is about somebody born in 1990" in capsys.readouterr().err
    assert (folder / "records.jsonl").read_bytes() == before


def test_half_a_character_is_set_aside_and_the_rest_is_kept(tmp_path, bring) -> None:
    """JSON may escape what no text can hold; the folder is text."""
    half = observation("2601-3", 0.8, "\ud800")
    said = bring(half, observation())
    assert said["added"] + len(said["quarantined"]) == 2
    assert [one.text for one in Folder(tmp_path / "me").records()] == ["serum-magnesium"]


def test_an_apple_export_of_somebody_of_another_age_is_refused_too(tmp_path, capsys):
    folder = tmp_path / "me"
    folder.mkdir()
    (folder / "person.yaml").write_text(PERSON, encoding="utf-8")
    path = tmp_path / "export.xml"
    for born, code in (("1968-03-02", 0), ("1990-03-02", 2)):
        me = f'<Me HKCharacteristicTypeIdentifierDateOfBirth="{born}"/>'
        path.write_text(f'<?xml version="1.0"?>\n<HealthData locale="en">\n {me}\n</HealthData>\n', encoding="utf-8")
        assert main(["records", "import", str(path), "--into", str(folder), *TODAY]) == code
    assert "export.xml: this is about somebody born in 1990" in capsys.readouterr().err
