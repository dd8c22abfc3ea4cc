"""The audit: every check agrees, each method does its sum, and a wrong number or verdict is found."""

from __future__ import annotations

import pytest

from davy.errors import KnowledgeError
from davy.evidence.checks import claim_checks
from davy.evidence.proteins import proteins, residue
from davy.evidence.registry import claims, resolve
from davy.evidence.rows import Claim
from davy.qualify.audit import audit
from davy.qualify.chemistry import atoms_of, imbalance
from davy.qualify.claim_methods import methods
from davy.qualify.figures import number_at, numbers_in, referred
from davy.qualify.registry_claims import citation_holds, least_food_share, outcomes_named
from davy.qualify.sequences import acids_found, offset_holds, residue_is, residues_found
from davy.qualify.statistics import correlation_of_means, p_of_means

CHECKS = claim_checks()


@pytest.fixture(scope="module")
def checked():
    return audit()


def test_every_check_agrees(checked):
    assert [(one.id, one.why) for one in checked if not one.agreement] == []


def test_how_much_is_checked(checked):
    assert len(checked) >= 160
    assert len({one.claim_id for one in checked}) >= 150
    with_arithmetic = {claim.id for claim in claims() if claim.computed_check}
    assert len(with_arithmetic) == 78
    assert with_arithmetic <= {one.claim_id for one in checked}


def test_where_a_check_decides_the_verdict_follows(checked):
    deciding = [one for one in checked if one.decides]
    assert len(deciding) >= 50
    assert all(one.verdict == ("supported" if one.stands else "contradicted") for one in deciding)


def said_in_the_unit_of(row):
    """The article's own number, where the claim gives a single one in the unit of the check."""
    claim = resolve(row.claim_id)
    assert isinstance(claim, Claim)
    said = numbers_in(claim.value or "")
    return said[0] if len(said) == 1 and claim.unit == row.unit else None


@pytest.mark.parametrize(
    "row", [row for row in CHECKS if row.decides and said_in_the_unit_of(row) is not None], ids=lambda row: row.id
)
def test_a_deciding_check_stands_where_the_article_stands(row):
    low = row.stands_low if row.stands_low is not None else float("-inf")
    high = row.stands_high if row.stands_high is not None else float("inf")
    assert low <= said_in_the_unit_of(row) <= high


def changed(row_id, **cells):
    (row,) = (one for one in CHECKS if one.id == row_id)
    return audit([row.model_copy(update=cells)])[0]


@pytest.mark.parametrize(
    ("row", "cells", "why"),
    [
        ("m-002-051.1", {"expected": 67.0}, "67 within 0.1 was expected"),
        ("m-002-051.1", {"stands_low": 50.0}, "stands by this check, so 'contradicted' is not the verdict"),
        ("c-002-043.1", {"stands_low": 70.0, "stands_high": 80.0}, "does not stand by this check, so 'supported'"),
        ("m-002-085.1", {"inputs": "protein=polg-human|residues=D890 E1135"}, "1 residues came out, 2 within 0"),
    ],
)
def test_a_wrong_number_or_verdict_is_told(row, cells, why):
    assert changed(row, **cells).agreement is False
    assert why in changed(row, **cells).why


def test_a_check_that_does_not_read_says_why():
    with pytest.raises(KnowledgeError, match="no method is called 'guess'"):
        changed("m-002-051.1", method="guess")
    with pytest.raises(KnowledgeError, match="neither a number nor a row of the registry"):
        changed("m-002-051.3", inputs="first=thirty|second=2.25")
    with pytest.raises(KnowledgeError, match=r"m-002-051\.3: 'first' is not name=value"):
        changed("m-002-051.3", inputs="first")
    with pytest.raises(KnowledgeError, match="method product"):
        changed("m-002-051.3", inputs="one=1")
    with pytest.raises(KnowledgeError, match="holds no number 9"):
        changed("m-002-051.3", inputs="first=f-087.value.9|second=1")
    with pytest.raises(KnowledgeError, match="no column 'page'"):
        changed("m-002-051.3", inputs="first=f-087.page|second=1")


