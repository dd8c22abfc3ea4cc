"""Measures: arithmetic over outputs at conditions, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from davy.errors import KnowledgeError
from davy.pathways.catalogue import catalogue, pathway
from davy.pathways.draws import central
from davy.pathways.lanes import Setting
from davy.pathways.lanes import answer as answered
from davy.pathways.measure import Asked, measure
from davy.pathways.record import anchors_of


def answer(asked: Asked) -> np.ndarray:
    return np.array([sum(value for _, value in asked.at) + len(asked.output)])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ab(x=1, y=-70)", -67.0),
        ("ab", 2.0),
        ("ab(x=1) / abc(x=1)", 3.0 / 4.0),
        ("max(ab, abc, a)", 3.0),
        ("100 * (1 - a / ab)", 50.0),
        ("-ab + abs(-3) ** 2", 7.0),
        ("ab > a", 1.0),
        ("(ab < a) + (a < ab)", 1.0),
        ("log(exp(ab))", 2.0),
        ("ab(x=2*3)", 8.0),
    ],
)
def test_a_measure_is_arithmetic(text: str, value: float) -> None:
    assert measure(text).value(answer)[0] == pytest.approx(value, rel=1e-12)


def test_what_a_measure_asks_for_is_known_before_it_is_answered() -> None:
    asked = measure("out(mg_mM=0.6, at_d=30) / P06.flux(mg_mM=1) - anchor:speed").asked
    assert asked == (
        Asked("out", (("at_d", 30.0), ("mg_mM", 0.6))),
        Asked("flux", (("mg_mM", 1.0),), "P06"),
        Asked("speed", own=True),
    )


@pytest.mark.parametrize(
    "text",
    ["out(1)", "out(x=y)", "__import__('os')", "out.a.b", "[1]", "out(**x)", "1 +", "a < b < c", "lambda: 1", "'a'"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(KnowledgeError, match=r"measure|condition"):
        measure(text)


def test_a_pair_measured_under_other_conditions_is_reached_each_under_its_own() -> None:
    found = {one.anchor: one for one in anchors_of(pathway("P08b"))}
    assert found["nhanes"].pair == "diabetes"
    assert found["nhanes"].pair_bracketed
    assert found["diabetes"].pair_bracketed
    hours = {one.anchor: one for one in anchors_of(pathway("P00a"))}
    assert hours["brewer"].status == "met"
    assert hours["fuchs"].status == "missed", "the line takes the middle reading"
    assert hours["fuchs"].pair_bracketed


def test_the_band_reaches_both_of_every_pair() -> None:
    pairs = [(one.id, found) for one in catalogue() for found in anchors_of(one) if found.pair]
    assert len(pairs) > 20
    assert [(name, found.anchor) for name, found in pairs if not found.pair_bracketed] == []


@pytest.mark.parametrize(
    ("name", "text", "low"),
    [
        ("P00a", "mg_csf_mM(mg_plasma_ionised_mM=0.78, at_d=0.1667) / mg_csf_mM(mg_plasma_ionised_mM=0.58)", 1.10),
        ("P05", "open_fraction(mg_neuron_free_mM=0.6)", 0.4),
    ],
)
def test_studies_that_disagree_in_kind_are_reached_by_the_readings_drawn_and_by_no_other_width(
    name: str, text: str, low: float
) -> None:
    about = pathway(name)
    held = about.parameters["literature"]["reading"].value
    drawn, one = (
        central(measure(asked).value(lambda it: answered(about, Setting(draws=240), it))[1:])
        for asked in (text, text.replace(")", f", reading={held})"))
    )
    assert drawn[2] > low > one[2]
