"""Misfits: each target with its miss in tolerances, the worst first, and what is no number."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from davy.body.read import read_model
from davy.body.targets import read_targets
from davy.evidence.registry import resolve
from davy.qualify.misfits import misfits


@pytest.fixture(scope="module")
def made():
    return misfits()


def test_every_target_is_run_and_the_worst_comes_first(made):
    assert {one.outcome.row.id for one in made.targets} == {row.id for row in read_targets()}
    sizes = [abs(one.in_tolerances) for one in made.targets if one.in_tolerances is not None]
    assert sizes == sorted(sizes, reverse=True)
    assert {one.outcome.row.id for one in made.missed} == {row.id for row in read_targets() if row.status == "misfit"}


def test_a_miss_is_told_in_tolerances(made):
    for row in made.rows():
        if row.get("target") is None:
            continue
        assert row["miss"] == pytest.approx(row["value"] - row["target"])
        assert row["miss_in_tolerances"] == pytest.approx(row["miss"] / row["tolerance"])
        assert row["met"] == (abs(row["miss"]) <= row["tolerance"])


def test_a_worse_body_has_more_misfits(made):
    model = read_model()
    worse = misfits(model=replace(model, defaults={**model.defaults, "kid_Tm": 0.9 * model.defaults["kid_Tm"]}))
    assert len(worse.missed) > len(made.missed)
    serum = next(one for one in worse.targets if one.outcome.row.id == "serum")
    assert serum.in_tolerances < -1


def test_what_is_no_number_cites_what_it_rests_on(made):
    known = [row for row in made.rows() if row["kind"] == "known"]
    assert len(known) >= 8
    for row in known:
        assert row["statement"]
        for source in row["sources"]:
            assert resolve(source) is not None
    assert "20 weeks" in next(row for row in known if row["id"] == "x-plateau")["statement"]


def test_rows_are_plain_json(made):
    json.dumps(made.rows(), allow_nan=False)
