"""The documents of ``--json`` conform to the schemas that Davy prints, and hold every key of the contract."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.rooms.report.html_outline import outline
from tests.rooms.report.plans import ALL

from davy.cli.main import main
from davy.forecast.outcome import UNITS
from davy.people.read import examples
from davy.report.documents import CheckDocument
from davy.report.schemas import NAMES, schema_of

TODAY = ["--today", "2026-11-22"]
PLAN_KEYS = """schema davy person profile parameter_set seed today verdict findings caps status current food regimen
total_nonfood_mg_per_day alternatives targets expected prediction_to_check benefit monitoring stop_rules refer
disagreements as_the_articles_say fingerprints""".split()


def document(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> dict[str, Any]:
    def no_constant(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    assert main([*arguments, "--json", *TODAY]) == status, capsys.readouterr().err
    out, err = capsys.readouterr()
    assert err == ""
    return json.loads(out, parse_constant=no_constant)


def conforms(name: str, made: dict[str, Any]) -> None:
    assert made["schema"] == f"davy.{name}/1"
    faults = [
        f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema_of(name)).iter_errors(made)
    ]
    assert not faults


@pytest.mark.parametrize("name", NAMES)
def test_the_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(schema_of(name))


@pytest.mark.parametrize("name", ALL)
def test_plans_made_by_hand_conform(name: str) -> None:
    made = json.loads(json.dumps(ALL[name].as_json()))
    conforms("plan", made)
    assert set(PLAN_KEYS) <= set(made)


@pytest.mark.parametrize("change", [{"verdict": "maybe"}, {"more": 1}, {"caps": None}, {"findings": [{}]}])
def test_the_schema_can_say_no(change: dict[str, Any]) -> None:
    made = {**json.loads(json.dumps(ALL["neuropathy"].as_json())), **change}
    assert list(Draft202012Validator(schema_of("plan")).iter_errors(made))


@pytest.mark.parametrize("name", examples())
def test_check_conforms_for_every_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = document(capsys, "check", f"example:{name}")
    conforms("check", made)
    assert set(made) >= set(CheckDocument.__dataclass_fields__)
    assert main(["check", f"example:{name}", *TODAY]) == 0
    assert all(len(line) <= 100 for line in capsys.readouterr().out.splitlines())


def test_a_plan_of_an_example_conforms(capsys: pytest.CaptureFixture[str]) -> None:
    made = document(capsys, "plan", "example:neuropathy", "--draws", "60")
    conforms("plan", made)
    assert set(PLAN_KEYS) <= set(made)


def test_a_refusal_conforms_and_is_status_3(capsys: pytest.CaptureFixture[str]) -> None:
    made = document(capsys, "plan", "example:kidney-4", "--draws", "60", status=3)
    conforms("plan", made)
    assert made["regimen"] is None
    assert made["verdict"] == "refused"


def test_a_fit_conforms(capsys: pytest.CaptureFixture[str]) -> None:
    made = document(capsys, "fit", "example:neuropathy", "--draws", "60")
    conforms("fit", made)
    assert made["status"]["prediction"] == "a_posteriori"


def test_a_simulation_conforms_and_is_never_status_3(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ask = ["--draws", "40", "--days", "10"]
    made = document(capsys, "simulate", "example:kidney-4", "--regimen", "citrate 300mg @ 08:00", *ask)
    conforms("simulate", made)
    assert made["verdict"] == "refused"
    assert [one["day"] for one in made["outputs"]] == [[float(day) for day in range(11)]] * len(UNITS)
    assert made["mass_balance_mmol"] < 1e-3
    out = tmp_path / "out.csv"
    assert main(["simulate", "example:kidney-4", "--regimen", "none", *ask, "--csv", str(out), *TODAY]) == 0
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == len(UNITS) * 11
    assert {row["output"] for row in rows} == {one["output"] for one in made["outputs"]}


def test_more_food_gives_more_urine_and_half_days_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["--regimen", "none", "--days", "4", "--draws", "1"]
    poor = document(capsys, "simulate", "example:neuropathy", *ask, "--diet-mg", "150")
    rich = document(capsys, "simulate", "example:neuropathy", *ask, "--diet-mg", "500", "--every", "12")
    urine = {name: one["outputs"][2]["p50"][-1] for name, one in (("poor", poor), ("rich", rich))}
    assert rich["outputs"][2]["output"] == "urine_mmol_per_d"
    assert urine["rich"] > urine["poor"]
    assert rich["outputs"][0]["day"] == [k / 2 for k in range(9)]


@pytest.mark.parametrize("command", ["fit", "simulate"])
def test_reports_are_whole_pages(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "page.html"
    more = ["--regimen", "none", "--days", "14"] if command == "simulate" else []
    assert main([command, "example:neuropathy", *more, "--draws", "40", "--report", str(file), *TODAY]) == 0
    tree = outline(file.read_text(encoding="utf-8"))
    assert next(one.tag for one in tree.all() if one.tag in ("h1", "h2")) == "h1"
    assert not tree.all("script")
    ids = [one.attributes["id"] for one in tree.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
