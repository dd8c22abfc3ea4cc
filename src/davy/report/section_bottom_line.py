"""The bottom line: what to do, what to expect, what to watch, each in one plain sentence."""

from __future__ import annotations

from davy.planning.result import Plan
from davy.report.layout import bullets, section
from davy.report.markup import NOTHING, Html, el
from davy.report.reading import Reading
from davy.report.words import URGENCY, VERDICTS, dated, first_up


def bottom_line(reading: Reading) -> Html:
    """The first section of every page."""
    plan = reading.plan
    return section(
        "bottom-line",
        "Bottom line",
        _urgent(reading),
        el("p.verdict", {"class": f"verdict {plan.verdict.word}"}, verdict_words(plan)),
        el("ol.plainly", [el("li", dated(said)) for said in plainly(plan)]),
    )


def plainly(plan: Plan) -> tuple[str, ...]:
    """The sentences of the bottom line; whom to see is not told again where it stands above them."""
    urgent = {f"Next: {to.reason}" for to in plan.refer if to.urgency in ("emergency", "same-day")}
    return tuple(said for said in plan.bottom_line if said not in urgent)


def verdict_words(plan: Plan) -> str:
    """The verdict in a few words."""
    if plan.verdict.word != "refused" and plan.regimen is None:
        return f"{VERDICTS[plan.verdict.word]}: food first, no supplement"
    if plan.regimen is None:
        return "Refused: no added magnesium from this plan"
    return VERDICTS[plan.verdict.word]


def _urgent(reading: Reading) -> Html:
    urgent = [to for to in reading.plan.refer if to.urgency in ("emergency", "same-day")]
    if not urgent:
        return NOTHING
    return el(
        "div.alert",
        el("p.alert-head", "First, before anything else"),
        bullets(
            [
                (
                    el("strong", f"{URGENCY[to.urgency]}: "),
                    first_up(to.reason),
                    reading.reader.references.cite(to.sources),
                )
                for to in urgent
            ]
        ),
    )
