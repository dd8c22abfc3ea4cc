"""A plain diary read: what each cell becomes, what a blank is, what is set aside and why, what is refused by name."""

from __future__ import annotations

import pytest
from tests.rooms.exchange.importing import Brought, bring

from davy.errors import InputError
from davy.exchange.diary.columns import Columns, columns_of
from davy.exchange.diary.mapping import DiaryMapping, fields, mapping_from_text

FULL = """\
date,headache,start,end,pain_0_10,medicine,sleep onset (min),Cramps,loose stools,taken,supplement_mg,note
2026-03-01,yes,22:30,02:15,7,sumatriptan 50 mg,35,1,0,yes,100,woke with it
2026-03-02,,,,,,,,,,,
2026-03-03,no,,,0,none,20,0,0,missed,0,
"""


def one_line(tmp_path, header: str, cells: str, *, mapping: str | None = None) -> Brought:
    return bring(tmp_path, f"date,{header}\n2026-03-01,{cells}\n", mapping=mapping)


def test_a_full_line_becomes_what_it_says(tmp_path):
    day = bring(tmp_path, FULL).day("2026-03-01")
    assert (day.headache, day.headache_attacks, day.pain_0_10) == (True, 1, 7)
    assert (day.acute_medicines, day.acute_classes) == (("sumatriptan 50 mg",), ("triptan",))
    assert (day.sleep_onset_min, day.cramps, day.loose_stools) == (35, 1, 0)
    assert (day.taken_share, day.supplement_mg) == (1, 100)


def test_an_attack_over_midnight_makes_two_headache_days_and_one_attack(tmp_path):
    days = bring(tmp_path, FULL).days
    assert days["2026-03-02"].headache is True
    assert days["2026-03-02"].headache_attacks is None


def test_a_blank_is_unknown_and_never_zero(tmp_path):
    brought = bring(tmp_path, FULL)
    blank = brought.day("2026-03-02")
    assert [getattr(blank, name) for name in ("pain_0_10", "acute_medicines", "cramps", "taken_share")] == [None] * 4
    assert [(one.what, one.count) for one in brought.ignored] == [("a line with a date alone", 1)]
    said = brought.day("2026-03-03")
    assert (said.headache, said.headache_attacks, said.pain_0_10, said.acute_medicines) == (False, 0, 0, ())
    assert (said.taken_share, said.supplement_mg, said.cramps) == (0, 0, 0)


def test_an_attack_without_an_end_reaches_only_its_first_day(tmp_path):
    brought = bring(tmp_path, "date,start,end\n2026-03-01,22:30,\n2026-03-03,10:00,\n")
    assert [day for day, said in brought.days.items() if said.headache] == ["2026-03-01", "2026-03-03"]
    assert [record.end for record in brought.records] == [None, None]


def test_pain_that_does_not_stop_needs_no_end_and_goes_on_as_long_as_the_diary(tmp_path):
    text = "date,start,continuous pain,pain,cramps\n2026-03-01,2026-03-01,yes,4,\n2026-03-03,,,0,\n2026-03-05,,,,1\n"
    brought = bring(tmp_path, text)
    assert [brought.days[f"2026-03-0{k}"].pain for k in range(1, 6)] == [True, True, False, True, True]
    assert brought.records[0].end is None
    stopped = bring(tmp_path, text + "2026-03-04,,no,,\n")
    found = [stopped.days[f"2026-03-0{k}"].pain if k != 4 else None for k in range(1, 6)]
    assert found == [True, True, False, None, None]
    assert "2026-03-04" not in stopped.days
    ended = bring(tmp_path, "start,end,continuous\n2026-03-01,2026-03-02,yes\n2026-03-04 10:00,2026-03-04 11:00,no\n")
    assert [day for day, said in ended.days.items() if said.pain] == ["2026-03-01", "2026-03-02"]


def test_a_line_about_one_day_of_continuous_pain_says_nothing_about_the_next(tmp_path):
    days = bring(tmp_path, "date,constant pain,pain\n2026-03-01,yes,5\n2026-03-02,,\n2026-03-03,no,\n").days
    assert {day: said.pain for day, said in days.items()} == {"2026-03-01": True}


