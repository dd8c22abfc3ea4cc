"""What a piece of evidence may stand behind."""

import pytest

from davy.evidence.registry import claims, facts
from davy.evidence.rules import may_back, unsound


@pytest.mark.parametrize("use", ["default", "limit", "benefit"])
def test_recalled_facts_back_nothing(use):
    recalled = [fact.id for fact in facts() if fact.verified == "memory"]
    assert recalled
    assert all("recalled" in (may_back(name, use) or "") for name in recalled)


@pytest.mark.parametrize("use", ["default", "limit", "benefit"])
def test_unsettled_refuted_and_unsafe_claims_back_nothing(use):
    for claim in claims():
        if claim.unsafe or claim.verdict not in ("supported", "partly"):
            assert may_back(claim.id, use), claim.id


def test_no_claim_backs_a_benefit():
    assert all(may_back(claim.id, "benefit") for claim in claims())


def test_a_supported_claim_may_back_a_default():
    supported = next(claim for claim in claims() if claim.verdict == "supported")
    assert may_back(supported.id, "default") is None


def test_a_judgement_backs_a_limit_only():
    assert may_back("davy-rule", "limit") is None
    assert "judgement" in may_back("davy-rule", "default")
    assert "judgement" in may_back("f-120", "benefit")
    assert may_back("f-120", "limit") is None


def test_an_assumption_backs_a_default_only():
    assert may_back("davy-model", "default") is None
    assert "assumption" in may_back("davy-model", "limit")
    assert "assumption" in may_back("davy-model", "benefit")


def test_a_retracted_source_backs_nothing():
    for use in ("default", "limit", "benefit"):
        assert "retracted" in may_back("s-wenz-2009", use)
        assert "concern" in may_back("s-palomer-2011", use)


@pytest.mark.parametrize("name", ["f-179", "f-190", "f-213", "f-214", "f-249"])
def test_some_trials_are_never_a_promised_benefit(name):
    assert "never a promised benefit" in may_back(name, "benefit")


def test_a_doubtful_fact_backs_a_default_and_nothing_more():
    assert may_back("K035", "default") is None
    assert "doubtful" in may_back("K035", "limit")
    assert "doubtful" in may_back("f-177", "benefit")


def test_an_id_that_nothing_has_says_so():
    assert "f-999" in may_back("f-999", "default")


def test_one_bad_source_spoils_a_row():
    assert unsound(("f-216",), "benefit") == ()
    assert unsound(("f-216", "f-190"), "benefit")
    assert unsound(("K080", "K076"), "default")


def test_a_judgement_beside_a_firm_source_does_no_harm():
    assert unsound(("f-154", "davy-rule"), "limit") == ()
    assert unsound(("K080", "davy-model"), "default") == ()
    assert unsound(("f-070", "f-263", "davy-model"), "default") == ()


def test_something_has_to_carry_the_row():
    assert unsound((), "default") == ("no source",)
    assert unsound(("davy-rule",), "default")
    assert unsound(("davy-model",), "limit")
