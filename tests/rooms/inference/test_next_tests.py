"""Which test would change the plan."""

from __future__ import annotations

from tests.rooms.inference.persons import DIET, lab, person, serum, urine

from davy.forecast import present_magnesium
from davy.inference.likelihood import evidence_of
from davy.inference.next_tests import next_tests
from davy.people.person import Person


def asked(one: Person) -> list[str]:
    return [test.test for test in next_tests(one, evidence_of(one, present_magnesium(one)))]


NOT_PREGNANT = (DIET, "pregnant: false")


def test_an_unknown_kidney_comes_first() -> None:
    found = asked(person(egfr="", lines=("goals: [repletion]",)))
    assert found == ["creatinine", "pregnancy", "serum-magnesium"]


def test_a_stale_kidney_comes_first_as_well() -> None:
    assert asked(person(serum(0.7), egfr=lab("egfr", 90, "mL/min/1.73m2", "2025-01-01")))[0] == "creatinine"


def test_a_low_serum_asks_why() -> None:
    found = asked(person(serum(0.65), lines=NOT_PREGNANT))
    assert found == ["calcium", "potassium", "urine-magnesium-24h"]
    assert "urine-magnesium-24h" not in asked(person(serum(0.65), urine(3.0), lines=NOT_PREGNANT))


def test_nothing_further() -> None:
    assert asked(person(serum(0.84), lines=NOT_PREGNANT)) == []
