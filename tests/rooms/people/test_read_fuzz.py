"""The reader on random matter: a Person or an InputError, never anything else."""

import json
from datetime import date, timedelta

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from davy.errors import InputError
from davy.people.file import PersonFile
from davy.people.person import Person
from davy.people.read import person_from_text
from davy.people.vocabulary import lab_tests

TODAY = date(2026, 11, 22)

words = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "null", "true", "no", "nan", ".inf", "<0.3", "1e400", "2026-02-30", "21:00", "-0", "1_0", "omeprazole"]
    ),
    st.sampled_from([row.id for row in lab_tests()]),
    st.sampled_from([unit for row in lab_tests() for unit in row.units]),
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), words, st.dates())
INNER = """form label_mg label_means per_day name atc since until at date test value unit reference_low reference_high
complete magnesium_mg_per_day method role indication pain_0_10"""
inner_keys = st.sampled_from(INNER.split())
keys = st.one_of(st.sampled_from(list(PersonFile.model_fields)), words)
values = st.recursive(
    scalars,
    lambda child: st.one_of(
        st.lists(child, max_size=4), st.dictionaries(st.one_of(inner_keys, words), child, max_size=5)
    ),
    max_leaves=12,
)
files = st.dictionaries(keys, values, max_size=8)


def outcome(text):
    try:
        person = person_from_text(text, name="fuzz", today=TODAY)
    except InputError as error:
        found = error
    else:
        assert isinstance(person, Person)
        return person
    assert found.faults
    assert all(fault.where.startswith("fuzz") and fault.what for fault in found.faults)
    return found


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text(text):
    outcome(text)


@settings(max_examples=300, deadline=None)
@given(files)
def test_any_yaml(file):
    outcome(yaml.safe_dump(file, allow_unicode=True))


@settings(max_examples=150, deadline=None)
@given(files)
def test_any_json(file):
    outcome(json.dumps(file, default=str))


lab_rows = st.sampled_from(lab_tests()).flatmap(
    lambda test: st.fixed_dictionaries(
        {
            "date": st.integers(0, 400).map(lambda days: str(TODAY - timedelta(days=days))),
            "test": st.just(test.id),
            "value": st.floats(test.impossible_low, test.impossible_high),
            "unit": st.just(test.unit),
        }
    )
)


@settings(max_examples=150, deadline=None)
@given(st.lists(lab_rows, max_size=4, unique_by=lambda row: (row["test"], row["date"])))
def test_possible_labs_are_kept_whole(rows):
    found = outcome(json.dumps({"id": "x", "labs": rows}))
    if isinstance(found, Person):
        assert sorted((row["test"], row["value"]) for row in rows) == sorted(
            (lab.test, lab.value) for lab in found.labs
        )
    else:
        assert all("ionised" in fault.what for fault in found.faults)


@settings(max_examples=150, deadline=None)
@given(files, st.sampled_from(["wieght_kg: 3", "age_y: old", "labs: 3", "sex: sometimes"]))
def test_a_fault_is_never_lost_among_others(file, bad):
    key = bad.partition(":")[0]
    text = yaml.safe_dump({name: value for name, value in file.items() if name != key}, allow_unicode=True)
    found = outcome(f"{bad}\n" + ("" if text.strip() == "{}" else text))
    assert isinstance(found, InputError)
    said = " ".join(f"{fault.where} {fault.what}" for fault in found.faults)
    assert any(word in said for word in (key, "YAML", "deeper", "key must"))
