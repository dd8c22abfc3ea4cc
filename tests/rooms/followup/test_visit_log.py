"""What a visit comes back to, what was decided before and why, and what Davy does not know: told, and on the page."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.rooms.followup.folders import START, like
from tests.rooms.followup.test_visit_page import BUSY
from tests.rooms.report.html_outline import outline

from davy.cli.main import main
from davy.followup.days import Day
from davy.followup.visit_history import history
from davy.followup.visit_plan import DueTest, followed
from davy.followup.visit_recall import recalls
from davy.people.person import Lab, Person
from davy.report.schemas import schema_of
from davy.store.folder import Folder

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def resumed(path: Path) -> Path:
    """The folder with suggestions allowed again."""
    assert main(["records", "resume", str(path), "--today", str(START + timedelta(days=43))]) == 0
    return path


def test_what_was_decided_before_is_told_with_its_reason_newest_first(kept: Path) -> None:
    told = history(((entry.type, entry.body) for entry in Folder(kept).decisions()), before=START + timedelta(days=42))
    assert [one.action for one in told] == ["stopped", "step_down", "keep", "begin"]
    down, kept_on, begun = told[1:]
    assert "Loose stools on 2026-09-16: go back to the step before" in (down.why or "")
    assert down.sources
    assert (kept_on.first, kept_on.looks) == (START + timedelta(days=10), 1)
    assert (begun.mg_per_day, begun.first) == (250, START)
    assert "250 mg" in (begun.why or "")


def test_looks_of_one_day_are_one_look_and_the_last_counts() -> None:
    def look(day: int, action: str, why: str) -> tuple[str, dict[str, Any]]:
        reason = {"rule": "x", "sentence": why, "sources": []}
        made = {"regimen": [{"elemental_mg": 100.0}]}
        return "decision", {"day": f"2026-09-{day:02}", "action": action, "reasons": [reason], "decision": made}

    entries = [
        look(1, "keep", "a"),
        look(2, "keep", "a"),
        look(2, "stop", "b"),
        look(4, "stop", "b"),
        look(9, "keep", ""),
    ]
    told = history(entries, before=date(2026, 9, 9))
    assert [(one.first.day, one.last.day, one.looks, one.action) for one in told] == [
        (2, 4, 2, "stop"),
        (1, 1, 1, "keep"),
    ]
    assert history([("decision", {"action": "keep"}), ("healed", {})], before=date(2026, 9, 9)) == ()


def test_a_diary_that_fell_silent_and_a_plan_that_ends_are_on_the_list(kept: Path) -> None:
    plan = followed(entry.body for entry in Folder(kept).decisions() if entry.type == "decision")
    assert plan is not None
    days = (Day(START + timedelta(days=50), headache=False),)
    found = {one.what: one for one in recalls(Person(id="one", today=START + timedelta(days=60)), days, plan, ())}
    assert "Nothing has been noted since 2026-10-19" in found["Diary silent"].why
    assert (found["The plan ends"].state, found["The plan ends"].on) == ("coming", plan.expires)
    assert "albumin" in found["Not measured yet"].why


def test_a_test_of_the_plan_is_coming_then_due_then_late_and_gone_when_it_is_there(kept: Path) -> None:
    plan = followed(entry.body for entry in Folder(kept).decisions() if entry.type == "decision")
    assert plan is not None
    due = START + timedelta(days=56)
    plan = replace(plan, due=(DueTest("serum-magnesium", due, "the dated prediction"), DueTest("egfr", due, "kidneys")))

    def states(day: date, *labs: Lab) -> list[tuple[str, str]]:
        person = Person(id="somebody", today=day, labs=labs)
        return [(one.state, one.why) for one in recalls(person, (), plan, ()) if one.what == "Labs due"]

    assert states(due - timedelta(days=40)) == []
    assert states(due - timedelta(days=20)) == [("coming", "Serum magnesium, eGFR.")]
    assert states(due) == [("now", "Serum magnesium, eGFR.")]
    assert states(due + timedelta(days=14)) == [("late", "Serum magnesium, eGFR.")]
    serum = Lab(date=due - timedelta(days=3), test="serum-magnesium", value=0.8, unit="mmol/L")
    assert states(due + timedelta(days=14), serum) == [("late", "eGFR: kidneys.")]
    creatinine = Lab(date=due, test="creatinine", value=70.0, unit="umol/L")
    assert states(due + timedelta(days=14), serum, creatinine) == []


def test_a_value_that_no_longer_holds_is_due_again() -> None:
    today = date(2026, 11, 22)
    old = Lab(date=date(2025, 3, 1), test="serum-magnesium", value=0.8, unit="mmol/L")
    (one,) = recalls(Person(id="somebody", today=today, labs=(old,)), (), None, ())
    assert (one.what, one.state) == ("Labs due", "now")
    assert "Serum magnesium of 2025-03-01: it is too old" in one.why
    assert one.sources


def test_the_page_shows_all_three_and_stays_one_sheet_with_everything_wrong(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = resumed(like(kept, tmp_path / "busy", BUSY))
    page = path / "visit.html"
    capsys.readouterr()
    day = str(START + timedelta(days=84))
    assert main(["follow", str(path), "--json", "--today", day, "--report", str(page)]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, schema_of("follow"))
    found = {one["what"]: one for one in document["recalls"]}
    assert "eGFR went from" in found["eGFR fell"]["why"]
    assert "hydrochlorothiazide was begun on 2026-10-01" in found["New interacting drug"]["why"]
    assert [one["action"] for one in document["history"]][:3] == ["resumed", "explained", "stopped"]
    assert any("Whether magnesium did it" in one for one in document["unknown"])
    text = " ".join(outline(page.read_text(encoding="utf-8")).text.split())
    for words in (
        "To come back to",
        "New interacting drug",
        "Decided before, and why",
        "suggestions allowed again",
        "What is not known",
    ):
        assert words in text, words
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    sync = pytest.importorskip("playwright.sync_api")
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page()
        opened.goto(page.as_uri())
        for paper in ("A4", "Letter"):
            printed = opened.pdf(format=paper, prefer_css_page_size=False)
            assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, paper
        browser.close()