@pytest.mark.parametrize(
    ("cells", "start", "end"),
    [
        ("23:00,01:00,", "2026-03-01T23:00:00", "2026-03-02T01:00:00"),
        ("08:00,09:30,", "2026-03-01T08:00:00", "2026-03-01T09:30:00"),
        ("9:05 PM,12:10 am,", "2026-03-01T21:05:00", "2026-03-02T00:10:00"),
        ("2026-03-01 22:00,2026-03-04 06:00,", "2026-03-01T22:00:00", "2026-03-04T06:00:00"),
        (",2026-03-02,", "2026-03-01", "2026-03-02"),
        ("22:00,,6", "2026-03-01T22:00:00", "2026-03-02T04:00:00"),
        ("22:00,04:00,6 h", "2026-03-01T22:00:00", "2026-03-02T04:00:00"),
        ("22:00,,1:30", "2026-03-01T22:00:00", "2026-03-01T23:30:00"),
        ("22:00,,90 min", "2026-03-01T22:00:00", "2026-03-01T23:30:00"),
        (
            "2026-03-01T22:00:00+01:00,2026-03-02T04:00:00+01:00,",
            "2026-03-01T22:00:00+01:00",
            "2026-03-02T04:00:00+01:00",
        ),
    ],
)
def test_when_an_attack_was(tmp_path, cells, start, end):
    (record,) = one_line(tmp_path, "start,end,duration h", cells).records
    assert (record.kind, record.start.isoformat(), record.end.isoformat()) == ("attack", start, end)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("22:00,22:00,", "it begins and ends at 22:00: at once, or a day later?"),
        ("2026-03-01 22:00,2026-02-28 23:00,", "it ends before it begins"),
        ("2026-03-01 22:00,2026-05-01 23:00,", "it lasts 61 days: is the month of the end right?"),
        ("2026-03-02 22:00,,", "it is dated 2026-03-01 and begins on 2026-03-02"),
        ("25:00,,", "'25:00' is not a clock time, like 22:30"),
        ("22.00 h,,", "'22.00 h' is not"),
        (",,6", "it says how long an attack lasted, and no column named start at what time"),
        ("22:00,03:00,6", "its end is 2026-03-02 03:00, and its duration says 2026-03-02 04:00"),
        ("22:00,,0", "'0' is not how long an attack lasts"),
        ("2026-03-01 22:00,2026-03-02T04:00:00+01:00,", "one has a time zone"),
    ],
)
def test_an_attack_that_cannot_be_is_set_aside(tmp_path, cells, why):
    brought = one_line(tmp_path, "start,end,duration h", cells)
    assert not brought.records
    ((line, _, said),) = brought.why()
    assert line == 2
    assert why in said


def test_where_a_span_cannot_be_what_is_said_of_the_day_still_stands(tmp_path):
    brought = one_line(tmp_path, "headache,pain,start,end", "yes,7,22:00,22:00")
    day = brought.day("2026-03-01")
    assert (day.headache, day.headache_attacks, day.pain_0_10) == (True, None, 7)
    assert brought.why()[0][:2] == (2, "date: 2026-03-01; headache: yes; start: 22:00; end: 22:00")


def test_no_headache_and_a_start_contradict_each_other(tmp_path):
    brought = one_line(tmp_path, "headache,start,cramps", "no,22:00,1")
    assert "no headache" in brought.why()[0][2]
    assert [record.kind for record in brought.records] == ["cramps"]
    assert [record.kind for record in one_line(tmp_path, "headache,start,pain", "no,22:00,3").records] == ["pain"]


