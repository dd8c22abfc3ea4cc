"""The bundled people: each reads, holds together, and stands where its scenario needs it."""

import json
from datetime import date

import jsonschema
import pytest
import yaml

from davy.people.file import person_schema
from davy.people.intake import intake_of
from davy.people.kidney import kidney_estimates, kidney_function
from davy.people.labs import latest
from davy.people.need import dietary_reference
from davy.people.read import examples, person_from_text, read_person
from davy.tables import knowledge_file

TODAY = date(2026, 11, 22)
NAMES = (
    "athlete-cramps",
    "kidney-3b",
    "kidney-4",
    "migraine",
    "migraine-no-labs",
    "neuropathy",
    "older-ppi-thiazide",
    "poor-sleeper",
    "pregnancy",
    "well-fed",
)


def example(name):
    return read_person(f"example:{name}", today=TODAY)


def test_there_are_the_ten():
    assert examples() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_understood_whole(name):
    person = example(name)
    assert person.id == f"example-{name}"
    assert person.not_understood == person.doubts == ()
    assert all((TODAY - lab.date).days <= 100 for lab in person.labs), "fresh for every rule"
    found = [entry.indexed_mL_per_min_1p73m2 for entry in kidney_estimates(person)]
    assert not found or max(found) < 1.1 * min(found), "eGFR and creatinine tell the same"


@pytest.mark.parametrize("name", NAMES)
def test_an_example_fits_the_schema_and_explains_itself(name):
    text = knowledge_file(f"examples/{name}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# ")
    document = json.loads(json.dumps(yaml.safe_load(text), default=str))
    jsonschema.Draft202012Validator(person_schema()).validate(document)


def test_the_kidneys_stand_in_their_bands():
    assert kidney_function(example("kidney-4")).lowest < 30
    assert 30 <= kidney_function(example("kidney-3b")).lowest < 45
    assert 45 <= kidney_function(example("older-ppi-thiazide")).lowest < 60
    for name in ("migraine", "neuropathy", "athlete-cramps", "poor-sleeper", "well-fed"):
        assert kidney_function(example(name)).lowest >= 60
    assert kidney_function(example("migraine-no-labs")) is None


def test_neuropathy_takes_an_oxide_tablet_and_is_low_for_its_laboratory():
    person = example("neuropathy")
    serum = latest(person, "serum-magnesium")
    assert 0.70 < serum.value < serum.reference_low
    assert intake_of(person).worst_nonfood_mg == pytest.approx(241.2)
    urine = latest(person, "urine-magnesium-24h")
    assert (urine.value, urine.complete) == (4.1, True)
    assert abs((urine.date - serum.date).days) <= 7
    assert {name for medicine in person.medicines for name in medicine.classes} == {"ppi", "metformin"}


def test_well_fed_meets_the_need_by_food_alone():
    person = example("well-fed")
    assert intake_of(person).food_mg.low > dietary_reference(person).ear_mg
    assert intake_of(person).nonfood == ()


def test_stage_four_takes_magnesium_that_nobody_counted():
    assert intake_of(example("kidney-4")).unquantified == 1


def test_the_migraine_examples_stay_below_overuse():
    assert example("migraine").medicines[0].days_per_month == 6
    assert example("migraine-no-labs").labs == ()


def test_an_unknown_key_fails_the_schema():
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(person_schema()).validate({"davy": 1, "wieght_kg": 3})


def test_examples_are_neutral():
    for name in NAMES:
        assert person_from_text(f"id: example-{name}", name="x", today=TODAY).id == example(name).id
