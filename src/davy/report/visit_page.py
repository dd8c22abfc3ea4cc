"""The page for a visit: one printed sheet that says what happened, what is known and not, and what to ask."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from math import ceil

from davy.followup.baseline import WINDOW_D, Figure
from davy.followup.visit import Visit
from davy.followup.visit_painkillers import NAME
from davy.followup.visit_periods import MOST_SHOWN, Before, Period
from davy.report.figure_periods import Bar, Bars, periods_figure
from davy.report.layout import Table, bullets, figure, section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.page import Dress, document
from davy.report.reading import reader_of
from davy.report.section_referrals import by_urgency
from davy.report.visit_known import MOST, known, lab_row, questions, share_words, unknown, waiting_words
from davy.report.visit_log import recall_section
from davy.report.visit_sources import cites
from davy.report.visit_words import (
    MEASURES,
    action_words,
    adherence_words,
    intakes_words,
    measure_title,
    shown,
    until_words,
)
from davy.report.words import URGENCY, dated, first_up, written

URGENT = ("emergency", "same-day")
ROOMY, WIDE_LINE, NARROW_LINE = 21, 110, 56
"""Up to so many lines the sheet is printed in the usual size; letters in a line of it, and of half of it."""

FOOTER = (
    "Davy computes from what it was told and from what the diary holds; a day that says nothing counts as unknown. "
    "This page is to talk about, not a prescription, and never asks anyone to stop or change a prescribed medicine. "
    "In brackets stands where a sentence was read."
)


def visit_page(visit: Visit) -> str:
    """The page as one HTML document."""
    title = "For the visit"
    weeks = "" if visit.start is None else f", {max((visit.person.today - visit.start).days, 0) // 7} weeks on"
    header = el(
        "header",
        el("p.mark", "Davy"),
        el("h1", f"{title}: {visit.person.id}{weeks}"),
        el("p.asker", reader_of(visit.person.today.isoformat(), visit.asked).asker),
        el("p.made", _made(visit)),
    )
    sections = [
        _action(visit),
        recall_section(visit, _most(visit)),
        _diary(visit),
        _trial(visit),
        _labs(visit),
        _told(visit),
        _asked(visit),
    ]
    kind = "brief crowded" if _crowded(visit) else "brief"
    return document(f"{title}: {visit.person.id}", header, sections, dress(kind))


def _crowded(visit: Visit) -> bool:
    """Whether there is so much to say that a sheet of paper needs a smaller print."""
    reasons = _lines([one.sentence for one in visit.suggestion.reasons[:MOST]], WIDE_LINE)
    told = max(_lines(known(visit)[:MOST], NARROW_LINE), _lines(unknown(visit)[:MOST], NARROW_LINE))
    refer = [one.reason for one in visit.fresh.refer[:MOST]]
    asked = max(_lines(questions(visit)[:MOST], NARROW_LINE), _lines(refer, NARROW_LINE))
    trial = 0 if visit.trial is None else 3 + _lines([visit.trial.sentence, *visit.trial.warnings[:2]], WIDE_LINE)
    tables = len(visit.labs) + len(visit.periods[-MOST_SHOWN:])
    return reasons + told + asked + trial + tables > ROOMY


def _lines(said: Sequence[str], width: int) -> int:
    """How many printed lines these sentences take, about."""
    return sum(ceil(len(one) / width) for one in said)


def dress(kind: str) -> Dress:
    """How the pages of a visit look: on paper, one sheet."""
    style = files("davy.report").joinpath("visit.css").read_text(encoding="utf-8")
    return Dress(style=style, footer=FOOTER, kind=kind)


def _made(visit: Visit) -> str:
    since = "" if visit.start is None else f" \N{MIDDLE DOT} counted from {written(visit.start)}"
    return f"{written(visit.person.today)}{since} \N{MIDDLE DOT} {visit.days_noted} days noted"


def _action(visit: Visit) -> Html:
    made = visit.suggestion
    told = made.reasons[: _most(visit)]
    urgent = [to for to in visit.fresh.refer if to.urgency in URGENT]
    alarm = NOTHING
    if urgent:
        said = [
            (el("strong", f"{URGENCY[to.urgency]}: "), dated(first_up(to.reason)), cites(to.sources)) for to in urgent
        ]
        alarm = el("div.alert", el("p.alert-head", "First, before anything else"), bullets(said))
    left = None
    if made.regimen is not None:
        left = f"To take until then: {intakes_words(made.regimen)}. {until_words(made.expires)}"
    return section(
        "bottom-line",
        "What to do until the next look",
        alarm,
        el("p.verdict", {"class": f"verdict act {made.action}"}, action_words(visit)),
        el(
            "ul.plainly",
            [el("li", dated(one.sentence), el("span.small", cites(one.sources))) for one in told],
        ),
        el("p", left) if left is not None else None,
    )


def _diary(visit: Visit) -> Html:
    """Two figures side by side, and the numbers of every period."""
    if not visit.periods:
        return section("diary", "The diary", el("p", "No diary is there yet: davy records import brings one in."))
    shown_ = visit.periods[-MOST_SHOWN:]
    left_out = len(visit.periods) - len(shown_)
    return section(
        "diary",
        "Four weeks at a time",
        el(
            "div.pair",
            figure(periods_figure(_measure(visit, shown_))),
            figure(periods_figure(_painkillers(visit, shown_))),
        ),
        table(_periods(visit, shown_)),
        el("p.small", _about(visit, left_out)),
    )


def _about(visit: Visit, left_out: int) -> str:
    earlier = f" {left_out} earlier periods are not shown." if left_out else ""
    taken = f"Taken as planned in the last {WINDOW_D} days: {adherence_words(visit.adherence)}."
    return (
        f"{taken} Bars are days in 28, from the days noted; thin lines show what the others could make of it.{earlier}"
    )


def _bars(visit: Visit, name: str, earlier: Before | None, periods: tuple[Period, ...]) -> tuple[Bar, ...]:
    first = Bar("before", None if earlier is None else earlier.value, None, None, before=True)
    since = [_bar(period, period.figure(name)) for period in periods]
    return (first, *since) if earlier is not None else tuple(since)


def _bar(period: Period, figure_: Figure) -> Bar:
    under = f"{written(period.first).rsplit(chr(160), 1)[0]}" + ("" if period.whole else "\N{HORIZONTAL ELLIPSIS}")
    bounds = (figure_.low, figure_.high) if figure_.days_known < period.days else (None, None)
    return Bar(under, figure_.value, bounds[0], bounds[1], part=not period.whole)


def _measure(visit: Visit, periods: tuple[Period, ...]) -> Bars:
    name = visit.measure
    line = None if visit.before is None else (visit.before.value, f"before: {shown(name, visit.before.value)}")
    return Bars(
        "measure-figure",
        f"{measure_title(name)}.",
        f"{first_up(MEASURES[name][1])}, against the time before.",
        "days in 28" if name == "headache_days_per_28" else MEASURES[name][1],
        MEASURES[name][2],
        _bars(visit, name, visit.before, periods),
        line,
    )


def _painkillers(visit: Visit, periods: tuple[Period, ...]) -> Bars:
    pills = visit.painkillers
    kind = "any mix of headache medicines" if pills.mixed else "this kind of medicine"
    return Bars(
        "painkiller-figure",
        "Days with a painkiller.",
        f"From {pills.line:g} days a month, {kind} can itself keep headache going.",
        "days in 28",
        0,
        _bars(visit, NAME, pills.before, periods),
        (pills.line, f"overuse: {pills.line:g} a month"),
    )


def _periods(visit: Visit, periods: tuple[Period, ...]) -> Table:
    name = visit.measure
    rows: list[tuple[Child, ...]] = []
    if visit.before is not None or visit.painkillers.before is not None:
        noted = visit.before.days_known if visit.before is not None else None
        rows.append(
            (
                "Before",
                "person file" if noted is None else f"{noted}",
                "" if visit.before is None else shown(name, visit.before.value),
                "" if visit.painkillers.before is None else shown(NAME, visit.painkillers.before.value),
                "",
            )
        )
    for period in periods:
        own, pills = period.figure(name), period.figure(NAME)
        rows.append(
            (
                f"{written(period.first)} to {written(period.last)}",
                f"{own.days_known} of {period.days}",
                _between(name, own, period),
                _between(NAME, pills, period),
                share_words(None if period.adherence is None else period.adherence[0]),
            )
        )
    heads = ("Four weeks", "Days noted", MEASURES[name][0], "Painkiller days", "Magnesium taken")
    return Table(
        "Each figure per 28 days; in brackets what the days not noted leave open", heads, tuple(rows), (1, 2, 3, 4)
    )


def _between(name: str, found: Figure, period: Period) -> str:
    if found.value is None:
        return "not noted"
    if found.low is None or found.high is None or found.days_known >= period.days:
        return shown(name, found.value)
    return f"{shown(name, found.value)} ({shown(name, found.low)} to {shown(name, found.high)})"


def _trial(visit: Visit) -> Html:
    if visit.trial is None:
        return NOTHING
    return section(
        "trial",
        "The trial in this person",
        el("p", dated(visit.trial.sentence)),
        bullets([dated(one) for one in visit.trial.warnings[:2]]),
    )


def _labs(visit: Visit) -> Html:
    waiting = waiting_words(visit)
    if not visit.labs:
        return section("labs", "Laboratory", el("p", waiting or "No laboratory value of the last year is there."))
    rows: list[tuple[Child, ...]] = []
    for seen in visit.labs:
        *cells, told = lab_row(seen)
        mark = el(f"span.{seen.outcome}", seen.outcome) if seen.outcome is not None else None
        rows.append((*cells, (told, " \N{MIDDLE DOT} ", mark) if mark is not None else ""))
    heads = ("Test", "Drawn", "Result", "Laboratory's range", "Foretold")
    made = Table(
        "Newest first; what was foretold is dated and includes the laboratory's own scatter", heads, tuple(rows), (2,)
    )
    return section("labs", "Laboratory", table(made), el("p.small", waiting) if waiting is not None else None)


def _told(visit: Visit) -> Html:
    most = _most(visit)
    return el(
        "div.two",
        section("known", "What is known", _list(known(visit), most)),
        section("unknown", "What is not known", _list(unknown(visit), most)),
    )


def _most(visit: Visit) -> int:
    """How many sentences a list has room for."""
    return MOST - 1 if _crowded(visit) else MOST


def _asked(visit: Visit) -> Html:
    later = [to for to in by_urgency(visit.fresh.refer) if to.urgency not in URGENT]
    refer = [
        (el("strong", f"{URGENCY[to.urgency]}: "), dated(first_up(to.reason)), el("span.small", cites(to.sources)))
        for to in later
    ]
    nobody = "Nobody beside what stands first." if visit.fresh.refer else "Nobody, from what is known."
    asked = _list(questions(visit), _most(visit))
    return el(
        "div.two",
        section("questions", "Questions for this visit", asked or el("p", "None from here.")),
        section("referrals", "Who else should look", bullets(refer[:MOST]) or el("p", nobody)),
    )


def _list(said: list[str], most: int) -> Html | None:
    left = len(said) - most
    kept = said if left <= 1 else [*said[:most], f"and {left} more points"]
    return el("ul.tight", [el("li", dated(one)) for one in kept]) if kept else None
