"""Labs that look worse than they are or that were not read, and the weeks that a trial is judged by."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.rooms.followup.test_adapt_bounds import first_taken
from tests.rooms.followup.test_adapt_proofs import by_trial, decided, known, lab, with_lab
from tests.rooms.followup.test_adapt_raising import rules_of

from davy.followup.adapt import Inputs
from davy.followup.adapt.facts import facts_of
from davy.followup.records import Record, SetAside


@pytest.mark.parametrize(
    ("drawn", "stops"),
    [
        ((("creatinine", 71, "umol/L", 9), ("cystatin-c", 1.22, "mg/L", 9)), False),
        ((("creatinine", 71, "umol/L", 12), ("egfr", 70, "mL/min/1.73m2", 9)), False),
        ((("creatinine", 100, "umol/L", 9), ("egfr", 92, "mL/min/1.73m2", 9)), True),
        ((("egfr", 70, "mL/min/1.73m2", 9),), True),
        ((("creatinine", 71, "umol/L", 40), ("egfr", 70, "mL/min/1.73m2", 9)), True),
        ((("creatinine", 71, "umol/L", 9), ("egfr", 40, "mL/min/1.73m2", 9)), "gates"),
    ],
)
def test_a_kind_of_estimate_is_held_against_its_own_kind(
    drawn: tuple[tuple[str, float, str, int], ...], stops: bool | str
) -> None:
    """Before the plan there is a creatinine alone: another test of the same draw is no fall, and alone it is one."""
    base = known("migraine", 60)
    labs = (lab(base.today, test, value, unit, ago) for test, value, unit, ago in drawn)
    made = rules_of(with_lab(base, *labs))
    assert ("kidney" in made) is (stops is True)
    assert ("gates" in made) is (stops == "gates")


@pytest.mark.parametrize(("was", "now", "stops"), [(1.6, 1.62, False), (0.8, 1.6, True)])
def test_a_fall_that_cystatin_alone_shows_stops_where_it_was_measured_before(
    was: float, now: float, stops: bool
) -> None:
    base, before = known("migraine", 60), 80
    pairs = ((before, was), (9, now))
    labs = [lab(base.today, "cystatin-c", value, "mg/L", ago) for ago, value in pairs]
    labs += [lab(base.today, "creatinine", 71, "umol/L", ago) for ago, _ in pairs]
    assert ("kidney" in rules_of(with_lab(base, *labs))) is stops


@pytest.mark.parametrize(
    ("test", "ago", "drawn", "up"),
    [
        ("creatinine", 5, (), False),
        ("creatinine", 5, (("egfr", 4),), True),
        ("egfr", 5, (("creatinine", 6),), False),
        ("serum-magnesium", 5, (("creatinine", 1),), False),
        ("serum-magnesium", 5, (("serum-magnesium", 5),), True),
        ("serum-magnesium", None, (("serum-magnesium", 29),), False),
        ("serum-magnesium", None, (("serum-magnesium", 27),), True),
        ("serum-magnesium", 200, (), True),
        ("creatinine", 70, (), False),
        ("creatinine", 90, (), True),
        ("vitamin-d", 5, (), True),
        ("potassium", 5, (), False),
    ],
)
def test_a_step_up_waits_for_a_value_that_was_not_read(
    test: str, ago: int | None, drawn: tuple[tuple[str, int], ...], up: bool
) -> None:
    """Until a later one of the same test is there, or it would be too old to hold anyway."""
    base = by_trial()
    day = None if ago is None else base.today - timedelta(days=ago)
    usual = {"creatinine": (70.0, "umol/L"), "egfr": (110.0, "mL/min/1.73m2"), "serum-magnesium": (0.85, "mmol/L")}
    labs = [lab(base.today, name, *usual[name], ago=back) for name, back in drawn]
    made = decided(replace(with_lab(base, *labs), set_aside=(SetAside(test, day),)))
    assert made.action == ("step_up" if up else "test_first")
    assert up or "unread-test" in {one.rule for one in made.reasons}


def test_a_record_that_does_not_read_holds_a_step_up_too() -> None:
    base = by_trial()
    odd = Record("lab", base.today - timedelta(days=3), value=70.0, unit="mmHg", text="Creatinine")
    assert facts_of(replace(base, records=(odd,))).set_aside == (SetAside("creatinine", odd.day),)
    assert decided(replace(base, records=(odd,))).action == "test_first"


def slept(*minutes: float, unknown: tuple[int, int] = (0, 0)) -> Inputs:
    """A trial for sleep at its end: minutes until sleep in each four weeks from before on, and days not noted."""
    base = known("sleep", 84 + first_taken())
    start = base.today - timedelta(days=84)
    days = [replace(one, sleep_onset_min=minutes[(one.date - start).days // 28 + 1]) for one in base.days]
    first, last = unknown
    return replace(base, days=tuple(one for one in days if not first <= (one.date - start).days < last))


@pytest.mark.parametrize(
    ("inputs", "action"),
    [
        (lambda: slept(40, 40, 24, 30), "keep"),
        (lambda: slept(40, 40, 30, 24), "keep"),
        (lambda: slept(40, 10, 30, 28), "stop"),
        (lambda: slept(40, 40, 30, 27), "stop"),
        (lambda: slept(40, 40, 24, 30, unknown=(56, 77)), "keep"),
        (lambda: slept(40, 40, 24, 30, unknown=(56, 78)), "stop"),
        (lambda: slept(40, 40, 24, 24, unknown=(28, 64)), "keep"),
        (lambda: slept(40, 40, 24, 24, unknown=(28, 66)), "stop"),
    ],
)
def test_a_trial_is_judged_by_the_eight_weeks_after_the_dose_rose(inputs: Any, action: str) -> None:
    """Not by the last four alone, which chance moves as much as magnesium does; by nothing where they are silent."""
    made = decided(inputs())
    assert made.action == action, made.reasons
