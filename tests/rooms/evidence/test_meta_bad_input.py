"""Files that cannot be pooled as they are: each message names line and column, and says what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rooms.evidence.meta_files import answered, refused, written

TWO = "study,ai,n1i,ci,n2i\n"
CASES = {
    "negative variance": ("study,yi,vi\nA,0.1,-0.04\nB,1,0.2\n", "line 2, column vi: -0.04 is not above 0"),
    "zero variance": ("study,yi,vi\nA,0.1,0\nB,1,0.2\n", "line 2, column vi: 0 is not above 0"),
    "no number": ("study,yi,vi\nA,high,0.1\nB,1,0.2\n", "line 2, column yi: 'high' is not a number"),
    "missing column": ("study,ai,n1i,ci\nA,1,10,2\n", "line 1: no column di or n2i"),
    "no known columns": ("study,effect\nA,1\n", "no known set of columns among: study, effect"),
    "more events than people": (f"{TWO}A,12,10,2,10\n", "line 2, column ai: 12 events among 10 people"),
    "negative count": (f"{TWO}A,1,10,-2,10\n", "line 2, column ci: -2 is not 0 or more"),
    "cells and size": ("study,ai,bi,n1i,ci,di\nA,1,9,11,2,8\n", "line 2, column n1i: 1 + 9 is not 11"),
    "mixed measures": ("study,measure,yi,vi\nA,OR,1,1\nB,RR,2,1\n", "OR first in line 2, RR first in line 3"),
    "unknown measure": ("study,measure,yi,vi\nA,HRR,1,1\n", "line 2, column measure: 'HRR' is no measure"),
    "duplicated study": ("study,yi,vi\nA,1,1\nB,2,1\nA,1,1\n", "line 4: the study 'A' stands already in line 2"),
    "interval off": ("study,estimate,ci_low,ci_high\nA,0.8,0.9,1.1\n", "line 2, column ci_low: 0.8 (0.9 to 1.1)"),
    "vi and sei": ("study,yi,vi,sei\nA,1,0.04,0.3\n", "column sei: 0.3 is not the square root of vi (0.2)"),
    "shared control": (
        "study,trial,ai,n1i,ci,n2i\nlow,T,1,9,2,9\nhigh,T,3,9,2,9\nB,U,1,20,4,20\n",
        "lines 2, 3: one control group is counted in several rows",
    ),
    "cluster without ICC": (
        "study,design,cluster_size,ai,n1i,ci,n2i\nA,cluster,20,30,100,20,100\n",
        "line 2, column icc: a cluster trial without it cannot be pooled",
    ),
    "crossover without correlation": (
        "study,m1i,m2i,sd1i,sd2i,ni\nA,1,2,1,1,10\n",
        "line 2, column ri: the correlation is unknown",
    ),
    "signs of a ratio": (
        "study,measure,m1i,sd1i,n1i,m2i,sd2i,n2i\nA,ROM,1,1,9,-1,1,9\n",
        "line 2, column m2i: a ratio of 1 to -1 has no logarithm",
    ),
    "semicolons": ("study;yi;vi\nA;1;2\n", "line 1: the columns are not separated by commas"),
    "ragged": ("study,yi,vi\nA,1,2,3\n", "line 2: 4 cells where the header has 3"),
    "column twice": ("study,yi,yi,vi\nA,1,2,3\n", "line 1: the column 'yi' stands twice"),
    "empty": ("", "this file is empty"),
    "header only": ("study,yi,vi\n", "a header and no study"),
    "beyond any size": ("study,yi,vi\nA,1e300,1\nB,1,1\n", "line 2: an effect of 1e+300"),
    "variances far apart": (
        "study,yi,vi\nA,1,1e-9\nB,1,1e6\n",
        "line 3: a sampling variance of 1e+06, while",
    ),
    "nothing left": ("study,yi,vi\nA,,1\nB,,1\n", "no row gives an effect"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_message_names_the_place(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, words = CASES[name]
    assert words in refused(capsys, "pool", written(tmp_path, text))


def test_every_fault_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, "pool", written(tmp_path, "study,yi,vi\nA,x,1\nB,1,-1\nC,1,0\n"))
    assert said.count("column") == 3


def test_a_measure_that_the_columns_do_not_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "study,m1i,sd1i,n1i,m2i,sd2i,n2i\nA,1,1,9,2,1,9\n")
    said = refused(capsys, "pool", file, "--measure", "OR")
    assert "OR cannot be computed from two arms" in said
    assert "these columns allow MD, SMD, ROM" in said


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("dose", "there is no column 'dose'"),
        ("arm", "do not tell these studies apart"),
        ("where,year", "3 studies cannot carry 3 terms"),
    ],
)
def test_moderators_that_cannot_be_used(
    names: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, "study,yi,vi,arm,where,year\nA,1,1,x,a,1\nB,2,1,x,b,3\nC,3,1,x,b,2\n")
    assert words in refused(capsys, "pool", file, "--moderators", names)


def test_a_method_that_these_columns_do_not_allow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, "study,yi,vi\nA,1,1\n")
    assert "MH cannot pool GEN" in refused(capsys, "pool", file, "--method", "MH")


def test_zero_cells_are_named_with_what_was_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = answered(capsys, "pool", written(tmp_path, f"{TWO}A,0,10,2,10\nB,0,20,0,20\nC,3,20,5,20\n"))
    said = "\n".join(made["warnings"])
    assert "line 2 (A): an empty cell; 0.5 added to its four cells" in said
    assert "line 3 (B): no event, or only events, in both groups" in said
    assert made["k"] == 3


def test_a_blank_cell_leaves_the_study_out_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = answered(capsys, "pool", written(tmp_path, "study,yi,vi\nA,1,1\nB,,1\nC,2,1\n"))
    assert made["k"] == 2
    assert any("line 3 (B): no value in yi; this study is left out" in one for one in made["warnings"])


def test_an_interval_that_is_not_symmetric_is_kept_and_flagged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "study,estimate,ci_low,ci_high\nA,0.83,0.75,1.05\nB,0.78,0.67,0.92\n"
    made = answered(capsys, "pool", written(tmp_path, text), "--measure", "RR")
    flagged = [one for one in made["warnings"] if "off the middle of its interval" in one]
    assert len(flagged) == 1
    assert "line 2 (A)" in flagged[0]


def test_equal_labels_and_equal_numbers_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = answered(capsys, "pool", written(tmp_path, "study,yi,vi\nA,1,1\nA,2,1\nB,1,1\n"))
    said = "\n".join(made["warnings"])
    assert "the study 'A' stands in lines 2, 3" in said
    assert "lines 2, 4 hold the same numbers" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("study,dose,rr\nA,0,1\n", "no column se, nor ci_low and ci_high"),
        ("study,dose,rr,se\nA,0,1,0\n", "no column type"),
        (
            "study,dose,rr,se,cases,n,type\nA,0,1,0,9,90,ir\nA,1,0.8,,9,90,ir\n",
            "line 3, column se: A: no standard error",
        ),
        ("study,dose,rr,se,cases,n,type\nA,0,1,0,9,90,xx\nA,1,0.8,1,9,90,xx\n", "line 2, column type: A: xx"),
        ("study,dose,rr,se,cases,n,type\nA,0,0.9,0.1,9,90,ir\nA,1,0.8,1,9,90,ir\n", "A: 0 reference rows"),
        ("study,dose,rr,se,cases,n,type\nA,0,1,0,99,90,cc\nA,1,0.8,1,9,90,cc\n", "A: 99 cases among 90"),
        ("study,dose,rr,se,cases,n,type\nA,0,1,0,,90,ir\nA,1,0.8,1,9,90,ir\nA,2,0.8,1,9,90,ir\n", "no gl covariance"),
        ("study,dose,rr,se,cases,n,type\nA,2,1,0,9,90,ir\nA,2,0.8,1,9,90,ir\n", "the dose of the reference again"),
        ("study,dose,rr,ci_low,ci_high,cases,n,type\nA,0,1,1,1,9,9,ir\nA,1,2,3,1,9,90,ir\n", "column ci_low: 3 to 1"),
    ],
)
def test_dose_response_tables_that_do_not_fit(
    text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert words in refused(capsys, "dose-response", written(tmp_path, text))


@pytest.mark.parametrize("option", [("--at", "0,30"), ("--reference", "-1")])
def test_no_extrapolation(option: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "study,dose,rr,se,cases,n,type\nA,0,1,0,9,90,ir\nA,10,0.8,0.3,9,90,ir\nA,20,0.7,0.3,9,90,ir\n"
    said = refused(capsys, "dose-response", written(tmp_path, text), *option)
    assert "between 0 and 20: Davy does not extrapolate" in said
