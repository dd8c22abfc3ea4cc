"""Dietary references: the right row for age, sex and stage, and none that was only recalled."""

from datetime import date

import pytest

from davy.people.need import dietary_reference, reference_rows
from davy.people.person import Person


def reference(**facts):
    return dietary_reference(Person(id="x", today=date(2026, 11, 22), **facts))


@pytest.mark.parametrize(
    ("facts", "ear", "rda", "eu"),
    [
        ({"age_y": 58.0, "sex": "female"}, 265, 320, 300),
        ({"age_y": 25.0, "sex": "male"}, 330, 400, 350),
        ({"age_y": 31.0, "sex": "male"}, 350, 420, 350),
        ({"age_y": 30.9, "sex": "female"}, 255, 310, 300),
        ({"age_y": 71.0, "sex": "female"}, 265, 320, 300),
        ({"age_y": 18.0, "sex": "female"}, 300, 360, 300),
        ({"age_y": 16.0, "sex": "male"}, 340, 410, 300),
        ({"age_y": 5.0, "sex": None}, 110, 130, 230),
        ({"age_y": 28.0, "sex": "female", "pregnant": True}, 290, 350, 300),
        ({"age_y": 40.0, "sex": "female", "pregnant": True}, 300, 360, 300),
        ({"age_y": 28.0, "sex": "female", "conditions": ("lactation",)}, 255, 310, 300),
        ({"age_y": 40.0, "sex": "female", "conditions": ("lactation",)}, 265, 320, 300),
    ],
)
def test_values(facts, ear, rda, eu):
    found = reference(**facts)
    assert (found.ear_mg, found.rda_mg, found.eu_ai_mg) == (ear, rda, eu)


def test_an_infant_has_an_adequate_intake_only():
    found = reference(age_y=0.3)
    assert (found.ear_mg, found.rda_mg, found.ai_mg) == (None, None, 30)


def test_an_unknown_sex_or_age_invents_no_need():
    assert reference(age_y=40.0).ear_mg == 265
    assert reference(sex="male").ear_mg == 330
    assert reference().ear_mg == 255


def test_a_recalled_row_backs_nothing(monkeypatch):
    rows = tuple(
        row.model_copy(update={"verified": "memory", "mg_per_day": 999.0}) if row.stage == "lactation" else row
        for row in reference_rows()
    )
    monkeypatch.setattr("davy.people.need.reference_rows", lambda: rows)
    found = reference(age_y=28.0, sex="female", conditions=("lactation",))
    assert (found.ear_mg, found.rda_mg, found.eu_ai_mg) == (255, 310, 300), "the woman's own age band stands in"
    assert "f-028" in found.sources


def test_every_band_is_covered_once():
    for authority, kind in (("US", "EAR"), ("US", "RDA"), ("EU", "AI")):
        for sex in ("female", "male"):
            rows = [
                row
                for row in reference_rows()
                if (row.authority, row.kind, row.stage) == (authority, kind, "none") and row.sex in ("any", sex)
            ]
            for age in range(1, 110):
                assert sum(row.age_low_y <= age < row.age_high_y for row in rows) == 1, (authority, kind, sex, age)
