"""Data sets with NM-TRAN's columns: what is written reads back, and a row that cannot be meant is named."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import davy
from davy.cli.main import main
from davy.errors import InputError
from davy.exchange import dataset_of, person_with, read_nmtran, regimen_of
from davy.people import parse_regimen, person_from_text
from davy.people.regimen_text import regimen_text
from davy.units import mmol_of_mg

TODAY = date(2026, 11, 22)
HEAD = "ID,TIME,AMT,EVID,CMT,II,ADDL,DV,MDV,FORM\n"
TREATED = """
davy: 1
id: treated
age_y: 40
sex: female
supplements:
  - {form: glycinate, label_mg: 200, label_means: elemental, per_day: 2, since: 2026-06-01}
  - {form: oxide, label_mg: 100, label_means: elemental, per_day: 1, until: 2026-08-31}
labs:
  - {date: 2026-05-20, test: serum-magnesium, value: 1.85, unit: mg/dL}
  - {date: 2026-09-01, test: serum-magnesium, value: 0.82, unit: mmol/L}
  - {date: 2026-09-01, test: urine-magnesium-24h, value: 4.9, unit: mmol/24h, complete: true}
  - {date: 2026-09-02, test: rbc-magnesium, value: "<1.9", unit: mmol/L}
"""


def written(folder: Path, *lines: str, head: str = HEAD) -> Path:
    path = folder / "data.csv"
    path.write_text(head + "".join(f"{line}\n" for line in lines))
    return path


def refusal(folder: Path, *lines: str, head: str = HEAD) -> str:
    with pytest.raises(InputError) as error:
        read_nmtran(written(folder, *lines, head=head))
    return str(error.value)


def test_a_person_goes_out_and_comes_back(tmp_path: Path) -> None:
    person = person_from_text(TREATED, name="treated", today=TODAY)
    text, first = dataset_of(person)
    assert first == date(2026, 5, 20)
    path = tmp_path / "out.csv"
    path.write_text(text)
    (subject,) = read_nmtran(path)
    again = person_with(person.model_copy(update={"labs": (), "supplements": ()}), subject, first)
    told = {(lab.date, lab.test): lab.value for lab in person.labs if lab.comparator is None}
    assert {(lab.date, lab.test): lab.value for lab in again.labs} == pytest.approx(told)
    products = {(one.form, one.label_mg, one.at, one.since, one.until) for one in again.supplements}
    assert products == {
        ("glycinate", 200.0, ("08:00",), date(2026, 6, 1), None),
        ("glycinate", 200.0, ("21:00",), date(2026, 6, 1), None),
        ("oxide", 100.0, ("21:00",), None, date(2026, 8, 31)),
    }


def test_the_columns_are_those_that_were_promised(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "nmtran", "example:neuropathy", "--today", str(TODAY)]) == 0
    head = capsys.readouterr().out.splitlines()[0].split(",")
    assert head[:7] == ["ID", "TIME", "AMT", "EVID", "CMT", "II", "ADDL"]
    assert {"DV", "MDV"} <= set(head)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["glycinate", "oxide", "citrate"]),
            st.integers(1, 500),
            st.integers(0, 1439),
            st.integers(0, 40),
            st.integers(1, 40),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=40, deadline=None)
def test_any_regimen_survives_the_way_out_and_back(tmp_path_factory, parts) -> None:
    text = "; ".join(
        f"{form} {dose}mg @ {at // 60:02d}:{at % 60:02d} from {first} to {first + length}"
        for form, dose, at, first, length in parts
    )
    regimen = parse_regimen(text)
    person = person_from_text("davy: 1\nid: bare\n", name="bare", today=TODAY)
    path = tmp_path_factory.mktemp("way") / "data.csv"
    path.write_text(dataset_of(person, regimen, 100)[0])
    back = regimen_of(read_nmtran(path)[0])
    for day in range(85):
        assert sorted(_day(back, day)) == sorted(_day(regimen, day)), regimen_text(back)


def _day(regimen, day: int) -> list[tuple[str, str, float]]:
    return [
        (intake.at, intake.form, intake.elemental_mg)
        for step in regimen.steps
        if step.from_day <= day and (step.to_day is None or day < step.to_day)
        for intake in step.intakes
    ]


def test_simulate_takes_the_doses_of_a_data_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = {}
    path = written(tmp_path, f"7,20,{mmol_of_mg(150)!r},1,1,24,27,.,1,citrate")
    for way in (["--data", str(path)], ["--regimen", "citrate 150mg @ 20:00 from 0 to 28"]):
        command = [
            "simulate",
            "example:poor-sleeper",
            *way,
            "--days",
            "28",
            "--every",
            "168",
            "--draws",
            "20",
            "--json",
        ]
        assert main([*command, "--today", str(TODAY)]) == 0
        said[way[0]] = json.loads(capsys.readouterr().out)
    assert said["--data"]["outputs"] == said["--regimen"]["outputs"]
    assert said["--data"]["outputs"][0]["p50"][-1] > said["--data"]["outputs"][0]["p50"][0]


def test_fit_takes_the_labs_of_a_data_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "1,8,0,0,4,.,.,0.66,0,.", "1,32,0,0,5,.,.,1.4,0,.")
    command = ["fit", "example:well-fed", "--today", str(TODAY), "--data", str(path), "--json"]
    assert main(command) == 2
    assert "--start" in capsys.readouterr().err
    assert main([*command, "--start", "2026-11-01"]) == 0
    fitted = json.loads(capsys.readouterr().out)
    assert fitted["status"]["fitted"]["serum_mmol_per_L"]["p50"] == pytest.approx(0.66, abs=0.03)
    assert main([*command, "--start", "2026-11-22"]) == 2
    assert "line 3, TIME: 2026-11-23 lies in the future" in capsys.readouterr().err


def test_several_subjects_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "a,0,4,1,1,.,.,.,1,citrate", "b,0,8,1,1,.,.,.,1,citrate")
    assert [one.id for one in read_nmtran(path)] == ["a", "b"]
    command = [
        "simulate",
        "example:well-fed",
        "--days",
        "2",
        "--draws",
        "1",
        "--today",
        str(TODAY),
        "--data",
        str(path),
    ]
    assert main(command) == 2
    assert "holds 2 subjects" in capsys.readouterr().err
    assert main([*command, "--subject", "c"]) == 2
    assert "one of: a, b" in capsys.readouterr().err
    assert main([*command, "--subject", "b"]) == 0


def test_repeats_by_another_interval_come_at_their_own_clock_times(tmp_path: Path) -> None:
    (subject,) = read_nmtran(
        written(tmp_path, "1,6,4,1,1,36,2,.,1,citrate", "1,8,0,0,4,.,.,0.8,0,.", "1,9,.,2,.,.,.,.,1,.")
    )
    regimen = regimen_of(subject)
    assert [day for day in range(9) for _ in _day(regimen, day)] == [0, 1, 3]
    assert [at for day in range(9) for at, _, _ in _day(regimen, day)] == ["06:00", "18:00", "06:00"]


def test_bad_rows_are_refused_by_line_and_column(tmp_path: Path) -> None:
    said = refusal(
        tmp_path,
        "1,0,400,1,1,24,3,.,1,citrate",
        "1,1,4,1,3,.,.,.,1,citrate",
        "1,2,4,1,1,.,3,.,1,citrate",
        "1,3,4,1,2,24,3,.,1,citrate",
        "1,4,4,1,1,24,1.5,.,1,citrate",
        "1,5,4,1,1,24,1,.,1,fairy-dust",
        "1,6,4,1,1,24,1,.,0,citrate",
        "1,5,0,0,4,.,.,0.8,0,.",
        "1,7,0,0,4,.,.,20,0,.",
        "1,8,0,0,9,.,.,0.8,0,.",
        "1,9,0,3,4,.,.,0.8,1,.",
        "1,ten,0,0,4,.,.,0.8,0,.",
        "1,11,4,1,1,.,.,.,1,.",
        "1,12,-4,1,1,.,.,.,1,citrate",
        "1,13,4,0,4,.,.,0.8,0,.",
        ".,14,4,0,4,.,.,0.8,0,.",
        "1,15,0,0,4,.,.,.,0,.",
        "1,nan,0,0,4,.,.,0.8,0,.",
    )
    for part in (
        "data.csv, line 2, AMT: 400 mmol in one dose is not possible (mmol of elemental magnesium; was it mg?)",
        "line 3, CMT: a dose into compartment 3",
        "line 4, II: is missing where a dose comes again",
        "line 5, CMT: citrate does not go into compartment 2",
        "line 6, ADDL: 1.5 more doses",
        "line 7, FORM: 'fairy-dust'",
        "line 8, MDV: a dose is marked as an observation",
        "line 9, TIME: 5 h comes after 6 h",
        "line 10, DV: serum-magnesium of 20 mmol/L is not possible",
        "line 11, CMT: compartment 9 is not observed",
        "line 12, EVID: 3 is not read",
        "line 13, TIME: 'ten' is not a number",
        "line 14, FORM: nothing says what was taken",
        "line 15, AMT: -4 mmol",
        "line 16, AMT: an observation has a dose",
        "line 17, ID: is missing",
        "line 18, DV: is missing",
        "line 19, TIME: 'nan' is not a number",
    ):
        assert part in said, part


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        (HEAD, "holds no row"),
        ("TIME,AMT\n0,4\n", "no column ID"),
        ("ID,TIME,ID,AMT\n1,0,1,4\n", "two columns are called ID"),
        ("ID,TIME,AMT\n1,0\n", "line 2: does not have 3 cells"),
        ("ID,TIME,AMT,FORM\n1,0,4,citrate\n2,0,4,citrate\n1,3,4,citrate\n", "line 4, ID: 1 comes again"),
        ("ID,TIME,AMT,RATE,FORM\n1,0,4,2,citrate\n", "line 2, RATE: an infusion is not read"),
    ],
)
def test_a_file_that_is_no_data_set_is_refused(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "data.csv"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        read_nmtran(path)
    assert why in str(error.value)


def test_what_nonmem_lets_be_left_out_may_be_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, "# a remark", "1,0,4,.", "1,24,.,0.8", head="ID,TIME,AMT,DV\n")
    (subject,) = read_nmtran(path, form="magnesium citrate")
    assert (subject.doses[0].form, subject.observations[0].value) == ("citrate", 0.8)
    with pytest.raises(InputError, match="not a form that Davy knows"):
        read_nmtran(path, form="citrat")


def test_the_doses_reach_the_engine_as_they_stand(tmp_path: Path) -> None:
    (subject,) = read_nmtran(written(tmp_path, f"1,8.5,{mmol_of_mg(100)!r},1,2,12,3,.,1,oxide"))
    assert regimen_text(regimen_of(subject)) == "oxide 100mg @ 08:30,20:30 from 0 to 2"
    assert davy.Regimen is type(regimen_of(subject))
