"""The catalogue: nothing merged away, every anchor a test, every model sound, and grade D kept away from decisions."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from davy.body.sbml import sbml_from_antimony, warnings_of
from davy.errors import InputError
from davy.evidence.ledger import table_texts
from davy.pathways.anchoring import anchored
from davy.pathways.catalogue import Pathway, catalogue, pathway
from davy.pathways.draws import DRAWS, parameter_lanes
from davy.pathways.homes import solved
from davy.pathways.inputs import defaults
from davy.pathways.lanes import Setting, input_lanes, outputs_at
from davy.pathways.local import observed
from davy.pathways.record import anchors_of, fresh, runs_experiment
from davy.pathways.rows import AnchorRow
from davy.qualify.library import Knowledge
from davy.qualify.pathway_rules import effects_concern_somebody, magnesium_is_local, recalled_is_a_hypothesis
from davy.tables import knowledge_file

FOUNDING = """P00a P00b P00c P00d P01 P02 P02b P03 P03b P03c P03d P03e P03f P03g P03h P04 P04b P04c P04d P04e P05 P05b
P05c P06 P06b P06c P07 P07b P07c P08 P08b P09 P09b P10 P10b P11 P11b P11c P12a P12b P12c P12d P12e P12f P12g P13a P13b
P13c P14a P14b P14c P14d P15a P15b P15c P15d P16 P16b P16c P17 P18 P18b P19 P20 P21 P22""".split()
"""The mechanisms that the articles describe, by the number each was given when Davy began."""

ALL = catalogue()
ANCHORS = [(one, row) for one in ALL for row in one.anchors]
MODELS = sorted({home for one in ALL for home in (one.home, one.as_stated) if home and home.endswith(".ant")})


def test_nothing_is_merged_away() -> None:
    short = {one.id.partition("_")[0] for one in ALL}
    assert set(FOUNDING) <= short
    assert len(short) == len(ALL), "a short id means one pathway"


@pytest.mark.parametrize(("one", "row"), ANCHORS, ids=[f"{one.id}.{row.anchor}" for one, row in ANCHORS])
def test_every_anchor_stands_as_it_is_on_record(one: Pathway, row: AnchorRow) -> None:
    if runs_experiment(one):  # run by `davy pathways build`, and kept with the hash of all it rests on
        assert fresh(one), "the record is stale: davy pathways build"
        made = next(found for found in anchors_of(one) if found.anchor == row.anchor)
    else:
        made = anchored(one, row, draws=DRAWS)
    assert made.status == row.expected, (made.value, row.low, row.high, row.unit)
    if row.expected == "met":
        assert made.value is not None
        assert (-math.inf if row.low is None else row.low) <= made.value * (1 + 1e-9) + 1e-12
        assert (math.inf if row.high is None else row.high) >= made.value * (1 - 1e-9) - 1e-12


@pytest.mark.parametrize("home", MODELS)
def test_the_units_of_every_model_agree(home: str) -> None:
    text = knowledge_file(f"models/pathways/{home}").read_text(encoding="utf-8")
    told = warnings_of(sbml_from_antimony(text, name=home))
    assert not [one for one in told if "unit" in one.lower()]


@pytest.mark.parametrize("one", [one for one in ALL if not one.experiment], ids=lambda one: one.id)
def test_a_lane_gives_the_same_bits_alone_and_among_others(one: Pathway) -> None:
    lanes = outputs_at(one, Setting(draws=24), {})
    given = {name: np.full(25, value) for name, value in defaults(one).items()}
    given |= input_lanes(one, Setting(draws=24), {}) | parameter_lanes(one, "literature", 24)
    alone = solved(one, "literature", {name: values[17:18].copy() for name, values in given.items()})
    for port, values in alone.items():
        assert values[0] == lanes[port][17] or (np.isnan(values[0]) and np.isnan(lanes[port][17])), port


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_at_its_defaults_every_output_is_plausible_and_finite(one: Pathway) -> None:
    for name, port in one.outputs.items():
        value = float(outputs_at(one, Setting(draws=0), {})[name][0]) if not one.experiment else None
        if value is not None and not math.isnan(value):
            assert (-math.inf if port.low is None else port.low) <= value + 1e-12, name
            assert (math.inf if port.high is None else port.high) >= value - 1e-12, name


def changed(file: str, old: str, new: str) -> Knowledge:
    texts = dict(table_texts())
    assert old in texts[file]
    return Knowledge({**texts, file: texts[file].replace(old, new, 1)})


def test_no_brain_or_cord_pathway_can_read_plasma() -> None:
    assert not list(magnesium_is_local(Knowledge(table_texts())))
    line = next(
        row for row in table_texts()["pathway_ports.csv"].splitlines() if row.startswith("P02_nmda_block,in,mg")
    )
    plasma = changed("pathway_ports.csv", line, line.replace("interstitial", "plasma-ionised"))
    (told,) = magnesium_is_local(plasma)
    assert "reads no plasma-ionised magnesium" in str(told)
    (told,) = magnesium_is_local(changed("pathway_ports.csv", line, line.replace("interstitial", "")))
    assert "which magnesium" in str(told)


def test_an_effect_beside_a_plan_is_an_output_of_a_dose_and_told_to_somebody() -> None:
    assert not list(effects_concern_somebody(Knowledge(table_texts())))
    line = "P04b_pain_oral_negative,pain_change_0_10,neuropathy,"
    for old, new, says in (
        ("pain_change_0_10", "pain", "no output of"),
        ("P04b_pain_oral_negative,pain_change_0_10", "P05c_ienfd,ienfd_per_mm", "takes no dose"),
        (",neuropathy,", ",neuropathies,", "no goal, condition or form"),
    ):
        (problem,) = effects_concern_somebody(changed("pathway_people.csv", line, line.replace(old, new)))
        assert says in str(problem)


def test_a_recalled_number_makes_a_hypothesis() -> None:
    assert not list(recalled_is_a_hypothesis(Knowledge(table_texts())))
    rows = table_texts()["pathway_parameters.csv"].splitlines()
    line = next(row for row in rows if row.startswith("P02_nmda_block,literature") and ",measured," in row)
    (told,) = recalled_is_a_hypothesis(
        changed("pathway_parameters.csv", line, line.replace(",measured,", ",recalled,"))
    )
    assert "grade D" in str(told)


def test_what_a_person_is_told_never_comes_from_a_hypothesis() -> None:
    one = next(found for found in ALL if found.magnesium_inputs())
    doubtful = replace(one, row=one.row.model_copy(update={"grade": "D"}))
    with pytest.raises(InputError, match="hypothesis"):
        observed(doubtful, Setting(draws=0), {})


def test_a_hypothesis_feeds_no_other_pathway_unless_asked() -> None:
    fed = [
        (one, port, feed)
        for one in ALL
        for port, feed in one.feeds.items()
        if feed.when == "always" and pathway(feed.feed.partition(".")[0]).hypothesis and not one.hypothesis
    ]
    for one, port, _ in fed:
        assert float(input_lanes(one, Setting(draws=0), {})[port][0]) == one.inputs[port].value


ENDINGS = {
    "%": ("percent", "percent_per_y"),
    "mg/d": ("mg_per_d", "mg_per_day"),
    "mm/d": ("mm_per_day",),
    "umol/L": ("uM",),
    "d": ("d", "days", "days_to_target", "days_per_dose"),
    "y": ("years",),
    "bp": ("bp_per_y",),
}
COUNTED = {"-", "1", "0-10", "SD", "spikes", "nights", "points", "kb"}
"""Units that a name does not have to end in."""


def test_a_port_ends_in_its_unit() -> None:
    ports = [port for one in catalogue() for port in (*one.inputs.values(), *one.outputs.values())]
    odd = [
        (port.pathway, port.port, port.unit)
        for port in ports
        if port.unit not in COUNTED and not port.port.endswith(ENDINGS.get(port.unit, (_spelt(port.unit),)))
    ]
    assert odd == []


def _spelt(unit: str) -> str:
    return unit.removeprefix("1/").replace("/", "_per_").replace(" ", "")
