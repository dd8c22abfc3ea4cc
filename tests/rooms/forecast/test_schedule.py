"""From a regimen to stretches of time."""

from __future__ import annotations

import pytest

from davy.forecast.schedule import EVENT_DAYS, Pattern, day_pattern, stretches, timeline
from davy.people.regimen import NO_SUPPLEMENT, Intake, Regimen, Step

EVENING = (Intake("21:00", "citrate", 243.05),)


def test_soluble_forms_make_the_same_day() -> None:
    glycinate = day_pattern([Intake("21:00", "glycinate", 243.05)])
    assert day_pattern(EVENING) == glycinate
    assert glycinate.doses == ((0.875, "gut_GS", pytest.approx(10.0)),)
    assert glycinate.kdis is None


def test_a_solid_is_dosed_undissolved() -> None:
    oxide = day_pattern([Intake("08:00", "oxide", 24.305)])
    assert oxide.doses == ((8 / 24, "gut_GU", pytest.approx(1.0)),)
    assert oxide.kdis == pytest.approx(4.0)


def test_two_solids_share_one_rate_between_theirs() -> None:
    oxide, hydroxide = (day_pattern([Intake("08:00", form, 100)]).kdis for form in ("oxide", "hydroxide"))
    both = day_pattern([Intake("08:00", "oxide", 100), Intake("21:00", "hydroxide", 100)]).kdis
    assert oxide is not None
    assert hydroxide is not None
    assert both is not None
    assert oxide < both < hydroxide


def test_the_articles_split_a_dose_where_it_is_given() -> None:
    doses = day_pattern(EVENING, "articles").doses
    assert {state for _, state, _ in doses} == {"gut_G1", "gut_GC"}
    assert sum(amount for _, _, amount in doses) == pytest.approx(10.0)


def test_a_timeline_changes_only_where_the_day_does() -> None:
    steps = (Step(0, 7, EVENING), Step(7, 14, (Intake("21:00", "glycinate", 243.05),)), Step(14, 20, ()))
    assert [day for day, _ in timeline(Regimen(steps))] == [0, 14]
    assert timeline(NO_SUPPLEMENT) == ((0, Pattern()),)


def test_overlapping_steps_add() -> None:
    regimen = Regimen((Step(0, None, EVENING), Step(5, 9, (Intake("08:00", "citrate", 24.305),))))
    assert [round(pattern.mmol_per_d, 6) for _, pattern in timeline(regimen)] == [10.0, 11.0, 10.0]


def test_four_days_of_events_after_each_change() -> None:
    regimen = Regimen((Step(0, 7, EVENING), Step(10, None, EVENING)))
    found = stretches(timeline(regimen), 30.0, mode="auto")
    assert [(one.start, one.end, one.averaged) for one in found] == [
        (0, EVENT_DAYS, False),
        (4, 7, True),
        (7, 10, False),
        (10, 14, False),
        (14, 30, True),
    ]


def test_what_goes_on_unchanged_needs_no_events() -> None:
    found = stretches(((0, Pattern()),), 30.0, mode="auto", unchanged=True)
    assert [one.averaged for one in found] == [True]
    assert not any(one.averaged for one in stretches(((0, Pattern()),), 30.0, mode="events", unchanged=True))


def test_days_of_a_look_in_are_followed() -> None:
    found = stretches(((0, Pattern()),), 30.0, mode="auto", look_in=(7, 29))
    assert [(one.start, one.end) for one in found if not one.averaged] == [(0, 4), (7, 8)]
    assert found[-1].end == 30.0
