"""The parameter tables: every row bounded and sourced, every form with a way into the gut."""

import pytest

from davy.body.parameters import dissolution, parameter_values, read_parameters
from davy.body.read import read_model
from davy.errors import KnowledgeError

FORMS = (
    "oxide hydroxide carbonate citrate glycinate buffered-glycinate malate l-threonate chloride sulfate lactate "
    "aspartate gluconate taurate"
).split()


@pytest.mark.parametrize("parameter_set", ["literature", "articles"])
def test_values_lie_in_their_bounds(parameter_set):
    for row in read_parameters(parameter_set):
        assert row.low is not None, row.id
        assert row.high is not None, row.id
        assert row.low <= row.value <= row.high, row.id
        assert row.source, row.id


def test_every_row_is_used():
    used = {*read_model().parameters, *read_model(parameter_set="articles").parameters}
    assert all(row.id in used or row.id.startswith("form.") for row in read_parameters("articles"))


def test_what_is_recalled_backs_nothing():
    assert all(row.verified != "memory" for row in read_parameters("articles"))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_a_way_in_under_both_sets(form):
    entry = dissolution(form)
    assert (entry.state == "gut_GU") == (entry.kdis is not None)
    assert entry.parts(3.0) == ((entry.state, 3.0),)
    fixed = dissolution(form, "articles")
    (absorbed, amount), (rest, remainder) = fixed.parts(3.0)
    assert (absorbed, rest) == ("gut_G1", "gut_GC")
    assert amount + remainder == pytest.approx(3.0)
    assert amount == pytest.approx(3.0 * fixed.fraction)


def test_slow_solids_differ_by_dissolution_alone():
    assert dissolution("oxide").kdis < dissolution("hydroxide").kdis
    assert dissolution("citrate").kdis is None
    share = parameter_values()["form.oxide.kdis"] / (parameter_values()["form.oxide.kdis"] + 6.0)
    assert 0.3 < share < 0.5


def test_the_articles_say_what_the_claims_say():
    assert dissolution("glycinate", "articles").fraction == 0.75
    assert dissolution("oxide", "articles").fraction == 0.04


def test_an_unknown_set_is_named():
    with pytest.raises(KnowledgeError, match="folklore"):
        read_parameters("folklore")
