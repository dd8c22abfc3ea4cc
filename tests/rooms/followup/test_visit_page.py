"""The page for a visit and the letter: one sheet each, every figure with its numbers, nothing that was not known."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.rooms.followup.folders import START, TODAY, Story, like, made
from tests.rooms.report.html_outline import Element, outline

from davy.cli.main import main
from davy.followup.records import Record

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HIT = "date: 2026-10-24, test: serum-magnesium, value: 0.86, unit: mmol/L, reference_low: 0.75, reference_high: 1.0"
BUSY = Story(
    first=-40,
    headache=lambda day: 0.5,
    medicated=0.9,
    taken=lambda day: None if day < 0 else 0.0 if day % 9 == 4 else 1.0,
    noted=lambda day: day % 11 != 3,
    labs=(
        HIT.replace("0.86", "0.66"),
        "date: 2026-10-24, test: urine-magnesium-24h, value: 4.6, unit: mmol/24h, complete: true",
        "date: 2026-10-24, test: creatinine, value: 96, unit: umol/L",
        "date: 2026-10-24, test: potassium, value: 3.2, unit: mmol/L",
    ),
    medicines=", {name: hydrochlorothiazide, since: 2026-10-01}, {name: omeprazole}, {name: ibuprofen}",
    also=(Record("symptom", START + timedelta(days=81), text="muscle weakness"),),
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both pages of somebody with whom all goes well, and of somebody with whom nothing does."""
    found: dict[str, Path] = {}
    quiet = made(
        tmp_path_factory.mktemp("quiet") / "one", Story(noted=lambda day: day % 11 != 3, first=-34, labs=(HIT,))
    )
    busy = like(quiet, tmp_path_factory.mktemp("busy") / "one", BUSY)
    for name, folder in (("quiet", quiet), ("busy", busy)):
        for kind in ("report", "letter"):
            found[f"{name}-{kind}"] = folder / f"{kind}.html"
        command = ["follow", str(folder), "--today", str(TODAY)]
        assert main([*command, "--report", str(folder / "report.html"), "--letter", str(folder / "letter.html")]) == 0
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    sync = pytest.importorskip("playwright.sync_api")
    with sync.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


def read(path: Path) -> Element:
    return outline(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["quiet-report", "quiet-letter", "busy-report", "busy-letter"])
def test_each_is_one_sheet_of_paper_on_both_sides_of_the_ocean(pages: dict[str, Path], name: str, browser: Any) -> None:
    page = browser.new_page()
    page.goto(pages[name].as_uri())
    for paper in ("A4", "Letter"):
        printed = page.pdf(format=paper, prefer_css_page_size=False)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, paper
    page.close()


def test_axe_finds_nothing_serious_and_nothing_is_fetched(pages: dict[str, Path], browser: Any) -> None:
    width = 320
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(pages["busy-report"].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert asked == [pages["busy-report"].as_uri()]
    context.close()


def test_every_figure_has_its_numbers_behind_it(pages: dict[str, Path]) -> None:
    figures = read(pages["busy-report"]).all("figure")
    assert len(figures) == 2
    for figure in figures:
        drawn = [text.text for text in figure.all("svg")[0].all("text") if text.attributes.get("class") == "marked"]
        behind = [cell.text for cell in figure.all("table")[0].all("td") if cell.text]
        assert drawn
        assert set(drawn) <= set(behind)


def test_the_visit_page_tells_what_it_was_asked_to_tell(pages: dict[str, Path]) -> None:
    text = read(pages["quiet-report"]).text
    for part in (
        "Go on as planned",
        "Headache days",
        "overuse: 10 a month",
        "Magnesium taken",
        "hit",
        "What is known",
        "What is not known",
        "Questions for this visit",
        "Who else should look",
        "On placebo, trials saw an improvement",
    ):
        assert part in text, part


def test_bad_news_comes_first_and_by_name(pages: dict[str, Path]) -> None:
    page, letter = read(pages["busy-report"]).text, read(pages["busy-letter"]).text
    assert "Stop the magnesium of this plan" in page
    assert "missed" in page
    assert "That is too often" in page
    for part in (
        "The pattern",
        "Why serum is low: shares",
        "Tests to order",
        "What Davy refused, and why",
        "Signature",
    ):
        assert part in letter, part
    assert "supervised plan" in letter


def test_what_a_person_wrote_never_becomes_markup(pages: dict[str, Path], tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    story = Story(painkiller=evil, last=40, medicines=f", {{name: '{evil}'}}")
    folder = like(pages["quiet-report"].parent, tmp_path / "one", story)
    report, letter = tmp_path / "r.html", tmp_path / "l.html"
    day = str(START + timedelta(days=40))
    assert main(["follow", str(folder), "--today", day, "--report", str(report), "--letter", str(letter)]) == 0
    for path in (report, letter):
        assert "<script" not in path.read_text(encoding="utf-8")
    assert "&lt;script&gt;" in report.read_text(encoding="utf-8")


def test_dates_are_words_sources_are_names_and_the_plans_own_tablets_are_not_prescribed(
    pages: dict[str, Path], tmp_path: Path
) -> None:
    for name in ("busy-report", "busy-letter", "quiet-report"):
        text = read(pages[name]).text
        assert not re.search(r"\b20\d\d-\d\d-\d\d\b|\[[cfmstu]-\d", text), name
    assert "[MSD Manual" in read(pages["busy-report"]).text
    folder = like(pages["quiet-report"].parent, tmp_path / "one", Story(labs=(HIT,)))
    person = folder / "person.yaml"
    person.write_text(person.read_text().replace("pregnant: false", "pregnant: true"))
    report, letter = tmp_path / "r.html", tmp_path / "l.html"
    assert main(["follow", str(folder), "--today", str(TODAY), "--report", str(report), "--letter", str(letter)]) == 0
    for path in (report, letter):
        assert "Show it to your midwife" not in read(path).text
