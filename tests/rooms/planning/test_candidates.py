"""Candidates are real: whole or half units, weekly steps of at most 100 mg, at most 200 mg at once, below the cap."""

from __future__ import annotations

from itertools import pairwise

import pytest

from davy.people.regimen import Intake
from davy.planning.candidates import (
    Candidate,
    Frame,
    candidates_at,
    doses_of,
    form_row,
    ladder,
    least_dose,
    nothing_added,
    potency,
    repletion_products,
)
from davy.planning.goals import Aim, goal_row
from davy.planning.proposal import end_day, propose

SLOTS = {1: ("19:00",), 2: ("08:00", "19:00"), 3: ("08:00", "13:00", "19:00"), 4: ("08:00", "12:00", "16:00", "20:00")}


def frame(cap: float = 350.0, **more: object) -> Frame:
    return Frame(cap, SLOTS, **{"start_d": 0, "end_d": 180, **more})  # type: ignore[arg-type]


def everything(cap: float) -> list[Candidate]:
    return [
        candidate
        for product in repletion_products()
        for dose in doses_of(product, cap)
        for candidate in candidates_at(frame(cap), product, dose)
    ]


@pytest.mark.parametrize("cap", [100.0, 200.0, 250.0, 350.0, 600.0])
def test_every_candidate_keeps_the_rules_of_section_7(cap: float) -> None:
    found = everything(cap)
    assert found
    for candidate in found:
        steps = candidate.own.steps
        totals = [step.elemental_mg_per_day for step in steps]
        assert totals[0] <= 100
        assert all(0 < after - before <= 100 + 1e-9 for before, after in pairwise(totals))
        assert totals[-1] == pytest.approx(candidate.added_mg)
        assert candidate.worst_mg <= cap + 1e-9
        assert all(intake.elemental_mg <= 200 + 1e-9 for step in steps for intake in step.intakes)
        assert all(after.from_day - before.from_day == 7 for before, after in pairwise(steps))
        assert 1 <= candidate.intakes <= 4
        for intake in (intake for step in steps for intake in step.intakes):
            units = intake.units or 0
            assert units * 2 % 1 == pytest.approx(0)
            assert (units % 1 == pytest.approx(0)) or (candidate.product is not None and candidate.product.splittable)


def test_no_laxative_is_a_candidate() -> None:
    assert not {"sulfate", "hydroxide"} & {product.form for product in repletion_products()}


def test_a_salt_label_is_judged_at_its_worst() -> None:
    from davy.people.vocabulary import products

    salt = next(row for row in products() if row.label_means == "salt" and row.form == "chloride")
    assert potency(salt) == pytest.approx(form_row(salt).worst_fraction / form_row(salt).elemental_fraction)
    assert potency(repletion_products()[0]) == 1.0


def test_a_unit_above_100_mg_that_does_not_split_cannot_be_started() -> None:
    sachet = next(row for row in repletion_products() if row.elemental_mg_per_unit == 200 and not row.splittable)
    assert list(candidates_at(frame(), sachet, 200.0)) == []


def test_larger_share_last_and_split_only_when_needed() -> None:
    tablet = next(row for row in repletion_products() if row.id == "glycinate-100-tablet")
    once, twice = list(candidates_at(frame(), tablet, 150.0))[:2]
    assert (once.intakes, twice.intakes) == (1, 2)
    assert [intake.elemental_mg for intake in twice.own.steps[-1].intakes] == [50.0, 100.0]
    assert next(candidates_at(frame(), tablet, 250.0)).intakes == 2


def test_times_that_the_medicines_leave_are_the_only_ones() -> None:
    tablet = next(row for row in repletion_products() if row.id == "glycinate-100-tablet")
    narrow = Frame(350.0, {1: ("13:00",)}, 0, 180)
    assert [candidate.intakes for candidate in candidates_at(narrow, tablet, 200.0)] == [1]
    assert list(candidates_at(narrow, tablet, 300.0)) == []


def test_what_is_prescribed_counts_and_is_never_davys_own() -> None:
    held = (Intake("08:00", "aspartate", 121.5, "magnesium sachet"),)
    kept = frame(250.0, prescribed=held, stands_mg=160.0)
    assert kept.room_mg == pytest.approx(90.0)
    nothing = nothing_added(kept)
    assert nothing.total_mg == pytest.approx(121.5)
    assert nothing.own.steps == ()
    assert nothing.regimen.elemental_mg_per_day == pytest.approx(121.5)
    assert all(
        one.added_mg <= 90 for one in propose(kept, Aim(goal_row("repletion"), "restore"), short_mg=0, protocol=None)
    )


def test_diary_days_come_before_the_first_tablet() -> None:
    before = (Intake("21:00", "citrate", 100.0, "mine"),)
    tablet = next(row for row in repletion_products() if row.id == "glycinate-100-tablet")
    late = next(candidates_at(frame(start_d=28, end_d=112, before=before), tablet, 200.0))
    assert [(step.from_day, step.to_day) for step in late.regimen.steps] == [(0, 28), (28, 35), (35, 112)]


def test_the_ladder_ends_at_the_cap_and_the_least_dose_is_real() -> None:
    assert ladder(frame(225.0)) == [50.0, 100.0, 150.0, 200.0]
    assert least_dose(frame(250.0), 226.0) == pytest.approx(250.0, abs=24)
    assert least_dose(frame(250.0), 360.0) == 250.0
    assert least_dose(frame(10.0), 360.0) is None


def test_a_trial_ends_after_twelve_weeks_and_so_does_anything_above_the_upper_level() -> None:
    trial = Aim(goal_row("sleep"), "try", diary_d=28)
    assert end_day(trial, above_upper_level=False) == 112
    assert end_day(Aim(goal_row("repletion"), "restore"), above_upper_level=True) == 84
    assert end_day(Aim(goal_row("general"), "keep"), above_upper_level=False) == 180
