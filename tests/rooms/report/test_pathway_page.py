"""The pages of the pathways: what a specialist opens."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.rooms.report.html_outline import Element, outline

from davy.cli.main import main
from davy.pathways.catalogue import pathway
from davy.pathways.run import WATERMARK, run
from davy.report.figure_response import Curve, Response, response_figure
from davy.report.layout import figure
from davy.report.pathway_markdown import pages
from davy.report.pathway_page import both_sets, pathway_page, states_other
from davy.report.pathway_words import BANDS, banded, held, interval, shown

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module", params=["P02", "P16", "P05b"])
def page(request: pytest.FixtureRequest) -> tuple[str, Element]:
    found = pathway(request.param)
    return found.id, outline(pathway_page(both_sets(run(found.id))))


def test_a_page_holds_figure_anchors_equations_parameters_and_sources(page: tuple[str, Element]) -> None:
    name, tree = page
    found = pathway(name)
    sections = [one.attributes["id"] for one in tree.all("section")]
    trials = ["trials"] if found.outcomes else []
    assert sections == ["says", "figure", "anchors", *trials, "equations", "parameters", "attack", "evidence"]
    assert tree.all("svg")
    assert tree.all("math")
    assert not tree.all("script")
    for row in (*found.parameters["literature"].values(), *found.anchors):
        assert getattr(row, "label", getattr(row, "what", ""))[1:] in tree.text
    assert found.row.attack in tree.text
    assert "nan" not in re.findall(r"[a-z]+", tree.text)
    assert (WATERMARK in tree.text) == (found.grade == "D")
    assert all(("HYPOTHESIS" in one.text) == (found.grade == "D") for one in tree.all("svg"))
    assert BANDS[run(found.id).band] in tree.text
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


def test_numbers_have_the_digits_that_tell_and_no_more() -> None:
    assert banded(3.1852, 2.526, 4.0061) == ("3.19", "2.53 to 4.01")
    assert banded(1.842, -0.003611, 4.094) == ("1.84", "0.00 to 4.09")
    assert banded(0.05211, -0.1536, 0.4124) == ("0.052", "-0.154 to 0.412")
    assert banded(139.0, 128.0, 157.0) == ("139", "128 to 157")
    assert banded(None, None, None) == ("none", "")
    assert held(0.7496, 0.75, None, "mM") == "0.7496 mM", "a miss is not rounded into a hit"
    assert held(3.1852, 2.0, 5.0, "mm/min") == "3.19 mm/min"


def test_an_axis_along_which_nothing_moves_keeps_different_ticks() -> None:
    flat = Curve((4.0, 4.000001), (3.9999, 3.9999), (4.0001, 4.0001))
    drawn = outline(str(figure(response_figure(Response("r", "x", "y", (0.0, 2.0), flat, None, None, "band")))))
    for one in drawn.all("svg"):
        shown = [tick.text for tick in one.all("text") if tick.attributes.get("text-anchor") == "end"]
        assert len(shown) == len(set(shown)) > 1


def test_the_documents_are_those_that_the_models_and_rows_make() -> None:
    folder = ROOT / "docs" / "pathways"
    made = pages()
    assert {one.name for one in folder.glob("*.md")} == set(made)
    stale = [name for name, text in made.items() if (folder / name).read_text(encoding="utf-8") != text]
    assert stale == [], "`davy pathways docs` writes them"


@pytest.mark.parametrize(
    ("name", "heading", "line"),
    [("P04b", "What magnesium changes", "literature"), ("P20", "What moves it", "articles")],
)
def test_a_figure_shows_a_band_that_opens_and_what_moves_where_magnesium_does_not(
    name: str, heading: str, line: str
) -> None:
    shown = outline(str(pathway_page(both_sets(run(name)))))
    assert heading in [one.text for one in shown.all("h2")]
    assert any(line in one.text for one in shown.all("svg"))


def test_large_numbers_are_written_out_and_a_score_is_told_on_its_scale() -> None:
    assert interval(1.0, 20000.0, "d") == "1 to 20,000 d"
    assert interval(None, 20000.0, "-") == "at most 20,000"
    assert shown(3.0, "0-10") == "3 of 10"
