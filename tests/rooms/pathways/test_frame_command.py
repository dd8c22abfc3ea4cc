"""``davy pathways``: what it prints, what it refuses, and what stands on everything that a hypothesis gives."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from davy.cli.main import main
from davy.pathways import record
from davy.pathways.anchoring import not_run
from davy.pathways.catalogue import catalogue, pathway
from davy.pathways.explained import NO_EFFECT, NO_MAP, NOT_MOVED
from davy.pathways.run import PRIOR_BAND, WATERMARK, run
from davy.report.schemas import schema_of


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> tuple[str, str]:
    assert main(["pathways", *arguments]) == status
    out, err = capsys.readouterr()
    return out, err


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    return json.loads(said(capsys, *arguments, "--json")[0])


def test_the_list_holds_every_pathway_and_conforms(capsys: pytest.CaptureFixture[str]) -> None:
    rows = document(capsys, "list")
    assert [row["id"] for row in rows] == [one.id for one in catalogue()]
    assert {"id", "grade", "kind", "anchor_status", "ports"} <= set(rows[0])
    assert not list(Draft202012Validator(schema_of("pathways")).iter_errors(rows))
    for row in rows:
        assert row["off_by_default"] == (row["grade"] == "D") == (row["watermark"] is not None)
        assert {port["direction"] for port in row["ports"]} >= {"out"}
    assert f"{len(rows)} pathways" in said(capsys, "list")[0]


def test_a_run_conforms_and_gives_the_block_that_the_formula_gives(capsys: pytest.CaptureFixture[str]) -> None:
    made = document(capsys, "run", "P02", "--set", "mg_mM=0.6", "--set", "v_mV=-70")
    assert not list(Draft202012Validator(schema_of("pathway")).iter_errors(made))
    assert (made["schema"], made["id"], made["parameter_set"]) == ("davy.pathway/1", "P02_nmda_block", "literature")
    (output,) = [one for one in made["outputs"] if one["name"] == "unblocked_fraction"]
    assert output["value"] == pytest.approx(0.0720, abs=5e-4)
    assert output["p05"] < output["p50"] < output["p95"]
    assert (made["inputs"]["mg_mM"], made["draws"] >= 200) == (0.6, True)
    assert made["anchors"]


def test_the_same_seed_gives_the_same_document_and_another_another_band(capsys: pytest.CaptureFixture[str]) -> None:
    first, again, other = (document(capsys, "run", "P02", "--seed", seed) for seed in ("3", "3", "4"))
    assert first == again
    assert first["outputs"][0]["value"] == other["outputs"][0]["value"]
    assert first["outputs"][0]["p05"] != other["outputs"][0]["p05"]


def test_what_no_curve_holds_is_run_and_said_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "run", "P04", "--set", "rate_Hz=2", "--json")[1] == ""
    out, err = said(capsys, "run", "P04", "--set", "rate_Hz=2.9", "--set", "glyr_nS=9", "--json")
    assert json.loads(out)["inputs"]["rate_Hz"] == 2.9
    assert err.count("\n") == 1
    assert "240 draws" in err


def test_a_value_outside_its_band_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    made = document(capsys, "run", "P04", "--set", "mg_mM=0.6")
    text = said(capsys, "run", "P04", "--set", "mg_mM=0.6")[0]
    for one in made["outputs"]:
        lies = one["value"] > one["p95"] or one["value"] < one["p05"]
        (line,) = [k for k, told in enumerate(text.splitlines()) if told.startswith(f"  {one['name']} ")]
        assert ("not the middle of the draws" in text.splitlines()[line + 1]) == lies, one["name"]
    assert any(one["value"] > one["p95"] for one in made["outputs"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("P02", "--set", "mg_mM=60"), r"mg_mM: 60 mM is outside .*: \S+ to \S+ mM"),
        (("P02", "--set", "v_mv=-70"), r"no such input \(it takes v_mV \(-120 to 60 mV\), mg_mM \(0 to 10 mM\)\)"),
        (("P16c", "--set", "span=1"), r"no such input \(it takes span_mM .*mg_serum_mM \("),
        (("P03", "--set", "nmda_fraction=1.5"), r"nmda_fraction: 1\.5 is outside .*: 0 to 1$"),
        (("P02", "--set", "mg_mM=1_0"), "PORT=VALUE"),
        (("p14",), r"p14: several pathways begin so \(one of: P14a_katp, P14b_"),
        (("P2",), r"P2: no pathway has this id \(near it: P02"),
        (("nmda",), "near it: P02_nmda_block"),
        (("P02", "--set", "mg_mM"), "PORT=VALUE"),
        (("P02", "--set", "mg_mM=high"), "PORT=VALUE"),
        (("P02", "--set", "mg_mM=nan"), "PORT=VALUE"),
        (("P02", "--set", "mg_mM=1", "--set", "mg_mM=2"), "given twice"),
        (("P12b", "--set", "mg_mM=1", "--set", "mg_isf_mM=2"), "mg_isf_mM is given twice"),
    ],
)
def test_what_does_not_read_is_refused_by_name(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    out, err = said(capsys, "run", *arguments, status=2)
    assert out == ""
    assert re.search(told, err), err
    assert "Traceback" not in err


def test_all_faults_are_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    err = said(capsys, "run", "P02", "--set", "mg_mM=-1", "--set", "w=3", status=2)[1]
    assert "mg_mM" in err
    assert ", w:" in err


def test_a_pathway_with_one_magnesium_port_answers_to_mg_mM() -> None:
    one = next(
        found
        for found in catalogue()
        if len(found.magnesium_inputs()) == 1 and found.magnesium_inputs()[0] not in ("mg_mM",) and not found.experiment
    )
    (name,) = one.magnesium_inputs()
    low = one.inputs[name].low or 0.0
    assert run(one.id, {"mg_mM": low}).inputs[name] == low


def test_a_hypothesis_bears_its_mark_in_text_and_document(capsys: pytest.CaptureFixture[str]) -> None:
    one = next(found for found in catalogue() if found.hypothesis and not found.experiment)
    assert WATERMARK.upper() in " ".join(said(capsys, "run", one.id)[0].split())
    assert document(capsys, "run", one.id)["watermark"] == WATERMARK
    assert document(capsys, "run", "P02")["watermark"] is None


def test_an_output_where_it_means_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    sound = document(capsys, "run", "P14e")["outputs"][0]
    assert (sound["outside"], sound["holds"]) == (None, [3.0, 30.0])
    arguments = ("run", "P14e", "--set", "mg_serum_mM=1.9")
    (beyond,) = document(capsys, *arguments)["outputs"]
    assert beyond["value"] < 3.0
    assert beyond["outside"] == "value"
    assert "not to be believed: the model holds for 3 to 30 mM" in " ".join(said(capsys, *arguments)[0].split())


def test_a_band_of_assumed_values_is_called_a_prior_band() -> None:
    for one in catalogue():
        if not one.experiment:
            unsettled = one.provenances("literature") & {"assumed", "recalled"}
            assert (run(one.id).band == PRIOR_BAND) == bool(unsettled), one.id
            break
    assert run("P02").band in ("band", PRIOR_BAND)


def test_the_articles_own_numbers_run_beside_those_of_the_literature() -> None:
    literature, articles = (run("P02", {"mg_mM": 0.6}, parameter_set=name) for name in ("literature", "articles"))
    assert literature.outputs[0].value != articles.outputs[0].value


def test_a_trial_outcome_without_a_map_or_an_effect_says_so() -> None:
    told = {one.sentence for found in catalogue() if found.outcomes and not found.experiment
            for one in run(found.id).explains}  # fmt: skip
    assert told <= {NO_EFFECT, NO_MAP, NOT_MOVED}
    assert NO_MAP in told


def test_ids_are_found_in_any_case_and_by_their_short_form() -> None:
    assert pathway("p02") is pathway("P02_nmda_block") is pathway("P02_NMDA_block")


def test_no_page_is_written_from_stale_anchors(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(record, "anchors_of", lambda found: tuple(not_run(row) for row in found.anchors))
    err = said(capsys, "docs", "--out", str(tmp_path / "pages"), status=1)[1]
    assert "P02_nmda_block" in err
    assert "`davy pathways build`" in err
    assert not (tmp_path / "pages").exists()
