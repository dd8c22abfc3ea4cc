"""The pages of the pathways: what a specialist opens, and what a plan tells of them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.rooms.report.html_outline import Element, outline
from tests.rooms.report.people_asking import ADA
from tests.rooms.report.plans import NEUROPATHY

from davy.cli.main import main
from davy.forecast.outcome import UNITS, Forecast
from davy.pathways.catalogue import catalogue, pathway
from davy.pathways.run import WATERMARK, run
from davy.pathways.touched import LEAST, NOT_OF_A_PERSON
from davy.report.figure_response import Curve, Response, response_figure
from davy.report.layout import figure
from davy.report.page import plan_page
from davy.report.pathway_markdown import pages
from davy.report.pathway_page import both_sets, pathway_page, states_other
from davy.report.section_pathways import touched_by

ROOT = Path(__file__).parents[3]
DRAWS = 260


@pytest.fixture(scope="module", params=["P02", "P16", "P05b"])
def page(request: pytest.FixtureRequest) -> tuple[str, Element]:
    found = pathway(request.param)
    return found.id, outline(pathway_page(both_sets(run(found.id))))


def test_a_page_holds_figure_anchors_equations_parameters_and_sources(page: tuple[str, Element]) -> None:
    name, tree = page
    found = pathway(name)
    sections = [one.attributes["id"] for one in tree.all("section")]
    assert sections == ["says", "figure", "anchors", "equations", "parameters", "attack", "evidence"]
    assert tree.all("svg")
    assert tree.all("math")
    assert not tree.all("script")
    for row in (*found.parameters["literature"].values(), *found.anchors):
        assert getattr(row, "label", getattr(row, "what", "")) in tree.text
    assert found.row.attack in tree.text
    assert "nan" not in re.findall(r"[a-z]+", tree.text)
    assert (WATERMARK in tree.text) == (found.grade == "D")
    assert ("As the articles state" in tree.text) == states_other(found)


def test_every_cited_number_stands_in_the_list_of_sources(page: tuple[str, Element]) -> None:
    _, tree = page
    ids = {one.attributes["id"] for one in tree.all() if "id" in one.attributes}
    links = {one.attributes["href"][1:] for one in tree.all("a") if one.attributes.get("href", "").startswith("#")}
    assert links <= ids
    assert any(link.startswith("ref-") for link in links)


def test_the_command_writes_the_page_at_the_inputs_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "p02.html"
    assert main(["pathways", "run", "P02", "--set", "mg_mM=0.6", "--report", str(file)]) == 0
    tree = outline(file.read_text(encoding="utf-8"))
    assert "0.6 mM" in tree.text
    assert f"{run('P02', {'mg_mM': 0.6}).outputs[0].value:.4g}" in tree.text


def _forecast(before: float, after: float, draws: int = DRAWS) -> Forecast:
    """Serum that goes from one level to another, the same in every draw but for a little."""
    spread = 1.0 + 0.02 * np.cos(np.arange(draws))
    values = np.zeros((draws, 3, len(UNITS)))
    for at, level in enumerate((before, 0.5 * (before + after), after)):
        values[:, at, tuple(UNITS).index("serum_mmol_per_L")] = level * spread
        values[:, at, tuple(UNITS).index("ionised_mmol_per_L")] = 0.7 * level * spread
    return Forecast(np.array([0.0, 42.0, 84.0]), values, np.zeros(draws, dtype=bool))


def test_a_rise_of_serum_is_told_by_pathway_and_no_hypothesis_is_among_them() -> None:
    made = touched_by(_forecast(0.55, 0.85))
    assert made is not None
    grades = {one.id: one.grade for one in catalogue()}
    assert made.touches
    assert all(grades[one.pathway] != "D" for one in made.touches)
    assert all(
        abs(one.change.p50) >= LEAST and one.change.p05 <= one.change.p50 <= one.change.p95 for one in made.touches
    )
    moved = {one.pathway: one.change.p50 for one in made.touches}
    assert moved["P12b_nmj_presyn"] < 0.0, "magnesium competes with calcium at the nerve ending"
    places = {one.compartment: one for one in made.reached}
    risen = {place: one.after.p50 / one.before.p50 - 1.0 for place, one in places.items()}
    assert risen["plasma-ionised"] > 0.5
    assert 0.0 < risen["csf"] < 0.1, "the brain's fluid holds its magnesium"


def test_no_change_of_serum_moves_nothing_and_too_few_draws_say_nothing() -> None:
    still = touched_by(_forecast(0.8, 0.8))
    assert still is not None
    assert still.touches == ()
    assert still.still
    assert touched_by(_forecast(0.55, 0.85, draws=150)) is None


def test_a_plan_tells_nothing_of_animals_on_a_drug_nor_shares_of_what_may_be_below_zero() -> None:
    made = touched_by(_forecast(0.70, 0.95))
    assert made is not None
    assert {one.pathway for one in made.touches}.isdisjoint(NOT_OF_A_PERSON)
    assert not {pathway(name).row.short for name in NOT_OF_A_PERSON} & set(made.still)
    for name in NOT_OF_A_PERSON:
        assert pathway(name).id == name
    assert "mV" not in {one.unit for one in made.touches}


def test_a_figure_keeps_its_units_and_says_where_the_model_has_nothing() -> None:
    line = Curve((1.0, float("nan")), (0.5, 0.6), (2.0, 2.0))
    long = "Free magnesium of the neuron, by way of TRPM7 and of much else that is long"
    made = Response("r", f"{long} [mM]", f"{long} [mM]", (0.0, 3.0), line, None, 1.0, "prior band")
    drawn = str(figure(response_figure(made)))
    assert "[mM]</text>" in drawn
    assert "[mm]" not in drawn
    assert "\N{HORIZONTAL ELLIPSIS} [mM]</text>" in drawn
    assert "the draws that have one" in drawn
    whole = replace(made, literature=Curve((1.0, 1.5), (0.5, 0.6), (2.0, 2.0)))
    assert "the draws that have one" not in str(figure(response_figure(whole)))


def test_a_plan_shows_the_section_beside_the_benefit_only_where_there_is_something_to_say() -> None:
    with_it = outline(plan_page(NEUROPATHY, ADA, touched_by(_forecast(0.55, 0.85))))
    sections = [one.attributes["id"] for one in with_it.all("section")]
    assert sections[sections.index("benefit") + 1] == "pathways"
    assert "no promise of a benefit" in with_it.text
    assert "pathways" not in [one.attributes["id"] for one in outline(plan_page(NEUROPATHY, ADA)).all("section")]


def test_the_documents_are_those_that_the_models_and_rows_make() -> None:
    folder = ROOT / "docs" / "pathways"
    made = pages()
    assert {one.name for one in folder.glob("*.md")} == set(made)
    stale = [name for name, text in made.items() if (folder / name).read_text(encoding="utf-8") != text]
    assert stale == [], "`davy pathways docs` writes them"
