"""Records as days: nights, amounts with unknown parts, sources side by side, and the baseline they make."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from davy.followup import Day, Record, baseline_of, days_of
from davy.followup.baseline import magnesium_began
from davy.followup.days import Amount
from davy.followup.gathering import Gathering

D1, D2, D3 = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)


def at(day: date, clock: str, offset: float | None = None) -> datetime:
    zone = None if offset is None else timezone(timedelta(hours=offset))
    return datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), tzinfo=zone)


def sleep(start: datetime, end: datetime, stage: str, source: str = "watch") -> Record:
    return Record("sleep", start, end, text=stage, source=source)


def only(records: list[Record], **more) -> Day:
    (day,) = days_of(records, **more)
    return day


def test_a_night_counts_to_the_day_on_which_it_ends_and_bed_is_not_sleep():
    night = [
        sleep(at(D1, "22:30"), at(D2, "07:00"), "in-bed"),
        sleep(at(D1, "23:00"), at(D1, "23:50"), "core"),
        sleep(at(D1, "23:50"), at(D2, "03:00"), "deep"),
        sleep(at(D2, "03:00"), at(D2, "03:30"), "awake"),
        sleep(at(D2, "03:30"), at(D2, "06:30"), "rem"),
    ]
    assert only(night).date == D2
    assert only(night).asleep_min == 50 + 190 + 180
    assert days_of([sleep(at(D1, "22:30"), at(D2, "07:00"), "in-bed")]) == ()


def test_overlapping_stretches_and_sources_are_not_added_up():
    phone = [sleep(at(D1, "22:00"), at(D2, "08:00"), "asleep", "phone")]
    twice = [*phone, sleep(at(D1, "23:00"), at(D2, "07:00"), "asleep", "phone")]
    assert only(twice).asleep_min == 600
    watch = [sleep(at(D1, "23:00"), at(D2, "06:00"), "core")]
    assert only([*phone, *watch]).asleep_min == 420, "stages go before sleep without"
    ring = [sleep(at(D1, "23:00"), at(D2, "05:00"), "core", "ring")]
    assert only([*watch, *ring], prefer=["watch"]).asleep_min == 420
    assert only([*watch, *ring], prefer=["ring"]).asleep_min == 360


def test_a_nap_is_not_the_night_and_a_changed_clock_adds_no_hour():
    nap = [sleep(at(D2, "14:00"), at(D2, "14:40"), "core"), sleep(at(D1, "23:00"), at(D2, "06:00"), "core")]
    assert only(nap).asleep_min == 420
    spring = [sleep(at(date(2026, 3, 28), "23:00", 1), at(date(2026, 3, 29), "07:00", 2), "asleep")]
    assert only(spring).asleep_min == 420


def test_magnesium_in_food_has_no_upper_bound_where_an_item_is_unquantified():
    items = [Record("dietary", at(D1, "08:00"), value=80), Record("dietary", at(D1, "13:00"), value=120.5)]
    assert only(items).dietary_mg == Amount(200.5, 200.5, 0)
    assert only([*items, Record("dietary", at(D1, "19:00"), text="soup")]).dietary_mg == Amount(200.5, None, 1)
    assert only([Record("dietary", D1, text="soup")]).dietary_mg == Amount(0, None, 1)
    same = [Record("dietary", D1, value=80, text="bread", nth=k) for k in range(2)]
    assert only(same).dietary_mg == Amount(160, 160, 0)


def test_items_and_a_total_of_the_day_bound_each_other():
    items, total = Record("dietary", at(D1, "08:00"), value=200), Record("dietary_day", D1, value=260)
    assert only([total]).dietary_mg == Amount(260, 260)
    assert only([items, total]).dietary_mg == Amount(200, 260)


def test_sdnn_and_rmssd_stay_apart_and_sources_are_not_averaged():
    day = only(
        [
            Record("hrv_sdnn", at(D1, "03:00"), value=40, source="watch"),
            Record("hrv_sdnn", at(D1, "04:00"), value=60, source="watch"),
            Record("hrv_sdnn", at(D1, "04:00"), value=90, source="strap"),
            Record("hrv_rmssd", at(D1, "04:00"), value=30, source="ring"),
        ],
        prefer=["watch"],
    )
    assert (day.hrv_sdnn_ms, day.hrv_rmssd_ms) == (50, 30)


def test_a_bound_is_no_value():
    assert days_of([Record("hrv_sdnn", at(D1, "03:00"), value=40, comparator="<")]) == ()


@pytest.mark.parametrize(
    ("end", "days"),
    [
        (at(D2, "00:00"), [D1]),
        (at(D2, "00:01"), [D1, D2]),
        (D2, [D1, D2]),
        (None, [D1]),
        (at(D3, "10:00"), [D1, D2, D3]),
    ],
)
def test_the_days_that_an_attack_reaches(end, days):
    found = days_of([Record("attack", at(D1, "22:00"), end, value=8)])
    assert [day.date for day in found if day.headache] == days
    assert [day.headache_attacks for day in found] == [1] + [None] * (len(days) - 1)
    assert [day.pain_0_10 for day in found] == [8] + [None] * (len(days) - 1)


def test_what_the_person_says_of_the_next_day_goes_before_an_attack_that_reaches_it():
    attack = Record("attack", at(D1, "22:00"), at(D2, "02:00"))
    assert [day.headache for day in days_of([attack, Record("headache", D2, value=0)])] == [True, False]
    first = days_of([attack, Record("headache", D1, value=0)])[0]
    assert (first.headache, first.disagreements) == (None, ("headache: yes or no",))


def test_where_every_headache_was_written_down_a_day_without_is_without():
    logged = Record("headaches_logged", D1, D3)
    found = days_of([logged, Record("attack", at(D2, "10:00"), at(D2, "12:00"))])
    assert [day.headache for day in found] == [False, True, False]
    assert [day.headache_attacks for day in found] == [0, 1, 0]


def test_a_medicine_counts_also_where_the_same_day_says_none():
    day = only([Record("acute_medicine", D1, text="sumatriptan"), Record("acute_medicine", D1, value=0)])
    assert day.acute_medicines == ("sumatriptan",)
    assert day.disagreements == ("acute_medicine: none or sumatriptan",)


def test_days_between_two_dates_are_all_there():
    found = days_of([Record("headache", D2, value=1)], first=D1, last=D3)
    assert [(day.date, day.headache) for day in found] == [(D1, None), (D2, True), (D3, None)]
    assert days_of([Record("headache", D2, value=1)], first=D3) == ()


def test_a_baseline_says_on_how_many_days_it_rests_and_what_the_unknown_ones_could_make_of_it():
    days = [Day(D1 + timedelta(days=k), headache=None if k % 7 == 6 else k % 5 == 0) for k in range(28)]
    known = [day for day in days if day.known]
    made = baseline_of(days)
    figure = made.figure("headache_days_per_28")
    yes = sum(bool(day.headache) for day in known)
    span = (known[-1].date - known[0].date).days + 1
    assert (made.days, figure.days_known) == (span, 24)
    assert figure.value == pytest.approx(28 * yes / 24)
    assert (figure.low, figure.high) == (pytest.approx(28 * yes / span), pytest.approx(28 * (yes + span - 24) / span))
    assert not made.enough, "it spans 27 days"
    assert made.figure("pain_0_10").value is None
    assert made.as_person_baseline.headache_days_per_28 == figure.value


def test_few_known_days_go_into_no_person_file():
    days = [Day(D1, cramps=1.0), Day(D1 + timedelta(days=60), cramps=2.0)]
    made = baseline_of(days)
    assert made.figure("cramps_per_week").value == 10.5
    assert made.as_person_baseline.cramps_per_week is None
    assert not made.enough


def test_the_baseline_ends_where_magnesium_begins():
    days = [Day(D1, headache=True), Day(D2, headache=True, taken_share=0.0), Day(D3, headache=False, taken_share=1.0)]
    assert magnesium_began(days) == D3
    made = baseline_of(days, until=magnesium_began(days))
    assert (made.last, made.figure("headache_days_per_28").value) == (D2, 28)
    assert baseline_of(days, first=D3).figure("headache_days_per_28").value == 0
    assert baseline_of([]).days == 0


def test_devices_do_not_contradict_each_other_and_the_preferred_one_counts():
    totals = [
        Record("asleep", D1, value=minutes, text="stages", source=who)
        for who, minutes in (("Ring", 400), ("Band", 430))
    ]
    heart = [
        Record("hrv_rmssd", D1, value=one, text="measured", source=who) for who, one in (("Ring", 40), ("Band", 60))
    ]
    both = [*totals, *heart]
    assert (only(both).asleep_min, only(both).hrv_rmssd_ms, only(both).disagreements) == (430, 60, ())
    assert (only(both, prefer=["ring"]).asleep_min, only(both, prefer=["ring"]).hrv_rmssd_ms) == (400, 40)
    phone = Record("asleep", D1, value=520, text="measured", source="A phone")
    assert only([phone, *totals]).asleep_min == 430, "a total without stages goes behind"
    said = Record("asleep", D1, value=380)
    assert only([said, *both], prefer=["ring"]).asleep_min == 380, "what the person says goes before"
    assert only([said, Record("asleep", D1, value=300), *both]).asleep_min is None


def test_where_two_sources_speak_and_none_is_preferred_that_is_told():
    ring = [Record("hrv_rmssd", D1, value=40, text="measured", source="Ring")]
    band = [Record("hrv_rmssd", D1, value=60, text="measured", source="Band")]
    for prefer, told in (((), 1), (("Ring",), 0)):
        gathering = Gathering(prefer)
        for record in (*ring, *band):
            gathering.add(record)
        assert len(list(gathering.days())) == 1
        assert len(gathering.sources.remarks()) == told


def test_two_food_apps_bound_the_day_and_a_preferred_one_settles_it():
    foods = [
        Record("dietary", at(D1, "08:00"), value=300, source="A"),
        Record("dietary", at(D1, "09:00"), value=80, source="B"),
    ]
    assert only(foods).dietary_mg == Amount(300, 380)
    assert only(foods, prefer=["B"]).dietary_mg == Amount(80, 80)
    assert only([*foods, Record("dietary", D1, source="B")]).dietary_mg == Amount(300, None, 1)
    assert only([*foods, Record("dietary", D1, source="B")], prefer=["A"]).dietary_mg == Amount(300, 300)


def test_the_same_instant_told_by_another_clock_counts_once():
    here = Record("dietary", at(D1, "23:30", -5), value=90)
    there = Record("dietary", at(D2, "05:30", 1), value=90)
    assert [day.dietary_mg for day in days_of([here, there])] == [Amount(90, 90)]
    assert only([here, Record("dietary", at(D1, "23:31", -5), value=90)]).dietary_mg == Amount(180, 180)


def test_a_headache_that_was_not_there_at_one_time_gives_way_to_one_that_was():
    absent = Record("headache", at(D1, "08:00", 1), value=0)
    assert only([absent]).headache is False
    assert only([absent, Record("attack", at(D1, "20:00", 1), text="mild")]).headache is True


def test_a_time_without_an_offset_among_others_is_taken_as_it_stands():
    night = [sleep(at(D1, "23:00", 0), at(D2, "03:00", 0), "core"), sleep(at(D2, "03:00"), at(D2, "06:00"), "deep")]
    assert only(night).asleep_min == 420


def test_a_figure_of_the_night_and_single_measurements_are_ordered_by_preference_alone():
    ring = Record("hrv_rmssd", D1, value=40, text="measured", source="Ring")
    watch = Record("hrv_rmssd", at(D1, "03:00", 1), value=60, source="Watch")
    assert [only([ring, watch], prefer=[name]).hrv_rmssd_ms for name in ("Ring", "Watch")] == [40, 60]


def test_a_log_of_headaches_alone_has_no_rate():
    attacks = [Day(D1 + timedelta(days=2 * k), headache=True) for k in range(25)]
    figure = baseline_of(attacks).figure("headache_days_per_28")
    assert (figure.value, figure.days_known, figure.enough) == (None, 25, False)
    assert (figure.low, figure.high) == (pytest.approx(28 * 25 / 49), 28)
    assert baseline_of(attacks).as_person_baseline.headache_days_per_28 is None
    assert baseline_of([*attacks, Day(D2, headache=False)]).figure("headache_days_per_28").enough
    assert baseline_of([Day(D1 + timedelta(days=k), headache=True) for k in range(28)]).enough, "every day, and known"


@pytest.mark.parametrize(("kind", "field"), [("loose_stools", "loose_stools"), ("supplement", "supplement_mg")])
def test_of_harm_that_two_entries_tell_differently_the_worse_counts(kind, field):
    day = only([Record(kind, D1, value=0), Record(kind, D1, value=5)])
    assert (getattr(day, field), day.disagreements) == (5, (f"{kind}: 0 or 5",))
