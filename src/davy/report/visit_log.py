"""The recall list and what was decided before, for the page of a visit and the terminal."""

from __future__ import annotations

from davy.followup.visit import Visit
from davy.followup.visit_history import Told
from davy.followup.visit_recall import Recall
from davy.report.layout import section
from davy.report.markup import Child, Html, el
from davy.report.words import dated, first_up, mg, written

STATES = {"late": "late since", "now": "since", "coming": "on"}
DECIDED = {
    "begin": "plan begun",
    "not_begun": "no plan begun",
    "keep": "go on",
    "step_down": "one step back",
    "stop": "stop",
    "step_up": "one step up",
    "test_first": "measure first",
    "refer": "see a doctor",
    "explained": "looked, nothing suggested",
    "stopped": "all suggestions ended",
    "resumed": "suggestions allowed again",
}
_NOTHING_DUE = "Nothing is due, and nothing got worse."
LONGEST = 110
"""A reason of the history is cut behind its first sentence, or after so many letters."""


def recall_section(visit: Visit, most: int) -> Html:
    """What has to be called back, and what was decided before, side by side."""
    above, rest = _told_above(visit, most)
    called: list[Child] = [el("strong", "; ".join(above))] if above else []
    called += [(el("strong", recall_words(one)), f": {dated(first_up(one.why))}") for one in rest]
    decided = [_decided(one) for one in visit.history]
    ended = visit.suggestion.autonomy == "L0"
    nothing = el("p", "Nothing is called back: all suggestions were ended." if ended else _NOTHING_DUE)
    none = el("p", "Nothing yet: this is the first look.")
    return el(
        "div.two",
        section("recalls", "To come back to", _list(called, most) or nothing),
        section("history", "Decided before, and why", _list(decided, most - 1) or none),
    )


def recall_lines(visit: Visit) -> list[str]:
    """The recall list as lines of text."""
    above, rest = _told_above(visit, len(visit.suggestion.reasons))
    said = [f"{'; '.join(above)} (see above)."] if above else []
    return [*said, *(f"{recall_words(one)}: {one.why}" for one in rest)]


def history_lines(visit: Visit, most: int) -> list[str]:
    """What was decided before, newest first, as lines of text."""
    return [f"{decided_words(one)}. {why_words(one)}".rstrip() for one in visit.history[:most]]


def recall_words(one: Recall) -> str:
    """What it is, and when."""
    if one.on is None:
        return one.what
    when = f"{STATES[one.state]} {written(one.on)}"
    return f"{one.what}, {when}"


def decided_words(one: Told) -> str:
    """When, and what."""
    when = written(one.first)
    if one.looks > 1:
        when = f"{when} to {written(one.last)}, {one.looks} looks"
    dose = "" if one.mg_per_day is None or one.action == "stop" else f", {mg(one.mg_per_day)} a day"
    return f"{when}: {DECIDED.get(one.action, one.action)}{dose}"


def why_words(one: Told) -> str:
    """The reason in a line; that none was logged is said."""
    if one.action in ("stopped", "resumed"):
        return ""
    if one.why is None:
        return "No reason was logged."
    first, dot, _ = one.why.partition(". ")
    said = f"{first}{dot}".strip()
    return said if len(said) <= LONGEST else f"{said[:LONGEST].rsplit(' ', 1)[0]} \N{HORIZONTAL ELLIPSIS}"


def _told_above(visit: Visit, most: int) -> tuple[list[str], list[Recall]]:
    """Of what is told already among the reasons the names, and the rest."""
    told = {reason.sentence for reason in visit.suggestion.reasons[:most]}
    rest = [one for one in visit.recalls if one.why not in told]
    return [one.what for one in visit.recalls if one.why in told], rest


def _decided(one: Told) -> Child:
    return (el("strong", decided_words(one)), f". {dated(why_words(one))}".rstrip(". ") or "")


def _list(said: list[Child], most: int) -> Html | None:
    left = len(said) - most
    kept: list[Child] = list(said) if left <= 0 else [*said[:most], f"and {left} more"]
    return el("ul.tight", [el("li", one) for one in kept]) if kept else None
