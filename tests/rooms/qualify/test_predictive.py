"""Predictive checks: bands of the survey's size, what was fitted to is marked, a wrong body is caught."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from davy.body.read import read_model
from davy.qualify.fitted_facts import fitted_facts, was_fitted
from davy.qualify.predictive import predictive


@pytest.fixture(scope="module")
def made():
    return predictive()


def test_every_kind_of_fact_is_there(made):
    said = " ".join(one.row.label for one in made.checks)
    for word in ("US men", "urine, Dutch", "eGFR", "thiazide", "acid blocker", "SGLT2", "loop diuretic", "diabetes"):
        assert word in said


def test_what_something_was_fitted_to_is_shown_and_not_counted(made):
    by_id = {one.row.id: one for one in made.checks}
    for name in ("v-urine-p50", "v-ppi-rotterdam", "v-sglt2-network", "v-thiazide-rotterdam", "v-t2d-mean-clinic"):
        assert by_id[name].fitted
        assert not by_id[name].counted
    assert by_id["v-sglt2-tang"].fitted, "the same people as a fact that a covariate rests on"
    for name in ("v-sglt2-ckd", "v-t2d-mean-primary", "v-ckd-low", "v-thiazide-normal", "v-serum-below-085-us"):
        assert by_id[name].counted
    assert len(made.counted) >= 12


def test_fitted_facts_are_found_in_the_tables():
    assert {"K121", "f-146", "K083", "f-402"} <= fitted_facts()
    assert was_fitted(["f-461", "K120"])
    assert not was_fitted(["f-461", "f-478"])


def test_a_band_is_about_its_median_and_narrower_for_more_persons(made):
    by_id = {one.row.id: one for one in made.checks}
    for one in made.checks:
        if one.band is not None:
            assert one.band.low <= one.band.median <= one.band.high
    few, many = by_id["v-urine-diabetes"].band, by_id["v-urine-mean-male"].band
    assert few.high - few.low > 2 * (many.high - many.low)


def test_an_error_that_is_not_told_gives_no_band(made):
    mrfit = next(one for one in made.checks if one.row.id == "v-thiazide-mrfit")
    assert (mrfit.band, mrfit.inside, mrfit.counted) == (None, None, False)


def test_a_rounded_figure_is_held_to_what_it_may_have_been(made):
    one = next(one for one in made.checks if one.row.id == "v-t2d-mean-trials")
    edge = replace(one, band=replace(one.band, low=one.row.value + 0.01, median=0.8, high=0.81))
    assert edge.inside
    assert not replace(edge, row=edge.row.model_copy(update={"rounding": 0.001})).inside


def test_a_body_whose_kidney_leaks_is_caught():
    """Serum of a population moves out of the bands when the threshold of everybody's kidney falls by a twentieth."""
    model = read_model()
    leaky = replace(model, defaults={**model.defaults, "kid_Tm": 0.95 * model.defaults["kid_Tm"]})
    names = ["v-serum-below-085-qatar", "v-serum-mean-victoria", "v-t2d-mean-primary"]
    sound, wrong = (predictive(model=one, ids=names) for one in (model, leaky))
    for one, two in zip(sound.checks, wrong.checks, strict=True):
        assert two.inside is False
        assert abs(two.miss) > abs(one.miss)


def test_rows_are_plain_json(made):
    rows = json.loads(json.dumps(made.rows(), allow_nan=False))
    assert len(rows) == len(made.checks)
    assert {"id", "what", "unit", "reported", "low", "median", "high", "inside", "counted"} <= set(rows[0])
