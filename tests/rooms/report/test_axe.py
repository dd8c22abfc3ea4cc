"""axe in a real browser, where one is installed: nothing serious in light, dark or on a telephone's width."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.rooms.report.people_asking import ADA
from tests.rooms.report.plans import ALL

from davy.report.page import plan_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytest.importorskip("playwright", reason="the browser check needs playwright")
pytest.importorskip("axe_playwright_python", reason="the browser check needs axe")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")

QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        ("neuropathy", 1000, "light"),
        ("neuropathy", 1000, "dark"),
        ("neuropathy", 320, "light"),
        ("refused", 1000, "dark"),
    ],
)
def test_axe_finds_nothing_serious(name: str, width: int, scheme: str, browser: Any, tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    file = tmp_path / "plan.html"
    file.write_text(plan_page(ALL[name], ADA), encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for summary in page.query_selector_all("summary"):
        summary.click()
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert asked == [file.as_uri()], "the page asks for nothing but itself"
    context.close()
