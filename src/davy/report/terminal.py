"""A plan in at most 40 lines of at most 100 columns; a refusal is printed as carefully as a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from davy.people.person import Person
from davy.planning.result import Benefit, Plan
from davy.report.reading import Reading, reading_of
from davy.report.section_alternatives import regimen_words
from davy.report.section_bottom_line import plainly, verdict_words
from davy.report.section_card import action_words, apart_words, intake_words, step_days
from davy.report.section_forecasts import cause_words
from davy.report.section_referrals import by_urgency
from davy.report.words import (
    MEASURED_AS,
    OUTPUTS,
    URGENCY,
    dated,
    day_date,
    first_up,
    mg,
    mg_between,
    number,
    percent,
    plain,
)

LINES, COLUMNS, INDENT = 40, 100, 11
SAFER = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{MINUS SIGN}": "-", "\N{MULTIPLICATION SIGN}": "x"})

PROPOSAL = "This is a proposal to discuss with a doctor or pharmacist, not a prescription."


@dataclass(frozen=True)
class Block:
    """A labelled group of sentences; `least` of its lines are kept however little room there is."""

    label: str
    sentences: tuple[str, ...]
    least: int
    most: int

    def lines(self) -> list[str]:
        """The sentences wrapped under their label, each beginning a line."""
        made: list[str] = []
        for sentence in self.sentences:
            made += wrap(dated(sentence).translate(SAFER), COLUMNS - INDENT - 2, subsequent_indent="  ") or [""]
        return made


def plan_text(plan: Plan, person: Person | None = None, *, report: Path | None = None) -> str:
    """The plan as text; `report` is where the HTML page was written."""
    reading = reading_of(plan, person)
    refused = plan.verdict.word == "refused"
    head = (
        f"{'No added magnesium, and why' if refused else 'A magnesium plan'}: {plan.person}, {day_date(plan.today, 0)}"
    )
    foot = f"The full report is in {report}" if report is not None else "The full report: add --report plan.html"
    blocks = [block for block in (_refusal(reading) if refused else _plan(reading)) if block.sentences]
    shown = [(block, block.lines()[: block.most]) for block in blocks]
    room = LINES - 5
    while sum(len(lines) for _, lines in shown) > room:
        block, lines = max(shown, key=lambda one: len(one[1]) - one[0].least)
        if len(lines) <= block.least:
            break
        lines.pop()
    body: list[str] = []
    for block, lines in shown:
        cut = len(lines) < len(block.lines())
        body += _labelled(block.label, lines, cut=cut)
    head_lines = [head.translate(SAFER)[:COLUMNS], verdict_words(plan).upper(), ""]
    return "\n".join([*head_lines, *body[:room], foot[:COLUMNS], PROPOSAL]) + "\n"


def _labelled(label: str, lines: Sequence[str], *, cut: bool) -> list[str]:
    shown = [f"{label if k == 0 else '':<{INDENT}}{line}".rstrip() for k, line in enumerate(lines)]
    if cut and shown:
        shown[-1] = f"{shown[-1][: COLUMNS - 4].rstrip(' .,;:')} ..."
    return shown


def _plan(reading: Reading) -> list[Block]:
    plan = reading.plan
    return [
        Block("First", _urgent(plan), 6, 6),
        Block("", plainly(plan), 10, 10),
        Block("Care", _grave(plan, "care"), 2, 6),
        Block("Take", _take(plan), 3, 8),
        Block("Now taken", _present(plan), 1, 3),
        Block("Keep apart", _apart(plan), 1, 4),
        Block("Eat", _food(plan), 1, 2),
        Block("Why low", _cause(plan), 1, 2),
        Block("Labs", _labs(reading), 4, 5),
        Block("Set aside", plan.status.set_aside, 1, 4),
        Block("Check", _prediction(reading), 1, 3),
        Block("Missed", (plan.adherence.sentence,) if plan.adherence is not None else (), 2, 3),
        Block("Next test", _next_test(plan), 1, 3),
        Block("Benefit", tuple(_benefit(one) for one in plan.benefit[:1]), 1, 3),
        Block("Watch", _watch(plan), 1, 3),
        Block("Stop", tuple(f"{first_up(rule.when)}: {rule.do}" for rule in plan.stop_rules), 2, 4),
        Block("Ask", _refer(plan), 1, 4),
        Block("Unknown", _unknown(plan), 1, 4),
        Block("Limits", _caps(plan), 1, 2),
        Block("Articles", _articles(plan), 1, 3),
        Block("Instead", tuple(f"{regimen_words(one.regimen)}: {one.why_not}" for one in plan.alternatives[:1]), 0, 1),
    ]


def _benefit(one: Benefit) -> str:
    """The finding, led by how sure it is where something was found."""
    return one.sentence if one.certainty == "none" else f"({one.certainty} certainty) {one.sentence}"


def _refusal(reading: Reading) -> list[Block]:
    plan = reading.plan
    return [
        Block("First", _urgent(plan), 6, 8),
        Block("", plainly(plan), 10, 10),
        Block("Why", _grave(plan, "refuse"), 4, 10),
        Block("Also", _grave(plan, "care"), 1, 5),
        Block("Ask", _refer(plan), 2, 6),
        Block("Now taken", _present(plan), 1, 4),
        Block("Limits", _caps(plan), 1, 2),
        Block("Eat", _food(plan), 1, 2),
        Block("Watch", _watch(plan), 1, 4),
        Block("Next test", _next_test(plan), 1, 3),
        Block("Unknown", _unknown(plan), 1, 5),
        Block("Articles", _articles(plan), 1, 4),
    ]


def _urgent(plan: Plan) -> tuple[str, ...]:
    grave = [to for to in by_urgency(plan.refer) if to.urgency in ("emergency", "same-day")]
    return tuple(f"{URGENCY[to.urgency].upper()}: {to.reason}" for to in grave)


def _refer(plan: Plan) -> tuple[str, ...]:
    calm = [to for to in by_urgency(plan.refer) if to.urgency not in ("emergency", "same-day")]
    return tuple(f"{URGENCY[to.urgency]}: {to.reason}" for to in calm)


def _grave(plan: Plan, severity: str) -> tuple[str, ...]:
    said = " ".join(plan.bottom_line)
    found = [one.sentence for one in plan.verdict.findings if one.severity == severity]
    return tuple(sentence for sentence in found if sentence not in said)


def _take(plan: Plan) -> tuple[str, ...]:
    if plan.regimen is None:
        return ()
    taken = tuple(
        f"{step_days(step, plan.today)}: " + ("; ".join(intake_words(intake) for intake in step.intakes) or "nothing")
        for step in plan.regimen.steps
    )
    last = f"Label: {plan.regimen.label_reads}." + (
        f" Take it {plan.regimen.take_with}." if plan.regimen.take_with else ""
    )
    return (*taken, last)


def _present(plan: Plan) -> tuple[str, ...]:
    told: list[str] = []
    for item in plan.current:
        amount = mg_between(item.elemental_mg_per_day.low, item.elemental_mg_per_day.high)
        told.append(f"{action_words(plan, item)}: {item.item} ({amount} a day)")
    return tuple(told)


def _apart(plan: Plan) -> tuple[str, ...]:
    return tuple(one.sentence for one in apart_words(plan.regimen.separate_from)) if plan.regimen else ()


def _food(plan: Plan) -> tuple[str, ...]:
    portions = [f"{one.food} ({one.portion}, {mg(one.mg)})" for one in plan.food[:3]]
    return (f"{first_up('; '.join(portions))}.",) if portions else ()


def _labs(reading: Reading) -> tuple[str, ...]:
    told: list[str] = []
    for one in reading.plan.expected:
        if one.output not in MEASURED_AS:
            continue
        scaled, own = reading.reader.in_own_unit(one)
        start, end, low, high = (
            number(value, own.digits) for value in (scaled.p50[0], scaled.p50[-1], scaled.p05[-1], scaled.p95[-1])
        )
        told.append(
            f"{OUTPUTS[one.output]}: {start} to {end} {own.unit} in {one.day[-1] / 7:.0f} weeks (band {low} to {high})"
        )
    for target in reading.plan.targets:
        by = day_date(reading.plan.today, target.by_day)
        told.append(f"Chance to be in the target range by {by}: {percent(target.probability)}")
    return tuple(told)


def _prediction(reading: Reading) -> tuple[str, ...]:
    made = reading.plan.prediction_to_check
    if made is None:
        return ()
    output = next((output for output, test in MEASURED_AS.items() if test == made.test), "")
    own = reading.reader.own_unit(output, made.unit)
    low, high = number(own.factor * made.low, own.digits), number(own.factor * made.high, own.digits)
    when = day_date(reading.plan.today, made.day)
    return (f"{when}: {plain(made.test)} between {low} and {high} {own.unit}. Outside it, Davy was wrong about you.",)


def _cause(plan: Plan) -> tuple[str, ...]:
    """The likeliest cause of a low serum; nothing where none is sought."""
    if plan.status.cause is None:
        return ()
    said = cause_words(plan.status).replace("Why serum is low stays open", "Still open")
    return (said.replace("The likeliest reason for the low serum is", "Most likely"),)


def _next_test(plan: Plan) -> tuple[str, ...]:
    """The test that would change most, or that none would."""
    status = plan.status
    if not status.next_tests:
        return (status.next_tests_said,) if status.next_tests_said else ()
    first = status.next_tests[0]
    why, _, often = first.why.partition(". ")
    return (f"{first_up(plain(first.test))}: {why}.", f"{often}.")


def _watch(plan: Plan) -> tuple[str, ...]:
    days: dict[int, list[str]] = {}
    for check in sorted(plan.monitoring, key=lambda check: check.day):
        days.setdefault(max(check.day, 0), []).append(plain(check.test))
    return tuple(
        f"{'Before you start' if day == 0 else day_date(plan.today, day)}: {', '.join(dict.fromkeys(tests))}"
        for day, tests in days.items()
    )


def _unknown(plan: Plan) -> tuple[str, ...]:
    return tuple(f"{first_up(plain(one.fact))}: {one.cost}" for one in plan.unknowns)


def _caps(plan: Plan) -> tuple[str, ...]:
    if not plan.caps:
        return ()
    ordered = sorted(plan.caps, key=lambda cap: (not cap.binding, cap.elemental_mg_per_day))
    return (
        "; ".join(
            f"{plain(cap.name)}: {mg(cap.elemental_mg_per_day)}{' (decides)' if cap.binding else ''}" for cap in ordered
        ),
    )


def _articles(plan: Plan) -> tuple[str, ...]:
    told = plan.as_the_articles_say
    return (told.sentence,) if told else ()
