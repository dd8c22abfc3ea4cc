"""What ``davy check`` prints: what was understood, what is unknown and its price, what safety says before any plan."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

from davy.report.documents import CheckDocument
from davy.report.section_referrals import by_urgency
from davy.report.terminal import COLUMNS, SAFER
from davy.report.words import URGENCY, VERDICTS, dated, first_up, listed, mg_between, plain

FIRST = 28


def check_text(made: CheckDocument, *, source: str) -> str:
    """The check as text; `source` is what was asked about, a file or an example."""
    following = "tells the refusal in full" if made.verdict.word == "refused" else "makes the plan"
    parts = [
        [f"What Davy understood: {made.person}"],
        _pairs((one.what, one.value) for one in made.understood),
        _plain_list("None reported", tuple(plain(name) for name in made.none_reported)),
        _plain_list("Not understood, kept as written", made.not_understood),
        _plain_list("Odd, please look again", made.doubts),
        ["", "What goes in", *_pairs(_intake(made))],
        ["", "Unknown, and what it costs", *_pairs((one.fact, one.cost) for one in made.unknown)]
        if made.unknown
        else [],
        ["", f"Safety, before any plan: {VERDICTS[made.verdict.word].lower()}"],
        _lines(found.sentence for found in made.verdict.findings),
        _lines(f"{URGENCY[to.urgency]}: {to.reason}" for to in by_urgency(made.refer)),
        ["", f"Next: davy plan {source} {following}."],
    ]
    return "\n".join(line for part in parts for line in part).translate(SAFER) + "\n"


def _intake(made: CheckDocument) -> list[tuple[str, str]]:
    food = made.food_mg_per_day
    eaten = "unknown" if food is None else f"{mg_between(food.low, food.high)} a day"
    besides = f"{mg_between(made.nonfood_mg_per_day.low, made.nonfood_mg_per_day.high)} a day, elemental"
    if made.nonfood_mg_per_day.high == 0:
        besides = "none reported"
    if made.unquantified:
        besides += f", {made.unquantified} item{'s' if made.unquantified > 1 else ''} unquantified"
    return [("magnesium in food", eaten), ("magnesium besides food", besides)]


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[str]:
    lines: list[str] = []
    for name, said in pairs:
        head = f"  {first_up(plain(name)):<{FIRST}}"
        if len(head.rstrip()) > FIRST:
            lines.append(head.rstrip())
            head = " " * (FIRST + 2)
        lines += wrap(said, COLUMNS, initial_indent=head, subsequent_indent=" " * (FIRST + 2))
    return lines


def _lines(sentences: Iterable[str]) -> list[str]:
    return [
        line for said in sentences for line in wrap(dated(said), COLUMNS, initial_indent="  ", subsequent_indent="    ")
    ]


def _plain_list(head: str, words: tuple[str, ...]) -> list[str]:
    return wrap(f"{head}: {listed(words)}.", COLUMNS, initial_indent="  ", subsequent_indent="    ") if words else []
