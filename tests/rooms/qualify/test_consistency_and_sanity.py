"""What the articles say twice, and what does not fit in a source: found from the numbers, and only where it is so."""

from __future__ import annotations

import csv
import io

import pytest

from davy.errors import KnowledgeError
from davy.evidence.consistency import repeated
from davy.evidence.ledger import table_texts
from davy.evidence.oddities import known_oddities
from davy.qualify.consistency import consistency
from davy.qualify.library import Knowledge
from davy.qualify.sanity import oddities


def test_every_repeated_quantity_stands_as_it_is_on_record():
    found = {one.id: one for one in consistency()}
    assert all(one.agreement for one in found.values())
    low = found["low-serum-in-diabetes"]
    assert [(one.low, one.high) for one in low.readings] == [(25, 60), (45, 60), (50, 50)]
    assert (low.relation, round(low.spread, 1)) == ("differ", 2.4)
    assert found["serum-interval"].readings[1].high == 1.2
    assert found["oxide-absorption"].relation == "apart"
    assert found["regrowth-days"].relation == "agree"
    assert sum(one.relation != "agree" for one in found.values()) >= 6


def test_another_number_in_a_claim_is_noticed():
    (row,) = (one for one in repeated() if one.id == "regrowth-days")
    (found,) = consistency([row.model_copy(update={"readings": ("c-002-090.value", "c-002-052.value")})])
    assert (found.relation, found.agreement) == ("apart", False)
    with pytest.raises(KnowledgeError, match="holds no number"):
        consistency([row.model_copy(update={"readings": ("c-002-001.value",)})])
    with pytest.raises(KnowledgeError, match="is not a claim with a cell"):
        consistency([row.model_copy(update={"readings": ("f-051.value",)})])


def with_cells(file, row_id, **cells):
    texts = dict(table_texts())
    reader = csv.DictReader(io.StringIO(texts[file]))
    out = io.StringIO()
    writer = csv.DictWriter(out, reader.fieldnames, lineterminator="\n")
    writer.writeheader()
    for record in reader:
        writer.writerow(record | (cells if record["id"] == row_id else {}))
    texts[file] = out.getvalue()
    return Knowledge(texts)


def names(knowledge):
    return {f"{one.id}.{one.kind}" for one in oddities(knowledge)}


def test_exactly_the_known_oddities_are_found():
    assert names(Knowledge(table_texts())) == {row.id for row in known_oddities()}


def test_how_large_they_are():
    sizes = {f"{one.id}.{one.kind}": one.size for one in oddities(Knowledge(table_texts()))}
    assert sizes["p-delgobbo2013-circ-ihd.lopsided"] == pytest.approx(0.83 / (0.75 * 1.05) ** 0.5)
    assert sizes["t-rodriguez-moran-2003-homa.p-value"] > 20
    assert sizes["K111.sum"] == pytest.approx(1.8)


@pytest.mark.parametrize(
    ("file", "row", "cells", "name"),
    [
        ("studies.csv", "p-fang2016-diet-hf", {"estimate": "0.92"}, "p-fang2016-diet-hf.outside"),
        ("studies.csv", "p-fang2016-diet-hf", {"low": "0.60"}, "p-fang2016-diet-hf.lopsided"),
        ("studies.csv", "p-zhang-2016-serum", {"high": "0.09"}, "p-zhang-2016-serum.lopsided"),
        ("studies.csv", "t-mooren-2011-sbp", {"estimate": "-2.7"}, "t-mooren-2011-sbp.difference"),
        (
            "studies.csv",
            "t-pfaffenrath-1996-responders",
            {"events_arm": "15"},
            "t-pfaffenrath-1996-responders.difference",
        ),
        ("studies.csv", "t-mooren-2011-sbp", {"n_arm": "26"}, "t-mooren-2011-sbp.sum"),
        ("studies.csv", "t-de-leeuw-2004-worse", {"events_arm": "60"}, "t-de-leeuw-2004-worse.sum"),
    ],
)
def test_a_planted_oddity_is_found(file, row, cells, name):
    assert name in names(with_cells(file, row, **cells))


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({"estimate": "0.89"}, "p-delgobbo2013-circ-ihd.lopsided"),
        ({"low": "0.66"}, "p-delgobbo2013-circ-ihd.lopsided"),
    ],
)
def test_rounding_alone_is_not_odd(cells, name):
    assert name not in names(with_cells("studies.csv", "p-delgobbo2013-circ-ihd", **cells))
