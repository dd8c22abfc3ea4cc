"""Questions about labs: newest first, in the person's own unit, calcium corrected for albumin."""

from datetime import date

import pytest

from davy.people.labs import age_d, corrected_calcium_mmol_per_L, in_own_unit, labs_of, latest, own_unit, within
from davy.people.person import Lab, Person

TODAY = date(2026, 11, 22)


def lab(test, value, day, unit="mmol/L", **more):
    return Lab(date=day, test=test, value=value, unit=unit, **more)


OLD = lab("serum-magnesium", 0.8, date(2026, 3, 1))
NEW = lab("serum-magnesium", 0.72, date(2026, 9, 2), reported_value=1.75, reported_unit="mg/dL")


def person(*labs, **facts):
    return Person(id="x", today=TODAY, labs=labs, **facts)


def test_newest_first():
    assert labs_of(person(OLD, NEW), "serum-magnesium") == (NEW, OLD)
    assert latest(person(OLD, NEW), "serum-magnesium") == NEW
    assert latest(person(), "serum-magnesium") is None
    assert age_d(NEW, TODAY) == 81
    assert within(person(OLD, NEW), "serum-magnesium", 90) == (NEW,)


def test_the_persons_own_unit_comes_first():
    assert own_unit(person(NEW), "serum-magnesium") == "mg/dL"
    assert own_unit(person(), "serum-magnesium") == "mmol/L"
    assert own_unit(person(jurisdiction="US"), "serum-magnesium") == "mg/dL"
    assert own_unit(person(jurisdiction="US"), "urine-magnesium-24h") == "mg/24h"
    assert own_unit(person(jurisdiction="US"), "egfr") == "mL/min/1.73m2"
    assert in_own_unit(person(NEW), "serum-magnesium", 0.75) == (pytest.approx(1.822875), "mg/dL")


def test_calcium_is_corrected_for_albumin_of_the_same_fortnight():
    calcium = lab("calcium", 2.0, date(2026, 9, 2))
    low = lab("albumin", 30, date(2026, 9, 1), "g/L")
    assert corrected_calcium_mmol_per_L(person(calcium, low), calcium) == pytest.approx(2.2)
    far = lab("albumin", 30, date(2026, 6, 1), "g/L")
    assert corrected_calcium_mmol_per_L(person(calcium, far), calcium) == 2.0


def test_a_lab_without_a_report_shows_its_canonical_value():
    assert OLD.shown == (0.8, "mmol/L")
    assert NEW.shown == (1.75, "mg/dL")
