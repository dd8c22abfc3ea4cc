"""What was asked on the command line: one frozen object, whatever the command."""

from __future__ import annotations

import math
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from davy.evidence.meta.dose_covariance import Covariance
    from davy.evidence.meta.effect import Measure, Method, Test
    from davy.planning.result import ParameterSet

DRAWS = 500
"""How many plausible versions of a person are simulated when nothing else is asked."""


@dataclass(frozen=True)
class Reply:
    """What a command has to say: text for stdout, and the exit status."""

    text: str = ""
    status: int = 0


@dataclass(frozen=True)
class Options:
    """The parsed command line; what a command does not take keeps its default here and is never read."""

    command: str = ""
    person: str = ""
    today: date = field(default_factory=date.today)
    seed: int = 0
    draws: int = DRAWS
    parameter_set: ParameterSet = "literature"
    json: bool = False
    report: Path | None = None
    regimen: str = "none"
    days: int = 0
    diet_mg: float | None = None
    every: float = 24.0
    csv: Path | None = None
    file: Path | None = None
    units: Literal["us", "metric"] | None = None
    answers: Path | None = None
    action: str = ""
    name: str = ""
    verdict: str | None = None
    article: str | None = None
    error_class: str | None = None
    search: str | None = None
    trial: str = ""
    people: int | None = None
    trial_seed: int | None = None
    workers: int = 1
    scheduler: str | None = None
    out: Path | None = None
    measure: Measure | None = None
    method: Method = "REML"
    test: Test | None = None
    moderators: tuple[str, ...] = ()
    split_controls: bool = False
    assume_r: float | None = None
    prior_scale: float | None = None
    exact: bool = False
    per: float = 1.0
    reference: float | None = None
    at: tuple[float, ...] | None = None
    covariance: Covariance = "gl"
    all: bool = False
    folder: Path | None = None
    begin: bool = False
    letter: Path | None = None
    full: bool = False
    each_nth: int = 1
    data: Path | None = None
    start: date | None = None
    subject: str | None = None
    form: str | None = None
    files: tuple[str, ...] = ()
    into: Path | None = None
    mapping: Path | None = None
    prefer: tuple[str, ...] = ()
    dry_run: bool = False
    salvage: bool = False
    replace: bool = False
    yes: bool = False
    design: Path | None = None
    better: Literal["lower", "higher"] | None = None
    outcome: str = ""
    smallest: float | None = None
    arms: tuple[str, ...] = ()
    cycles: int | None = None
    block_days: int | None = None
    run_in_days: int | None = None
    weeks_max: int = 24
    diary: Path | None = None
    lag_days: float | None = None
    open_label: bool = False
    settings: tuple[str, ...] = ()
    hypotheses: bool = False


def options_of(parsed: Namespace) -> Options:
    """The options of a parsed command line; the clock is read here, and only where no day was given."""
    known = {one.name for one in fields(Options)}
    given = {name: value for name, value in vars(parsed).items() if name in known and value is not None}
    return Options(**given)


def day(text: str) -> date:
    """A day written as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day; write it as 2026-11-22") from None


def whole(text: str, *, least: int, most: int) -> int:
    """A whole number within bounds."""
    try:
        value = int(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a whole number") from None
    if not least <= value <= most:
        raise ArgumentTypeError(f"{value} is not between {least} and {most}")
    return value


def amount(text: str, *, least: float, most: float) -> float:
    """A finite number within bounds."""
    try:
        value = float(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a number") from None
    if not math.isfinite(value) or not least <= value <= most:
        raise ArgumentTypeError(f"{text} is not between {least:g} and {most:g}")
    return value


def seed_of(text: str) -> int:
    """A seed for every random stream."""
    return whole(text, least=0, most=2**63 - 1)


def draws_of(text: str) -> int:
    """How many draws."""
    return whole(text, least=1, most=100_000)


def days_of(text: str) -> int:
    """How many days to simulate."""
    return whole(text, least=1, most=3650)


def hours_of(text: str) -> float:
    """Length of a reporting interval [h]."""
    return amount(text, least=0.25, most=24 * 365)


def diet_of(text: str) -> float:
    """Magnesium from food [mg/d]."""
    return amount(text, least=0, most=2000)


def add_about_a_person(parser: ArgumentParser) -> None:
    """What every command takes that answers about one person, as text, JSON or a page."""
    add_person(parser)
    add_set(parser)
    add_random(parser)
    add_json(parser)
    add_report(parser)


def add_person(parser: ArgumentParser) -> None:
    """The PERSON argument and the day."""
    parser.add_argument("person", metavar="PERSON", help="a person file, or example:NAME for a bundled person")
    add_today(parser)


def add_person_maybe(
    parser: ArgumentParser, text: str = "a person file, or example:NAME (default: the typical adult)"
) -> None:
    """A PERSON argument that may be left out, and the day."""
    parser.add_argument("person", nargs="?", metavar="PERSON", help=text)
    add_today(parser)


def add_today(parser: ArgumentParser) -> None:
    """The day on which ages and lab dates are read."""
    parser.add_argument("--today", type=day, metavar="DATE", help="the day to count from (default: the clock)")


def add_data(parser: ArgumentParser) -> None:
    """Which subject of a data set, and what is taken where the data set does not say so."""
    parser.add_argument("--subject", metavar="ID", help="whose rows of the data set (needed where it holds several)")
    parser.add_argument("--form", metavar="FORM", help="what is taken, where the data set has no column FORM")


def add_random(parser: ArgumentParser, *, draws: bool = True) -> None:
    """The seed, and how many draws."""
    parser.add_argument("--seed", type=seed_of, metavar="N", help="seed of every random stream (default 0)")
    if draws:
        text = f"plausible versions of the person to simulate (default {DRAWS})"
        parser.add_argument("--draws", type=draws_of, metavar="N", help=text)


def add_set(parser: ArgumentParser) -> None:
    """Which parameters the body model runs with."""
    parser.add_argument(
        "--parameter-set",
        choices=("literature", "articles"),
        help="literature (default), or the numbers that the three articles state",
    )


def add_json(parser: ArgumentParser) -> None:
    """One JSON document instead of text."""
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")


def add_report(parser: ArgumentParser) -> None:
    """A report as one HTML page."""
    parser.add_argument("--report", type=Path, metavar="FILE.html", help="write one self-contained HTML page")


def add_writing(parser: ArgumentParser) -> None:
    """One of: a JSON document, a CSV file, a report."""
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    ways.add_argument("--csv", type=Path, metavar="FILE", help="write the outputs as a table")
    ways.add_argument("--report", type=Path, metavar="FILE.html", help="write one self-contained HTML page")
