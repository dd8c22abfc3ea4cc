"""Cronometer and MyFitnessPal: a blank is unknown, a supplement is no food, and no day is made of zeros."""

from __future__ import annotations

import pytest
from tests.rooms.exchange.importing import bring

from davy.errors import InputError
from davy.followup.days import Amount, days_of

SERVINGS = """\
Day,Time,Group,Food Name,Amount,Energy (kcal),Magnesium (mg),Category
2026-11-01,08:14 AM,Breakfast,"Oats, Rolled",80.00 g,311,138.0,Breakfast Cereals
2026-11-01,,Lunch,"Peaches yellow","2.00 medium (2-2/3"" dia)",117,27.00,Fruits
2026-11-01,19:30 ,Dinner,Olive oil,1.00 tbsp,119,0.00,Fats and Oils
"""


@pytest.fixture
def read(tmp_path):
    return lambda text, **more: bring(tmp_path, text, name="export.csv", **more)


def test_servings_are_foods_with_their_magnesium_at_their_time_or_of_their_day(read):
    brought = read(SERVINGS)
    assert [(one.kind, one.value, one.start.isoformat()) for one in brought.records] == [
        ("dietary", 138.0, "2026-11-01T08:14:00"),
        ("dietary", 27.0, "2026-11-01"),
        ("dietary", 0.0, "2026-11-01T19:30:00"),
    ]
    assert {one.source for one in brought.records} == {"Cronometer"}
    assert brought.day("2026-11-01").dietary_mg == Amount(165, 165, 0)


def test_a_blank_is_an_unquantified_food_and_never_zero(read):
    brought = read(SERVINGS + "2026-11-01,,Lunch,Soup,300 g,200,,Soups\n2026-11-02,,Lunch,Soup,300 g,200, - ,Soups\n")
    assert brought.day("2026-11-01").dietary_mg == Amount(165, None, 1)
    assert brought.day("2026-11-02").dietary_mg == Amount(0, None, 1)


def test_what_cannot_be_read_of_a_food_is_shown_and_the_food_was_eaten_all_the_same(read):
    rows = (
        "2026-11-03,,Lunch,A,1 g,1,=SUM(A1:A9),X\n2026-11-03,,Lunch,B,1 g,1,-5,X\n2026-11-03,,Lunch,C,1 g,1,99999,X\n"
    )
    brought = read(SERVINGS + rows)
    assert [line for line, _, _ in brought.why()] == [5, 6, 7]
    assert "never works one out" in brought.why()[0][2]
    assert brought.day("2026-11-03").dietary_mg == Amount(0, None, 3)


def test_a_supplement_is_no_food(read):
    rows = (
        "2026-11-01,09:00 PM,Supplements,Calm Night,1 each,0,100,\n"
        "2026-11-01,09:00 PM,Dinner,Multi,1 each,0,50,Supplements\n"
        "2026-11-01,09:00 PM,Dinner,Magnesium Citrate 200,1 each,0,200,\n"
        "2026-11-01,09:00 PM,Dinner,Unknown pill,1 each,0,,Supplements\n"
        "2026-11-01,09:00 PM,Dinner,Mineral water rich in magnesium,500 ml,0,50,Beverages\n"
    )
    brought = read(SERVINGS + rows)
    day = brought.day("2026-11-01")
    assert (day.supplement_mg, day.dietary_mg) == (350, Amount(215, 215, 0))
    assert [one.what for one in brought.ignored] == ["the supplement Unknown pill"]


def test_two_equal_cups_are_two_and_the_same_file_twice_is_once(read):
    rows = "2026-11-01,,Lunch,Tea,1 cup,2,2,\n2026-11-01,,Lunch,Tea,1 cup,2,2,\n"
    brought = read(SERVINGS + rows)
    assert brought.day("2026-11-01").dietary_mg == Amount(169, 169, 0)
    again = read(SERVINGS + rows + "2026-11-02,,Lunch,Tea,1 cup,2,2,\n")
    assert {one.id for one in brought.records} < {one.id for one in again.records}


