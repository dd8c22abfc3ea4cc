"""``davy evidence show`` and ``claims`` where a reader stands."""

import json

import jsonschema
import pytest

from davy.cli.main import main
from davy.evidence.checks import claim_checks
from davy.report import audit_documents
from davy.report.schemas import schema_of


def said(capsys, *words):
    status = main(["evidence", *words])
    out, err = capsys.readouterr()
    return status, out, err


def document(capsys, name):
    status, out, _ = said(capsys, "show", name, "--json")
    assert status == 0
    return json.loads(out)


def test_a_claim_tells_its_article_verdict_source_and_what_rests_on_it(capsys):
    status, out, err = said(capsys, "show", "m-002-051")
    assert (status, err) == (0, "")
    for words in (
        "nerve: Del Gobbo section",
        "verdict: contradicted (arithmetic)",
        "the source says: RR 0.70",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC3683817",
        "p-delgobbo2013-circ-cvd",
        "disagreement  heart",
    ):
        assert words in out, words


def test_the_checks_of_a_claim_are_run_and_shown(capsys):
    out = said(capsys, "show", "m-002-051")[1]
    assert "Checked again now:" in out
    assert "55.18 %, expected 55.2: agrees (the article's number does not stand by it; this alone settles" in out
    told = document(capsys, "m-002-051")
    assert [one["id"] for one in told["checks"]] == ["m-002-051.1", "m-002-051.2", "m-002-051.3"]
    assert told["checks"][0]["value"] == pytest.approx(100 * (1 - 0.7 ** (0.45 / 0.2)))
    assert all(one["agreement"] for one in told["checks"])
    jsonschema.validate(told, schema_of("evidence"))
    assert document(capsys, "c-000-010")["checks"] == []


def test_a_check_that_fails_is_shown_as_such(capsys, monkeypatch):
    row = next(one for one in claim_checks() if one.id == "m-002-051.1").model_copy(update={"expected": 67.0})
    monkeypatch.setattr(audit_documents, "checks_of", lambda _: (row,))
    assert "DOES NOT AGREE: 55.1" in said(capsys, "show", "m-002-051")[1]


def test_unsafe_advice_is_marked(capsys):
    assert "UNSAFE" in said(capsys, "show", "c-002-105")[1]
    assert "UNSAFE: this advice never" not in said(capsys, "show", "m-002-051")[1]


@pytest.mark.parametrize(
    ("name", "kind", "behind", "claim"),
    [
        ("fTm", "parameter", "K080", "m-002-050"),
        ("upper-level-us", "limit", "f-051", "c-000-016"),
        ("serum", "target", "K080", "m-002-050"),
        ("systolic-pressure", "benefit", "f-216", "c-000-019"),
        ("f-051", "fact", "s-iom-1997", "c-000-016"),
    ],
)
def test_every_kind_of_row_goes_back_to_its_source(capsys, name, kind, behind, claim):
    told = document(capsys, name)
    assert told["kind"] == kind
    assert behind in {one["id"] for one in told["rests_on"]}
    assert all(one["url"] or one["doi_or_pmid"] or one["id"].startswith(("s-", "davy-")) for one in told["sources"])
    assert claim in {one["id"] for one in told["claims"]}


def test_a_parameter_shows_what_draws_it(capsys):
    told = document(capsys, "fTm")
    assert told["id"] == "kid_fTm"
    assert {"fTm-wasting", "thiazide"} <= {one["id"] for one in told["depends"]}


def test_a_source_goes_the_other_way(capsys):
    told = document(capsys, "s-iom-1997")
    tables = {one["id"]: (one["table"], one["through"]) for one in told["depends"]}
    assert tables["f-051"] == ("facts.csv", [])
    assert tables["upper-level-us"] == ("limits.csv", ["f-051"])
    assert told["rests_on"] == []


@pytest.mark.parametrize("name", ["m-002-051", "fTm", "kidney-refuse-below", "fine-1.4", "s-iom-1997", "K080", "oxide"])
def test_the_document_fits_its_schema(capsys, name):
    jsonschema.validate(document(capsys, name), schema_of("evidence"))


def test_the_listing_of_claims_fits_its_schema(capsys):
    jsonschema.validate(json.loads(said(capsys, "claims", "--json")[1]), schema_of("claims"))


def test_claims_are_chosen_by_their_class_of_error(capsys):
    rows = json.loads(said(capsys, "claims", "--error-class", "interval-digit", "--json")[1])
    assert [row["id"] for row in rows] == ["m-002-006", "m-002-056"]
    assert said(capsys, "claims", "--error-class", "typo")[0] == 2


def test_rows_of_one_id_are_named(capsys):
    told = document(capsys, "oxide")
    assert (told["kind"], told["also"]) == ("form", ["disagreements.csv:oxide"])
    assert document(capsys, "disagreements:oxide")["kind"] == "disagreement"


def test_an_unknown_id_lists_near_ones(capsys):
    status, out, err = said(capsys, "show", "m-002-51")
    assert (status, out) == (2, "")
    assert "m-002-051" in err


def test_claims_carry_error_class_and_what_depends_on_them(capsys):
    status, out, _ = said(capsys, "claims", "--json")
    assert status == 0
    rows = {row["id"]: row for row in json.loads(out)}
    assert len(rows) == 370
    assert rows["m-002-055"]["error_class"] == "unit"
    assert rows["c-000-003"]["error_class"] is None
    assert "limits.csv:upper-level-us" in rows["c-000-016"]["depends"]
    assert rows["m-002-051"]["sources"] == ["s-del-gobbo-2013"]
    assert sum(bool(row["depends"]) for row in rows.values()) > 150
    assert "(unit)" in said(capsys, "claims", "--search", "50 mg/day")[1]


def test_a_benefit_shows_how_it_is_computed(capsys):
    told = document(capsys, "migraine-responders")
    jsonschema.validate(told, schema_of("evidence"))
    made = told["appraisal"]
    assert made["how"] == "pool"
    assert made["result"]["certainty"] == "very low"
    assert made["stamp"] == made["result"]["stamp"]
    (trial,) = made["studies"]
    assert (trial["id"], trial["printed"]) == ("t-pfaffenrath-1996-responders", "10/35 against 10/34, RR 0.97")
    assert len(trial["risk_of_bias"]) == 5
    assert {one["domain"] for one in made["grade"]} >= {"risk of bias", "imprecision"}
    assert {"t-pfaffenrath-1996-responders", "pfaffenrath-responders"} <= {one["id"] for one in told["rests_on"]}
    text = said(capsys, "show", "migraine-responders")[1]
    for words in ("computed here from the arms", "certainty: very low", "D1 randomisation: some concerns", "stamp "):
        assert words in text


def test_a_study_goes_the_other_way_to_the_benefit(capsys):
    told = document(capsys, "t-mooren-2011-sbp")
    assert {"sbp-arms", "systolic-pressure"} <= {one["id"] for one in told["depends"]}


def test_no_other_row_has_an_appraisal(capsys):
    assert document(capsys, "f-216")["appraisal"] is None
