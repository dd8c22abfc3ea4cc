"""Every protocol of the body model re-run: what is met stays met, what misses still misses by what is said."""

import pytest

from davy.body import read_model
from davy.body.parameters import read_parameters
from davy.body.targets import read_targets
from davy.evidence.rows import Fact
from davy.qualify.protocols import run_protocols
from davy.tables import read_table

LISTED_MISFITS = {
    "supplement-serum-90",
    "division-7",
    "division-gain",
    "load-retention-small",
    "load-retention-test",
}


@pytest.fixture(scope="module")
def outcomes():
    return {outcome.row.id: outcome for outcome in run_protocols(read_model())}


@pytest.mark.parametrize("row", read_targets(), ids=lambda row: row.id)
def test_target(row, outcomes):
    outcome = outcomes[row.id]
    assert outcome.agrees, outcome.sentence


def test_nothing_is_dropped_to_make_the_table_green():
    rows = read_targets()
    assert len(rows) == 60
    assert {row.id for row in rows if row.status == "misfit"} == LISTED_MISFITS
    with_target = [row for row in rows if row.target is not None]
    assert len(with_target) == 41
    assert all(row.status in ("met", "misfit") for row in with_target)
    assert all(row.size is not None for row in rows if row.status != "met")
    assert all(abs(row.size) > row.tolerance for row in rows if row.status == "misfit")


def misfit_in_tolerances(row, figure):
    """Squared distance from the target, in tolerances: beyond three it counts as three."""
    return min(abs(figure - row.target) / row.tolerance, 3.0) ** 2


def test_the_whole_table_is_better_than_before(outcomes):
    """A change of the body is kept only if the table improves; figures that nothing was fitted to stand apart."""
    rows = [row for row in read_targets() if row.target is not None and row.before is not None]
    assert len(rows) == 38
    for fitted in (True, False):
        part = [row for row in rows if (row.kind == "calibrate") == fitted]
        before = sum(misfit_in_tolerances(row, row.before) for row in part)
        now = sum(misfit_in_tolerances(row, outcomes[row.id].achieved) for row in part)
        assert now < before, (fitted, before, now)
    met_before = sum(abs(row.before - row.target) <= row.tolerance for row in rows)
    met_now = sum(outcomes[row.id].row.status == "met" for row in rows)
    assert met_now > met_before


def test_what_is_for_validation_was_never_fitted():
    """No parameter rests on a fact that the table validates with."""
    cited = {source for row in read_parameters() for source in row.source}
    validation = {source for row in read_targets() if row.kind == "validate" for source in row.source}
    uses = {fact.id: fact.use for fact in read_table("facts.csv", Fact)}
    assert all(uses[source] == "validate" for source in validation)
    assert len(validation) >= 4
    assert not cited & validation
