"""What rests on what, both ways."""

import pytest

from davy.errors import KnowledgeError
from davy.evidence.ledger import Line, ledger
from davy.evidence.links import KINDS, MARKS, Links, find, link_graph
from davy.evidence.search import depends_on, show
from davy.qualify.tables import TABLES


def line(file, number, **cells):
    return Line(file, number, {name.replace("_", "-") if name == "id" else name: cell for name, cell in cells.items()})


@pytest.fixture
def small():
    """A claim, its source, two facts read there, and what rests on them."""
    return Links(
        [
            line("sources.csv", 2, id="s-one", citation="One"),
            line("sources.csv", 3, id="s-two", citation="Two"),
            line("facts.csv", 2, id="f-1", statement="first", source="s-one"),
            line("facts.csv", 3, id="f-2", statement="second", source="s-two"),
            line("claims.csv", 2, id="c-1", statement="said", source="s-one"),
            line("claims.csv", 3, id="c-2", statement="said too", source="s-one"),
            line("parameters/literature.csv", 2, id="kid_fTm", value="1", unit="-", source="f-1"),
            line("priors.csv", 2, id="wasting", label="leak", source="f-2", parameter="kid_fTm"),
            line("limits.csv", 2, id="kidney", value="30", what="no more", source="f-2"),
            line("disagreements.csv", 2, id="kidney", topic="kidneys", source="c-1;f-2"),
        ]
    )


def ways(steps):
    return {step.node.key: step.through for step in steps}


def test_a_claim_leads_through_source_and_fact_to_what_rests_on_it(small):
    (claim,) = small.called("c-1")
    assert ways(small.rests_on(claim)) == {"s-one": ()}
    assert ways(small.depends(claim)) == {
        "disagreements.csv:kidney": (),
        "f-1": ("s-one",),
        "parameters/literature.csv:kid_fTm": ("s-one", "f-1"),
        "priors.csv:wasting": ("s-one", "f-1", "parameters/literature.csv:kid_fTm"),
    }


def test_a_parameter_leads_back_to_its_source_and_to_the_claims(small):
    (parameter,) = small.called("fTm")
    assert parameter.id == "kid_fTm"
    assert ways(small.rests_on(parameter)) == {"f-1": (), "s-one": ("f-1",)}
    assert [claim.id for claim in small.judged(parameter)] == ["c-1", "c-2"]


def test_a_source_shows_all_that_rests_on_it(small):
    (source,) = small.called("s-two")
    assert set(ways(small.depends(source))) == {
        "f-2",
        "priors.csv:wasting",
        "limits.csv:kidney",
        "disagreements.csv:kidney",
    }


def test_rows_that_share_an_id_are_told_apart(small):
    assert [node.table for node in small.called("kidney")] == ["limits.csv", "disagreements.csv"]
    assert [node.table for node in small.called("disagreements:kidney")] == ["disagreements.csv", "limits.csv"]
    assert [node.table for node in small.called("disagreements.csv: kidney")] == ["disagreements.csv", "limits.csv"]


def test_a_row_that_rests_on_itself_is_found():
    circle = Links([line("facts.csv", 2, id="f-1", source="f-2"), line("facts.csv", 3, id="f-2", source="f-1")])
    assert circle.circles() == (("f-1", "f-2"), ("f-2", "f-1"))
    assert link_graph().circles() == ()


def test_every_table_has_a_kind_and_every_row_a_key():
    assert {node.kind for node in link_graph().nodes.values()} <= set(KINDS) - {"other"}
    assert {node.table for node in link_graph().nodes.values()} == {table.file for table in TABLES}
    assert len(link_graph().nodes) == len(ledger())


def test_each_link_is_walked_from_both_ends():
    graph = link_graph()
    for node in graph.nodes.values():
        for name in set(node.cites) & set(graph.nodes):
            assert node in graph.cited_by(name)
    limit = show("upper-level-us")
    assert {"f-051", "s-iom-1997"} <= {step.node.key for step in limit.rests_on}
    for name in ("f-051", "s-iom-1997", "c-000-016"):
        assert "limits.csv:upper-level-us" in ways(show(name).depends), name


def test_a_claim_never_depends_on_another_claim_nor_on_a_mark():
    graph = link_graph()
    for claim in (node for node in graph.nodes.values() if node.kind == "claim"):
        for step in graph.depends(claim):
            assert step.node.kind != "claim"
            assert not MARKS & set(step.through)


def test_the_claims_of_a_listing_carry_what_rests_on_them():
    entry = show("m-002-051").entry
    assert "disagreements.csv:heart" in depends_on(entry)
    assert "p-delgobbo2013-circ-cvd" in depends_on(entry)


@pytest.mark.parametrize(
    ("name", "near"),
    [("m-002-51", "m-002-051"), ("f-51", "f-051"), ("ftn", "kid_fTm"), ("kidney-refuse", "kidney-refuse-below")],
)
def test_an_unknown_id_lists_near_ones(name, near):
    with pytest.raises(KnowledgeError) as refused:
        find(name)
    assert name in str(refused.value)
    assert near in str(refused.value)
