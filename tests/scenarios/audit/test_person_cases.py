"""Each phrase of the clinical rules, with a person it decides about."""

from __future__ import annotations

import pytest
from tests.scenarios.audit import (
    bowel_cases,
    cause_cases,
    ceilings_cases,
    goals_choice_cases,
    kidney_cases,
    life_stage_cases,
    medicines_cases,
    referral_cases,
    serum_heart_nerve_cases,
)
from tests.scenarios.audit.checks import Case
from tests.scenarios.audit.invariants import every_plan
from tests.scenarios.audit.runner import plan

ROOMS = (
    kidney_cases,
    serum_heart_nerve_cases,
    life_stage_cases,
    bowel_cases,
    ceilings_cases,
    medicines_cases,
    referral_cases,
    goals_choice_cases,
    cause_cases,
)
CASES = [case for room in ROOMS for case in room.CASES]


def test_case_names_are_unique() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "case", [pytest.param(c, id=c.name, marks=[pytest.mark.night] if c.night else []) for c in CASES]
)
def test_the_phrase_holds(case: Case) -> None:
    outcome = plan(case.person)
    wrong = [said for check in case.checks if (said := check(outcome))]
    if outcome.code in (0, 3):
        wrong += every_plan(outcome)
    assert not wrong, (case.phrase, *wrong)
