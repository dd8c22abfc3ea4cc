"""PEtab problems: the library's own linter finds nothing, and another simulator comes to what Davy says."""

from datetime import date
from pathlib import Path

import numpy as np
import petab.v2 as petab
import pytest
from tests.rooms.exchange.estimation import simulated
from tests.rooms.exchange.test_sbml import remarks_on

import davy
from davy.body.read import read_model
from davy.cli.main import main
from davy.qualify.protocols import run_protocols

pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")  # of petab, with the newest pandas

TODAY = date(2026, 11, 22)
TREATED = """
davy: 1
id: treated
age_y: 40
sex: female
weight_kg: 64
height_cm: 170
diet: {magnesium_mg_per_day: 260, method: weighed-record}
supplements:
  - {form: glycinate, label_mg: 200, label_means: elemental, per_day: 2, since: 2026-06-01}
labs:
  - {date: 2026-05-20, test: serum-magnesium, value: 0.76, unit: mmol/L}
  - {date: 2026-09-01, test: serum-magnesium, value: 0.82, unit: mmol/L}
  - {date: 2026-09-01, test: urine-magnesium-24h, value: 4.9, unit: mmol/24h, complete: true}
  - {date: 2026-09-02, test: urine-magnesium-24h, value: 1.0, unit: mmol/24h, complete: false}
  - {date: 2026-09-02, test: rbc-magnesium, value: "<1.9", unit: mmol/L}
"""


def opened(folder: Path, *arguments: str) -> petab.Problem:
    assert main(["export", "petab", "--today", str(TODAY), *arguments, "--out", str(folder / "problem")]) == 0
    return petab.Problem.from_yaml(folder / "problem" / "problem.yaml")


@pytest.mark.parametrize("name", ["literature", "articles"])
def test_the_linter_finds_nothing_in_the_calibration(tmp_path: Path, name: str) -> None:
    problem = opened(tmp_path, "--parameter-set", name)
    assert problem.validate() == []
    assert len(problem.measurements) >= 14
    assert problem.n_estimated >= 20
    assert remarks_on((tmp_path / "problem" / "model.xml").read_text()) == []


def test_the_linter_is_awake(tmp_path: Path) -> None:
    problem = opened(tmp_path)
    problem.measurement_tables[0].elements[0].observable_id = "obs_unheard_of"
    assert problem.validate()


def test_each_experiment_gives_what_its_protocol_gives(tmp_path: Path) -> None:
    own = {f"obs_{one.row.id.replace('-', '_').replace('.', '_')}": one.achieved for one in run_protocols(read_model())}
    found = simulated(opened(tmp_path))
    assert len(found) >= 14
    for name, value in found.items():
        assert value == pytest.approx(own[name], rel=2e-4), name


def test_no_figure_of_validation_is_handed_over_for_fitting(tmp_path: Path) -> None:
    from davy.body.targets import read_targets

    handed = {one.observable_id for one in opened(tmp_path).measurements}
    kept = {f"obs_{row.id.replace('-', '_').replace('.', '_')}" for row in read_targets() if row.kind != "calibrate"}
    assert not handed & kept


def test_a_persons_problem_is_their_fit(tmp_path: Path) -> None:
    problem = opened(tmp_path, "example:neuropathy")
    assert problem.validate() == []
    assert {one.id for one in problem.parameters} >= {"intake", "kid_fTm", "gut_f_act", "rbc_R0"}
    median = davy.fit(read_model(), davy.read_person("example:neuropathy", today=TODAY), draws=1).draws
    for one in problem.parameters:  # at the most probable person of Davy's own fit
        known = dict(zip(median.names, median.values[0], strict=True), intake=median.intake_mmol_per_d[0])
        one.nominal_value = float(known[one.id])
    found = simulated(problem)
    for one in problem.measurements:  # the fit goes through the serum, and near the urine
        assert np.log(found[one.observable_id] / one.measurement) == pytest.approx(0, abs=0.25), one.observable_id
    assert found["serum_magnesium"] == pytest.approx(0.72, abs=0.02)


def test_a_change_of_product_is_a_period_and_what_is_no_number_is_named(tmp_path: Path) -> None:
    file = tmp_path / "treated.yaml"
    file.write_text(TREATED)
    problem = opened(tmp_path, str(file))
    assert problem.validate() == []
    (history,) = problem.experiments
    assert [period.time for period in history.sorted_periods] == [-np.inf, 0.0, 12.0]
    assert sorted(one.time for one in problem.measurements) == [0.0, 104.0, 104.0]
    about = (tmp_path / "problem" / "about.txt").read_text()
    assert "rbc-magnesium of 2026-09-02: it is a bound" in about
    assert "the collection was incomplete" in about
    serum = simulated(problem)["serum_magnesium"]  # the last of the two
    problem.experiments[0].periods.pop()
    assert serum > simulated(problem)["serum_magnesium"] + 0.005


def test_how_people_differ_is_a_table_of_our_own(tmp_path: Path) -> None:
    opened(tmp_path, "example:neuropathy")
    lines = (tmp_path / "problem" / "variability.tsv").read_text().splitlines()
    head = lines[0].split("\t")
    rows = [dict(zip(head, line.split("\t"), strict=True)) for line in lines[1:]]
    wasting = next(row for row in rows if row["component"] == "wasting")
    assert (wasting["parameterId"], wasting["low"], wasting["high"], wasting["weight"]) == (
        "kid_fTm",
        "0.5",
        "0.9",
        "0.05",
    )
    assert all(row["source"] for row in rows)


def test_a_person_without_labs_and_a_folder_that_is_a_file_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = tmp_path / "bare.yaml"
    person.write_text("davy: 1\nid: bare\nage_y: 40\n")
    assert main(["export", "petab", str(person), "--today", str(TODAY), "--out", str(tmp_path / "p")]) == 2
    assert "no lab of magnesium informs a fit" in capsys.readouterr().err
    assert main(["export", "petab", "--out", str(person)]) == 2
    assert "cannot be made" in capsys.readouterr().err