@pytest.mark.parametrize(
    ("cell", "names", "classes"),
    [
        ("ibuprofen 400 mg", ("ibuprofen 400 mg",), ("nsaid",)),
        ("N02CC01", ("N02CC01",), ("triptan",)),
        ("sumatriptan; Paracetamol 1 g", ("Paracetamol 1 g", "sumatriptan"), ("paracetamol", "triptan")),
        ("2x Excedrin", ("Excedrin",), ("aspirin", "paracetamol", "combination-analgesic")),
        ("mystery herb", ("mystery herb",), ()),
        ("yes", ("unnamed medicine",), ()),
        ("2", ("unnamed medicine",), ()),
        ("none", (), ()),
        ("0", (), ()),
    ],
)
def test_acute_medicines_by_name_and_code(tmp_path, cell, names, classes):
    day = one_line(tmp_path, "medicine", cell).day("2026-03-01")
    assert day.acute_medicines == names
    assert day.acute_classes == classes


def test_the_same_medicine_named_twice_in_a_cell_is_two_and_on_two_equal_lines_one(tmp_path):
    twice = bring(tmp_path, "date,medicine\n2026-03-01,ibuprofen; ibuprofen\n2026-03-01,ibuprofen; ibuprofen\n")
    assert len({record.id for record in twice.records}) == 2


def test_several_medicine_columns_are_read_together(tmp_path):
    day = one_line(tmp_path, "Medication 1,Medication 2,Medication 3", "ibuprofen,,sumatriptan").day("2026-03-01")
    assert day.acute_medicines == ("ibuprofen", "sumatriptan")


@pytest.mark.parametrize(
    ("cell", "share"), [("yes", 1), ("1", 1), ("missed", 0), ("no", 0), ("1/2", 0.5), ("50 %", 0.5), ("2 of 2", 1)]
)
def test_intake_taken_or_missed(tmp_path, cell, share):
    assert one_line(tmp_path, "taken", cell).day("2026-03-01").taken_share == share


@pytest.mark.parametrize("cell", ["2", "3/2", "1/0", "120 %", "perhaps", "=1+0"])
def test_an_intake_that_says_nothing_clear_is_set_aside(tmp_path, cell):
    brought = one_line(tmp_path, "taken", cell)
    assert not brought.records
    assert brought.quarantined[0].value == cell


@pytest.mark.parametrize(
    ("header", "cell", "name", "value"),
    [
        ("sleep onset min", "45", "sleep_onset_min", 45),
        ("sleep onset min", "1 h 15 min", "sleep_onset_min", 75),
        ("sleep hours", "7.5", "asleep_min", 450),
        ("sleep hours", "7:30", "asleep_min", 450),
        ("sleep min", "7.5 h", "asleep_min", 450),
        ("bristol type", "6", "bristol", 6),
        ("supplement_mg", "300 mg", "supplement_mg", 300),
        ("VAS mm", "63", "pain_0_10", 6.3),
        ("Pain (0-100)", "63 mm", "pain_0_10", 6.3),
        ("pain", "6/10", "pain_0_10", 6),
        ("pain", "6/100", "pain_0_10", 0.6),
        ("pain", "40 %", "pain_0_10", 4),
        ("stool", "loose", "loose_stools", 1),
        ("stool", "Normal", "loose_stools", 0),
        ("RMSSD (ms)", "41.5", "hrv_rmssd_ms", 41.5),
        ("HRV SDNN [ms]", "62", "hrv_sdnn_ms", 62),
        ("alcohol g", "12", "alcohol_g", 12),
        ("period", "yes", "menstruation", True),
    ],
)
def test_cells_with_units(tmp_path, header, cell, name, value):
    assert getattr(one_line(tmp_path, header, cell).day("2026-03-01"), name) == value


