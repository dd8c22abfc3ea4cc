"""The page of ``davy trial``: who entered, what each arm showed, what would have been concluded."""

from __future__ import annotations

from davy.report.figure_effects import effects_figure, reported_figure, reported_table
from davy.report.figure_power import power_figure
from davy.report.layout import Table, bullets, figure, section, table
from davy.report.markup import NOTHING, Child, Html, el
from davy.report.page import contents, document
from davy.report.trial_words import (
    FLAGS,
    arm_cells,
    arm_heads,
    column_words,
    compared_words,
    estimate_words,
    excluded_words,
    heading,
    p_words,
    power_words,
    reason_words,
    tally_words,
    verdict_words,
)
from davy.report.words import first_up, number
from davy.trials.result import Characteristic, EndpointResult, Flow, TrialResult

MOST_GROUPS = 12
"""More groups than this, as the orders of an n-of-1 trial, are counted together."""


def trial_page(made: TrialResult) -> str:
    """A trial as one HTML document."""
    header = el(
        "header",
        el("p.mark", "Davy"),
        el("h1", made.title),
        el("p.made", f"{made.trial} \N{MIDDLE DOT} a virtual trial: a simulation, not evidence"),
    )
    sections = [_flow(made.flow), _start(made), *(_endpoint(one) for one in made.endpoints)]
    sections += [_reported(made), _power(made), _details(made)]
    return document(made.title, (header, _bottom_line(made), contents(sections)), sections)


def _bottom_line(made: TrialResult) -> Html:
    lines: list[Child] = [tally_words(made)]
    for endpoint in made.endpoints:
        first = next((one for one in endpoint.estimates), None)
        if first is not None:
            told = f"{compared_words(first)}, {estimate_words(first, endpoint)}, {p_words(first.p_value)}."
            lines.append(f"{first_up(heading(endpoint))}: {told}")
    return section("bottom-line", "Bottom line", el("ol.plainly", [el("li", line) for line in lines]))


def _flow(flow: Flow) -> Html:
    heads = ("Step", "Persons")
    rows: list[tuple[Child, ...]] = [("looked at", f"{flow.screened:,}")]
    rows += [(f"did not enter: {reason_words(one.reason)}", f"{one.persons:,}") for one in flow.excluded if one.persons]
    rows.append(("randomised", f"{flow.randomised:,}"))
    groups = Table(
        "From randomisation to the last visit",
        ("Group", "Randomised", "Left", "Not simulated", "To the end"),
        tuple(
            (
                one.group,
                *(f"{n:,}" for n in (one.randomised, one.left, one.failed, one.randomised - one.left - one.failed)),
            )
            for one in flow.groups
        ),
        (1, 2, 3, 4),
    )
    return section(
        "flow",
        "Who took part",
        table(Table("From the first candidate to randomisation", heads, tuple(rows), (1,))),
        table(groups) if len(flow.groups) <= MOST_GROUPS else None,
        el("p.small", excluded_words(flow)) if len(flow.groups) > MOST_GROUPS else None,
    )


def _start(made: TrialResult) -> Html:
    groups = tuple(dict.fromkeys(one.group for one in made.characteristics))
    if not groups or len(groups) > MOST_GROUPS:
        return NOTHING
    cells = {(one.name, one.group): _cell(one) for one in made.characteristics}
    names = tuple(dict.fromkeys(one.name for one in made.characteristics))
    rows = tuple((first_up(column_words(name)), *(cells.get((name, group), "") for group in groups)) for name in names)
    numeric = tuple(range(1, len(groups) + 1))
    caption = "Mean (standard deviation), or share"
    return section("start", "At the start", table(Table(caption, ("Characteristic", *groups), rows, numeric)))


def _cell(one: Characteristic) -> str:
    if one.name in FLAGS:
        return f"{number(100 * one.mean, 1)}\N{NO-BREAK SPACE}%"
    return f"{number(one.mean, 1)} ({number(one.sd, 1)})"


def _endpoint(made: EndpointResult) -> Html:
    drawn = effects_figure(made)
    rows = tuple(arm_cells(one, made) for one in made.arms)
    heads = tuple(first_up(head) for head in arm_heads(made))
    arms = Table(first_up(heading(made)), heads, rows, tuple(range(1, len(heads))))
    name = f"endpoint-{''.join(char if char.isalnum() else '-' for char in made.name.lower())}"
    return section(name, first_up(made.name), table(arms), figure(drawn) if drawn is not None else None)


def _reported(made: TrialResult) -> Html:
    if not made.reported:
        return NOTHING
    drawn = reported_figure(made.reported)
    shown = figure(drawn) if drawn is not None else None
    words = el("p", verdict_words(made.reported))
    return section("published", "Published, beside predicted", shown, table(reported_table(made.reported)), words)


def _power(made: TrialResult) -> Html:
    if made.power is None:
        return NOTHING
    drawn = power_figure(made.power)
    lines = [line for line in power_words(made.power) if not line.startswith("  ")]
    shown = figure(drawn) if drawn is not None else None
    return section("power", "Power", shown, bullets([line for line in lines if not line.endswith(":")]))


def _details(made: TrialResult) -> Html:
    rows: list[tuple[Child, ...]] = [("Davy", made.davy), ("seed", str(made.seed)), ("persons", f"{made.people:,}")]
    rows += [(name, el("code", value)) for name, value in made.fingerprints.items()]
    return section(
        "details",
        "Details",
        el("p", made.design.note) if made.design.note else None,
        table(Table("Made with", ("What", "Value"), tuple(rows))),
        el(
            "details",
            el("summary", "The design as it was understood"),
            el("pre", made.design.model_dump_json(indent=2)),
        ),
    )
