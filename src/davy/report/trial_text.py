"""What ``davy trial`` prints: who entered, what each arm showed, what would have been concluded."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from davy.report.terminal import COLUMNS, SAFER
from davy.report.trial_words import (
    analysis_words,
    arm_cells,
    arm_heads,
    compared_cells,
    compared_words,
    estimate_words,
    excluded_words,
    heading,
    p_words,
    power_words,
    tally_words,
    verdict_words,
)
from davy.trials.result import EndpointResult, TrialResult

INDENT = "  "


def trial_text(made: TrialResult) -> str:
    """A trial as text that fits a terminal."""
    lines = [made.title, *wrap(tally_words(made), COLUMNS)]
    lines += wrap(excluded_words(made.flow), COLUMNS) if made.flow.excluded else []
    for endpoint in made.endpoints:
        lines += ["", heading(endpoint), *_arms(endpoint), *_estimates(endpoint)]
    if made.reported:
        lines += ["", "Published, beside what this trial predicts for as many persons", *_reported(made)]
    if made.power is not None:
        lines += ["", *(line for text in power_words(made.power) for line in wrap(text, COLUMNS))]
    return "\n".join(lines).translate(SAFER) + "\n"


def _arms(endpoint: EndpointResult) -> list[str]:
    rows = [arm_cells(one, endpoint) for one in endpoint.arms]
    return aligned(arm_heads(endpoint), rows)


def _estimates(endpoint: EndpointResult) -> list[str]:
    found: list[str] = []
    for number, one in enumerate(endpoint.estimates):
        told = f"{compared_words(one)}: {estimate_words(one, endpoint)}, {p_words(one.p_value)}"
        first = number == 0 or one.treatment != endpoint.estimates[number - 1].treatment
        found += wrap(f"{'' if first else 'also '}{told}; {analysis_words(one)}", COLUMNS - 2)
    return [f"{INDENT}{line}" for line in found]


def _reported(made: TrialResult) -> list[str]:
    found: list[str] = []
    for one in made.reported:
        cells = compared_cells(one)
        found += [f"{INDENT}{cells.what}, {cells.unit} ({cells.sources}, {cells.persons} persons)"]
        found += [f"{INDENT * 2}reported {cells.reported}, predicted {cells.predicted}: {cells.verdict}"]
    return [*found, *(f"{INDENT}{line}" for line in wrap(verdict_words(made.reported), COLUMNS - 2))]


def aligned(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table whose first column is flush left and the others flush right."""
    widths = [max(len(row[k]) for row in (heads, *rows)) for k in range(len(heads))]
    found: list[str] = []
    for row in (heads, *rows):
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        found.append(f"{INDENT}{'  '.join((row[0].ljust(widths[0]), *cells)).rstrip()}")
    return found