@pytest.mark.parametrize(
    ("header", "cell", "why"),
    [
        ("supplement_mg", "2", "likely a number of tablets"),
        ("supplement_mg", "2 tablets", "is in tablets, and is wanted in mg here"),
        ("supplement_mg", "8 mmol", "is in mmol, and is wanted in mg here"),
        ("sleep onset min", "0.5", "likely hours"),
        ("sleep min", "7.5", "likely hours"),
        ("bristol", "9", "ends at 7"),
        ("cramps", "-1", "begins at 0"),
        ("cramps", "many", "is not a number"),
        ("cramps", "=1+1", "is a formula"),
        ("cramps", "@SUM(A1)", "is a formula"),
        ("cramps", "+cmd|' /C calc'!A0", "is a formula"),
        ("medicine", '=HYPERLINK("x")', "is a formula"),
        ("headache", "7", "map the column to pain"),
        ("headache", "maybe", "neither yes nor no"),
        ("cramps", "1 234 567", "has thousands divided"),
        ("cramps", "1e3", "is in e3"),
        ("cramps", "nan3", "is not a number"),
        ("cramps", "inf", "is not a number"),
        ("pain_0_100", "101", "not on the scale from 0 to 100"),
        ("stool", "3", "name the column bristol or loose_stools"),
        ("Pain (0-100)", "6/10", "is from 0-10, and the column is from 0-100"),
        ("pain", "-2", "not on the scale from 0 to 10"),
    ],
)
def test_a_cell_that_cannot_be_believed_is_set_aside_alone(tmp_path, header, cell, why):
    quoted = '"' + cell.replace('"', '""') + '"'
    brought = one_line(tmp_path, f"{header},menstruation", f"{quoted},no")
    assert [record.kind for record in brought.records] == ["menstruation"]
    ((line, value, said),) = brought.why()
    assert line == 2
    assert why in said
    assert value.split()[0].rstrip("0").rstrip(".") in cell or value == cell


@pytest.mark.parametrize("blank", ["", " ", "-", "?", "n/a", "NaN", "unknown", "–"])
def test_ways_to_say_nothing(tmp_path, blank):
    brought = one_line(tmp_path, "pain,headache,medicine,cramps", f"{blank},{blank},{blank},1")
    assert [record.kind for record in brought.records] == ["cramps"]
    assert not brought.quarantined


def test_what_would_command_a_terminal_is_marked(tmp_path):
    brought = bring(tmp_path, "date,note,cramps,\x1b[2Jx\n2026-03-01,a\x1b[31mb\x07,\x1b]0;x,y\n")
    shown = f"{brought.records}{brought.quarantined}{brought.ignored}"
    assert brought.records[0].text == "a\ufffd[31mb\ufffd"
    assert "\x1b" not in shown
    assert "x1b" not in shown


def test_unknown_columns_are_told_and_counted(tmp_path):
    brought = bring(tmp_path, "date,Weather,pain,HRV\n2026-03-01,rain,3,40\n2026-03-02,,4,41\n")
    assert [(one.what, one.count) for one in brought.ignored] == [("column 'Weather'", 1), ("column 'HRV'", 2)]
    assert len(brought.records) == 2


def test_more_cells_than_columns_set_the_line_aside_and_fewer_are_blank(tmp_path):
    brought = bring(tmp_path, "date,pain,cramps\n2026-03-01,3,1,7\n2026-03-02,3\n2026-03-03,3,1,,\n")
    assert brought.why() == [(2, "2026-03-01,3,1,7", "it has 4 cells where the header has 3")]
    assert [record.line for record in brought.records] == [3, 4, 4]


def test_lines_are_counted_as_an_editor_does(tmp_path):
    text = 'date,note,cramps\n\n2026-03-01,"two\nlines",x1\n   \n2026-03-02,,many\n'
    assert [line for line, _, _ in bring(tmp_path, text).why()] == [3, 6]


