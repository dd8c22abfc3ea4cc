"""Looking things up."""

import pytest

from davy.errors import KnowledgeError
from davy.evidence.search import find_claims, find_facts, find_sources, show


def test_claims_by_verdict_article_and_text():
    found = find_claims(verdict="contradicted", article="nerve", text="oxide glycinate")
    assert found
    for claim in found:
        assert claim.verdict == "contradicted"
        assert claim.article == "nerve"
    assert len(find_claims()) == 370
    assert find_claims(text="no such words anywhere") == ()


def test_facts_by_topic_and_text():
    assert {fact.topic for fact in find_facts(topic="upper-level")} == {"upper-level"}
    assert any(fact.id == "f-135" for fact in find_facts(text="Bictegravir"))


def test_sources_by_text():
    assert any(source.id == "s-iom-1997" for source in find_sources(text="dietary reference intakes magnesium"))


def keys(steps):
    return {step.node.key for step in steps}


def test_an_entry_shows_what_it_cites_and_what_cites_it():
    fact = show("f-216")
    assert "s-zhang-2016" in keys(fact.rests_on)
    assert {"p-zhang-2016-sbp", "benefits.csv:systolic-pressure"} <= keys(fact.depends)
    assert "f-216" in keys(show("s-zhang-2016").depends)


def test_a_source_rests_on_nothing():
    assert show("davy-rule").rests_on == ()


def test_an_unknown_id_is_refused():
    with pytest.raises(KnowledgeError, match="nonsense"):
        show("nonsense")
