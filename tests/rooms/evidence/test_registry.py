"""The registry holds everything that was carried over, and every id leads somewhere."""

from collections import Counter

import pytest

from davy.errors import KnowledgeError
from davy.evidence.registry import claims, entries, facts, resolve, sources, studies


def test_every_fact_and_claim_was_carried_over():
    clinical = [fact for fact in facts() if fact.id.startswith("f-")]
    kinetic = [fact for fact in facts() if fact.id.startswith("K")]
    assert {f"f-{number:03d}" for number in range(1, 264)} <= {fact.id for fact in clinical}
    assert len(kinetic) == 103
    assert len(claims()) == 370


def test_claims_keep_their_article_and_verdict():
    assert Counter(claim.article for claim in claims()) == {"headache": 37, "muscle": 31, "nerve": 302}
    assert Counter(claim.verdict for claim in claims()) == {
        "supported": 58,
        "partly": 80,
        "contradicted": 49,
        "misattributed": 14,
        "unsupported": 102,
        "unverified": 67,
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