def test_a_quote_that_swallows_lines_is_seen(tmp_path):
    text = 'date,note,cramps\n2026-03-01,"oh,1\n2026-03-02,,2\n2026-03-03,fine",3\n2026-03-04,,4\n'
    brought = bring(tmp_path, text)
    assert "a quote before it is missing" in brought.why()[0][2]
    assert [record.value for record in brought.records] == [4]


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "", "empty"),
        ("\n\n", "", "empty"),
        ("date,pain\n", "", "no line below it"),
        ("date\n2026-03-01\n", "line 1", "no column besides the date"),
        ("mood,pain\n1,2\n", "line 1", "no column says which day"),
        ("date,Severity,pain\n2026-03-01,1,2\n", "line 1", "'Severity' and 'pain' both read as pain"),
        ("date,pain,pain\n2026-03-01,1,2\n", "line 1", "two columns are named 'pain'"),
        ("date,pain,pain_0_100\n2026-03-01,1,20\n", "line 1", "both read as pain"),
        ('date,pain\n2026-03-01,"3\n', "line 2", "never closed"),
        ("date,pain\n03/04/2026,3\n05/04/2026,4\n", "line 2", "'03/04/2026' could be two different days"),
        ("date,pain\n13/04/2026,3\n04/13/2026,4\n", "line 2", "begins with the day, and '04/13/2026' on line 3"),
        ("date,pain\n01/02/26,3\n13/02/26,3\n", "line 2", "could be two different days"),
        ("date,pain\n2026-03-01," + "9" * 300_000 + "\n", "line 2", "longer than"),
        (b"PK\x03\x04stuff", "", "zip archive or an Excel workbook"),
        (b"%PDF-1.7", "", "a PDF"),
        (b"date,pain\n2026-03-01,\x00\x813\n", "", "neither UTF-8 nor Windows-1252"),
        (b"date,pain\n2026-03-01,\x81\n", "", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path, text, where, what):
    with pytest.raises(InputError) as told:
        bring(tmp_path, text)
    assert str(told.value).startswith("diary.csv")
    assert where in str(told.value)
    assert what in str(told.value)


def test_the_order_of_dates_is_read_where_the_file_settles_it_and_told(tmp_path):
    brought = bring(tmp_path, "date,pain\n03/04/2026,3\n13/04/2026,4\n")
    assert sorted(brought.days) == ["2026-04-03", "2026-04-13"]
    assert brought.remarks == ["diary.csv: its dates begin with the day: '13/04/2026' can be read in no other way."]
    assert sorted(bring(tmp_path, "date,pain\n03/04/2026,3\n04/13/2026,4\n").days) == ["2026-03-04", "2026-04-13"]


@pytest.mark.parametrize(
    ("dates", "day"), [("day-first", "2026-04-03"), ("month-first", "2026-03-04"), ("year-first", None)]
)
def test_the_order_of_dates_can_be_declared(tmp_path, dates, day):
    brought = bring(tmp_path, "date,pain\n03/04/2026,3\n", mapping=f"dates: {dates}")
    assert list(brought.days) == ([day] if day else [])
    assert bool(brought.quarantined) == (day is None)


@pytest.mark.parametrize(
    "text",
    ["2026-03-09", "2026/03/09", "20260309", "9 Mar 2026", "Mar 9, 2026", "Monday, 9 March 2026", "2026-03-09T10:00"],
)
def test_dates_that_can_be_read_in_one_way_only(tmp_path, text):
    assert list(bring(tmp_path, f'date,pain\n"{text}",3\n').days) == ["2026-03-09"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2027-03-01", "lies in the future; today is 2026-11-22"),
        ("1969-12-31", "a clock that was not set?"),
        ("2026-02-30", "not a day of the calendar"),
        ("46082", "a day number of a spreadsheet"),
        ("yesterday", "is not a date"),
        ("10:00", "has no date"),
        ("2026-03-01T10:00Z", "is a time in UTC"),
        ("2026-03-01T10:00+19:00", "an offset that no place has"),
        ("", "it has no date"),
    ],
)
def test_a_line_without_a_day_is_set_aside_whole(tmp_path, text, why):
    brought = bring(tmp_path, f"date,pain\n{text},3\n")
    assert not brought.records
    ((_, value, said),) = brought.why()
    assert why in said
    assert value == f"{text},3"


def test_cells_made_to_hang_a_reader_do_not(tmp_path):
    hole = " " * 30_000
    text = f'date,start,medicine,pain,taken\n"2026-03-01{hole}x","1{hole}x","a{hole}b",1{hole}x,1{hole}y\n'
    assert bring(tmp_path, text).quarantined
    assert bring(tmp_path, text.replace(f'"2026-03-01{hole}x"', "2026-03-01")).quarantined