@pytest.mark.parametrize(
    ("header", "cell", "mg"),
    [("Magnesium (mg)", "40.5", 40.5), ("magnesium (g)", "0.0405", 40.5), ("Magnesium (µg)", "40500", 40.5)],
)
def test_the_unit_of_the_column_counts(read, header, cell, mg):
    (one,) = read(f"Day,Food Name,Amount,{header}\n2012-9-10,Bread,2 slices,{cell}\n").records
    assert one.value == pytest.approx(mg)
    assert one.start.isoformat() == "2012-09-10"


@pytest.mark.parametrize("header", ["Magnesium", "Magnesium (% DV)", "Magnesium (mg),Magnesium (mg)"])
def test_a_column_whose_unit_is_not_known_is_refused_by_name(read, header):
    with pytest.raises(InputError, match=r"export.csv, line 1: .*magnesium"):
        read(f"Day,Food Name,Amount,{header}\n2026-11-01,Bread,2 slices,3,3\n")


def test_without_a_column_for_magnesium_every_food_is_unquantified(read):
    brought = read("Day,Time,Group,Food Name,Amount,Energy (kcal)\n2026-11-01,,Lunch,Soup,1 cup,90\n")
    assert brought.day("2026-11-01").dietary_mg == Amount(0, None, 1)
    assert "no column for magnesium" in brought.remarks[0]


def test_columns_are_found_by_name_in_any_order_and_encoding(read):
    text = "Category;Magnesium (mg);Amount;Food Name;Day\nFats;12.5;1 tbsp;Öl;2026-11-01\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"):
        assert [one.value for one in read(text.encode(encoding)).records] == [12.5]
    assert [one.value for one in read(text.replace("\n", "\r")).records] == [12.5]


DAYS = """\
Date,Energy (kcal),Magnesium (mg),Protein (g),Completed
2026-11-03,2000,310.5,80,true
2026-11-04,900,110,40,false
2026-11-05,0,0,0,false
2026-11-06,1800,,75,true
"""


def test_a_day_that_was_not_marked_as_completed_has_no_upper_bound(read):
    brought = read(DAYS)
    days = {day: one.dietary_mg for day, one in brought.days.items()}
    assert days == {"2026-11-03": Amount(310.5, 310.5, 0), "2026-11-04": Amount(110, None, 1)}
    assert sum(one.count for one in brought.ignored) == 2
    assert "leave out foods" in brought.remarks[0]
    unmarked = read(DAYS.replace(",Completed", "").replace(",true", "").replace(",false", ""))
    assert unmarked.day("2026-11-03").dietary_mg == Amount(310.5, None, 1)
    for few in (
        "Day,Energy (kcal),Magnesium (mg),Completed\n2026-11-03,1900",
        "Date,Magnesium (mg),Completed\n2026-11-03",
    ):
        assert read(f"{few},310.5,true\n").day("2026-11-03").dietary_mg == Amount(310.5, 310.5, 0)


def test_a_total_bounds_no_day_with_a_food_of_which_nothing_is_known(tmp_path):
    soup = SERVINGS.replace("11-01", "11-03") + "2026-11-03,,Lunch,Soup,300 g,200,,Soups\n"
    both = [*bring(tmp_path, soup, name="s.csv").records, *bring(tmp_path, DAYS, name="d.csv").records]
    day = next(one for one in days_of(both) if str(one.date) == "2026-11-03")
    assert day.dietary_mg == Amount(165, None, 1)


def test_groups_of_a_day_are_added_and_their_total_is_not(read):
    text = "Date,Group,Energy (kcal),Magnesium (mg),Completed\n"
    text += "2026-11-03,Breakfast,500,90,true\n2026-11-03,Dinner,900,120,true\n2026-11-03,Total,1400,210,true\n"
    assert read(text).day("2026-11-03").dietary_mg == Amount(210, 210, 0)


