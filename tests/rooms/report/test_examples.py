"""The ten bundled people: each plan fits the terminal, and each page holds what the hand-made ones hold."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import pytest
from tests.rooms.report.html_outline import Element, outline

from davy.evidence.registry import resolve
from davy.people.person import Person
from davy.people.read import examples, read_person
from davy.planning.plan import plan
from davy.planning.result import Plan
from davy.report.page import plan_page
from davy.report.terminal import COLUMNS, LINES, plan_text

TODAY = date(2026, 11, 22)
EACH = pytest.mark.parametrize("name", examples())


@cache
def planned(name: str) -> tuple[Plan, Person]:
    person = read_person(f"example:{name}", today=TODAY)
    return plan(person, draws=60), person


@cache
def page(name: str) -> Element:
    return outline(plan_page(*planned(name)))


def test_there_are_ten() -> None:
    assert len(examples()) == 10


@EACH
def test_a_plan_is_never_longer_than_forty_lines(name: str) -> None:
    lines = plan_text(*planned(name)).splitlines()
    assert len(lines) <= LINES == 40
    assert max(map(len, lines)) <= COLUMNS == 100
    made, _ = planned(name)
    told = " ".join(" ".join(lines).split())
    for sentence in made.bottom_line:
        assert " ".join(sentence.split()[-3:]) in told, "the bottom line is never cut"
    for to in made.refer:
        if to.urgency in ("emergency", "same-day"):
            assert to.reason.split()[-1] in told


@EACH
def test_the_page_is_whole(name: str) -> None:
    tree = page(name)
    ids = [one.attributes["id"] for one in tree.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    links = {one.attributes["href"][1:] for one in tree.all("a") if one.attributes["href"].startswith("#")}
    assert links <= set(ids)
    for table in tree.all("table"):
        assert len({len(row.all("th")) + len(row.all("td")) for row in table.all("tr")}) == 1


@EACH
def test_the_reader_meets_no_identifier(name: str) -> None:
    read = " ".join(
        one.text for one in page(name).all("section") if one.attributes["id"] not in ("details", "evidence")
    )
    assert not re.findall(
        r"\b[a-z]+_[A-Za-z_]\w*|fTm|f_act|\bf-\d{3}|\bc-\d{3}-|davy-rule|[0-9a-f]{16}|\bNone\b|\bnan\b", read
    )


@EACH
def test_every_cited_source_resolves(name: str) -> None:
    evidence = next(one for one in page(name).all("section") if one.attributes["id"] == "evidence")
    cited = [item.all("code")[-1].text for item in evidence.all("li")]
    assert cited
    for source in cited:
        resolve(source)


@EACH
def test_a_refusal_holds_no_clock_time_to_take_magnesium_at(name: str) -> None:
    made, _ = planned(name)
    if made.verdict.word != "refused":
        return
    assert "Take      " not in plan_text(*planned(name))
    assert not [one for one in page(name).all("h3") if one.text in ("Buy", "Take")]