def test_times_in_utc_need_a_zone_and_an_offset_is_kept(tmp_path):
    text = "date,pain\n2026-03-01T23:30:00Z,3\n2026-07-01T22:30Z,4\n2026-03-05T23:30:00+05:30,5\n"
    brought = bring(tmp_path, text, mapping="zone: Europe/Berlin")
    assert list(brought.days) == ["2026-03-02", "2026-03-05", "2026-07-02"]
    assert brought.records[2].start.isoformat() == "2026-03-05T23:30:00+05:30"


@pytest.mark.parametrize(
    ("encoding", "remark"),
    [("utf-8", 0), ("utf-8-sig", 0), ("utf-16", 0), ("utf-16-le", 0), ("utf-16-be", 0), ("utf-32", 0), ("cp1252", 1)],
)
def test_encodings(tmp_path, encoding, remark):
    brought = bring(tmp_path, "date,note\r\n2026-03-01,Müde – schön\r\n".encode(encoding))
    assert brought.records[0].text == "Müde – schön"
    assert len(brought.remarks) == remark
    assert all("Windows-1252" in one for one in brought.remarks)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path, delimiter, end):
    rows = [["date", "pain", "medicine"], ["2026-03-01", "3", "ibuprofen"], ["2026-03-02", "4", ""]]
    brought = bring(tmp_path, end.join(delimiter.join(row) for row in rows))
    assert [record.value for record in brought.records if record.kind == "pain"] == [3, 4]
    assert brought.records[1].text == "ibuprofen"


def test_a_separator_line_of_a_spreadsheet(tmp_path):
    brought = bring(tmp_path, "sep=;\ndate;pain\n2026-03-01;x\n2026-03-02;5\n")
    assert [record.value for record in brought.records] == [5]
    assert brought.quarantined[0].line == 3


def test_decimal_commas_are_found_and_what_could_be_thousands_is_not_guessed(tmp_path):
    brought = bring(tmp_path, "date;pain;cramps\n2026-03-01;5,5;1\n2026-03-02;3;1,500\n2026-03-03;3;1.500\n")
    assert brought.day("2026-03-01").pain_0_10 == 5.5
    assert brought.remarks == ["diary.csv: its numbers have a decimal comma."]
    assert [line for line, _, why in brought.why() if "could be" in why] == [4]
    point = bring(tmp_path, "date,cramps\n2026-03-02,1.500\n")
    assert point.records[0].value == 1.5
    comma = bring(tmp_path, "date;cramps\n2026-03-02;1,500\n", mapping='decimal: ","')
    assert comma.records[0].value == 1.5
    assert "could be" in bring(tmp_path, "date;cramps\n2026-03-02;1,500\n").why()[0][2]


def test_a_scale_that_changes_half_way_is_not_guessed(tmp_path):
    text = "date,pain\n2026-03-01,6\n2026-03-02,3\n2026-03-03,60\n2026-03-04,10\n2026-03-05,30\n"
    brought = bring(tmp_path, text)
    assert not brought.records
    assert {line for line, _, _ in brought.why()} == {2, 3, 4, 5, 6}
    assert "2 cells of this column are above 10, the first on line 4" in brought.why()[0][2]
    stated = "columns: {date: date, pain: {field: pain, scale: 0-10, then: [{since: 2026-03-03, scale: 0-100}]}}"
    declared = bring(tmp_path, text, mapping=stated)
    assert [record.value for record in declared.records] == [6, 3, 6, 1, 3]


def test_one_slip_above_the_scale_sets_one_cell_aside(tmp_path):
    brought = bring(tmp_path, "date,pain\n2026-03-01,6\n2026-03-02,55\n2026-03-03,7\n")
    assert [record.value for record in brought.records] == [6, 7]
    assert brought.why() == [(3, "55", "column 'pain': 55 is not on the scale from 0 to 10")]


def test_lines_of_one_day_that_disagree_leave_the_day_unknown_and_say_so(tmp_path):
    text = "date,headache,pain,cramps\n2026-03-01,yes,5,1\n2026-03-01,no,5,2\n2026-03-01,yes,5,1\n"
    brought = bring(tmp_path, text)
    day = brought.day("2026-03-01")
    assert (day.headache, day.cramps, day.pain_0_10) == (None, None, 5)
    assert set(day.disagreements) == {"headache: yes or no", "cramps: 1 or 2"}
    assert len({record.id for record in brought.records}) == 5