BIOMETRICS = """\
Day,Time,Group,Metric,Unit,Amount
2026-11-03,08:00 AM,Data,Weight,lbs,176.4
2026-11-03,08:00 AM,Data,Blood Pressure,mmHg,118/76
2026-11-03,08:00 AM,,Resting Heart Rate (Oura),bpm,58
2026-11-03,08:00 AM,,Heart Rate,bpm,80
2026-11-03,08:00 AM,,HRV,ms,45
2026-11-03,,,Sleep Hours,h,6.5
2026-11-03,,,Serum Magnesium,mg/dL,1.9
2026-11-03,,,Creatinine,mg/dL,76
2026-11-03,,,Potassium,mg/dL,4.1
2026-11-03,,,HbA1c,%,
2026-11-03,,,eGFR,mL/min/1.73m2,>90
"""


def test_of_the_metrics_those_are_read_that_davy_has_a_field_for_and_each_in_its_unit(read):
    brought = read(BIOMETRICS)
    labs = [(one.text, one.value, one.unit, one.comparator) for one in brought.records if one.kind == "lab"]
    assert labs == [("serum-magnesium", 1.9, "mg/dL", None), ("egfr", 90, "mL/min/1.73m2", ">")]
    day = brought.day("2026-11-03")
    assert (day.resting_heart_rate_per_min, day.asleep_min) == (58, 390)
    assert (day.hrv_sdnn_ms, day.hrv_rmssd_ms) == (None, None)
    assert [(line, "umol/L" in why, "comes in" in why) for line, _, why in brought.why()] == [
        (9, True, False),
        (10, False, True),
    ]
    assert {one.what for one in brought.ignored} == {
        "the metric Weight", "the metric Blood Pressure", "the metric Heart Rate", "the metric HRV",
        "the metric HbA1c without a value",
    }  # fmt: skip


MEALS = """\
Date,Meal,Calories,Fat (g),Saturated Fat,Sodium (mg),Carbohydrates (g),Protein (g),Calcium,Iron,Note
2026-11-06,Breakfast,400,10,3,200,40,20,3,4,
2026-11-06,Dinner,700,10,3,200,40,20,3,4,late
2026-11-07,,,,,,,,,,
bad,Lunch,1,1,1,1,1,1,1,1,
"""


def test_myfitnesspal_says_nothing_about_magnesium_and_that_is_said(read):
    brought = read(MEALS)
    assert brought.day("2026-11-06").dietary_mg == Amount(0, None, 2)
    assert "exports no magnesium" in brought.remarks[0]
    assert [line for line, _, _ in brought.why()] == [5]
    assert "2026-11-07" not in brought.days


def test_a_mapping_is_refused_where_columns_have_names_of_their_own(read):
    for text in (SERVINGS, DAYS, BIOMETRICS, MEALS):
        with pytest.raises(InputError, match="whose fields are known"):
            read(text, mapping="davy: 1\nsource: x\ncolumns: {Day: date}\n")
        assert read(text, mapping="davy: 1\nsource: x\nzone: Europe/Berlin\n").records


def test_a_diary_of_ones_own_is_not_taken_for_an_export(read):
    brought = read("date,headache,dietary_mg\n2026-11-01,yes,250\n")
    assert {one.source for one in brought.records} == {"diary"}


def test_a_completed_day_of_food_with_a_total_of_zero_is_unknown_and_a_fast_is_zero(read):
    days = read("Date,Energy (kcal),Magnesium (mg),Completed\n2026-10-05,1500,0,true\n2026-10-06,0,0,true\n").days
    assert days["2026-10-05"].dietary_mg == Amount(0.0, None, 1)
    assert days["2026-10-06"].dietary_mg == Amount(0.0, 0.0)
