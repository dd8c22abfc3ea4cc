"""The knowledge check on a pathway with one fault: plasma by the back door, units that differ, a map from nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from davy.pathways.catalogue import Pathway, pathway
from davy.pathways.rows import FeedRow
from davy.qualify import pathway_rules
from davy.qualify.pathway_units import same_unit


def faults(found: Pathway, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(pathway_rules, "catalogue", lambda: (found,))
    return [problem.what for problem in pathway_rules.pathways_fit(pathway_rules.Knowledge({}))]


def feed(owner: str, port: str, source: str, when: str = "coupled") -> FeedRow:
    return FeedRow.model_validate(
        {
            "pathway": owner, "port": port, "feed": source, "when": when, "source": "davy-model",
            "verified": "assumed", "status": "active",
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "port", "source", "when", "told"),
    [
        ("P02", "mg_mM", "body.kid_Cfree", "coupled", "is no interstitial magnesium: that comes from an adapter"),
        (
            "P01",
            "mg_cell_free_mM",
            "body.kid_Cfree",
            "coupled",
            "is no muscle-free magnesium: that comes from an adapter",
        ),
        ("P02", "mg_mM", "P00c.mg_muscle_free_mM", "always", "muscle-free magnesium, and mg_mM takes interstitial"),
        ("P02", "v_mV", "P10.il6_pg_per_mL", "always", "gives pg/mL where v_mV takes mV"),
        ("P10", "mg_plasma_ionised_mM", "body.kid_Cfree", "always", "there only when coupled"),
    ],
)
def test_a_feed_that_does_not_fit_is_found(
    monkeypatch: pytest.MonkeyPatch, name: str, port: str, source: str, when: str, told: str
) -> None:
    found = pathway(name)
    assert faults(found, monkeypatch) == []
    assert any(
        told in one for one in faults(replace(found, feeds={port: feed(found.id, port, source, when)}), monkeypatch)
    )


def test_a_unit_that_is_not_the_models_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    found = pathway("P18")
    inputs = {name: port.model_copy(update={"unit": "mM"}) for name, port in found.inputs.items()}
    (told,) = set(faults(replace(found, inputs=inputs), monkeypatch))
    assert "mg_lumen_mmol_per_d is 'mM' in its row and 'mmol_per_day' in the model" in told


def test_a_map_without_a_source_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    found = pathway("P03h")
    outcomes = tuple(row.model_copy(update={"map_source": ()}) for row in found.outcomes)
    assert any("has no source" in one for one in faults(replace(found, outcomes=outcomes), monkeypatch))


@pytest.mark.parametrize(
    ("declared", "unit", "same"),
    [
        ("mmol_per_litre", "mM", True), ("mM_per_s", "mM/s", True), ("umol_per_litre", "umol/L", True),
        ("per_day", "1/d", True), ("gram_per_day", "g/d", True), ("braking", "(dL/mg)^2/d", True),
        ("per_day", "1/h", False), ("mmol_per_litre", "mmol/d", False), ("one", "mM", False), ("mM", "1", False),
    ],
)  # fmt: skip
def test_the_name_of_a_unit_spells_it(declared: str, unit: str, same: bool) -> None:
    assert same_unit(declared, unit) is same
