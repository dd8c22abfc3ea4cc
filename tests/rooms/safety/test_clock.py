"""Hours between medicines and magnesium, on a round clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.rooms.safety.persons import GOOD, TODAY, drug, regimen, someone

from davy.safety.check import check, referrals
from davy.safety.clock import free_times, minutes
from davy.safety.interactions import windows

HOURS = {
    "moxifloxacin": (4, 8),
    "quinolone": (2, 6),
    "tetracycline": (2, 6),
    "bictegravir": (2, 6),
    "dolutegravir": (2, 6),
    "dolutegravir-rilpivirine": (4, 6),
    "elvitegravir": (4, 4),
    "eltrombopag": (4, 4),
    "levothyroxine": (4, 4),
    "iron": (4, 4),
    "penicillamine": (4, 4),
    "chloroquine": (4, 4),
    "nitrofurantoin": (4, 4),
    "oral-bisphosphonate": (4, 4),
    "gabapentin": (2, 2),
    "oral-other": (2, 2),
    "statin": (2, 2),
    "digoxin": (2, 2),
}


@pytest.mark.parametrize(("name", "hours"), HOURS.items())
def test_hours_of_each_class(name: str, hours: tuple[float, float]) -> None:
    (window,) = windows(someone(medicines=(drug(name),)))
    assert (window.hours_before, window.hours_after) == hours
    assert window.aim_h >= max(3 if hours == (2, 2) else 0, *hours) or name in ("quinolone",)
    assert not window.never
    assert window.sources


@pytest.mark.parametrize("name", ["raltegravir", "polystyrene-sulfonate", "parenteral-nutrition"])
def test_never_together(name: str) -> None:
    person = someone(medicines=(drug(name),))
    (window,) = windows(person)
    assert window.never
    assert free_times(person) == ()
    assert check(person, None).word == "refused"


@pytest.mark.parametrize(
    "classes",
    [("insulin", "not-oral"), ("magnesium-antacid",), ("prenatal-vitamin",), ("iron", "not-oral"), ("not-oral",)],
)
def test_nothing_to_keep_apart(classes: tuple[str, ...]) -> None:
    assert windows(someone(medicines=(drug(*classes),))) == ()


def test_a_medicine_that_was_not_understood_keeps_the_general_hours() -> None:
    (window,) = windows(someone(medicines=(drug("x").model_copy(update={"classes": ()}),)))
    assert (window.hours_before, window.hours_after, window.own) == (2, 2, False)
    assert window.advice == "x at least 2 hours from magnesium, better 3"


def test_the_widest_distance_of_several_classes_counts() -> None:
    (window,) = windows(someone(medicines=(drug("quinolone", "moxifloxacin", "qt-prolonging"),)))
    assert (window.hours_before, window.hours_after, window.aim_h, window.own) == (4, 8, 8, True)
    (window,) = windows(someone(medicines=(drug("dolutegravir", "dolutegravir-rilpivirine"),)))
    assert (window.hours_before, window.hours_after) == (4, 6)
    (window,) = windows(someone(medicines=(drug("magnesium-product", "iron"),)))
    assert window.hours_before == 4


def test_the_advice_is_that_of_the_strictest_class() -> None:
    (window,) = windows(someone(medicines=(drug("raltegravir", "iron"),)))
    assert window.advice == "no magnesium product while on raltegravir"
    (window,) = windows(someone(medicines=(drug("prenatal-vitamin", "statin"),)))
    assert window.advice == "prenatal-vitamin at least 2 hours from magnesium, better 3"


def test_a_past_medicine_keeps_no_hours() -> None:
    assert windows(someone(medicines=(drug("iron", until=TODAY - timedelta(days=1)),))) == ()
    assert len(windows(someone(medicines=(drug("iron", until=TODAY),)))) == 1


def test_ciprofloxacin_at_eight() -> None:
    person = someone(medicines=(drug("quinolone", name="ciprofloxacin", at=("08:00",)),))
    free = free_times(person)
    assert free[0] == "00:00"
    assert free[-1] == "23:30"
    assert set(free) == {f"{hour:02d}:{half}" for hour in (0, 1, *range(10, 24)) for half in ("00", "30")} | {"02:00"}
    assert free_times(person, 60) == tuple(f"{hour:02d}:00" for hour in (0, 1, 2, *range(10, 24)))


def test_the_day_is_a_circle() -> None:
    free = free_times(someone(medicines=(drug("quinolone", at=("02:00",)),)), 60)
    assert free == tuple(f"{hour:02d}:00" for hour in range(4, 21))
    free = free_times(someone(medicines=(drug("levothyroxine", at=("22:00",)),)), 60)
    assert free == tuple(f"{hour:02d}:00" for hour in range(2, 19))


def test_two_medicines_and_two_times() -> None:
    pills = (drug("quinolone", at=("08:00", "20:00")), drug("levothyroxine", at=("06:00",)), drug("statin"))
    assert set(free_times(someone(medicines=pills), 60)) == {
        "10:00",
        "11:00",
        "12:00",
        "13:00",
        "14:00",
        "22:00",
        "23:00",
        "00:00",
        "01:00",
        "02:00",
    }


def test_an_unknown_time_blocks_nothing_and_is_told() -> None:
    person = someone(medicines=(drug("levothyroxine"),))
    assert len(free_times(person)) == 48
    assert any("was not said" in finding.sentence for finding in check(person, None).findings)
    assert free_times(someone(medicines=(drug("levothyroxine", at=("early",)),))) == free_times(person)


def test_a_short_course_pauses_magnesium_where_no_time_is_left() -> None:
    times = ("00:00", "06:00", "12:00", "18:00")
    course = drug(
        "quinolone", name="ciprofloxacin", at=times, since=TODAY - timedelta(days=3), until=TODAY + timedelta(days=10)
    )
    person = someone(medicines=(course, drug("statin", at=("21:00",))))
    assert windows(person)[0].pause_instead
    assert check(person, None).word == "with_care"
    assert "12:00" in free_times(person, 60)
    assert "21:00" not in free_times(person, 60)
    assert check(person, regimen(100, at=("12:00",)), GOOD).word == "with_care"
    assert check(person, regimen(100, at=("21:00",)), GOOD).word == "refused"


def test_a_short_course_that_leaves_room_is_kept_apart_not_paused() -> None:
    course = drug("quinolone", at=("08:00",), since=TODAY, until=TODAY + timedelta(days=6))
    person = someone(medicines=(course,))
    assert "08:00" not in free_times(person, 60)
    assert check(person, regimen(100, at=("08:00",)), GOOD).word == "refused"
    assert "pause-for-course" not in {finding.gate for finding in check(person, None).findings}


def test_a_course_without_a_beginning_is_counted_from_today() -> None:
    short, long = (
        drug("quinolone", until=TODAY + timedelta(days=13)),
        drug("quinolone", until=TODAY + timedelta(days=14)),
    )
    assert [window.pause_instead for window in windows(someone(medicines=(short, long)))] == [True, False]
    assert not windows(someone(medicines=(drug("quinolone", since=TODAY),)))[0].pause_instead


def test_two_obstacles_of_which_one_is_short_and_the_other_leaves_nothing() -> None:
    times = ("00:00", "06:00", "12:00", "18:00")
    course = drug("quinolone", name="cipro", at=times, since=TODAY, until=TODAY + timedelta(days=5))
    for_good = drug("levothyroxine", name="thyroxine", at=times)
    person = someone(medicines=(course, for_good))
    said = {finding.gate: finding for finding in check(person, None).findings}
    assert said["no-clock-time"].severity == "refuse"
    assert free_times(person) == ()
    assert any("times of day for cipro and thyroxine" in entry.reason for entry in referrals(person))


@pytest.mark.parametrize(
    ("text", "value"), [("00:00", 0), ("23:59", 1439), ("9:05", 545), ("24:00", None), ("12:60", None), ("noon", None)]
)
def test_clock_times(text: str, value: int | None) -> None:
    assert minutes(text) == value
