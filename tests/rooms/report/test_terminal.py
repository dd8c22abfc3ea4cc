"""A plan on one page of the terminal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.rooms.report.html_outline import outline
from tests.rooms.report.people_asking import ADA
from tests.rooms.report.plans import ALL, NEUROPATHY, REFUSED

from davy.planning.result import Bounds, Check, CurrentItem, UnknownFact
from davy.report.page import plan_page
from davy.report.section_monitoring import each_once
from davy.report.terminal import plan_text
from davy.report.words import dated
from davy.safety.verdict import Finding, Referral, Refused, WithCare

LONG = "a long sentence that goes on and on about what a careful reader should know before anything else " * 3


def fits(text: str) -> None:
    lines = text.splitlines()
    assert len(lines) <= 40, f"{len(lines)} lines"
    assert max(map(len, lines)) <= 100, max(lines, key=len)


@pytest.mark.parametrize("name", ALL)
def test_it_fits_forty_lines_of_a_hundred_columns(name: str) -> None:
    fits(plan_text(ALL[name], ADA))
    fits(plan_text(ALL[name], ADA, report=Path("a/rather/long/place/for/a/report/of/a/plan.html")))


def test_even_the_longest_plan_fits_and_says_where_it_was_cut() -> None:
    found = tuple(Finding(f"gate-{k}", "care", LONG) for k in range(9))
    everything = replace(
        NEUROPATHY,
        verdict=WithCare(found),
        food=NEUROPATHY.food * 5,
        monitoring=NEUROPATHY.monitoring * 8,
        stop_rules=NEUROPATHY.stop_rules * 8,
        refer=tuple(
            Referral(LONG, urgency, ()) for urgency in ("emergency", "same-day", "soon", "routine") for _ in range(3)
        ),
        unknowns=tuple(UnknownFact(f"fact {k}", LONG) for k in range(12)),
        bottom_line=(LONG, LONG, LONG),
    )
    text = plan_text(everything, ADA)
    fits(text)
    assert "..." in text
    refused = replace(
        everything, verdict=Refused(tuple(replace(one, severity="refuse") for one in found)), regimen=None
    )
    fits(plan_text(refused, ADA))


def test_a_newcomer_finds_what_to_take_and_when_to_stop() -> None:
    text = plan_text(NEUROPATHY, ADA)
    for expected in (
        "08:00",
        "21:00",
        "Replace:",
        "loose stools",
        "1.75 to 1.87 mg/dL",
        "14 Feb 2027",
        "62 %",
        "decides",
    ):
        assert expected in text
    assert "\N{NO-BREAK SPACE}" not in text


def test_a_refusal_is_told_with_its_reason_and_without_a_dose_to_take() -> None:
    text = plan_text(REFUSED, ADA)
    assert "REFUSED" in text
    assert "below 30" in text
    assert "TODAY: Show your magnesium antacid" in text
    assert "Take      " not in text


def test_a_refusal_tells_to_leave_out_what_it_does_not_replace_and_whom_to_see_once() -> None:
    urgent = Referral("Doctor today: a slow pulse with an ECG.", "same-day", ())
    taken = CurrentItem("magnesium citrate", Bounds(300, 300), "reduce", "Leave it out.")
    plan = replace(REFUSED, current=(taken,), refer=(urgent,), bottom_line=("No.", f"Next: {urgent.reason}"))
    text = plan_text(plan, ADA)
    assert "Leave out: magnesium citrate" in text
    assert "less of" not in text
    assert text.count(urgent.reason) == 1
    page = outline(plan_page(plan, ADA)).text
    assert "Leave out:" in page


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("was 0.66 mmol/L (2026-10-12), low", "was 0.66 mmol/L (12\N{NO-BREAK SPACE}Oct\N{NO-BREAK SPACE}2026), low"),
        ("no day: 2026-13-40", "no day: 2026-13-40"),
        ("a file of a-2026-10-12.csv", "a file of a-2026-10-12.csv"),
    ],
)
def test_dates_are_read_in_words_that_no_country_misreads(said: str, read: str) -> None:
    assert dated(said) == read


def test_a_test_asked_for_twice_is_told_once_with_both_reasons() -> None:
    twice = (
        Check(0, "calcium", "low magnesium lowers it", "below 2.2: ask", ("a",)),
        Check(0, "calcium", "a low magnesium", "below 2.2: ask", ("b",)),
        Check(0, "calcium", "a low magnesium", "above 2.6: ask", ("b",)),
    )
    first, other = each_once(twice)
    assert first.why == "low magnesium lowers it; a low magnesium"
    assert first.sources == ("a", "b")
    assert other.act_if == "above 2.6: ask"
