"""axe on the pages of pooling and dose-response, at a desk and on a telephone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import davy
from davy.evidence.meta.dose_response import fit_dose_response
from davy.report.dose_response_page import dose_response_page
from davy.report.pool_page import pool_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytest.importorskip("playwright", reason="the browser check needs playwright")
pytest.importorskip("axe_playwright_python", reason="the browser check needs axe")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")

QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
TESTS = Path(__file__).parents[2]


def pages() -> dict[str, str]:
    pooled = davy.pool(TESTS / "agreement/data/bcg.csv", moderators=["ablat", "alloc"])
    fitted = fit_dose_response(TESTS / "published/data/dose_alcohol.csv")
    return {"pool": pool_page(pooled, "bcg"), "dose": dose_response_page(fitted, "alcohol")}


def test_axe_finds_nothing_serious(tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for name, text in pages().items():
            file = tmp_path / f"{name}.html"
            file.write_text(text, encoding="utf-8")
            for width, scheme in ((1000, "light"), (1000, "dark"), (320, "light")):
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
                page = context.new_page()
                page.goto(file.as_uri())
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
                for summary in page.query_selector_all("summary"):
                    summary.click()
                found = Axe().run(page).response["violations"]
                assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == [], (name, width)
                context.close()
        browser.close()
