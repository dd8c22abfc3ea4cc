"""The JSON of pooling and dose-response conforms to the schemas that Davy prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.rooms.evidence.meta_files import answered, written

from davy.report.schemas import schema_of

DATA = Path(__file__).parents[2] / "agreement/data"


@pytest.mark.parametrize(
    "arguments",
    [
        ("li2007.csv", "--exact"),
        ("bcg.csv", "--method", "MH"),
        ("bcg.csv", "--moderators", "ablat,alloc"),
        ("hart1999.csv",),
        ("normand1999.csv", "--measure", "SMD", "--method", "PM", "--test", "z"),
    ],
)
def test_a_pooled_effect_conforms(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    made = answered(capsys, "pool", str(DATA / arguments[0]), *arguments[1:])
    assert not list(Draft202012Validator(schema_of("pool")).iter_errors(made))


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_few_studies_conform(rows: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "study,ai,n1i,ci,n2i\nA,3,10,2,10\nB,0,20,4,20\nC,5,30,5,30\n"
    file = written(tmp_path, "\n".join(text.splitlines()[: rows + 1]) + "\n")
    made = answered(capsys, "pool", file)
    assert made["k"] == rows
    assert not list(Draft202012Validator(schema_of("pool")).iter_errors(made))


def test_a_dose_response_conforms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "study,dose,rr,se,cases,n,type\nA,0,1,0,9,90,ir\nA,10,0.8,0.3,9,90,ir\nA,20,0.7,0.3,9,90,ir\n"
    made = answered(capsys, "dose-response", written(tmp_path, text))
    assert not list(Draft202012Validator(schema_of("dose-response")).iter_errors(made))


def test_the_schema_can_say_no(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = answered(capsys, "pool", written(tmp_path, "study,yi,vi\nA,1,1\n"))
    assert list(Draft202012Validator(schema_of("pool")).iter_errors({**made, "method": "GUESS"}))
