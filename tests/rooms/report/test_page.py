"""The HTML page: what any reader, any screen and any printer may rely on."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise

import pytest
from tests.rooms.report.html_outline import Element, outline
from tests.rooms.report.people_asking import ADA
from tests.rooms.report.plans import ALL, NEUROPATHY, REFUSED

from davy.planning.result import Bounds, CurrentItem
from davy.report.figure_clock import words_at
from davy.report.figure_frame import Scale
from davy.report.page import plan_page

PAGES = {name: plan_page(plan, ADA) for name, plan in ALL.items()}
TREES = {name: outline(page) for name, page in PAGES.items()}
EACH = pytest.mark.parametrize("tree", TREES.values(), ids=TREES.keys())


def sections(tree: Element) -> list[str]:
    return [one.attributes["id"] for one in tree.all("section")]


def test_a_plan_tells_everything_in_the_order_of_the_house() -> None:
    assert sections(TREES["neuropathy"]) == [
        "bottom-line", "findings", "card", "forms", "timeline", "caps", "forecasts", "prediction", "alternatives",
        "articles", "benefit", "food", "monitoring", "referrals", "unknowns", "details", "evidence",
    ]  # fmt: skip


def test_a_refusal_says_why_and_who_can_help_before_anything_else() -> None:
    assert sections(TREES["refused"])[:4] == ["bottom-line", "findings", "referrals", "card"]
    assert "22 mL/min/1.73m2, limit 30" in TREES["refused"].text


@EACH
def test_headings_go_down_one_level_at_a_time(tree: Element) -> None:
    levels = [int(one.tag[1]) for one in tree.all() if re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@EACH
def test_ids_are_unique_and_every_inner_link_and_label_arrives(tree: Element) -> None:
    ids = [one.attributes["id"] for one in tree.all() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for one in tree.all():
        wanted = [one.attributes[name] for name in ("aria-labelledby", "aria-describedby") if name in one.attributes]
        wanted += [one.attributes["href"][1:]] if one.attributes.get("href", "").startswith("#") else []
        assert set(wanted) <= set(ids), one.attributes


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())
def test_nothing_is_fetched_and_nothing_runs(page: str) -> None:
    tree = outline(page)
    tags = {one.tag for one in tree.all()}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "video", "audio", "base", "form"}
    assert not [name for one in tree.all() for name in one.attributes if name.startswith("on") or name == "src"]
    style = "".join(one.text for one in tree.all("style"))
    assert not re.search(r"@import|url\(|https?:", style)
    links = [one.attributes["href"] for one in tree.all("a")]
    assert all(link.startswith(("#", "https://", "http://")) for link in links)


@EACH
def test_each_figure_has_words_and_the_same_numbers_as_a_table(tree: Element) -> None:
    for figure in tree.all("figure"):
        drawings = figure.all("svg")
        assert [one.attributes["class"] for one in drawings] == ["wide", "narrow"]
        for svg in drawings:
            assert svg.attributes["role"] == "img"
            assert svg.all("title")[0].text
            assert svg.all("desc")[0].text
        assert figure.all("figcaption")
        assert figure.all("details")[0].all("table")[0].all("tr")[1:]
    outside = [svg for svg in tree.all("svg") if not any(svg in figure.all("svg") for figure in tree.all("figure"))]
    assert not outside


@EACH
def test_each_table_has_a_caption_and_heads_that_say_what_they_head(tree: Element) -> None:
    for table in tree.all("table"):
        assert table.all("caption")[0].text
        assert all(head.attributes.get("scope") in ("col", "row") for head in table.all("th"))
        widths = {len(row.all("th")) + len(row.all("td")) for row in table.all("tr")}
        assert len(widths) == 1


@EACH
def test_no_identifier_of_the_machine_room_outside_the_details(tree: Element) -> None:
    apart = {"details", "evidence"}
    read = " ".join(one.text for one in tree.all("section") if one.attributes["id"] not in apart)
    found = re.findall(r"\w+_\w+|fTm|f_act|\bf-\d+|\bc-\d{3}|davy-rule|[0-9a-f]{16}", read)
    assert not found


def test_the_details_hold_parameters_and_fingerprints() -> None:
    details = next(one for one in TREES["neuropathy"].all("section") if one.attributes["id"] == "details")
    for expected in ("kid_fTm", *NEUROPATHY.fingerprints.values(), "literature", "42\N{NO-BREAK SPACE}%"):
        assert expected in details.text


def test_numbers_come_first_in_the_unit_of_the_readers_own_laboratory() -> None:
    tree = TREES["neuropathy"]
    predicted = next(one for one in tree.all("p") if one.attributes.get("class") == "prediction")
    assert predicted.all("strong")[0].text == "1.73 and 2.02 mg/dL"
    assert "(0.71 to 0.83 mmol/L)" in predicted.text
    without = outline(plan_page(NEUROPATHY))
    predicted = next(one for one in without.all("p") if one.attributes.get("class") == "prediction")
    assert predicted.all("strong")[0].text == "0.71 and 0.83 mmol/L"


def test_past_labs_stand_in_the_forecast() -> None:
    figure = next(one for one in TREES["neuropathy"].all("figure") if "Serum magnesium." in one.text)
    assert len([dot for dot in figure.all("svg")[0].all("circle") if dot.attributes["class"] == "lab"]) == 2
    assert "2 Sep 2026 (measured)" in figure.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "1.75" in figure.text


def test_what_others_wrote_never_becomes_markup() -> None:
    hostile = "<script>alert(1)</script>\"'&"
    plan = replace(NEUROPATHY, person=hostile, current=(CurrentItem(hostile, Bounds(0, None), "keep", hostile),))
    page = plan_page(plan, ADA)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    outline(page)


def test_an_urgent_referral_comes_before_the_verdict() -> None:
    page = PAGES["refused"]
    assert 0 < page.index("First, before anything else") < page.index('class="verdict refused"')


def test_a_clinicians_plan_stays_an_unsigned_draft() -> None:
    assert "Unsigned draft" in plan_page(replace(NEUROPATHY, profile="clinician"))
    assert "Unsigned draft" not in PAGES["neuropathy"]


@pytest.mark.parametrize("plan", [replace(NEUROPATHY, caps=()), replace(REFUSED, refer=(), current=(), unknowns=())])
def test_a_section_with_nothing_to_say_is_not_there(plan: object) -> None:
    page = plan_page(plan)  # type: ignore[arg-type]
    assert not [one for one in outline(page).all("section") if len(one.all()) < 2]


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def palettes() -> list[dict[str, str]]:
    style = files("davy.report").joinpath("page.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root\s*{([^}]*)}", style)
    found = [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block)) for block in blocks]
    assert len(found) == 3, "light, dark and print"
    return found


TEXT_ON = [
    ("ink", "paper"), ("ink", "card"), ("muted", "paper"), ("muted", "card"), ("accent", "paper"), ("accent", "card"),
    ("ink", "range"), ("accent", "range"), ("ink", "accent-soft"), ("muted", "accent-soft"), ("accent", "accent-soft"),
    ("care", "paper"), ("care", "care-soft"), ("stop", "stop-soft"), ("ink", "stop-soft"), ("good", "good-soft"),
]  # fmt: skip


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark", "print"])
@pytest.mark.parametrize("pair", TEXT_ON, ids="-on-".join)
def test_text_stands_out_from_its_ground(palette: dict[str, str], pair: tuple[str, str]) -> None:
    assert contrast(palette[pair[0]], palette[pair[1]]) >= 4.5


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark", "print"])
@pytest.mark.parametrize("mark", ["accent", "stop", "care", "muted"])
def test_marks_of_figures_stand_out_from_their_ground(palette: dict[str, str], mark: str) -> None:
    assert contrast(palette[mark], palette["paper"]) >= 3


def test_the_binding_bar_and_the_others_differ_by_more_than_colour() -> None:
    figure = next(one for one in TREES["neuropathy"].all("figure") if "How much is allowed." in one.text)
    assert "decides" in figure.text
    assert [row for row in figure.all("tr") if "yes" in row.text]


@pytest.mark.parametrize(
    "hours", [(19.0, 22.0), (22.0, 19.0), (0.0, 0.5), (23.0, 23.9), (7.0, 8.0, 21.0, 22.0), (13.0,)]
)
def test_the_amounts_of_near_hours_stand_side_by_side(hours: tuple[float, ...]) -> None:
    x = Scale(0, 24, 8, 280)
    placed = words_at(x, hours)
    by_hour = [at for _, at in sorted(zip(hours, placed, strict=True))]
    assert all(later - earlier >= 47.9 for earlier, later in pairwise(by_hour))
    assert by_hour[0] >= 8 + 23.9
    assert by_hour[-1] <= 280 - 23.9
    if len(hours) == 1:
        assert placed == [x.at(13.0)]