def test_every_method_is_used():
    used = {row.method for row in CHECKS}
    within_others = {"rescaled_ratio", "saturable_rate"}
    assert set(methods()) - used == within_others


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3.8+/-1.1 vs 5.0+/-1.3 (p=.005)", (3.8, 1.1, 5.0, 1.3, 0.005)),
        ("-24.4% (MD -7.6 mg, -9.5 to -5.8)", (-24.4, -7.6, -9.5, -5.8)),
        ("20-30", (20, 30)),
        ("313,041 people in 16 cohorts, K106, HbA1c", (313041, 16)),
        (">1000000 (40 cohorts)", (1000000, 40)),
        ("0.95/1.00/1.10/1.13", (0.95, 1.0, 1.1, 1.13)),
        ("1, 2,000 and 3,5", (1, 2000, 3)),
        ("none", ()),
    ],
)
def test_numbers_are_read_from_text(text, numbers):
    assert numbers_in(text) == pytest.approx(numbers)


def test_numbers_are_read_from_the_registry():
    assert number_at("f-087.low".partition(".")[0], "low") == 0.228
    assert number_at("p-fang2016-diet-hf") == 0.78
    assert number_at("t-de-leeuw-2004-improved", "events_arm") == 19
    assert number_at("K125", "value", 2) == 0.85
    assert number_at("m-002-050", "value", 2) == 1.2


def test_a_check_names_what_it_reads():
    assert [(row.id, name) for row in CHECKS for name in referred(row) if name not in row.source] == []


def test_the_chains_are_whole():
    lengths = {row.id: (row.first, len(row.sequence)) for row in proteins()}
    assert lengths == {
        "tert-human": (1, 1132),
        "polg-human": (1, 1239),
        "f1-beta-bovine": (9, 467),
        "trpm7-human": (1, 1865),
    }
    assert all(set(row.sequence) <= set("ACDEFGHIKLMNPQRSTVWY") for row in proteins())


def test_residues_are_looked_up():
    assert residue_is("tert-human", 712, "D") == 1
    assert residue_is("tert-human", 713, "D") == 0
    assert residues_found("f1-beta-bovine", "T163 R189 D256") == 3
    assert acids_found("f1-beta-bovine", "T163 R189 D256") == 1
    assert offset_holds("f1-beta-bovine", "T156 E185 R182", 7) == 3
    with pytest.raises(KnowledgeError, match="runs from 9 to 475"):
        residue("f1-beta-bovine", 8)
    with pytest.raises(KnowledgeError, match="holds no 'p53'"):
        residue("p53", 1)
    with pytest.raises(KnowledgeError, match="are not residues"):
        residues_found("tert-human", "Asp712")


def test_reactions_balance_or_do_not():
    synthase = ("C48H85N3O15P2 + C42H79O10P", "C81H150O17P2 + C9H14N3O8P")
    assert imbalance(*synthase) == 0
    assert imbalance(*synthase, also="C10H16N5O13P3") == 47
    assert imbalance("H2 + O", "H2O") == 0
    assert (atoms_of("C10H15N5O10P2", "P"), atoms_of("C10H15N5O10P2", "Mg")) == (2, 0)


def test_statistics_against_known_answers():
    assert p_of_means(10, 2, 10, 8, 2, 10) == pytest.approx(0.03823, abs=1e-4)
    assert correlation_of_means(1, 1, 50, 0, 1, 50) == pytest.approx(0.4508, abs=1e-3)
    assert correlation_of_means(0, 1, 50, 0, 1, 50) == 0


def test_the_registry_answers_of_itself():
    assert citation_holds("s-barbagallo-2015", "World J Diabetes;Magnesium Research") == 1
    assert outcomes_named("Rodriguez-Moran 2003", "HOMA") == 1
    assert least_food_share("kale black-beans", 320) == pytest.approx(100 * 11.7 / 320)
    with pytest.raises(KnowledgeError, match="holds no moonstone"):
        least_food_share("moonstone", 320)
    with pytest.raises(KnowledgeError, match="no row of studies"):
        outcomes_named("Nobody 1900", "x")
