"""The registry holds everything that was carried over, and every id leads somewhere."""

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from davy.errors import KnowledgeError
from davy.evidence.registry import claims, entries, facts, resolve, sources, studies
from davy.evidence.rows import ErrorClass
from davy.tables import knowledge_file


def test_every_fact_and_claim_was_carried_over():
    clinical = [fact for fact in facts() if fact.id.startswith("f-")]
    kinetic = [fact for fact in facts() if fact.id.startswith("K")]
    assert {f"f-{number:03d}" for number in range(1, 264)} <= {fact.id for fact in clinical}
    assert len(kinetic) == 120
    assert len(claims()) == 370


def test_claims_keep_their_article_and_verdict():
    assert Counter(claim.article for claim in claims()) == {"headache": 37, "muscle": 31, "nerve": 302}
    assert Counter(claim.verdict for claim in claims()) == {
        "supported": 69,
        "partly": 105,
        "contradicted": 57,
        "misattributed": 16,
        "unsupported": 116,
        "unverified": 7,
    }
    assert sum(claim.unsafe for claim in claims()) == 10


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("f-051", "350", "mg/day supplemental"),
        ("f-055", "250", "mg/day supplemental"),
        ("f-154", "30", "mL/min/1.73m2"),
        ("f-216", "-2.0", "mmHg SBP"),
        ("K080", "0.75-0.95", "mmol/L"),
        ("K090", "0.04", "mmol/L"),
    ],
)
def test_numbers_are_as_they_were_collected(name, value, unit):
    fact = resolve(name)
    assert (fact.value, fact.unit) == (value, unit)


def test_a_printed_interval_is_a_pair_of_numbers():
    assert (resolve("K090").low, resolve("K090").high) == (0.02, 0.06)
    assert (resolve("K121").low, resolve("K121").high) == (-0.016, -0.007)
    assert resolve("K060").low is None  # printed as an SD with percentiles: text only
    assert resolve("K060").spread.startswith("SD 0.103")


def test_every_source_of_every_entry_resolves():
    for entry in entries().values():
        for name in getattr(entry, "source", ()):
            assert name in entries(), (entry.id, name)


def test_the_marks_of_judgement_and_assumption_are_sources():
    assert resolve("davy-rule").kind == "rule"
    assert resolve("davy-model").kind == "model"


def test_notices_are_kept():
    assert resolve("s-wenz-2009").status == "retracted"
    assert resolve("s-palomer-2011").status == "concern"


def test_nothing_names_how_it_was_collected():
    for entry in (*sources(), *facts(), *claims(), *studies()):
        text = entry.model_dump_json().casefold()
        assert "find_string" not in text, entry.id
        assert "seed" not in text.replace("pumpkin seed", ""), entry.id


def test_the_study_table_keeps_doubt_and_overlap():
    by_id = {study.id: study for study in studies()}
    del_gobbo = by_id["p-delgobbo2013-circ-ihd"]
    assert (del_gobbo.estimate, del_gobbo.low, del_gobbo.high) == (0.83, 0.75, 1.05)
    assert del_gobbo.status == "doubtful"
    nurses = next(study for study in studies() if study.study.startswith("Hruby NHS"))
    assert any("lopez-ridaura-nhs" in other for other in nurses.same_people)
    assert {study.kind for study in studies()} == {"trial", "cohort", "pooled"}
    durango = [study for study in studies() if study.group.endswith("durango")]
    assert len({study.study for study in durango}) >= 5


def test_overlap_is_told_on_both_sides():
    by_id = {study.id: study for study in studies()}
    for study in studies():
        if study.kind == "cohort":
            for other in study.same_people:
                assert study.id in by_id[other].same_people


def test_an_unknown_id_is_named():
    with pytest.raises(KnowledgeError, match="'f-999'"):
        resolve("f-999")


def test_every_changed_verdict_is_told_with_its_source():
    told = {}
    for line in knowledge_file("CHANGES.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and re.fullmatch(r"[cm]-00\d-\d{3}", cells[0]):
            told[cells[0]] = cells
    assert len(told) == 62
    assert sum(cells[1] == "unverified" for cells in told.values()) == 60
    for name, _, now, behind, why in told.values():
        claim = resolve(name)
        assert claim.verdict == now
        assert set(behind.split("; ")) == set(claim.source)
        assert claim.url
        assert claim.source_says
        assert why


def test_every_error_has_its_class():
    counted = Counter(claim.error_class for claim in claims() if claim.verdict not in ("supported", "unverified"))
    assert None not in counted
    assert set(get_args(ErrorClass)) == set(counted)
    assert {claim.error_class for claim in claims() if claim.verdict in ("supported", "unverified")} == {None}


def test_the_readme_tells_how_many_claims_hold():
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    held = sum(claim.verdict == "supported" for claim in claims())
    assert f"Of {len(claims())} checkable claims in them, {held} are supported" in readme


def test_every_class_of_error_is_told_with_its_claims():
    told = {}
    for line in knowledge_file("CHANGES.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0] in get_args(ErrorClass):
            told[cells[0]] = (int(cells[2]), len(cells[3].split()))
    counted = Counter(claim.error_class for claim in claims() if claim.error_class)
    assert told == {kind: (number, number) for kind, number in counted.items()}
