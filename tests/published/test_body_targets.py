"""Every protocol of the body model re-run: what is met stays met, what misses still misses by what is said."""

import pytest

from davy.body import read_model
from davy.body.targets import read_targets
from davy.qualify.protocols import run_protocols

LISTED_MISFITS = {"supplement-serum-90", "depletion-serum-100", "egfr-5"}


@pytest.fixture(scope="module")
def outcomes():
    return {outcome.row.id: outcome for outcome in run_protocols(read_model())}


@pytest.mark.parametrize("row", read_targets(), ids=lambda row: row.id)
def test_target(row, outcomes):
    outcome = outcomes[row.id]
    assert outcome.agrees, outcome.sentence


def test_nothing_is_dropped_to_make_the_table_green():
    rows = read_targets()
    assert len(rows) == 38
    assert {row.id for row in rows if row.status == "misfit"} == LISTED_MISFITS
    with_target = [row for row in rows if row.target is not None]
    assert len(with_target) == 27
    assert all(row.status in ("met", "misfit") for row in with_target)
    assert all(row.size is not None for row in rows if row.status != "met")
    assert all(abs(row.size) > row.tolerance for row in rows if row.status == "misfit")