def test_with_clock_times_the_lines_of_a_day_are_several(tmp_path):
    text = "date,time,pain,cramps,supplement_mg\n2026-03-01,08:00,3,1,100\n2026-03-01,20:00,6,2,100\n"
    day = bring(tmp_path, text).day("2026-03-01")
    assert (day.pain_0_10, day.cramps, day.supplement_mg) == (6, 3, 200)


MAPPED = """\
davy: 1
source: kopfwerk
dates: day-first
decimal: comma
delimiter: semicolon
skip_lines: 2
columns:
  Datum: date
  Kopfweh: {field: headache, blank: no}
  "Stärke (VAS)": {field: pain, scale: 0-100}
  Mittel: {field: medicine, blank: no}
  Wetter: ignore
yes: [jawohl]
no: [keins]
headaches_logged: {first: 2026-03-01, last: 2026-03-03}
"""


def test_a_mapping_says_how_columns_read(tmp_path):
    text = "Export;von;Kopfwerk\n;;\nDatum;Kopfweh;Stärke (VAS);Mittel;Wetter;Laune\n"
    rows = "01.03.26;jawohl;35,5;keins;Regen;gut\n04.03.2026;;10;;;\n"
    brought = bring(tmp_path, text + rows, mapping=MAPPED)
    first, fourth = brought.day("2026-03-01"), brought.day("2026-03-04")
    assert (first.headache, first.pain_0_10, first.acute_medicines) == (True, 3.55, ())
    assert (fourth.headache, fourth.pain_0_10, fourth.acute_medicines) == (False, 1, ())
    assert brought.day("2026-03-02").headache is False
    assert {record.source for record in brought.records} == {"kopfwerk"}
    assert {(one.what, one.why) for one in brought.ignored} == {
        ("column 'Wetter'", "the mapping says so"),
        ("column 'Laune'", "the mapping does not name it"),
    }


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("columns: {Datum: dat}", 1, "'dat' is no field of a diary (did you mean date"),
        ("davy: 1\ncolumns:\n  A: {field: pain, scale: 0-5}", 3, "'0-5' is not understood here"),
        ("columns:\n  A: {field: cramps, scale: 0-10}", 2, "only a pain column has a scale"),
        ("columns:\n  A: {field: cramps, blank: no}", 2, "a blank cramps cannot mean no"),
        ("colums: {}", 1, "'colums' is not a key here (did you mean columns?)"),
        ("dates: dayfirst", 1, "'dayfirst' is not understood here (did you mean day-first"),
        ("zone: Europe/Nowhere", 1, "is not a time zone known here"),
        ("source: ../../x", 1, "is not a name"),
        ("davy: 1\ndavy: 1", 2, "was already given on line 1"),
        ("headaches_logged: {first: 2026-03-02, last: 2026-03-01}", 1, "it ends before it begins"),
        ("headaches_logged: {first: 2026-03-02}", 1, "'last' is missing"),
        ("[1]", 1, "a mapping is a set of keys"),
        ("columns: &a {x: *a}", 1, "anchors"),
        ("skip_lines: -3", 1, "skip_lines"),
    ],
)
def test_a_mapping_that_does_not_read_is_told_with_its_line(text, line, what):
    with pytest.raises(InputError) as told:
        mapping_from_text(text, name="map.yaml")
    assert f"map.yaml, line {line}" in str(told.value)
    assert what in str(told.value)


def test_a_mapping_for_another_diary_is_refused(tmp_path):
    with pytest.raises(InputError, match="there is no column 'Day', which the mapping names"):
        bring(tmp_path, "date,pain\n2026-03-01,3\n", mapping="columns: {Day: date, pain: pain}")


def test_every_field_can_be_named_by_its_own_name(tmp_path):
    names = [name for name in fields() if name != "pain_0_100"]
    found = columns_of(names, DiaryMapping(), "here")
    assert isinstance(found, Columns)
    assert [column.field for column in found.read] == names
